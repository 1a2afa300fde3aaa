"""Who is told of events beside what their logs say: reminders, and whose answer is missing. `moment` null =
now by the database's clock.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from clubroom import wire
from clubroom.actions.events import Answer
from clubroom.dba.pool import Database

What = Literal["offer", "reminder", "changed", "cancelled", "asked"]
REMINDED_AT_ONCE = 100


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """An event as somebody is told of it. `key` null = of all of it; `start` null = there is no date yet.
    `answer`: what they said; `until` = how long a place is held for them.
    """

    what: What
    event: UUID
    group: int
    key: str | None
    name: str
    club: str | None
    zone: str
    start: datetime | None
    place: str
    until: datetime | None
    answer: Answer | None
    closed: bool = False


async def remind(db: Database, n: int = REMINDED_AT_ONCE, *, moment: datetime | None = None) -> bool:
    """Writes reminders that are due, at most `n`; whether there may be more."""
    return bool(await db.command("remind_some", n=n, moment=moment))


async def wish(
    db: Database, who: int, event: UUID, minutes: Sequence[int] | None, *, moment: datetime | None = None
) -> None:
    """When somebody is reminded of it from now on; None = as everybody. Raises NotFound."""
    wanted = None if minutes is None else list(minutes)
    await db.read("wish_reminders", who=who, event_key=event, wanted=wanted, moment=moment)


async def wished(db: Database, who: int, event: UUID) -> wire.Reminders:
    """Raises NotFound."""
    found = await db.read("reminders_wished", who=who, event_key=event)
    return msgspec.json.decode(found, type=wire.Reminders)


async def ask_again(db: Database, who: int, event: UUID, at: str, *, moment: datetime | None = None) -> int:
    """How many were reminded to answer. Raises NotFound, Forbidden, AnswersClosed."""
    said = await db.command("ask_again", who=who, event_key=event, at_key=at, moment=moment)
    return int(said["people"])


async def told(db: Database, pushes: Collection[int]) -> dict[int, Told]:
    """What these pushes tell, by their numbers."""
    rows = await db.read("pushed_events", ids=list(pushes))
    return {row["id"]: msgspec.json.decode(row["told"], type=Told) for row in rows}


async def question(db: Database, who: int, group: int, at: str, *, moment: datetime | None = None) -> Told:
    """What a letter asks somebody. Raises NotFound."""
    found = await db.read("mailed_question", who=who, group=group, at_key=at, moment=moment)
    return msgspec.json.decode(found, type=Told)
