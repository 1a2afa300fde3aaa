"""One socket of the crowd. It frames by hand: what measures must cost less than what it measures."""

import asyncio
import itertools
import os
from collections.abc import Iterator
from time import perf_counter, time_ns
from typing import Any, Protocol

import msgspec

from bench.orders import Seat
from bench.room import Heard, Room, Wrong

TEXT = "The rehearsal on Tuesday is half an hour later; bring the scores."
KEY = "Y2x1YnJvb20gYmVuY2ggIQ=="  # a handshake needs one; nobody caches here
HANDSHAKE = (
    f"GET /socket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n\r\n"
).encode()
ACCEPTED = b"HTTP/1.1 101 "
TEXT_FRAME = 0x81
MASKED = 0x80
NO_MASK = bytes(4)
"""A mask of zeros: every frame of a client is masked, and this one costs nothing."""


class Listener(Protocol):
    """Whoever runs the crowd."""

    def acked(self, client: "Client", delay: float, now: float) -> None:
        """Its post is stored, so many seconds after it was written."""

    def heard(self, heard: Heard, now: float) -> None:
        """A frame of actions, already found to be the next."""

    def failed(self, error: Exception) -> None:
        """There will be no figure."""


class _Kind(msgspec.Struct):
    type: str


class _Welcome(msgspec.Struct):
    groups: dict[str, int]


class _Ack(msgspec.Struct):
    id: str
    seq: int


_kind = msgspec.json.Decoder(_Kind).decode
_welcome = msgspec.json.Decoder(_Welcome).decode
_ack = msgspec.json.Decoder(_Ack).decode


class Client(asyncio.Protocol):
    """`cursor` is the last seq that it heard of its room. `gone` is set at the end of the connection."""

    def __init__(self, seat: Seat, room: Room, listener: Listener) -> None:
        self.room = room
        self.cursor = 0
        self.gone = asyncio.Event()
        self._seat = seat
        self._listener = listener
        self._answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._leaving = False
        self._accepted = False
        self._rest = b""
        self._transport: Any = None  # an asyncio.Transport, once there is a connection

    async def live(self) -> None:
        """Returns when the server has said `live`. Raises Wrong."""
        await self._answer

    async def ping(self) -> None:
        """Returns when it was answered: this socket is alive, and the server does not take it for a silent
        one. Raises Wrong.
        """
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(masked(b'{"type":"ping"}'))
        await self._answer

    def post(self) -> None:
        """A message, under an id of its own."""
        name = next(NAMES)
        payload = f'{{"type":"post","group":{self.room.group},"id":"{name}","text":"{TEXT}"}}'
        self.room.posted[name] = perf_counter()
        self._transport.write(masked(payload.encode()))

    def leave(self) -> None:
        """Ends without a word, as browsers do."""
        self._leaving = True
        self._transport.close()

    def abort(self) -> None:
        """Ends at once, whatever was going on."""
        self._leaving = True
        if self._transport is not None:
            self._transport.abort()

    # --- in ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asks for a socket."""
        self._transport = transport
        self._transport.write(HANDSHAKE)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is sent away here."""
        self.gone.set()
        if not self._leaving:
            self._fail(Wrong(f"a socket was closed: {self._rest[:200]!r}"))

    def data_received(self, data: bytes) -> None:
        """Any piece of the stream."""
        now = perf_counter()
        heard = self.room.known.get(data)
        try:
            if heard is not None and not self._rest:
                self._hear(heard, now)
                return
            data = self._rest + data
            if not self._accepted:
                data = self._after_head(data)
            self._rest = data[self._take_frames(data, now) :] if self._accepted else data
        except (Wrong, msgspec.DecodeError) as error:
            self._leaving = True
            self._transport.abort()
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        if self._answer.done():
            self._listener.failed(error)
        else:
            self._answer.set_exception(error)

    def _after_head(self, data: bytes) -> bytes:
        head, ended, rest = data.partition(b"\r\n\r\n")
        if not ended:
            return data
        if not head.startswith(ACCEPTED):
            raise Wrong(f"no socket: {data[:300]!r}")
        self._accepted = True
        hello = {"type": "hello", "version": 1, "token": self._seat.token, "epoch": None, "cursors": {}}
        self._transport.write(masked(msgspec.json.encode(hello)))
        return rest

    def _take_frames(self, data: bytes, now: float) -> int:
        """Takes the whole frames at the beginning; where the rest begins."""
        at, end = 0, len(data)
        while end - at >= 2:
            size, body = data[at + 1], at + 2
            if size == 126:
                size, body = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
            elif size == 127:
                size, body = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
            if body + size > end:
                break
            if data[at] != TEXT_FRAME:
                raise Wrong(f"a frame begins with {data[at]:#x}: {data[body : body + size]!r}")
            if data.startswith(b'{"type":"actions"', body):
                self._hear(self.room.read(data[at : body + size], body - at), now)
            else:
                self._take(data[body : body + size], now)
            at = body + size
        return at

    def _hear(self, heard: Heard, now: float) -> None:
        self.room.hear(heard, self.cursor)
        self.cursor = heard.last
        self._listener.heard(heard, now)

    def _take(self, payload: bytes, now: float) -> None:
        if payload.startswith(b'{"type":"ack"'):
            ack = _ack(payload)
            if ack.id not in self.room.posted:
                raise Wrong(f"acknowledged what was never posted: {payload[:200]!r}")
            self.room.acked[ack.id] = ack.seq
            self._listener.acked(self, now - self.room.posted[ack.id], now)
        else:
            self._take_rarer(payload)

    def _take_rarer(self, payload: bytes) -> None:
        match _kind(payload).type:
            case "welcome":
                self.cursor = _welcome(payload).groups[str(self.room.group)]
            case "live" | "pong":
                self._answer.set_result(None)
            case "signal":
                pass  # who is here; may come at any time
            case other:
                raise Wrong(f"the server said {other}: {payload[:200]!r}")


def masked(payload: bytes) -> bytes:
    """A client's text frame of less than 64 KiB."""
    size = len(payload)
    if size <= 125:
        return bytes((TEXT_FRAME, MASKED | size)) + NO_MASK + payload
    return bytes((TEXT_FRAME, MASKED | 126)) + size.to_bytes(2, "big") + NO_MASK + payload


def _names() -> Iterator[str]:
    """UUIDv7s (RFC 9562), without a system call for each."""
    chance = os.urandom(5).hex()
    for number in itertools.count():
        ms = time_ns() // 1_000_000
        yield f"{ms >> 16:08x}-{ms & 0xFFFF:04x}-7{chance[:3]}-8{chance[3:6]}-{chance[6:]}{number:08x}"


NAMES = _names()
