"""Hands what commits have left to the sockets that are held elsewhere. Whoever is killed in the middle of it
keeps nothing from anybody: after a while somebody else does it again, and clients drop what they have.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence

from clubroom.actions import Logged
from clubroom.dba import forwards, reading
from clubroom.dba.forwards import Forward
from clubroom.dba.pool import Database

TAKEN_AT_ONCE = 100
ACTIONS_AT_ONCE = 500
LEASE_S = 30

Publish = Callable[[Sequence[Logged]], Awaitable[None]]


class Forwarding:
    """A job: call it again as long as it says True. `of` these groups alone, if any are named."""

    def __init__(self, db: Database, publish: Publish, of: Collection[int] | None = None) -> None:
        self.db = db
        self.publish = publish
        self.of = of

    async def __call__(self) -> bool:
        """What nobody has in hand; whether more may wait."""
        taken = await forwards.take(self.db, TAKEN_AT_ONCE, lease_s=LEASE_S, of=self.of)
        for stretch in together(taken):
            await self._hand_on(stretch)
        if taken:
            await forwards.close(self.db, [one.id for one in taken])
        return len(taken) == TAKEN_AT_ONCE

    async def _hand_on(self, stretch: Forward) -> None:
        after = stretch.first - 1
        while after < stretch.last:
            entries = await reading.log_after(self.db, stretch.group, after, ACTIONS_AT_ONCE)
            if not entries:
                return  # trimmed meanwhile
            await self.publish([entry for entry in entries if entry.seq <= stretch.last])
            after = entries[-1].seq


def together(taken: Sequence[Forward]) -> list[Forward]:
    """What follows each other in one group is handed on as one: each socket is written to once for it."""
    found: list[Forward] = []
    for one in sorted(taken, key=lambda one: (one.group, one.first)):
        last = found[-1] if found else None
        if last is not None and last.group == one.group and one.first <= last.last + 1:
            found[-1] = Forward(last.id, last.group, last.first, max(last.last, one.last))
        else:
            found.append(one)
    return found
