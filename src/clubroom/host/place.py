"""What a host sees and decides. To everybody else nothing of it exists."""

import asyncio
import shutil
from pathlib import Path

import msgspec

from clubroom import wire
from clubroom.claims import Claims
from clubroom.dba import place
from clubroom.dba.pool import Database
from clubroom.errors import InvalidField, NotFound


class Hosting(msgspec.Struct, frozen=True):
    """What the calls need. `disk`: the folder that the database lies in; None = elsewhere."""

    db: Database
    disk: Path | None


async def clubs(hosting: Hosting, who: Claims, find: str, before: int, limit: int) -> wire.HostedClubs:
    """The newest first, those with `find` in their names. Raises InvalidField, NotFound."""
    if "\0" in find:
        raise InvalidField("No name has this character.")
    found = await place.clubs(hosting.db, who.key, find, before, limit + 1)
    return wire.HostedClubs(clubs=found[:limit], more=len(found) > limit)


async def suspend_club(hosting: Hosting, who: Claims, club: int, *, suspend: bool) -> None:
    """It is read and nothing more, or open again. Raises NotFound."""
    await place.suspend_club(hosting.db, who.key, wire.possible_group(club), suspend=suspend)


async def measured(hosting: Hosting, who: Claims) -> wire.Place:
    """How large it all is. Raises NotFound."""
    found = await place.measured(hosting.db, who.key)
    free = await asyncio.to_thread(_free, hosting.disk)
    return wire.Place(**msgspec.structs.asdict(found), free_bytes=free)


def _free(folder: Path | None) -> int | None:
    return shutil.disk_usage(folder).free if folder is not None and folder.is_dir() else None


async def keep_messages(hosting: Hosting, who: Claims, days: int | None) -> None:
    """What is older goes, piece by piece; None = for ever. Raises InvalidField, NotFound."""
    if not await place.is_host(hosting.db, who.key):
        raise NotFound
    if days is not None and not wire.KEEP_DAYS_MIN <= days <= wire.KEEP_DAYS_MAX:
        raise InvalidField(f"Between {wire.KEEP_DAYS_MIN} and {wire.KEEP_DAYS_MAX} days.")
    await place.keep_messages(hosting.db, who.key, days)
