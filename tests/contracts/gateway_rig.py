"""A real gateway on loopback, a handler that writes down what it is told, and a client that may misbehave."""

import asyncio
import base64
import contextlib
import functools
import os
import socket
import struct
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, MutableMapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, ParamSpec

import uvicorn
import uvloop

from clubroom.ports.gateway import Connection, Gateway
from clubroom.ports.gateway.admission import Limits
from clubroom.ports.gateway.local import LocalGateway

TEXT, BINARY, CONTINUATION, CLOSE, PING, PONG = 1, 2, 0, 8, 9, 10
PATIENCE_S = 5.0
OUR_ORIGIN = "https://club.example"
P = ParamSpec("P")


def on_uvloop(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Each test has the product's loop to itself, and leaves no task behind in it."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        async def alone() -> None:
            Raw.all.clear()
            async with asyncio.timeout(60):
                try:
                    await test(*args, **kwargs)
                finally:
                    for peer in list(Raw.all):
                        peer.writer.transport.abort()
            await until(lambda: len(asyncio.all_tasks()) == 1)

        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(alone())

    return run


async def until(holds: Callable[[], bool], within_s: float = PATIENCE_S) -> None:
    """Turn the loop until the condition holds."""
    async with asyncio.timeout(within_s):
        while not holds():  # noqa: ASYNC110  # conditions of the kernel's raise no event
            await asyncio.sleep(0.002)


def nothing(*_told: object) -> None:
    """What a handler does that only listens."""


@dataclass
class Recorder:
    """A handler that writes everything down. What it does besides is up to the test."""

    opened_: list[Connection] = field(default_factory=list)
    frames: list[tuple[Connection, bytes]] = field(default_factory=list)
    drained_: list[Connection] = field(default_factory=list)
    closed_: list[tuple[Connection, int]] = field(default_factory=list)
    on_opened: Callable[[Connection], None] = nothing
    on_frame: Callable[[Connection, bytes], None] = nothing
    on_closed: Callable[[Connection, int], None] = nothing

    def opened(self, connection: Connection) -> None:
        self.opened_.append(connection)
        self.on_opened(connection)

    def frame(self, connection: Connection, data: bytes) -> None:
        self.frames.append((connection, data))
        self.on_frame(connection, data)

    def drained(self, connection: Connection) -> None:
        self.drained_.append(connection)

    def closed(self, connection: Connection, code: int) -> None:
        self.closed_.append((connection, code))
        self.on_closed(connection, code)

    @property
    def messages(self) -> list[bytes]:
        return [data for _, data in self.frames]

    @property
    def codes(self) -> list[int]:
        return [code for _, code in self.closed_]


def echo(connection: Connection, data: bytes) -> None:
    """What a handler does that answers everything with itself."""
    connection.send(data)


@dataclass
class Rig:
    """One gateway that serves."""

    gateway: Gateway
    port: int

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/socket"

    async def raw(self, **request: Any) -> "Raw":
        """A socket of which this test writes every byte."""
        client = await Raw.connect(self.port)
        await client.ask(**request)
        status, _headers, _body = await client.answer()
        assert status == 101
        return client


Adapter = Callable[..., contextlib.AbstractAsyncContextManager[Rig]]


@contextlib.asynccontextmanager
async def local(handler: Recorder, *, limits: Limits | None = None, **settings: Any) -> AsyncIterator[Rig]:
    """The local gateway beside an app that says hello, on a port of its own."""
    settings.setdefault("allowed_origin", OUR_ORIGIN.__eq__)
    gateway = LocalGateway(handler, limits=limits, **settings)
    server = uvicorn.Server(configuration(gateway))
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup()
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Rig(gateway, port)
    finally:
        await gateway.drain()
        for connection in list(server.server_state.connections):
            connection.shutdown()
        server.servers[0].close()
        await until(lambda: not server.server_state.connections)
        await server.servers[0].wait_closed()


def configuration(gateway: LocalGateway, port: int = 0) -> uvicorn.Config:
    """As the app does it."""
    return uvicorn.Config(
        hello, port=port, ws=gateway.protocol, http="h11", lifespan="off", log_config=None, access_log=False
    )


async def hello(
    scope: MutableMapping[str, Any],
    receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
    send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
) -> None:
    """The smallest app."""
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"hello"})


class Raw:
    """A client by hand: it can break every rule."""

    all: ClassVar[weakref.WeakSet["Raw"]] = weakref.WeakSet()

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.all.add(self)

    @classmethod
    async def connect(cls, port: int, receive_buffer: int | None = None) -> "Raw":
        sock = socket.socket()
        sock.setblocking(False)
        if receive_buffer is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", port))
        return cls(*await asyncio.open_connection(sock=sock, limit=4 * 1024))

    async def ask(self, line: str = "GET /socket HTTP/1.1", also: bytes = b"", **headers: str | None) -> None:
        """Ask for a socket. A header given as None is left out."""
        usual: dict[str, str | None] = {
            "Host": "127.0.0.1",
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
        }
        usual |= {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [line, *(f"{name}: {value}" for name, value in usual.items() if value is not None)]
        await self.write("\r\n".join(lines).encode() + b"\r\n\r\n" + also)

    async def answer(self) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of an HTTP answer."""
        head = (await self._within(self.reader.readuntil(b"\r\n\r\n"))).decode()
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        body = await self._within(self.reader.readexactly(int(headers.get("content-length", "0"))))
        return int(first.split()[1]), headers, body

    async def write(self, data: bytes) -> None:
        self.writer.write(data)
        await self._within(self.writer.drain())

    async def say(self, opcode: int, payload: bytes = b"", *, first: int = 0x80) -> None:
        """Write one frame; `first` holds FIN (0x80) and the reserved bits (0x70)."""
        await self.write(masked(opcode, payload, first=first))

    async def hear(self) -> tuple[int, bytes]:
        """Opcode and payload of the next frame; never masked, never fragmented, no reserved bits."""
        first, second = await self._within(self.reader.readexactly(2))
        assert first & 0xF0 == 0x80
        assert second & 0x80 == 0
        length = second
        if second == 126:
            (length,) = struct.unpack("!H", await self._within(self.reader.readexactly(2)))
        elif second == 127:
            (length,) = struct.unpack("!Q", await self._within(self.reader.readexactly(8)))
        return first & 0x0F, await self._within(self.reader.readexactly(length))

    async def hear_close(self) -> int:
        """Read on to the close frame and the end of the connection; the code."""
        opcode, payload = await self.hear()
        while opcode != CLOSE:
            opcode, payload = await self.hear()
        return struct.unpack("!H", payload[:2])[0] if payload else 1005

    async def hear_end(self) -> bytes:
        """What comes up to the end of the connection, be it orderly or not."""
        with contextlib.suppress(ConnectionError):
            return bytes(await self._within(self.reader.read(-1)))
        return b""

    def data_segments(self) -> int:
        """How many segments with data the kernel has received: Linux' `tcpi_data_segs_in`."""
        info = self.writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 192)
        return int(struct.unpack_from("I", info, 152)[0])

    def reset(self) -> None:
        """Vanish: the peer gets an RST."""
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    async def leave(self) -> None:
        self.writer.close()
        with contextlib.suppress(ConnectionError):
            await self._within(self.writer.wait_closed())

    async def leave_with_a_word(self) -> None:
        await self.say(CLOSE, b"\x03\xe8")
        assert await self.hear_close() == 1000
        await self.leave()

    async def __aenter__(self) -> "Raw":
        return self

    async def __aexit__(self, *_why: object) -> None:
        await self.leave()

    async def _within(self, waits: Awaitable[Any]) -> Any:
        async with asyncio.timeout(PATIENCE_S):
            return await waits


def masked(opcode: int, payload: bytes = b"", *, first: int = 0x80) -> bytes:
    """A frame as a client must send it."""
    length, mask = len(payload), os.urandom(4)
    if length < 126:
        head = bytes((first | opcode, 0x80 | length))
    elif length < 65_536:
        head = bytes((first | opcode, 0xFE)) + struct.pack("!H", length)
    else:
        head = bytes((first | opcode, 0xFF)) + struct.pack("!Q", length)
    whole = mask * (length // 4 + 1)
    hidden = int.from_bytes(payload, "big") ^ int.from_bytes(whole[:length], "big")
    return head + mask + hidden.to_bytes(length, "big")
