"""Leaving for good, and what one takes along. `moment` null = now by the database's clock."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from clubroom.dba.attempts import Limit, listed, unless_refused
from clubroom.dba.pool import Database

LOOKED_AT_ONCE = 2_000
"""Messages that are looked at in one piece of an export."""
DELETED_AT_ONCE = 200
"""Messages that are looked at in one piece of a leaving, while their room is locked."""


async def leaving(db: Database, who: int) -> str:
    """JSON of `wire.Leaving`."""
    return str(await db.read("leaving", who=who))


async def delete_account(
    db: Database,
    who: int,
    *,
    verified_hash: str | None,
    challenge: bytes | None,
    erase: bool,
    language: str | None,
    moment: datetime | None = None,
) -> list[UUID]:
    """Gone; the sessions that ended. Raises LastOwner, or WrongSignIn when what was proven is so no more."""
    result = await db.command(
        "delete_account",
        who=who,
        verified_hash=verified_hash,
        challenge=challenge,
        erase=erase,
        language=language,
        moment=moment,
    )
    return msgspec.convert(result["ended"], list[UUID])


async def go_on_leaving(db: Database, looked: int = DELETED_AT_ONCE) -> bool:
    """A piece of what somebody wrote who is gone; True = more waits."""
    return bool(await db.command("go_on_leaving", looked=looked))


async def count_export(db: Database, limits: list[Limit], *, moment: datetime | None = None) -> None:
    """Raises RateLimited."""
    unless_refused(await db.command("count_within", limits=listed(limits), moment=moment))


async def data(db: Database, who: int) -> str:
    """JSON of all that is known of somebody, but for what they wrote."""
    return str(await db.read("my_data", who=who))


async def places(db: Database, who: int) -> list[int]:
    """Where they may have written."""
    return [row["my_places"] for row in await db.read("my_places", who=who)]


async def writing(
    db: Database, who: int, group: int, after: int, looked: int = LOOKED_AT_ONCE
) -> tuple[list[str], int, bool]:
    """What they wrote and reacted there, as JSON; how far was looked, and whether there is more."""
    rows: list[Any] = await db.read("my_writing", who=who, group_id=group, after=after, looked=looked)
    return [row["written"] for row in rows[:-1]], rows[-1]["upto"], rows[-1]["more"]


async def hand_link(
    db: Database,
    who: int,
    club: int,
    user: str,
    *,
    link_mac: bytes,
    open_seconds: int,
    moment: datetime | None = None,
) -> None:
    """A link that signs in as a member of the club. Raises NotFound, Forbidden."""
    await db.command(
        "hand_sign_in_link",
        who=who,
        club=club,
        target_sub=user,
        link_mac=link_mac,
        open_seconds=open_seconds,
        moment=moment,
    )
