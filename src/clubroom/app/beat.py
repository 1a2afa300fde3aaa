"""What a server does again and again beside serving: one loop, so that nothing hides in the dark.

Each round asks the database for ended sessions. While it does not answer, this server is blind: after ten
seconds it sends its sockets away rather than deliver to people who may have been removed.
"""

import asyncio
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from clubroom.app.endings import Endings
from clubroom.app.sockets import Sockets
from clubroom.auth.tokens import Tokens
from clubroom.dba import reading
from clubroom.dba.pool import Database
from clubroom.errors import Unavailable
from clubroom.notification.looking import Looking
from clubroom.notification.pointers import Pointers
from clubroom.notification.presence import BREATH_S, Watch
from clubroom.wire import Close

log = logging.getLogger(__name__)

ROUND_S = 0.5
REPAIR_S = 1.0
BLIND_S = 10.0
BLIND = "The database does not answer: whoever is here is sent away until it does."


class Beat:
    """Call `run` once; cancel it to stop."""

    def __init__(
        self,
        db: Database,
        sockets: Sockets,
        tokens: Tokens,
        pointers: Pointers,
        watch: Watch,
        looking: Looking,
    ) -> None:
        self.db = db
        self.sockets = sockets
        self.tokens = tokens
        self.pointers = pointers
        self.watch = watch
        self.looking = looking
        self.seen_at = time.monotonic()
        self.blind = False
        self.breath_at = self.repaired_at = float("-inf")
        self.endings = Endings(db, tokens)

    async def run(self) -> None:
        """Until it is cancelled. Looking never waits for the database: that may hang without a word."""
        asking = asyncio.create_task(self._ask_on(), name="beat asks")
        asking.add_done_callback(log_end)
        try:
            while True:
                self.look()
                await asyncio.sleep(ROUND_S)
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)

    def look(self) -> None:
        """What time alone decides."""
        now, wall = time.monotonic(), self.db.clock()
        for socket in self.sockets.whose_turn():
            with outlived():
                socket.looked_at(now, wall)
        with outlived():
            self._see_whether_blind()

    def _see_whether_blind(self) -> None:
        blind = time.monotonic() - self.seen_at > BLIND_S
        if blind:
            self.sockets.close_all(Close.BLIND, "database")
        if blind != self.blind:
            self.blind = blind
            log.warning(BLIND if blind else "The database answers again.")

    async def _ask_on(self) -> None:
        while True:
            await self.ask()
            await asyncio.sleep(ROUND_S)

    async def ask(self) -> None:
        """Once. Never raises: without it nobody would hear that a session has ended. Nor does one step that
        fails keep the next from being taken.
        """
        answered = False
        with outlived():
            await self._ended_sessions()
            answered = True
        if not answered:
            self.looking.told = {}  # a crash of the database forgets it
            return  # the database is away, and whatever else is asked would wait for it, too
        self.seen_at = time.monotonic()
        for step in (self.same_epoch, self._repair, self.pointers.flush, self.looking.round, self._breathe):
            with outlived():
                await step()

    async def _repair(self) -> None:
        now = time.monotonic()
        rooms = list(self.sockets.hub.rooms)
        if rooms and now - self.repaired_at >= REPAIR_S:
            self.repaired_at = now
            self.sockets.hub.repair(await reading.group_heads(self.db, rooms))

    async def _breathe(self) -> None:
        now = time.monotonic()
        if now - self.breath_at >= BREATH_S:
            self.breath_at = now
            await self.watch.breathe(now)

    async def _ended_sessions(self) -> None:
        for device in await self.endings.news():
            self.sockets.end_session(device)

    async def same_epoch(self) -> None:
        """At start, and again after a restore under our feet: then every client must start afresh."""
        epoch = await reading.epoch(self.db)
        if epoch == self.sockets.epoch:
            return
        if self.sockets.epoch:
            log.warning("The database was restored: every client starts afresh.")
            self.sockets.close_all(Close.RESTART, "restored")
            self.sockets.hub.start_afresh()
        self.sockets.epoch = epoch
        self.tokens.belong_to(epoch)


@contextmanager
def outlived() -> Iterator[None]:
    """What is done in here may fail: a database that is away is nothing new, anything else is logged."""
    try:
        yield
    except Unavailable:
        return
    except Exception:
        log.exception("A step of the beat failed.")


def log_end(task: asyncio.Task[Any]) -> None:
    """For tasks that nobody waits for, and that should go on until they are cancelled."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("%s has ended.", task.get_name(), exc_info=error)
