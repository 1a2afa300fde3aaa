"""A person's line to the server: a forward proxy that the test may cut. What is cut is really cut."""

import asyncio
import contextlib


class Cable:
    """Carries what a browser sends to loopback. While `cut`, connections are reset and none is taken."""

    def __init__(self) -> None:
        self.cut = False
        self._server: asyncio.Server | None = None
        self._lines: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def lay(self) -> str:
        """Starts; the address for the browser."""
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def pull(self) -> None:
        """The line is dead from now on, in both directions, without a word to either side's application."""
        self.cut = True
        for line in list(self._lines):
            line.transport.abort()

    def mend(self) -> None:
        """New connections are carried again."""
        self.cut = False

    async def close(self) -> None:
        """For good."""
        self.pull()
        if self._server is not None:
            self._server.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._lines.add(writer)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            if not self.cut:
                await self._connect(await reader.readuntil(b"\r\n\r\n"), reader, writer)
        writer.transport.abort()
        self._lines.discard(writer)
        self._tasks.discard(task)

    async def _connect(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        method, target, rest = head.split(b" ", 2)
        host = target if method == b"CONNECT" else target.split(b"/")[2]
        name, _, port = host.decode().rpartition(":")
        far_reader, far_writer = await asyncio.open_connection(name.strip("[]"), int(port))
        self._lines.add(far_writer)
        if method == b"CONNECT":
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        else:
            path = b"/" + target.split(b"/", 3)[3]
            far_writer.write(
                b" ".join([method, path, rest.replace(b"Proxy-Connection: keep-alive", b"Connection: close")])
            )
        await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))
        self._lines.discard(far_writer)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.transport.abort()
