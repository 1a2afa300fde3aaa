"""Bytes in, messages out: picows finds the frames and unmasks them; the rules it leaves open are here.

picows is made to own its connection. Here it only reads, for reasons that stand in its source (2.3.1; its
constructor is private, hence the exact pin):

* it writes a close frame by itself, past what waits in our queue: so its transport leads nowhere, and we
  say what is to be said;
* its read buffer doubles whenever one read nearly fills it, and never shrinks: a flood of pongs had 17 MB
  held for one socket. So it is fed in small pieces, and begun anew after a long frame;
* it checks neither UTF-8, nor the order of fragments, nor reserved bits, nor all close codes.
"""

import codecs
import logging
import socket
import time
from typing import Any, Protocol

from picows import WSAutoPingStrategy, WSFrame, WSListener, WSMsgType, WSTransport
from picows.picows import WSProtocol  # type: ignore[attr-defined]  # not in its stubs

from clubroom.ports.gateway import CLOSED_WITHOUT_CODE
from clubroom.ports.gateway.admission import Limits
from clubroom.ports.gateway.framing import (
    NO_TEXT,
    NO_UTF8,
    PROTOCOL_ERROR,
    TOO_CHATTY,
    TOO_LONG,
    may_be_sent,
)

READ_BUFFER_BYTES = 2_048
LONG_FRAME_BYTES = 3 * 1024

HANDSHAKE = (
    b"GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %b\r\n\r\n"
)


class Sink(Protocol):
    """What is done with what was read."""

    def message(self, data: bytes) -> None:
        """One whole text message."""

    def pinged(self, payload: bytes) -> None:
        """To be answered with the same payload."""

    def peer_closed(self, code: int) -> None:
        """The peer's close frame, checked; 1005 when it gave no code. Nothing more is read."""

    def broken(self, code: int, why: str) -> None:
        """The peer broke a rule. Nothing more is read."""


class Broken(Exception):
    """A close code, and words for whoever debugs the peer."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code
        self.why = why


class Reader(WSListener):
    """The incoming half of one socket. `open` it, then `feed` it; it calls the sink."""

    __slots__ = (
        "_chatter",
        "_chatter_at",
        "_decode",
        "_grown",
        "_key",
        "_limits",
        "_parts",
        "_picows",
        "_sink",
        "_sock",
        "_unread",
    )

    def __init__(self, sink: Sink, sock: socket.socket, key: str, limits: Limits) -> None:
        self._sink: Sink | None = sink
        self._sock = sock
        self._key = key
        self._limits = limits
        self._parts: bytearray | None = None
        self._decode: codecs.IncrementalDecoder | None = None
        self._chatter = 0.0
        self._chatter_at = 0.0
        self._grown = False
        self._unread = 0
        self._picows: Any = None

    def open(self) -> bytes:
        """Begin with a small, empty buffer; returns the HTTP answer that accepts the handshake."""
        nowhere = Nowhere(self._sock)
        self._grown = False
        self._picows = WSProtocol(
            None,  # host and port, and
            None,  # path: a client's
            False,  # is_client_side
            lambda _request: self,
            QUIET,
            True,  # disconnect_on_exception
            None,  # websocket_handshake_timeout: the handshake is complete two lines below
            False,  # enable_auto_ping: the heartbeat is the handler's
            0,
            0,
            WSAutoPingStrategy.PING_WHEN_IDLE,
            False,  # enable_auto_pong: a pong takes its place in our queue
            self._limits.frame_bytes_max,
            None,  # extra_headers
            READ_BUFFER_BYTES,
        )
        self._picows.connection_made(nowhere)
        self._pour(memoryview(HANDSHAKE % self._key.encode()))
        return nowhere.said

    def feed(self, data: bytes) -> None:
        """Read what the kernel gave: any piece of the stream."""
        rest = memoryview(data)
        while rest and self._sink is not None:
            rest = rest[self._pour(rest) :]
            if self._sink is not None and self._picows.transport.is_close_frame_sent:
                said = self._picows.transport.close_handshake.sent
                self._break(int(said.code), said.reason)
            elif self._grown and not self._unread:
                self.open()

    def stop(self) -> None:
        """Read nothing any more, and let go of the memory."""
        self._sink = self._picows = self._parts = self._decode = None

    def _pour(self, data: memoryview) -> int:
        """Give picows half of the room it has left, so that only a long frame makes its buffer grow."""
        room = self._picows.get_buffer(-1)
        size = min(len(data), len(room) // 2)
        room[:size] = data[:size]
        self._unread = size
        self._picows.buffer_updated(size)
        return size

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """picows calls this for each frame of any kind."""
        self._unread = frame.tail_size
        if frame.payload_size > LONG_FRAME_BYTES:
            self._grown = True
        if self._sink is None:
            return
        try:
            self._take(frame, self._sink)
        except Broken as broken:
            self._break(broken.code, broken.why)
        except UnicodeDecodeError:
            self._break(NO_UTF8, "text is UTF-8")

    def _take(self, frame: WSFrame, sink: Sink) -> None:
        if frame.rsv1 or frame.rsv2 or frame.rsv3:
            raise Broken(PROTOCOL_ERROR, "no extension was agreed on")
        kind = frame.msg_type
        if kind == WSMsgType.TEXT and frame.fin and self._parts is None:
            data = frame.get_payload_as_bytes()
            if not data.isascii():
                data.decode()
            sink.message(data)
        elif kind in (WSMsgType.TEXT, WSMsgType.CONTINUATION, WSMsgType.BINARY):
            self._fragment(frame, sink)
        elif kind == WSMsgType.CLOSE:
            self._close(frame, sink)
        else:
            self._count_chatter()
            if kind == WSMsgType.PING:
                sink.pinged(frame.get_payload_as_bytes())

    def _fragment(self, frame: WSFrame, sink: Sink) -> None:
        """Join a message that comes in pieces, and check its bytes as they come."""
        begins = frame.msg_type != WSMsgType.CONTINUATION
        if begins == (self._parts is not None):
            raise Broken(PROTOCOL_ERROR, "fragments of a message follow each other")
        if frame.msg_type == WSMsgType.BINARY:
            raise Broken(NO_TEXT, "text only")
        if self._parts is None or self._decode is None:
            self._parts, self._decode = bytearray(), NEW_DECODER()
        if len(self._parts) + frame.payload_size > self._limits.frame_bytes_max:
            raise Broken(TOO_LONG, f"a message has at most {self._limits.frame_bytes_max} bytes")
        data = frame.get_payload_as_bytes()
        self._decode.decode(data, bool(frame.fin))
        self._parts += data
        if not frame.fin:
            self._count_chatter()
            return
        whole, self._parts, self._decode = bytes(self._parts), None, None
        sink.message(whole)

    def _close(self, frame: WSFrame, sink: Sink) -> None:
        code = CLOSED_WITHOUT_CODE
        if frame.payload_size:
            code = int.from_bytes(frame.get_payload_as_bytes()[:2], "big")
            if not may_be_sent(code):
                raise Broken(PROTOCOL_ERROR, f"{code} is no close code")
        self.stop()
        sink.peer_closed(code)

    def _count_chatter(self) -> None:
        """Whoever sends much that is no message only keeps us busy: the handler's limits do not see it."""
        now = time.monotonic()
        self._chatter = max(0.0, self._chatter - (now - self._chatter_at) * self._limits.chatter_per_s) + 1
        self._chatter_at = now
        if self._chatter > self._limits.chatter_max:
            raise Broken(TOO_CHATTY, "too many control frames or fragments")

    def _break(self, code: int, why: str) -> None:
        sink = self._sink
        self.stop()
        if sink is not None:
            sink.broken(code, why)


class Nowhere:
    """The transport that picows is given: what it says is kept, and nobody hears it."""

    __slots__ = ("_sock", "said")

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self.said = b""

    def write(self, data: bytes) -> None:
        """The acceptance of the handshake, and nothing after it."""
        self.said = self.said or bytes(data)

    def get_write_buffer_size(self) -> int:
        """Never nothing: otherwise picows would write to the kernel by itself."""
        return 1

    def get_extra_info(self, name: str) -> socket.socket | None:
        """Only the kernel's socket is known here."""
        return self._sock if name == "socket" else None

    def close(self) -> None:
        """Not its business."""

    abort = close


class Quiet:
    """The logger that picows is given. What a peer can cause is not worth a line; a bug of picows is."""

    _log = logging.getLogger(__name__)

    def isEnabledFor(self, level: int) -> bool:  # noqa: N802  # the name that logging gave it
        """Nothing is built only to be thrown away."""
        return False

    def debug(self, *args: object) -> None:
        """Left out."""

    info = warning = error = log = debug

    def exception(self, message: str, *args: object) -> None:
        """picows failed where it should not have."""
        self._log.exception(message, *args)


NEW_DECODER = codecs.getincrementaldecoder("utf-8")
QUIET = Quiet()
