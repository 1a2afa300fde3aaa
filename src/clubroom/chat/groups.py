"""Groups as a whole: the snapshot a client starts from, and how far a person has read."""

import msgspec

from clubroom import wire
from clubroom.chat.messages import checked_group
from clubroom.claims import Claims
from clubroom.dba import reading
from clubroom.dba.pool import Database

SNAPSHOT_MESSAGES = 100


async def snapshot(db: Database, claims: Claims, group: int, since: int) -> wire.Snapshot:
    """The state of a group at one moment, with the newest messages after seq `since`. Raises NotFound."""
    checked_group(group)
    found = await reading.snapshot(db, claims.key, group, since, SNAPSHOT_MESSAGES)
    return msgspec.json.decode(found, type=wire.Snapshot)


async def read_up_to(db: Database, claims: Claims, group: int, seq: int) -> wire.ReadPointer:
    """Moves this person's read pointer, never back, never beyond the head. Raises NotFound."""
    checked_group(group)
    return wire.ReadPointer(
        group=group, seq=await reading.move_read_pointer(db, claims.key, group, min(seq, wire.SEQ_MAX))
    )
