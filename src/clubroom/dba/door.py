"""Who came to an event."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from clubroom import wire
from clubroom.dba.pool import Database


class Ticking(msgspec.Struct, frozen=True):
    """Whether somebody came, and when that was ticked."""

    user: str
    came: bool | None
    at: datetime


async def tick(
    db: Database, who: int, event: UUID, key: str, ticks: Sequence[Ticking], *, moment: datetime | None = None
) -> wire.Ticked:
    """How these people stand now. Raises NotFound, Forbidden."""
    said = msgspec.json.encode(ticks).decode()
    result = await db.command("tick_door", who=who, event_key=event, at_key=key, said=said, moment=moment)
    return msgspec.convert(result, wire.Ticked)


async def door(db: Database, who: int, event: UUID, key: str) -> wire.Door:
    """Everybody who could come. Raises NotFound, Forbidden."""
    found = await db.read("door_of", who=who, event_key=event, at_key=key)
    return msgspec.json.decode(found, type=wire.Door)
