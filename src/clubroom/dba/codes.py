"""A club's codes, and those who wait to be let in. `moment` null = now by the database's clock."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from clubroom import wire
from clubroom.dba.attempts import Limit, listed
from clubroom.dba.pool import Database

_encode = msgspec.json.Encoder().encode


class SealedCode(msgspec.Struct, frozen=True):
    """A code with all it gives; only whoever has the keys can read it. `code` is its number."""

    code: int
    sealed: str
    note: str
    role: wire.CodeRole
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
    people: list[wire.Someone]
    repeated: bool = False


async def club_codes(db: Database, who: int, club: int) -> list[SealedCode]:
    """Those that are not revoked; those that make admins for owners alone. Raises NotFound, Forbidden."""
    rows = await db.read("club_codes", who=who, club=club)
    return [msgspec.json.decode(row["club_codes"], type=SealedCode) for row in rows]


async def create_code(
    db: Database,
    who: int,
    club: int,
    new: wire.NewCode,
    *,
    code_mac: bytes,
    code_sealed: bytes,
    reset: bool,
    limits: list[Limit],
    codes_max: int = wire.CODES_A_CLUB_MAX,
    moment: datetime | None = None,
) -> SealedCode:
    """Raises NotFound (also for a label or a room), Forbidden, Full, IdConflict, RateLimited."""
    result = await db.command(
        "create_code",
        who=who,
        club=club,
        code_key=new.key,
        code_mac=code_mac,
        code_sealed=code_sealed,
        said=_said(new),
        reset=reset,
        limits=listed(limits),
        codes_max=codes_max,
        moment=moment,
    )
    return msgspec.convert(result, SealedCode)


async def change_code(
    db: Database,
    who: int,
    club: int,
    code: int,
    to: wire.PatchCode,
    *,
    limits: list[Limit],
    moment: datetime | None = None,
) -> SealedCode:
    """What is not named stays. Raises NotFound, Forbidden, RateLimited."""
    result = await db.command(
        "change_code",
        who=who,
        club=club,
        code=code,
        said=_said(to),
        limits=listed(limits),
        moment=moment,
    )
    return msgspec.convert(result, SealedCode)


async def revoke_code(
    db: Database, who: int, club: int, code: int, *, moment: datetime | None = None
) -> None:
    """Raises NotFound, Forbidden."""
    await db.command("revoke_code", who=who, club=club, code=code, moment=moment)


def _said(of: wire.NewCode | wire.PatchCode) -> str:
    said: dict[str, Any] = msgspec.structs.asdict(of)
    return _encode({name: value for name, value in said.items() if value is not None}).decode()


async def join_requests(
    db: Database, who: int, club: int, *, most: int = wire.LISTED_AT_ONCE_MAX
) -> wire.JoinRequests:
    """Those who wait. Raises NotFound, Forbidden."""
    found = await db.read("join_requests_of", who=who, club=club, most=most)
    return msgspec.json.decode(found, type=wire.JoinRequests)


async def answer_request(
    db: Database,
    who: int,
    club: int,
    user: str,
    *,
    accept: bool,
    members_max: int = wire.CLUB_MEMBERS_MAX,
    clubs_max: int = wire.CLUBS_A_PERSON_MAX,
) -> None:
    """Lets them in, or not. Raises NotFound, Forbidden, Full."""
    await db.command(
        "answer_request",
        who=who,
        club=club,
        target_sub=user,
        accept=accept,
        members_max=members_max,
        clubs_max=clubs_max,
    )


async def my_requests(db: Database, who: int) -> list[wire.MyRequest]:
    """What this person waits for."""
    rows = await db.read("my_requests", who=who)
    return [msgspec.json.decode(row["my_requests"], type=wire.MyRequest) for row in rows]


async def withdraw_request(db: Database, who: int, request: int) -> None:
    """Raises NotFound."""
    await db.command("withdraw_request", who=who, request=request)
