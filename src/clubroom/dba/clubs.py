"""Clubs: made, entered by a code, left. `moment` null = now by the database's clock."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from clubroom.dba.attempts import Limit, listed, unless_refused
from clubroom.dba.pool import Database
from clubroom.wire import (
    CLUB_MEMBERS_MAX,
    CLUBS_A_PERSON_MAX,
    WAITING_A_CLUB_MAX,
    WAITING_A_PERSON_MAX,
    ClubPreview,
)


class MadeClub(msgspec.Struct, frozen=True):
    """A club, its sealed code, and its maker's groups. `repeated` = an earlier call had made it."""

    group: int
    sealed: str
    groups: list[int]
    repeated: bool


class JoinedClub(msgspec.Struct, frozen=True):
    """A club and the groups of whoever is in it now; or only `asked`, the name of one that lets in whom it
    wants.
    """

    group: int = 0
    name: str = ""
    groups: list[int] = msgspec.field(default_factory=list)
    asked: str | None = None


async def create_club(
    db: Database,
    who: int,
    *,
    key: UUID,
    name: str,
    code_mac: bytes,
    code_sealed: bytes,
    clubs_max: int = CLUBS_A_PERSON_MAX,
    moment: datetime | None = None,
) -> MadeClub:
    """A club with its admins' group and code. Raises SignInNeeded, Full, or IdConflict for another name."""
    result = await db.command(
        "create_club",
        who=who,
        club_key=key,
        club_name=name,
        code_mac=code_mac,
        code_sealed=code_sealed,
        clubs_max=clubs_max,
        moment=moment,
    )
    return msgspec.convert(result, MadeClub)


async def join_club(
    db: Database,
    who: int,
    code_macs: list[bytes],
    answer: str = "",
    *,
    limits: list[Limit],
    address_limits: Sequence[Limit] = (),
    asking_limits: Sequence[Limit] = (),
    members_max: int = CLUB_MEMBERS_MAX,
    clubs_max: int = CLUBS_A_PERSON_MAX,
    waiting_max: int = WAITING_A_CLUB_MAX,
    asked_max: int = WAITING_A_PERSON_MAX,
    moment: datetime | None = None,
) -> JoinedClub:
    """Lets a person in, once, or lets them wait. Beyond `limits` nobody gets in, beyond `address_limits` only
    right codes do. `asking_limits` hold those who ask.

    Raises InvalidCode, RateLimited, Full, InvalidField (no answer where the code asks something).
    """
    result = await db.command(
        "join_club",
        who=who,
        code_macs=code_macs,
        answer=answer,
        limits=listed(limits),
        address_limits=listed(address_limits),
        asking_limits=listed(asking_limits),
        members_max=members_max,
        clubs_max=clubs_max,
        waiting_max=waiting_max,
        asked_max=asked_max,
        moment=moment,
    )
    return msgspec.convert(unless_refused(result), JoinedClub)


async def preview_club(
    db: Database, code_macs: list[bytes], *, limits: list[Limit], moment: datetime | None = None
) -> ClubPreview:
    """What this code opens; `limits` count and stop wrong ones alone. Raises InvalidCode, RateLimited."""
    result = await db.command("preview_club", code_macs=code_macs, limits=listed(limits), moment=moment)
    return msgspec.convert(unless_refused(result), ClubPreview)


class ShownClub(msgspec.Struct, frozen=True):
    """What a link to join shows. `picture` is the file, if the club has one."""

    name: str
    picture: UUID | None


async def shown_club(
    db: Database, code_macs: list[bytes], *, limits: list[Limit], moment: datetime | None = None
) -> ShownClub:
    """As `preview_club`, for whoever draws a preview of a link."""
    result = await db.command("shown_club", code_macs=code_macs, limits=listed(limits), moment=moment)
    return msgspec.convert(unless_refused(result), ShownClub)


async def club_code(db: Database, who: int, club: int, *, moment: datetime | None = None) -> bytes:
    """A valid code, sealed. Raises NotFound, or Forbidden for a member who may not invite."""
    return bytes(await db.read("club_code", who=who, club=club, moment=moment))


async def remove_member(db: Database, who: int, club: int, user: str, erase_s: int | None = None) -> None:
    """`who` removes `user`, or leaves. With `erase_s` what they wrote in so many seconds goes soon, 0 is
    all of it. Raises NotFound, Forbidden, LastOwner, Full (of erasures).
    """
    await db.command("remove_member", who=who, club=club, target_sub=user, erase_s=erase_s)
