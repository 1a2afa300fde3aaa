"""Numbers about a club: counted seldom for all of them, and at once for a small one."""

from datetime import datetime

import msgspec

from clubroom import wire
from clubroom.dba.pool import Database

EVERY_S = 300


async def refresh(db: Database, every_s: int = EVERY_S, *, moment: datetime | None = None) -> bool:
    """Counts anew, where it is due and anything was written; whether it was. Two transactions, so that it is
    known of the first when the second fails.
    """
    if not await db.read("statistics_due", every_s=every_s, moment=moment):
        return False
    return bool(await db.read("refresh_statistics", moment=moment))


async def statistics(
    db: Database,
    who: int,
    club: int,
    *,
    live_max: int = wire.STATISTICS_LIVE_MEMBERS_MAX,
    moment: datetime | None = None,
) -> wire.Statistics:
    """For who runs it. Raises NotFound, Forbidden."""
    found = await db.read(
        "statistics_of",
        who=who,
        club=club,
        live_max=live_max,
        events_max=wire.STATISTICS_EVENTS_MAX,
        months_max=wire.STATISTICS_MONTHS_MAX,
        moment=moment,
    )
    return msgspec.json.decode(found, type=wire.Statistics)
