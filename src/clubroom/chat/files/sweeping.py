"""The store is cleared of what nobody wants: files that are gone, and whatever has no row."""

import logging
import time
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args
from uuid import UUID

from clubroom.chat.files.marking import Marker, keys_of, mark, marker_of
from clubroom.chat.files.room import PUBLISHED, QUARANTINE, Files, every_key
from clubroom.dba import files as stored
from clubroom.dba import reading
from clubroom.ports.blobs import BlobsError, Found

log = logging.getLogger(__name__)

GONE_AT_ONCE = 100
LEASE_S = 60
SWEEP_EVERY_S = 6 * 3600.0
FIRST_SWEEP_S = 60.0  # after a start, when there is other work
STRAY_AFTER = timedelta(days=1)
STRAYS_MAX = 100  # of so many nobody can be sure that they are strays
_WANTED = {QUARANTINE: ("asked", "uploaded"), PUBLISHED: ("uploaded", "ready")}

Held = Literal["marker", "strays"]
HELD: tuple[Held, ...] = get_args(Held)
_SAID: dict[Held, str] = {
    "marker": "The store of images and files is marked as that of another database, or holds what this one "
    "does not know: nothing is swept there until `clubroom adopt-files` was called.",
    "strays": "More lies in the store of images and files without a row in the database than can be by "
    "accident: none of it is deleted until `clubroom adopt-files` was called.",
}


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

    It deletes nothing where it might be wrong, and `held` says why: in a store with the marker of another
    database, or with none if it holds anything that this database does not know; of what has no row at all
    neither what is younger than a day, nor anything if there is a lot of it. Whoever marks the store anew,
    by `clubroom adopt-files`, says that what lay there before and has no row may go.
    """

    def __init__(
        self,
        files: Files,
        *,
        every_s: float = SWEEP_EVERY_S,
        first_s: float = FIRST_SWEEP_S,
        moment: Callable[[], datetime | None] = lambda: None,
    ) -> None:
        self.files = files
        self.every_s = every_s
        self.first_s = first_s
        self.moment = moment
        self.held: set[Held] = set()
        self._due = 0.0
        self._begun = False
        self._prefix, self._after = QUARANTINE, ""
        self._strays: list[str] = []

    async def __call__(self) -> bool:
        """A page; whether it goes on at once."""
        if time.monotonic() < self._due:
            return False
        try:
            return await self._step()
        except BlobsError:
            self._due = time.monotonic() + FIRST_SWEEP_S
            return False

    async def _step(self) -> bool:
        marker = await self._marked()
        if marker is None:
            self._begin()
            self._due = time.monotonic() + FIRST_SWEEP_S
            return False
        if not self._begun:  # marked as early as can be, before much is brought
            self._begun = True
            self._due = time.monotonic() + self.first_s
            return True
        if await self._page(marker):
            return True
        if self._prefix == QUARANTINE:
            self._prefix, self._after = PUBLISHED, ""
            return True
        await self._end()
        return False

    def _begin(self) -> None:
        self._prefix, self._after = QUARANTINE, ""
        self._strays = []

    async def _end(self) -> None:
        """Strays are deleted when all of them were seen."""
        many = len(self._strays) > STRAYS_MAX
        self._hold("strays", many)
        if self._strays and not many:
            await self.files.blobs.delete(self._strays)
        self._begin()
        self._due = time.monotonic() + self.every_s

    async def _marked(self) -> Marker | None:
        """The marker, if it is ours; a store that is empty, or holds only what we know, gets it. Asked before
        each page: somebody else may have taken the store.
        """
        blobs, epoch = self.files.blobs, await reading.epoch(self.files.database)
        marker = await marker_of(blobs)
        if marker is None and await self._all_ours():
            marker = await mark(blobs, epoch)
        ours = marker is not None and marker.epoch == epoch
        self._hold("marker", not ours)
        return marker if ours else None

    async def _all_ours(self) -> bool:
        keys = await keys_of(self.files.blobs)
        if keys is None:
            return False
        files = [file_of(key) for key in keys]
        known = [file for file in files if file is not None]
        return len(known) == len(files) and set(known) <= (await self._states(known)).keys()

    async def _states(self, ids: Collection[UUID]) -> dict[UUID, str]:
        return await stored.states(self.files.database, set(ids)) if ids else {}

    async def _page(self, marker: Marker) -> bool:
        """Whether there was anything. It is asked which rows there are after it was seen what lies there: a
        row is there before its bytes are.
        """
        found = await self.files.blobs.found(self._prefix, after=self._after)
        if not found:
            return False
        ids = {one.key: file_of(one.key) for one in found}
        states = await self._states([file for file in ids.values() if file is not None])
        strays = [one for one in found if (file := ids[one.key]) is None or file not in states]
        unwanted = [
            key for key, file in ids.items() if file in states and states[file] not in _WANTED[self._prefix]
        ]
        unwanted += self._old_strays(strays, marker)
        if unwanted:
            await self.files.blobs.delete(unwanted)
        self._after = found[-1].key
        return True

    def _old_strays(self, strays: Sequence[Found], marker: Marker) -> list[str]:
        """Those that may go at once; the others of a day ago are kept in mind until all were seen."""
        now = self.moment() or datetime.now(UTC)
        old = [one for one in strays if one.made_at < now - STRAY_AFTER]
        for one in old:
            if one.made_at >= marker.since and len(self._strays) <= STRAYS_MAX:
                self._strays.append(one.key)
        return [one.key for one in old if one.made_at < marker.since]

    def _hold(self, why: Held, held: bool) -> None:
        """Said once, not every time."""
        if held and why not in self.held:
            self.held.add(why)
            log.error("%s", _SAID[why])
        elif not held:
            self.held.discard(why)


def file_of(key: str) -> UUID | None:
    """Whose bytes these are; None = nothing of ours is called so."""
    try:
        return UUID(key.split("/")[1])
    except (ValueError, IndexError):
        return None
