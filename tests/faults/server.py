"""The real server as a process of its own on a data folder of its own, and what can befall it."""

import asyncio
import os
import random
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

import asyncpg

from clubroom.dba.embedded.place import PORT, Place, find_place

READY_S = 60.0
STOP_S = 30.0
LINES_KEPT = 200
OPEN = "Clubroom is open"
PLAIN = ("-m", "clubroom.app")
# What the host of the machine has set is not what is tested here. All else is kept: coverage travels in it.
FOREIGN = {"DATABASE_URL", "PUBLIC_URL", "HOST", "PORT"}

# A person of ours writes without a pause, and all of them come from one address.
LIMITS = {"CLUBROOM_POSTS_A_SECOND": "1000", "CLUBROOM_ACCOUNTS_AN_HOUR": "100000"}


class Server:
    """`launcher` is what Python runs; another than `PLAIN` sows a fault into it."""

    def __init__(self, data: Path, launcher: tuple[str, ...] = PLAIN) -> None:
        self.data = data
        self.launcher = launcher
        self.port = free_port()
        self.said: deque[str] = deque(maxlen=LINES_KEPT)
        self._said = asyncio.Event()
        self._process: Process | None = None
        self._listening: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """The same over all its lives."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Returns when it answers."""
        kept = {name: value for name, value in os.environ.items() if not _is_foreign(name)}
        own = LIMITS | {"CLUBROOM_DATA": str(self.data), "HOST": "127.0.0.1", "PORT": str(self.port)}
        self.said.clear()
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, *self.launcher, "serve", env=kept | own, stdin=DEVNULL, stdout=PIPE, stderr=STDOUT
        )
        self._listening = asyncio.create_task(self._listen(self._process))
        await self.says(f"{OPEN}: http://localhost:{self.port}")

    async def says(self, line: str) -> None:
        """Returns when it has said this, since its start or since somebody waited for it last."""
        assert self._listening is not None
        async with asyncio.timeout(READY_S):
            while not any(said.strip() == line for said in self.said):
                assert not self._listening.done(), "\n".join(["It ended:", *self.said])
                self._said.clear()
                await self._said.wait()
        self.said.clear()

    async def kill(self) -> None:
        """As by `kill -9`; returns when nothing is left of it. PostgreSQL lives on."""
        os.kill(self.pid, signal.SIGKILL)
        await self._ended()

    async def stop(self) -> None:
        """In order, PostgreSQL included."""
        os.kill(self.pid, signal.SIGTERM)
        async with asyncio.timeout(STOP_S):
            status = await self._ended()
        assert status == 0, "\n".join([f"It ended with {status}:", *self.said])
        assert not self.place.pid_file.exists(), "PostgreSQL outlived it"

    @property
    def pid(self) -> int:
        """The process."""
        assert self._process is not None
        return self._process.pid

    @property
    def runs(self) -> bool:
        """It was started and has not ended."""
        return self._process is not None and self._process.returncode is None

    # --- its database ---

    @property
    def place(self) -> Place:
        """Where its cluster lives."""
        return find_place(self.data)

    @property
    def postmaster(self) -> int:
        """Its pid."""
        return int(self.place.pid_file.read_text().splitlines()[0])

    @property
    def database_pids(self) -> list[int]:
        """The postmaster, and after it all that it has started: stopped first, it starts no more."""
        postmaster = self.postmaster
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text()
        return [postmaster, *map(int, children.split())]

    def kill_postmaster(self) -> int:
        """As by `kill -9`; its pid. The server sees that it is gone, and starts another."""
        pid = self.postmaster
        os.kill(pid, signal.SIGKILL)
        return pid

    @contextmanager
    def stopped(self, pids: list[int]) -> Iterator[None]:
        """As by `kill -STOP`, until the block ends."""
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    @asynccontextmanager
    async def owner(self) -> "AsyncIterator[asyncpg.Connection]":
        """A connection as the owner of the database."""
        connection = await asyncpg.connect(
            user="clubroom_owner", database="clubroom", host=str(self.place.sockets), port=PORT
        )
        try:
            yield connection
        finally:
            await connection.close(timeout=5)

    # --- inside ---

    async def _listen(self, process: Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            self.said.append(line.decode(errors="replace").rstrip())
            self._said.set()
        asyncio.get_running_loop().call_soon(self._said.set)  # it has ended; whoever waits shall see that

    async def _ended(self) -> int:
        assert self._process is not None
        assert self._listening is not None
        status = await self._process.wait()
        # PostgreSQL, its child, holds no end of this pipe: it has a log of its own
        await self._listening
        return status


@asynccontextmanager
async def serving(data: Path, launcher: tuple[str, ...] = PLAIN) -> AsyncIterator[Server]:
    """A server until the block ends, however it ends. Its database is left to the next."""
    server = Server(data, launcher)
    try:
        await server.start()
        yield server
        await server.stop()
    finally:
        if server.runs:
            await server.kill()
            sys.stdout.write("\n".join(["The server said:", *server.said]))


def _is_foreign(name: str) -> bool:
    return name in FOREIGN or name.startswith("CLUBROOM_")


def free_port() -> int:
    """Below those that the system gives to outgoing connections: it must be free again after each kill."""
    while True:
        port = random.randint(20_000, 32_000)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
