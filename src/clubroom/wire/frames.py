"""The frames of the socket (docs/protocol.md)."""

from typing import Literal
from uuid import UUID

import msgspec

from clubroom.wire.shapes import Incoming, Outgoing

# --- the socket, client to server -------------------------------------------------------------------------


class Hello(Incoming, frozen=True, tag_field="type", tag="hello"):
    """The first frame. `epoch` null = a client that holds nothing; `cursors` = the last seqs applied."""

    version: int
    token: str
    epoch: str | None
    cursors: dict[int, int]


class NewImage(Incoming, frozen=True):
    """A file that is `ready`, of the author and of this room; `alt` says what is to be seen."""

    id: UUID
    alt: str = ""


class Post(Incoming, frozen=True, tag_field="type", tag="post"):
    """A new message, named by the client: sent again with the same id it is stored once. With images there
    need not be any text.
    """

    group: int
    id: UUID
    text: str
    reply_to: UUID | None = None
    images: list[NewImage] = msgspec.field(default_factory=list)


class Got(Incoming, frozen=True, tag_field="type", tag="got"):
    """What this client has applied, at most once a second and only what changed.

    On the wire the groups stand beside `type`: `{"type":"got","42":1302}`.
    """

    seqs: dict[int, int]


class Ping(Incoming, frozen=True, tag_field="type", tag="ping"):
    """Each heartbeat ±20 %."""


class Read(Incoming, frozen=True, tag_field="type", tag="read"):
    """This person has read the group up to `seq`."""

    group: int
    seq: int


class Typing(Incoming, frozen=True, tag_field="type", tag="typing"):
    """At most one in 3 s."""

    group: int


class Watch(Incoming, frozen=True, tag_field="type", tag="watch"):
    """The group's room is (no longer) visible on this device."""

    group: int
    on: bool


class Token(Incoming, frozen=True, tag_field="type", tag="token"):
    """A fresh access token for the same session, before the old one expires."""

    token: str


ClientFrame = Hello | Post | Got | Ping | Read | Typing | Watch | Token


# --- the socket, server to client -------------------------------------------------------------------------


class Welcome(Outgoing, frozen=True, tag_field="type", tag="welcome"):
    """The answer to `hello`. `groups` holds heads, `read` this person's read pointers.

    With `more` there are more than 500 groups and the rest comes by `POST /api/sync`.
    """

    connection: str
    epoch: str
    heartbeat_ms: int
    max_bytes: int
    user: str
    groups: dict[int, int]
    read: dict[int, int]
    more: bool = False


class Actions(Outgoing, frozen=True, tag_field="type", tag="actions"):
    """Actions `from`…`to` of one group without holes; `more` = another such frame follows.

    Replayed and live alike. Each action is its stored JSON with `seq` and `at` put in front.
    """

    group: int
    first: int = msgspec.field(name="from")
    last: int = msgspec.field(name="to")
    actions: list[msgspec.Raw]
    more: bool = False


class Behind(Outgoing, frozen=True, tag_field="type", tag="behind"):
    """Too far back or too slow: pull these by `GET /api/groups/{g}/actions` up to at least the head."""

    heads: dict[int, int]


ResetReason = Literal["epoch", "cursor", "floor", "closed"]


class Reset(Outgoing, frozen=True, tag_field="type", tag="reset"):
    """Drop the copy of this group and fetch its snapshot. With `why` = `closed` it is no longer for you."""

    group: int
    why: ResetReason


class Live(Outgoing, frozen=True, tag_field="type", tag="live"):
    """The replay is finished."""


class Ack(Outgoing, frozen=True, tag_field="type", tag="ack"):
    """The message is sent: flushed to disk with its place in its group."""

    id: UUID
    group: int
    seq: int
    at: str
    duplicate: bool


class Error(Outgoing, frozen=True, tag_field="type", tag="error", omit_defaults=True):
    """A frame was refused; `id` when it was a post. Nothing was changed."""

    code: str
    id: UUID | None = None
    retry_ms: int | None = None


class Pong(Outgoing, frozen=True, tag_field="type", tag="pong"):
    """Heads of those groups where the head is not what this client said it `got`."""

    heads: dict[int, int]


class Signal(Outgoing, frozen=True, tag_field="type", tag="signal", omit_defaults=True):
    """What may be lost. `typing` and `presence` name `user`; of somebody who is `on`, `idle` says that they
    show no room on any device. `read` is this person's own pointer, moved on another device, in `seq`
    (`back`: by hand, to an earlier place); `count` says in `n` how many are online in a club too large for
    names.
    """

    kind: Literal["typing", "presence", "count", "read"]
    group: int
    user: str | None = None
    on: bool | None = None
    idle: bool | None = None
    back: bool | None = None
    n: int | None = None
    seq: int | None = None
    ttl_ms: int | None = None


class Reauth(Outgoing, frozen=True, tag_field="type", tag="reauth"):
    """Send `token` with a fresh one within `by` milliseconds."""

    by: int


class Goaway(Outgoing, frozen=True, tag_field="type", tag="goaway"):
    """A planned end: connect anew at a random moment within `in_ms`."""

    in_ms: int
    why: str


ServerFrame = Welcome | Actions | Behind | Reset | Live | Ack | Error | Pong | Signal | Reauth | Goaway


class Close:
    """Close codes say what to do. Anything not named here: reconnect with jitter."""

    MALFORMED = 4400
    TOKEN = 4401
    ENDED = 4403
    NO_PROGRESS = 4408
    TOO_MANY = 4409
    NEW_VERSION = 4426
    SLOW_DOWN = 4429
    BLIND = 4503
    RESTART = 1012
    TOO_BIG = 1009
    BINARY = 1003
    BAD_UTF8 = 1007
