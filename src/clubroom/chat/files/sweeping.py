"""The store is cleared of what nobody wants: files that are gone, and whatever has no row."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from clubroom.chat.files.room import PUBLISHED, QUARANTINE, Files, every_key
from clubroom.dba import files as stored
from clubroom.ports.blobs import BlobsError, Found

GONE_AT_ONCE = 100
LEASE_S = 120
SWEEP_EVERY_S = 6 * 3600.0
FIRST_SWEEP_S = 60.0  # after a start, when there is other work
_WANTED = {QUARANTINE: ("asked", "uploaded"), PUBLISHED: ("uploaded", "ready")}


class Clearing:
    """Deletes the bytes of what is gone, and then its row. A job of the worker."""

    def __init__(self, files: Files, *, moment: Callable[[], datetime | None] = lambda: None) -> None:
        self.files = files
        self.moment = moment

    async def __call__(self) -> bool:
        """A piece; whether more may wait. What the store does not do is done when the lease is over."""
        db = self.files.database
        at = self.moment()
        gone = await stored.take_gone(db, GONE_AT_ONCE, lease_s=LEASE_S, moment=at)
        if not gone:
            return False
        try:
            await self.files.blobs.delete([key for file in gone for key in every_key(file)])
        except BlobsError:
            return False
        await stored.cleared(db, gone, moment=at)
        return len(gone) == GONE_AT_ONCE


class Sweeping:
    """Looks through the whole store, now and then: nothing lies there without a row that wants it. Whoever is
    killed between two steps leaves what this finds. A job of the worker.
    """

    def __init__(
        self, files: Files, *, every_s: float = SWEEP_EVERY_S, first_s: float = FIRST_SWEEP_S
    ) -> None:
        self.files = files
        self.every_s = every_s
        self._due = time.monotonic() + first_s
        self._prefix, self._after = QUARANTINE, ""

    async def __call__(self) -> bool:
        """A page; whether it goes on at once."""
        if time.monotonic() < self._due:
            return False
        try:
            if await self._page():
                return True
        except BlobsError:
            self._due = time.monotonic() + FIRST_SWEEP_S
            return False
        if self._prefix == QUARANTINE:
            self._prefix, self._after = PUBLISHED, ""
            return True
        self._prefix, self._after = QUARANTINE, ""
        self._due = time.monotonic() + self.every_s
        return False

    async def _page(self) -> bool:
        """Whether there was anything. It is asked which rows there are after it was seen what lies there: a
        row is there before its bytes are.
        """
        found = await self.files.blobs.found(self._prefix, after=self._after)
        if not found:
            return False
        ids = {one.key: file_of(one.key) for one in found}
        states = await stored.states(self.files.database, {file for file in ids.values() if file is not None})
        unwanted = _unwanted(found, ids, states, _WANTED[self._prefix])
        if unwanted:
            await self.files.blobs.delete(unwanted)
        self._after = found[-1].key
        return True


def file_of(key: str) -> UUID | None:
    """Whose bytes these are; None = nothing of ours is called so."""
    try:
        return UUID(key.split("/")[1])
    except ValueError:
        return None


def _unwanted(
    found: Sequence[Found], ids: dict[str, UUID | None], states: dict[UUID, str], wanted: tuple[str, ...]
) -> list[str]:
    return [
        one.key for one in found if (file := ids[one.key]) is None or states.get(file, "none") not in wanted
    ]
