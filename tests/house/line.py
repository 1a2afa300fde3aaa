"""A line: a proxy on loopback that does to connections what networks do to them.

A network repeats what it has lost until it gets through or somebody gives up. So a line that is held keeps
what it was given, the end of a connection too, and passes it on once it is let go. A connection that is
forgotten stays silent for ever and nobody is told, as when a table somewhere on the way has lost its entry.
"""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from pathlib import Path

from house.pause import pause

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Reach = Callable[[Streams], Awaitable[Streams]]
"""Connects onwards; it may read first where to."""
Sieve = Callable[[bytes], bytes]

BUFFER_BYTES = 64 * 1024
PORTIONS_A_SECOND = 20
WITH_A_RESET = struct.pack("ii", 1, 0)


class Way:
    """One direction of a line. What is set holds for all connections; the last two for those that are new."""

    def __init__(self) -> None:
        self.delay_s = 0.0  # at least so long, at most twice
        self.bytes_a_second = 0  # of each connection; 0 = as fast as it goes
        self.cut_at: Callable[[], int] | None = None  # after how many bytes a connection is reset
        self.sieve: Callable[[], Sieve] | None = None  # what of the bytes goes on
        self._passing = asyncio.Event()
        self._passing.set()

    def hold(self) -> None:
        """A black hole: nothing gets through, and nobody is told."""
        self._passing.clear()

    def let_go(self) -> None:
        """All that was held gets through."""
        self._passing.set()

    async def passes(self) -> None:
        """Returns when it is not held."""
        await self._passing.wait()

    @property
    def portion_bytes(self) -> int:
        """As much as is passed on at once."""
        return max(1, self.bytes_a_second // PORTIONS_A_SECOND) if self.bytes_a_second else BUFFER_BYTES


class Line:
    """`up` goes from whoever connects to whom `reach` connects, `down` comes back."""

    def __init__(self, reach: Reach) -> None:
        self.up = Way()
        self.down = Way()
        self.refuses = False
        self.port = 0
        self._reach = reach
        self._server: asyncio.Server | None = None
        self._connections: dict[asyncio.Task[None], _Connection] = {}

    async def lay(self) -> None:
        """From now on it carries, on `port`."""
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0, backlog=1_024)
        self.port = self._server.sockets[0].getsockname()[1]

    def hold(self) -> None:
        """A black hole in both directions."""
        self.up.hold()
        self.down.hold()

    def let_go(self) -> None:
        """Of both."""
        self.up.let_go()
        self.down.let_go()

    def reset(self) -> None:
        """Every connection of now ends at once, and both its ends are told so."""
        for connection in self._connections.values():
            connection.reset()

    def forget(self) -> None:
        """Every connection of now is dead, and neither of its ends is told. New ones are carried."""
        for connection in self._connections.values():
            connection.forgotten = True

    async def close(self) -> None:
        """For good; also for whoever was let in and is not taken yet."""
        self.refuses = True
        if self._server is not None:
            self._server.close()
        self.reset()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = _Connection(self, (reader, writer))
        if self.refuses:
            connection.reset()
            return
        task = asyncio.ensure_future(connection.carry(self._reach))
        self._connections[task] = connection
        task.add_done_callback(self._connections.pop)


class _Connection:
    def __init__(self, line: Line, near: Streams) -> None:
        self.line = line
        self.near = near
        self.far: Streams | None = None
        self.forgotten = False

    async def carry(self, reach: Reach) -> None:
        """Until both directions have ended, or one has broken."""
        up, down = self.line.up, self.line.down
        whole = False
        try:
            self.far = await reach(self.near)
            require_open(self.near[1])  # still
            async with asyncio.TaskGroup() as ways:
                ways.create_task(self._carry(up, down, self.near[0], self.far[1]))
                ways.create_task(self._carry(down, up, self.far[0], self.near[1]))
            whole = True
        except* (OSError, EOFError):
            pass
        finally:
            self._end() if whole else self.reset()

    async def _carry(
        self, way: Way, back: Way, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """News of an end travel as bytes do: of the reader's along with them, of the writer's back."""
        left = way.cut_at() if way.cut_at is not None else None
        sift = way.sieve() if way.sieve is not None else bytes
        while data := await self._read(way, reader):
            sifted = sift(data)[:left]
            try:
                require_open(writer)
                writer.write(sifted)
                await writer.drain()
            except OSError:
                await self._gets_through(back)
                raise
            if left is not None:
                left -= len(sifted)
                if left == 0:
                    raise ConnectionResetError
        require_open(writer)
        writer.write_eof()

    async def _read(self, way: Way, reader: asyncio.StreamReader) -> bytes:
        try:
            data = await reader.read(way.portion_bytes)
        except OSError:
            await self._gets_through(way)
            raise
        seconds = way.delay_s + (len(data) / way.bytes_a_second if way.bytes_a_second else 0)
        if seconds:
            await pause(seconds)
        await self._gets_through(way)
        return data

    async def _gets_through(self, way: Way) -> None:
        await way.passes()
        if self.forgotten:
            await asyncio.Event().wait()

    def _end(self) -> None:
        assert self.far is not None
        for _, writer in (self.near, self.far):
            writer.close()

    def reset(self) -> None:
        """Both ends are told at once; without effect on what has ended."""
        for _, writer in [self.near] if self.far is None else [self.near, self.far]:
            if not writer.transport.is_closing():
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, WITH_A_RESET)
            writer.transport.abort()


def require_open(writer: asyncio.StreamWriter) -> None:
    """Writing to a transport of uvloop that is closed fails otherwise than elsewhere."""
    if writer.transport.is_closing():
        raise ConnectionResetError


def to_port(port: int, host: str = "127.0.0.1", *, buffer_bytes: int = BUFFER_BYTES) -> Reach:
    """To a server. What it sends waits with it, if `buffer_bytes` is small."""

    async def reach(_: Streams) -> Streams:
        sock = socket.socket()
        sock.setblocking(False)
        if buffer_bytes < BUFFER_BYTES:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer_bytes)
        try:
            await asyncio.get_running_loop().sock_connect(sock, (host, port))
        except BaseException:  # a line that is closed meanwhile cancels it
            sock.close()
            raise
        return await asyncio.open_connection(sock=sock, limit=buffer_bytes)

    return reach


def to_path(path: Path) -> Reach:
    """To a server that listens on a Unix socket."""

    async def reach(_: Streams) -> Streams:
        return await asyncio.open_unix_connection(path)

    return reach
