"""The real server as a process of its own on a data folder of its own, and what can befall it."""

import asyncio
import os
import random
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections import deque
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg

from clubroom.dba.embedded.place import PORT, Place, find_place
from house.within import within

READY_S = 60.0
STOP_S = 30.0
KILLED_S = 10.0
ASKED_S = 30.0
HEARTBEAT_S = 2.0  # of the real ones: 25 s; a test has less patience, and the rule is the same
LINES_KEPT = 200
OPEN = "Clubroom is open"
PLAIN = ("-m", "clubroom.app")
# What the host of the machine has set is not what is tested here. All else is kept: coverage travels in it.
FOREIGN = {"DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "HOST", "PORT"}

# A person of ours writes without a pause, and all of them come from one address.
USUAL = {
    "CLUBROOM_POSTS_A_SECOND": "1000",
    "CLUBROOM_LINK_PREVIEWS": "off",
    "CLUBROOM_ACCOUNTS_AN_HOUR": "100000",
    "CLUBROOM_HEARTBEAT_MS": str(int(HEARTBEAT_S * 1000)),
}


class Server:
    """`launcher` is what Python runs; another than `PLAIN` sows a fault into it. `environment` comes on top.
    `beside` another server it works on that one's database. `inside` a network namespace it listens on every
    address there, and `address` is one of them.
    """

    def __init__(
        self,
        data: Path,
        launcher: tuple[str, ...] = PLAIN,
        *,
        environment: Mapping[str, str] | None = None,
        beside: "Server | None" = None,
        inside: str | None = None,
        address: str = "127.0.0.1",
    ) -> None:
        self.data = data
        self.launcher = launcher
        self.environment = dict(environment or {})
        self.beside = beside
        self.inside = inside
        self.address = address
        self.port = free_port()
        self.said: deque[str] = deque(maxlen=LINES_KEPT)
        self._said = asyncio.Event()
        self._process: Process | None = None
        self._listening: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """The same over all its lives."""
        return f"http://{self.address}:{self.port}"

    async def start(self) -> None:
        """Returns when it answers."""
        kept = {name: value for name, value in os.environ.items() if not _is_foreign(name)}
        entering = ["ip", "netns", "exec", self.inside] if self.inside else []
        self.said.clear()
        self._process = await asyncio.create_subprocess_exec(
            *entering, sys.executable, *self.launcher, "serve",
            env=kept | self._own_environment(), stdin=DEVNULL, stdout=PIPE, stderr=STDOUT,
        )  # fmt: skip
        self._listening = asyncio.create_task(self._listen(self._process))
        await self.says(f"{OPEN}: http://localhost:{self.port}")

    def _own_environment(self) -> dict[str, str]:
        own = {
            **USUAL,
            "CLUBROOM_DATA": str(self.data),
            "HOST": "0.0.0.0" if self.inside else self.address,
            "PORT": str(self.port),
        }
        if self.beside is not None:
            own["DATABASE_URL"] = self.beside.database_url
            own["CLUBROOM_SECRET"] = (self.beside.data / "secret").read_text()
        return own | self.environment

    async def says(self, line: str) -> None:
        """Returns when it has said this, since its start or since somebody waited for it last."""
        assert self._listening is not None
        async with within(READY_S, f"the server said: {line}"):
            while not any(said.strip() == line for said in self.said):
                assert not self._listening.done(), "\n".join(["It ended:", *self.said])
                self._said.clear()
                await self._said.wait()
        self.said.clear()

    async def kill(self) -> None:
        """As by `kill -9`; returns when nothing is left of it. PostgreSQL lives on."""
        os.kill(self.pid, signal.SIGKILL)
        await self._ended(KILLED_S)

    async def stop(self) -> None:
        """In order, PostgreSQL included if it is its own."""
        os.kill(self.pid, signal.SIGTERM)
        status = await self._ended(STOP_S)
        assert status == 0, "\n".join([f"It ended with {status}:", *self.said])
        assert self.beside is not None or not self.place.pid_file.exists(), "PostgreSQL outlived it"

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
        return find_place(self.beside.data if self.beside is not None else self.data)

    @property
    def database_url(self) -> str:
        """For a server beside it."""
        return f"postgresql://clubroom_owner@/clubroom?host={quote(str(self.place.sockets))}&port={PORT}"

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
        connection = await asyncpg.connect(self.database_url, timeout=ASKED_S, command_timeout=ASKED_S)
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

    async def _ended(self, within_s: float) -> int:
        assert self._process is not None
        assert self._listening is not None
        async with within(within_s, f"process {self.pid} ended"):
            status = await self._process.wait()
        # PostgreSQL, its child, holds no end of this pipe: it has a log of its own
        async with within(within_s, f"all that process {self.pid} had started let go of its output"):
            await self._listening
        return status


@asynccontextmanager
async def serving(data: Path, launcher: tuple[str, ...] = PLAIN, **options: Any) -> AsyncIterator[Server]:
    """A server until the block ends, however it ends. Its database is left to the next."""
    server = Server(data, launcher, **options)
    try:
        await server.start()
        yield server
        await server.stop()
    finally:
        if server.runs:
            await server.kill()
            sys.stdout.write("\n".join(["The server said:", *server.said]))


@asynccontextmanager
async def serving_beside(first: Server, name: str, **environment: str) -> AsyncIterator[Server]:
    """Another server on the database of `first`."""
    data = first.data.with_name(f"{first.data.name}-{name}")
    async with serving(data, beside=first, environment=environment) as server:
        yield server


def _is_foreign(name: str) -> bool:
    return name in FOREIGN or name.startswith("CLUBROOM_")


def free_port() -> int:
    """Below those that the system gives to outgoing connections: it must be free again after each kill."""
    while True:
        port = random.randint(20_000, 32_000)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
