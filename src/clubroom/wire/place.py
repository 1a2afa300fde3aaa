"""What whoever runs the place sees and decides: never what is said in a club."""

from clubroom.wire.shapes import Incoming, Outgoing


class HostedClub(Outgoing, frozen=True):
    """A club from outside. `bytes` of text are told from how long its newest messages are; `last_at` = when
    somebody said something last.
    """

    group: int
    name: str
    created_at: str
    members: int
    messages: int
    bytes: int
    last_at: str | None
    suspended: bool
    deleted: bool


class HostedClubs(Outgoing, frozen=True):
    """`GET /api/host/clubs`: the newest first; `more` = there are older ones."""

    clubs: list[HostedClub]
    more: bool


class PatchHostedClub(Incoming, frozen=True):
    """`PATCH /api/host/clubs/{g}`: suspended, it is read and nothing more."""

    suspended: bool


class Undelivered(Outgoing, frozen=True):
    """What was given up in the last week: so many of one `kind` (a letter's name), for one reason, the first
    of them `since` then. Nothing tells whose they were.
    """

    kind: str
    why: str
    n: int
    since: str
    last_at: str


class Place(Outgoing, frozen=True):
    """`GET /api/host/place`. `keep_days`: how long messages are kept; null = for ever. `free_bytes` of the
    disk are known where the database lies in the data folder. `undelivered`: the newest first.
    """

    keep_days: int | None
    clubs: int
    people: int
    database_bytes: int
    messages_bytes: int
    search_bytes: int
    undelivered: list[Undelivered]
    free_bytes: int | None


class PutKeeping(Incoming, frozen=True):
    """`PUT /api/host/keeping`: how many days messages are kept, at least 30; null = for ever."""

    days: int | None
