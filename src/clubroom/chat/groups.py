"""Groups as a whole: the snapshot a client starts from."""

import msgspec

from clubroom import wire
from clubroom.claims import Claims
from clubroom.dba import reading
from clubroom.dba.pool import Database

SNAPSHOT_MESSAGES = 100


async def snapshot(db: Database, claims: Claims, group: int, since: int) -> wire.Snapshot:
    """The state of a group at one moment, with the newest messages after seq `since`. Raises NotFound."""
    wire.possible_group(group)
    found = await reading.snapshot(db, claims.key, group, min(since, wire.SEQ_MAX - 1), SNAPSHOT_MESSAGES)
    return msgspec.json.decode(found, type=wire.Snapshot)
