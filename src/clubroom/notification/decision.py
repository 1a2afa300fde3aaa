"""The job that decides who is told of a message: whoever is nowhere here at once, whoever is here after a
few seconds, unless one of their devices shows the room and has the message by then.

The rules are SQL (`_judged` in 0044_leases.sql), so that a decision and what follows from it are one
transaction, however many servers decide and whenever they are killed.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime

from clubroom.dba import pushing
from clubroom.dba.pool import Database
from clubroom.errors import Unavailable

log = logging.getLogger(__name__)

DECIDED_AT_ONCE = 50
RESTS = 4.0  # times as long as it worked, while more waits: live delivery goes first
WAIT_S = 5
REMOTE_WAIT_S = 15  # where sockets are held elsewhere, and what they got is known later
HERE_S = 1.0

Here = Callable[[], Awaitable[Collection[int]]]
"""Everybody with a live lease."""


class Decision:
    """Call it again as long as it says True."""

    def __init__(
        self,
        db: Database,
        here: Here,
        *,
        wait_s: int = WAIT_S,
        remote_wait_s: int = REMOTE_WAIT_S,
        moment: Callable[[], datetime | None] = lambda: None,
    ) -> None:
        self.db = db
        self.here = here
        self.wait_s = wait_s
        self.remote_wait_s = remote_wait_s
        self.moment = moment
        self.decided_count = 0
        self.at_once = DECIDED_AT_ONCE
        self._asked_at = float("-inf")
        self._known: Collection[int] = ()

    async def __call__(self) -> bool:
        """What is due now; whether more waits."""
        here, begun, asked = await self._here(), time.monotonic(), self.at_once
        self.at_once = max(1, asked // 4)  # so it stays if this takes the database too long
        n = await pushing.decide(
            self.db,
            here,
            asked,
            wait_s=self.wait_s,
            remote_wait_s=self.remote_wait_s,
            moment=self.moment(),
        )
        self.at_once = min(DECIDED_AT_ONCE, 2 * asked)
        self.decided_count += n
        if n < asked:
            return False
        await asyncio.sleep(RESTS * (time.monotonic() - begun))
        return True

    async def _here(self) -> Collection[int]:
        """Asked once in a second, however much is said."""
        now = time.monotonic()
        if now - self._asked_at >= HERE_S:
            self._asked_at = now
            try:
                self._known = await self.here()
            except Unavailable:
                log.warning("Who is here is not known. Who was here last counts as here.")
        return self._known
