"""Whom a club keeps out, and what its members tell those who run it."""

from uuid import UUID

import msgspec

from clubroom import wire
from clubroom.dba.pool import Database

LOOKED_AT_ONCE = 500


async def block(
    db: Database,
    who: int,
    club: int,
    user: str,
    *,
    erase_s: int | None,
    blocks_max: int = wire.BLOCKS_A_CLUB_MAX,
) -> None:
    """Out and not in again. Raises NotFound, Forbidden, LastOwner, Full."""
    await db.command(
        "block_from_club", who=who, club=club, target_sub=user, erase_s=erase_s, blocks_max=blocks_max
    )


async def unblock(db: Database, who: int, club: int, user: str) -> None:
    """Raises NotFound, Forbidden."""
    await db.command("unblock_from_club", who=who, club=club, target_sub=user)


async def blocks(db: Database, who: int, club: int) -> list[wire.ClubBlock]:
    """Raises NotFound, Forbidden."""
    rows = await db.read("club_blocks_of", who=who, club=club)
    return [msgspec.json.decode(row["club_blocks_of"], type=wire.ClubBlock) for row in rows]


async def erase_some(db: Database, looked: int = LOOKED_AT_ONCE) -> bool:
    """A piece of what removed people wrote is deleted; whether more waits."""
    return bool(await db.command("erase_some", looked=looked))


async def report_message(
    db: Database,
    who: int,
    message: UUID,
    reason: str,
    club: int | None,
    *,
    own_max: int = wire.REPORTS_A_PERSON_MAX,
    club_max: int = wire.REPORTS_A_CLUB_MAX,
) -> None:
    """Raises NotFound, Forbidden (one's own), InvalidField (of a conversation: which club), Full."""
    await db.command(
        "report_message",
        who=who,
        message=message,
        why=reason,
        to_club=club,
        own_max=own_max,
        club_max=club_max,
    )


async def report_person(
    db: Database,
    who: int,
    club: int,
    user: str,
    reason: str,
    *,
    own_max: int = wire.REPORTS_A_PERSON_MAX,
    club_max: int = wire.REPORTS_A_CLUB_MAX,
) -> None:
    """Raises NotFound, Forbidden (oneself), Full."""
    await db.command(
        "report_person",
        who=who,
        club=club,
        target_sub=user,
        why=reason,
        own_max=own_max,
        club_max=club_max,
    )


async def reports(db: Database, who: int, club: int, *, most: int = wire.LISTED_AT_ONCE_MAX) -> wire.Reports:
    """Raises NotFound, Forbidden."""
    return msgspec.json.decode(
        await db.read("club_reports", who=who, club=club, most=most), type=wire.Reports
    )


async def close_report(db: Database, who: int, club: int, report: int) -> None:
    """Raises NotFound, Forbidden."""
    await db.command("close_report", who=who, club=club, report=report)
