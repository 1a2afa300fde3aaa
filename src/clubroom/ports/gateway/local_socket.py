"""One socket of the local gateway: what is sent waits for the turn's end, and how it comes to its end."""

import asyncio
import secrets
import socket
import time
from typing import TYPE_CHECKING, Any, cast

import h11

from clubroom.errors import ClubroomError
from clubroom.ports.gateway import CLOSED_WITHOUT_CODE, CLOSED_WITHOUT_WORD, Frame
from clubroom.ports.gateway.admission import Request, refusal
from clubroom.ports.gateway.framing import RESTART, close_frame, pong_frame, text_frame
from clubroom.ports.gateway.reader import Reader

if TYPE_CHECKING:
    from clubroom.ports.gateway.local import LocalGateway

HIGH_WATER_BYTES = 64 * 1024
LOW_WATER_BYTES = 16 * 1024
KERNEL_UNSENT_BYTES_MAX = 128 * 1024  # or Linux takes up to 4 MB for a peer that reads nothing
PONGS_WAITING_BYTES_MAX = 64 * 1024


class Socket(asyncio.Protocol):
    """The protocol that uvicorn gives the connection to, the sink of its reader, the handler's `Connection`.

    `_code` is what the handler will be told at the end; `_closing` is set from the first word about an end.
    """

    __slots__ = (
        "_closing",
        "_code",
        "_gateway",
        "_greeted",
        "_out",
        "_out_bytes",
        "_paused",
        "_reader",
        "_timer",
        "_transport",
        "_uvicorn",
        "_written",
        "address",
        "bytes_in",
        "frames_in",
        "frames_out",
        "id",
        "opened_at",
    )

    def __init__(self, gateway: "LocalGateway", uvicorn_connections: set[Any]) -> None:
        self._gateway = gateway
        self._uvicorn = uvicorn_connections
        self._transport: asyncio.Transport
        self._reader: Reader | None = None
        self._out: list[bytes] = []
        self._out_bytes = 0
        self._written = 0
        self._paused = False
        self._closing = False
        self._greeted = False
        self._code = CLOSED_WITHOUT_WORD
        self._timer: asyncio.TimerHandle | None = None
        self.id = ""
        self.address = ""
        self.opened_at = 0.0
        self.frames_in = self.bytes_in = self.frames_out = 0

    # --- the handshake -------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """uvicorn has read the head of a request that asks for a WebSocket."""
        self._transport = cast("asyncio.Transport", transport)
        self._uvicorn.add(self)

    def data_received(self, data: bytes) -> None:
        """First the head of the request, then the peer's frames."""
        if self._reader is not None:
            self._reader.feed(data)
        elif not self._closing:
            self._judge(data)

    def _judge(self, head: bytes) -> None:
        early = bytes_after_head(self._transport)
        try:
            request = Request.parse(head)
            self.address = self._gateway.admit(request, peer_address(self._transport))
        except ClubroomError as error:
            self._closing = True
            self._gateway.turned_away(error)
            self._transport.write(refusal(error))
            self._close_transport()
            return
        self._open(request.one("sec-websocket-key") or "")
        if early:
            self.data_received(early)

    def _open(self, key: str) -> None:
        self.id = secrets.token_urlsafe(12)
        self.opened_at = time.monotonic()
        sock = cast("socket.socket", self._transport.get_extra_info("socket"))
        self._reader = Reader(self, sock, key, self._gateway.limits)
        if hasattr(socket, "TCP_NOTSENT_LOWAT"):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, KERNEL_UNSENT_BYTES_MAX)
        self._transport.set_write_buffer_limits(HIGH_WATER_BYTES, LOW_WATER_BYTES)
        self._transport.write(self._reader.open())
        self._gateway.opened(self)

    # --- in ------------------------------------------------------------------------------------------------

    def message(self, data: bytes) -> None:
        """One whole text message. After our close the peer may still talk; nobody listens."""
        if not self._closing:
            self._gateway.hand_over(self, data)

    def pinged(self, payload: bytes) -> None:
        """Answer, unless the peer reads none of our answers."""
        if self.waiting < PONGS_WAITING_BYTES_MAX:
            self.send_framed(pong_frame(payload))

    def peer_closed(self, code: int) -> None:
        """Say the same word back after what was sent before, then end."""
        if not self._closing:
            self._code = code
            self._say_last(close_frame(None if code == CLOSED_WITHOUT_CODE else code))
        self._close_transport()

    def broken(self, code: int, why: str) -> None:
        """Close, and read on blindly: closing on unread bytes could lose our last word on its way."""
        self.close(code, why)
        if self._transport.can_write_eof() and not self._transport.is_closing():
            self._flush_now()
            self._transport.write_eof()
        else:
            self._close_transport()

    # --- out -----------------------------------------------------------------------------------------------

    @property
    def waiting(self) -> int:
        """Bytes sent that the kernel has not taken yet."""
        return self._out_bytes + self._transport.get_write_buffer_size()

    @property
    def frames_waiting(self) -> int:
        """Frames sent that were not begun to be written."""
        return len(self._out)

    @property
    def slow(self) -> bool:
        """The kernel takes no more for now."""
        return self._paused

    @property
    def taken(self) -> int:
        """Bytes sent that the kernel has taken."""
        return self._written - self._transport.get_write_buffer_size()

    @property
    def bytes_out(self) -> int:
        """Bytes written, since it opened."""
        return self._written

    def send(self, payload: bytes) -> None:
        """Send one text message."""
        self.send_framed(Frame(Own(text_frame(payload))))

    def send_framed(self, frame: Frame) -> None:
        """Put it with what leaves at the end of this turn."""
        if self._closing:
            return
        if not self._out:
            self._gateway.collect(self)
        self._out.append(frame)
        self._out_bytes += len(frame)

    def discard(self) -> int:
        """Forget what many were sent and the transport was not handed yet."""
        if self._closing:
            return 0
        before = self._out_bytes
        self._out = [frame for frame in self._out if isinstance(frame, Own)]
        self._out_bytes = sum(map(len, self._out))
        return before - self._out_bytes

    def due(self) -> list[bytes]:
        """What is to be written now: nothing while the peer is slow, so that it can be discarded."""
        return [] if self._paused and not self._closing else self._out

    def write(self, joined: bytes) -> None:
        """Write all that is due, which somebody has joined."""
        count = len(self._out)
        self._out = []
        self._out_bytes = 0
        self._put(joined, count)

    def _put(self, data: bytes, frames: int) -> None:
        if self._transport.is_closing():
            return  # the loop has ended it, and will say so in its next turn
        self._written += len(data)
        self.frames_out += frames
        self._transport.write(data)

    def _flush_now(self) -> None:
        if self._out:
            self.write(b"".join(self._out))

    def pause_writing(self) -> None:
        """The kernel takes no more, and much waits."""
        self._paused = True

    def resume_writing(self) -> None:
        """The kernel took what waited. In small portions, so that the rest can still be discarded."""
        self._paused = False
        while self._out and not self._paused:
            self._write_portion()
        if not self._paused and not self._closing:
            self._gateway.drained(self)

    def _write_portion(self) -> None:
        size = count = 0
        while count < len(self._out) and size < HIGH_WATER_BYTES:
            size += len(self._out[count])
            count += 1
        portion, self._out = self._out[:count], self._out[count:]
        self._out_bytes -= size
        self._put(b"".join(portion), count)

    # --- the end -------------------------------------------------------------------------------------------

    def greeted(self) -> None:
        """The peer has said who it is, or will not any more: it waits no longer."""
        if not self._greeted:
            self._greeted = True
            self._gateway.greeted(self)

    def close(self, code: int, why: str = "") -> None:
        """Say goodbye after what was sent before, then wait for the peer's goodbye."""
        if not self._closing:
            self._code = code
            self._say_last(close_frame(code, why))

    def shutdown(self) -> None:
        """uvicorn stops and nobody drained the gateway before."""
        self.close(RESTART)

    def abort(self) -> None:
        """End at once."""
        self._closing = True
        if self._reader is not None:
            self._reader.stop()
        self._out, self._out_bytes = [], 0
        self._transport.abort()

    def eof_received(self) -> None:
        """The peer will send no more: then it will not read for long either."""
        self._closing = True
        self._close_transport()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over, whoever ended it."""
        self._closing = True
        self._out, self._out_bytes = [], 0
        self._uvicorn.discard(self)
        if self._timer is not None:
            self._timer.cancel()
        if self._reader is not None:
            self._reader.stop()
            self.greeted()
            self._transport = GONE
            self._gateway.closed(self, self._code)

    def _say_last(self, frame: Frame) -> None:
        """From now on nothing is sent. Without an end in time the connection is cut off."""
        self._closing = True
        self._out.append(frame)
        self._out_bytes += len(frame)
        self._gateway.collect(self)
        self._start_timer()

    def _close_transport(self) -> None:
        """End once the kernel has everything, or the time is over."""
        self._start_timer()
        self._flush_now()
        self._transport.close()

    def _start_timer(self) -> None:
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._gateway.limits.close_wait_s, self.abort)


class Own(bytes):
    """A frame that was sent to one connection alone."""

    __slots__ = ()


class Gone(asyncio.Transport):
    """What a socket writes to after its end. The loop's own transport must not be touched any more."""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Too late."""

    def close(self) -> None:
        """Done."""

    def is_closing(self) -> bool:
        """Long since."""
        return True

    abort = close

    def get_write_buffer_size(self) -> int:
        """Nothing waits."""
        return 0


GONE = Gone()


def bytes_after_head(transport: asyncio.BaseTransport) -> bytes:
    """What the peer sent together with its request: uvicorn's parser holds it and would drop it."""
    parser = getattr(cast("asyncio.Transport", transport).get_protocol(), "conn", None)
    return parser.trailing_data[0] if isinstance(parser, h11.Connection) else b""


def peer_address(transport: asyncio.BaseTransport) -> str:
    """The address at the other end of the TCP connection; empty when it has gone already."""
    peer = transport.get_extra_info("peername")
    return str(peer[0]) if isinstance(peer, tuple) and peer else ""
