"""What was found among the messages."""

from clubroom.wire.bodies import Message
from clubroom.wire.shapes import Outgoing


class Found(Outgoing, frozen=True, omit_defaults=True):
    """Messages that somebody may read, the newest first. With a `cursor` there may be more: ask the same with
    it. A page may be short, even empty, and go on.
    """

    messages: list[Message]
    cursor: str | None = None
