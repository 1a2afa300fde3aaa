"""Read pointers: gathered for a moment, written in one batch, told to the person's other devices."""

from clubroom import wire
from clubroom.claims import Claims
from clubroom.dba import reading
from clubroom.dba.pool import Database
from clubroom.notification.deliver import Hub

GATHERED_MAX = 10_000


class Pointers:
    """What this server has heard of and not written yet. Losing it costs a "New" divider, nothing more."""

    def __init__(self, hub: Hub, db: Database) -> None:
        self.hub = hub
        self.db = db
        self.gathered: dict[tuple[int, int], int] = {}

    def gather(self, key: int, group: int, seq: int) -> None:
        """To be written with the next flush; over the limit it is dropped: the client says it again."""
        if (key, group) in self.gathered or len(self.gathered) < GATHERED_MAX:
            self.gathered[key, group] = max(seq, self.gathered.get((key, group), 0))

    async def flush(self) -> None:
        """Writes what was gathered. Raises Unavailable and keeps it."""
        if not self.gathered:
            return
        moves, self.gathered = self.gathered, {}
        try:
            moved = await reading.move_read_pointers(self.db, moves)
        except BaseException:
            for (key, group), seq in moves.items():
                self.gather(key, group, seq)
            raise
        for key, group, seq in moved:
            self._tell(key, group, seq)

    async def move(self, claims: Claims, group: int, seq: int) -> wire.ReadPointer:
        """One pointer at once: never back, never beyond the head. Raises NotFound."""
        now_at = await reading.move_read_pointer(self.db, claims.key, group, min(seq, wire.SEQ_MAX))
        self._tell(claims.key, group, now_at)
        return wire.ReadPointer(group=group, seq=now_at)

    async def move_back(self, claims: Claims, group: int, seq: int) -> wire.ReadPointer:
        """Unread after `seq`, by hand: what was gathered meanwhile counts no more. Raises NotFound."""
        self.gathered.pop((claims.key, group), None)
        now_at = await reading.move_read_pointer_back(self.db, claims.key, group, min(seq, wire.SEQ_MAX))
        self._tell(claims.key, group, now_at, back=True)
        return wire.ReadPointer(group=group, seq=now_at)

    def _tell(self, key: int, group: int, seq: int, *, back: bool | None = None) -> None:
        self.hub.signal_person(key, wire.Signal(kind="read", group=group, seq=seq, back=back))
