"""The real server, as its own process with its embedded PostgreSQL, on a data folder of its own."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from clubroom.dba.embedded.place import PORT, Place, find_place

FIRST_PORT = 18_000
READY_S = 60.0
STOP_S = 30.0
LINES_KEPT = 100
OPEN = "Clubroom is open: http://localhost:"
RAISED = {"CLUBROOM_POSTS_A_SECOND": "1000000"}
"""The limits that the bench raises: one person may not post as fast as a crowd is asked to."""

# What the host of the machine has set is not what is measured here.
FOREIGN = {"DATABASE_URL", "PUBLIC_URL", "HOST", "PORT"}


class Server:
    """One life of it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = 0
        self.said: deque[str] = deque(maxlen=LINES_KEPT)
        self._process: Process
        self._listening: asyncio.Task[None]

    async def start(self) -> None:
        """Returns when it answers."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in FOREIGN and not name.startswith("CLUBROOM_")
        }
        own = RAISED | {"CLUBROOM_DATA": str(self.data), "HOST": "127.0.0.1", "PORT": str(FIRST_PORT)}
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "clubroom.app", "serve",
            env=kept | own, stdin=DEVNULL, stdout=PIPE, stderr=STDOUT,
        )  # fmt: skip
        async with asyncio.timeout(READY_S):
            while not self.port:
                await self._hear_a_line()
        self._listening = asyncio.create_task(self._listen())

    async def stop(self) -> None:
        """In order, PostgreSQL included."""
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(STOP_S):
            status = await self._process.wait()
            await self._listening
        assert status == 0, "\n".join(["The server failed:", *self.said])

    @property
    def pid(self) -> int:
        """The process that serves; PostgreSQL's are its children."""
        return self._process.pid

    @property
    def place(self) -> Place:
        """Where its cluster lives."""
        return find_place(self.data)

    @asynccontextmanager
    async def connection(self, role: str) -> "AsyncIterator[asyncpg.Connection]":
        """To its database."""
        connection = await asyncpg.connect(
            user=role, database="clubroom", host=str(self.place.sockets), port=PORT,
            server_settings={"search_path": "clubroom", "jit": "off"},
        )  # fmt: skip
        try:
            yield connection
        finally:
            await connection.close()

    async def _listen(self) -> None:
        while await self._hear_a_line():
            pass

    async def _hear_a_line(self) -> bool:
        assert self._process.stdout is not None
        raw = await self._process.stdout.readline()
        line = raw.decode(errors="replace").rstrip()
        self.said.append(line)
        if line.startswith(OPEN):
            self.port = int(line.removeprefix(OPEN))
        assert raw or self.port, "\n".join(["The server ended:", *self.said])
        return bool(raw)


@asynccontextmanager
async def serving(data: Path) -> AsyncIterator[Server]:
    """A server until the block ends, however it ends."""
    server = Server(data)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
