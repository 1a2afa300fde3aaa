"""What happened to one person, wherever they are."""

from typing import Annotated, Literal

import msgspec

from clubroom.wire.bodies import Message
from clubroom.wire.groups import Someone
from clubroom.wire.shapes import Incoming, Outgoing

ActivityKind = Literal["mention", "reply", "reaction", "added", "event"]
"""Somebody called me by name, by a label or with everybody; answered a message of mine; reacted to one; added
me to a club, a room or a conversation; made an event that awaits my answer. More kinds may come: a client
leaves out what it does not know.
"""


class ActivityEntry(Outgoing, frozen=True, omit_defaults=True):
    """One thing that happened to me. `seq` is its message's, or the action's where there is no `message`.
    `by` are the last who did it, the newest first and three at most, of `people` in all; `emotes` are what
    they reacted with.
    """

    kind: ActivityKind
    group: int
    seq: int
    at: str
    by: list[Someone]
    people: int
    emotes: list[str]
    message: Message | None = None


class ActivityPage(Outgoing, frozen=True, omit_defaults=True):
    """`GET /api/activity`, the newest first. With a `cursor` there may be more: ask again with `before`.
    `seen` is how far this person has looked, on whichever device; `unseen` what came since and was not read
    where it stands, counted up to 10.
    """

    entries: list[ActivityEntry]
    seen: str
    unseen: int
    cursor: str | None = None


class ActivitySight(Incoming, frozen=True):
    """`PUT /api/activity/seen`: everything up to this moment was looked at."""

    at: Annotated[str, msgspec.Meta(extra_json_schema={"format": "date-time"})]
