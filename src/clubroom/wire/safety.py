"""Whom a club keeps out, and what its members tell those who run it (docs/protocol.md)."""

from typing import Literal
from uuid import UUID

from clubroom.actions import MessageImage
from clubroom.wire.shapes import Incoming, Outgoing

Erase = Literal["day", "week", "all"]
"""How far back what a removed person wrote is deleted."""

ERASE_S: dict[Erase | None, int | None] = {None: None, "day": 86_400, "week": 7 * 86_400, "all": 0}


class NewReport(Incoming, frozen=True):
    """`POST /api/messages/{id}/reports`. `club` only for what was said in a conversation."""

    reason: str
    club: int | None = None


class NewPersonReport(Incoming, frozen=True):
    """`POST /api/groups/{g}/reports`."""

    user: str
    reason: str


class Report(Outgoing, frozen=True):
    """What somebody reported: `user` is whom it is about, `by` who told it. Of a message `text` and what is
    said of its `images` are a copy, kept until the report is closed.
    `group` only where whoever asks may read it. `member` = still in it.
    """

    report: int
    user: str
    name: str
    by: str
    by_name: str
    reason: str
    at: str
    message: UUID | None
    group: int | None
    text: str | None
    sent_at: str | None
    deleted: bool
    member: bool
    images: list[MessageImage] | None = None


class Reports(Outgoing, frozen=True):
    """`GET /api/groups/{g}/reports`: the oldest first, at most 100 of `n`."""

    n: int
    reports: list[Report]


class ClubBlock(Outgoing, frozen=True):
    """Somebody whom the club does not let in."""

    user: str
    name: str
    by: str
    by_name: str
    at: str


class ClubBlocks(Outgoing, frozen=True):
    """`GET /api/groups/{g}/blocks`: the newest first."""

    blocks: list[ClubBlock]
