"""A device as light as can be, so that thousands fit into one test. It writes nothing; else it does as
docs/protocol.md says: hello with its cursor, a ping each heartbeat, full jitter, and it pulls what it lacks.
"""

import asyncio
import base64
import os
import random
from collections import Counter
from collections.abc import Callable
from typing import cast

import msgspec

from faults.client import FIRST_HEARTBEAT_S, JITTER, OPEN_S
from house.pause import pause
from house.person import Person

BACKOFF_S = (0.5, 10.0)
TEXT, CLOSE = 0x81, 0x88
MASK = bytes(4)
REFUSED = 0  # among the codes: the handshake was


class Action(msgspec.Struct):
    """Of which the text alone is of interest."""

    text: str = ""


class Frame(msgspec.Struct):
    """What a listener needs of any frame of the server."""

    type: str
    group: int = 0
    first: int = msgspec.field(name="from", default=0)
    last: int = msgspec.field(name="to", default=0)
    actions: list[Action] = []
    heads: dict[str, int] = {}
    epoch: str = ""
    heartbeat_ms: int = 0


_decode = msgspec.json.Decoder(Frame).decode
_encode = msgspec.json.Encoder().encode


class Listener:
    """One device of a person in one group, at an address of its own. `heard` is called with each text.

    `live_since` is when its socket came to be live, 0 while it is not; `codes` how its sockets ended.
    """

    def __init__(
        self, person: Person, group: int, address: str, rng: random.Random, heard: Callable[[str], None]
    ) -> None:
        self.person = person
        self.group = group
        self.address = address
        self.rng = rng
        self.heard = heard
        self.cursor = 0
        self.epoch: str | None = None
        self.live_since = 0.0
        self.pulled = 0
        self.doubled = 0
        self.codes: Counter[int] = Counter()
        self.tries = 0
        self._pulling: asyncio.Task[None] | None = None

    async def listen(self) -> None:
        """Over any number of sockets, until it is cancelled."""
        url = self.person.http.base_url
        host, port = url.host, url.port or 80
        loop = asyncio.get_running_loop()
        socket: Socket | None = None
        try:
            while True:
                try:
                    async with asyncio.timeout(OPEN_S):
                        _, socket = await loop.create_connection(
                            lambda: Socket(self), host, port, local_addr=(self.address, 0)
                        )
                    await socket.ended
                except (TimeoutError, OSError):
                    pass
                first, longest = BACKOFF_S
                await pause(self.rng.uniform(0, min(longest, first * 2**self.tries)))
                self.tries = min(self.tries + 1, 10)
        finally:
            if socket is not None:
                socket.transport.abort()

    def take(self, frame: Frame, heard_here: int) -> None:
        """`actions` of the group; what came twice over one socket is counted."""
        self.doubled += max(0, min(heard_here, frame.last) - frame.first + 1)
        if frame.first > self.cursor + 1:
            self.catch_up(frame.last)
            return
        for action in frame.actions[self.cursor + 1 - frame.first :]:
            self.cursor += 1
            self.heard(action.text)

    def catch_up(self, head: int) -> None:
        """Pulls, unless it does already or has it all."""
        if head > self.cursor and (self._pulling is None or self._pulling.done()):
            self._pulling = asyncio.create_task(self._pull())

    async def _pull(self) -> None:
        self.pulled += 1
        for action in await self.person.actions(self.group, after=self.cursor):
            if action["seq"] == self.cursor + 1:
                self.cursor += 1
                self.heard(action.get("text", ""))


class Socket(asyncio.Protocol):
    """One connection of a listener: the handshake, frames in and out, the heartbeat."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.transport: asyncio.Transport
        self.loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[None] = self.loop.create_future()
        self._open = False
        self._bytes = b""
        self._heard = listener.cursor
        self._heartbeat_s = FIRST_HEARTBEAT_S
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        key = base64.b64encode(os.urandom(16)).decode()
        head = ["GET /socket HTTP/1.1", "Host: localhost", "Upgrade: websocket", "Connection: Upgrade"]
        head += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", "", ""]
        self.transport.write("\r\n".join(head).encode())
        self._timer = self.loop.call_later(OPEN_S, self.transport.abort)

    def data_received(self, data: bytes) -> None:
        self._bytes += data
        if not self._open and not self._opens():
            return
        while (end := self._frame_end()) is not None:
            start, stop = end
            kind, payload = self._bytes[0], self._bytes[start:stop]
            self._bytes = self._bytes[stop:]
            if kind == TEXT:
                self._take(_decode(payload))
            elif kind == CLOSE:
                self.listener.codes[int.from_bytes(payload[:2], "big")] += 1
                self.transport.close()

    def connection_lost(self, _: Exception | None) -> None:
        self.listener.live_since = 0.0
        if self._timer is not None:
            self._timer.cancel()
        if not self.ended.done():
            self.ended.set_result(None)

    def _opens(self) -> bool:
        head, end, rest = self._bytes.partition(b"\r\n\r\n")
        if end and not head.startswith(b"HTTP/1.1 101 "):
            self.listener.codes[REFUSED] += 1
            self.transport.abort()
        if not end or self.transport.is_closing():
            return False
        self._open, self._bytes = True, rest
        listener = self.listener
        cursors = {listener.group: listener.cursor}
        token, epoch = listener.person.token, listener.epoch
        self._send(type="hello", version=1, token=token, epoch=epoch, cursors=cursors)
        return True

    def _frame_end(self) -> tuple[int, int] | None:
        """Where the payload of the next whole frame begins and ends. The server never sends fragments."""
        if len(self._bytes) < 2:
            return None
        size, start = self._bytes[1], 2
        if size > 125:
            start = 4 if size == 126 else 10
            size = int.from_bytes(self._bytes[2:start], "big") if len(self._bytes) >= start else 2**63
        return (start, start + size) if len(self._bytes) >= start + size else None

    def _take(self, frame: Frame) -> None:
        listener = self.listener
        match frame.type:
            case "actions" if frame.group == listener.group:
                listener.take(frame, self._heard)
                self._heard = max(self._heard, frame.last)
            case "welcome":
                listener.epoch = frame.epoch
                self._heartbeat_s = frame.heartbeat_ms / 1_000
            case "live":
                listener.live_since, listener.tries = self.loop.time(), 0
                self._ping_later()
            case "pong":
                self._ping_later()
                listener.catch_up(frame.heads.get(str(listener.group), 0))
            case "behind":
                listener.catch_up(frame.heads.get(str(listener.group), 0))

    def _ping_later(self) -> None:
        assert self._timer is not None
        self._timer.cancel()
        self._timer = self.loop.call_later(self.listener.rng.uniform(*JITTER) * self._heartbeat_s, self._ping)

    def _ping(self) -> None:
        self._send(type="got", **{str(self.listener.group): self.listener.cursor})
        self._send(type="ping")
        self._timer = self.loop.call_later(self._heartbeat_s, self.transport.abort)

    def _send(self, **frame: object) -> None:
        payload = _encode(frame)
        size = len(payload)
        head = bytes((TEXT, 0x80 | size)) if size < 126 else bytes((TEXT, 0xFE)) + size.to_bytes(2, "big")
        self.transport.write(head + MASK + payload)
