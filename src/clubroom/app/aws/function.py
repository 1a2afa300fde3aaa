"""What one function keeps between two calls: its loop, its connections, and what it last knew."""

import asyncio
import logging
import os
import secrets
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, Protocol, TypeVar

from clubroom.actions import Logged
from clubroom.app import logs
from clubroom.app.aws.place import Place, place_of
from clubroom.app.endings import Endings
from clubroom.auth.tokens import Tokens
from clubroom.dba import checks, reading
from clubroom.dba.pool import Database
from clubroom.dba.posting import PostLane
from clubroom.errors import Unavailable
from clubroom.notification.deliver import Hub
from clubroom.ports.bus import News
from clubroom.ports.waking import Waker

LOOK_S = 2.0  # what is known of ended sessions is never older
AWAY_S = 30.0  # frozen for longer than this a connection may be dead without knowing it
CONNECTIONS_MAX = 2  # of one function; so many of them share a pooler

T = TypeVar("T")
Of = TypeVar("Of", bound="Parts")

log = logging.getLogger(__name__)


class Parts(Protocol):
    """What a function is made of, as far as it is looked after here."""

    db: Database
    tokens: Tokens
    lane: PostLane
    hub: Hub


class Function:
    """One of a service. `run` does the work of one call, and ends when nothing of it is left over."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.settings = place.settings
        self.server = secrets.token_urlsafe(12)
        self.epoch = ""
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)
        self.moved: set[int] = set()  # groups that were written to, and the worker has not been woken for
        self.news: list[News] = []
        self.hear: Callable[[News], Awaitable[None]] = _heard_by_nobody
        self.held: list[Callable[[], Awaitable[None]]] = []  # what lets go of lines to others
        self._waker: Waker = self.place.waker()
        self._db: Database | None = None
        self._parts: list[Parts] = []
        self._endings: list[Endings] = []
        self._looked_at = self._ran_at = float("-inf")

    @classmethod
    def here(cls) -> "Function":
        """As the environment says. What cannot be right is told once, when the function is made."""
        logs.set_up("json", "warning")
        place = place_of(os.environ)
        logs.set_up("json", place.settings.log_level)
        return cls(place)

    # --- around a call ---

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What `work` answers, after all that came of it is done, too."""
        return self.loop.run_until_complete(self._run(work))

    async def _run(self, work: Coroutine[Any, Any, T]) -> T:
        try:
            return await work
        finally:
            await self.settle()

    async def settle(self) -> None:
        """What is left when the answer is made: after it nothing may run, for this process then stands. What
        it meets changes no answer.
        """
        await self.ring()
        news, self.news[:] = list(self.news), []
        for one in news:
            try:
                await self.hear(one)
            except Unavailable:
                log.warning("A signal was lost.")

    async def ring(self) -> None:
        """Wakes the worker, if anything was committed that it has not been woken for."""
        if self.moved:
            self.moved.clear()
            await self.wake()

    async def wake(self, after_s: int = 0) -> None:
        """The worker. Unheard it comes within a minute all the same."""
        try:
            await self._waker.wake(after_s)
        except Unavailable:
            log.warning("The worker could not be woken. It comes by itself within a minute.")

    async def close(self) -> None:
        """Lets go of its connections. AWS never asks for it."""
        for let_go in (*(parts.lane.stop for parts in self._parts), *self.held, self._waker.close):
            await let_go()
        if self._db is not None:
            await self._db.close()

    # --- the database ---

    async def database(self) -> Database:
        """Connected when it is first asked for; whatever is frozen for long begins anew."""
        now = time.monotonic()
        if self._db is None:
            self._db = await self._opened()
        elif now - self._ran_at > AWAY_S:
            await self._db.pool.expire_connections()
        self._ran_at = now
        return self._db

    async def _opened(self) -> Database:
        """As the role that may only execute, and durable; until that is sure nobody is served. Raises
        Unavailable.
        """
        db = await Database.open(
            self.place.dsn, pool_max=CONNECTIONS_MAX, pooler=True, committed=self._committed
        )
        try:
            await db.become(checks.APP_ROLE)
            await checks.require_fit(db, durable_by_other_means=self.settings.database_is_durable)
        except checks.DatabaseUnfit as unfit:
            log.critical("%s", unfit)
            await db.close()
            raise Unavailable from unfit
        except BaseException:
            await db.close()
            raise
        return db

    def begin(self, parts: Of) -> Of:
        """What was made of the parts of the house hears of us, and we of it."""
        parts.hub.carry = self.news.append
        parts.lane.start()
        self._parts.append(parts)
        self._endings.append(Endings(parts.db, parts.tokens))
        self._looked_at = float("-inf")
        return parts

    async def look(self) -> None:
        """Before each call: the database's time, which database it is, and who was signed out. Raises
        Unavailable.
        """
        now = time.monotonic()
        if now - self._looked_at < LOOK_S:
            return
        self.epoch = await reading.epoch(await self.database())
        for one in self._endings:
            one.tokens.belong_to(self.epoch)
            await one.news()
        self._looked_at = now

    def _committed(self, entries: Sequence[Logged]) -> None:
        self.moved.update(entry.group for entry in entries)


async def _heard_by_nobody(_: News) -> None:
    """This function reaches no sockets."""
