"""Codes that open a club, and those who ask to be let in (docs/protocol.md)."""

from typing import Literal
from uuid import UUID

import msgspec

from clubroom.wire.groups import Someone
from clubroom.wire.shapes import Incoming, Outgoing

CodeRole = Literal["admin", "member"]


class JoinClub(Incoming, frozen=True):
    """`POST /api/clubs/join`: a code as it was typed, and the answer where it asks something."""

    code: str
    answer: str | None = None


class NewCode(Incoming, frozen=True):
    """`POST /api/groups/{g}/codes`. `note` says whom it is for. `expires_in_s` and `uses`: 0 = no end. With
    `asks` an admin lets people in, who may be asked a `question`. `labels` are ids; `rooms` come into the
    list of whoever comes by it, private ones are opened to them.
    """

    key: UUID
    note: str = ""
    role: CodeRole = "member"
    expires_in_s: int = 0
    uses: int = 0
    asks: bool = False
    question: str = ""
    labels: list[UUID] = msgspec.field(default_factory=list)
    rooms: list[int] = msgspec.field(default_factory=list)


class ResetCodes(Incoming, frozen=True):
    """`POST /api/groups/{g}/codes/reset`: all codes are over, and one new one is there."""

    key: UUID


class PatchCode(Incoming, frozen=True):
    """`PATCH /api/groups/{g}/codes/{id}`: what changes. `uses` = how often it opens from now on."""

    note: str | None = None
    expires_in_s: int | None = None
    uses: int | None = None
    asks: bool | None = None
    question: str | None = None
    labels: list[UUID] | None = None
    rooms: list[int] | None = None


class AnswerRequest(Incoming, frozen=True):
    """`POST /api/groups/{g}/requests/{user}`."""

    accept: bool


class ClubAsked(Outgoing, frozen=True):
    """Not in yet: whoever runs this club was asked."""

    asked: str


class JoinCode(Outgoing, frozen=True):
    """A code with all it gives. `id` names it; `main` = the one that the club shows. `came` counts those who
    came by it, `people` are the newest 100 of them.
    """

    id: int
    code: str
    url: str
    note: str
    role: CodeRole
    expires_at: str | None
    uses_left: int | None
    asks: bool
    question: str
    main: bool
    by: str
    by_name: str
    labels: list[UUID]
    rooms: list[int]
    came: int
    people: list[Someone]


class JoinCodes(Outgoing, frozen=True):
    """`GET /api/groups/{g}/codes`: the club's own first, then the newest. `only_here` as in `Invitation`."""

    codes: list[JoinCode]
    only_here: bool


class JoinRequest(Outgoing, frozen=True):
    """Somebody who waits. `note` is that of the code that they have."""

    user: str
    name: str
    question: str
    answer: str
    note: str
    asked_at: str


class JoinRequests(Outgoing, frozen=True):
    """`GET /api/groups/{g}/requests`: those who wait longest first, at most 100 of `n`."""

    n: int
    requests: list[JoinRequest]


class MyRequest(Outgoing, frozen=True):
    """A club that I wait for."""

    request: int
    name: str
    sign: str | None
    colour: int
    asked_at: str


class MyRequests(Outgoing, frozen=True):
    """`GET /api/me/requests`."""

    requests: list[MyRequest]
