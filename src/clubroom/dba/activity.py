"""What happened to one person, read from what is there."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from clubroom import wire
from clubroom.dba.pool import Database


class Spot(msgspec.Struct, frozen=True):
    """Where an entry stands: a moment, and what is there of its group."""

    at: datetime
    group: int
    seq: int


class News(msgspec.Struct, frozen=True):
    """How far somebody has looked, and what came since."""

    seen: str
    unseen: int


async def activity_of(
    db: Database, who: int, before: Spot | None, n: int
) -> tuple[Sequence[str], Spot | None]:
    """JSON of `wire.ActivityEntry` each, the newest first, at most `n`; where to go on, if there is more."""
    rows = await db.read(
        "activity_of",
        who=who,
        upto=before.at if before else None,
        group_id=before.group if before else None,
        seq=before.seq if before else None,
        n=n + 1,
    )
    last = rows[n - 1] if len(rows) > n else None
    return [row["entry"] for row in rows[:n]], last and Spot(last["at"], last["group_id"], last["seq"])


async def news(
    db: Database, who: int, looked: int = wire.ACTIVITY_MAX, most: int = wire.ACTIVITY_UNSEEN_MAX
) -> News:
    """`unseen` is counted among the newest `looked`, up to `most`, without what was read in place."""
    row = await db.read("activity_news", who=who, looked=looked, most=most)
    return News(row["seen"], row["unseen"])


async def see(db: Database, who: int, upto: datetime) -> None:
    """Only forward."""
    await db.command("see_activity", who=who, upto=upto)
