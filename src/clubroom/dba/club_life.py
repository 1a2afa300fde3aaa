"""The end of a club, and the record of what was done there."""

from collections.abc import Sequence

import msgspec

from clubroom import wire
from clubroom.dba.pool import Database

GRACE_S = 60  # servers that lag behind hear the last of a club before its log is gone
PIECE = 500  # actions in one transaction


async def delete_club(db: Database, who: int, club: int, name: str) -> None:
    """For everybody, and all below it. Raises NotFound, Forbidden, InvalidField for another name."""
    await db.command("delete_club", who=who, club=club, said_name=name)


async def audit(
    db: Database, who: int, club: int, before: int, kinds: Sequence[str] | None, n: int
) -> list[wire.AuditEntry]:
    """Newest first. Raises NotFound, Forbidden."""
    rows = await db.read(
        "audit_of", who=who, club=club, before=before, kinds=list(kinds) if kinds is not None else None, n=n
    )
    return [msgspec.json.decode(row["audit_of"], type=wire.AuditEntry) for row in rows]


async def erase_deleted(db: Database, n: int = PIECE, grace_s: int = GRACE_S) -> bool:
    """A piece of what deleted clubs have left; false = nothing is left."""
    return bool(await db.read("erase_deleted", n=n, grace_s=grace_s))


async def trim_old(db: Database, n: int = PIECE) -> bool:
    """A piece of what is older than messages are kept here; false = nothing is."""
    return bool(await db.read("trim_old", n=n))
