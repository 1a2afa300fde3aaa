"""The gateway: it holds people's sockets and carries text frames in and out. It knows nothing of clubs.

**In.** Every text message arrives whole, once and in the order it was sent: valid UTF-8, at most
`frame_bytes_max` long, its fragments joined. What is no text message is dealt with here: pings are answered,
a broken frame closes with 1002, binary with 1003, bytes that are no UTF-8 with 1007, control frames or
fragments without measure with 1008, a message that is too long with 1009. Nothing is compressed. What came
before a broken frame is handed over; what comes after it is not read.

**Out.** `send` never blocks and never raises, also not on a dead socket. What is sent to one connection
keeps its order, and all of it that is sent within one turn of the loop leaves in one write. **A frame that
was taken may still be lost**: the peer can vanish with bytes in its buffers. Who needs to know waits for
the peer's own answer.

**Slow readers.** While a peer does not read, it is `slow`: what is sent to it waits, and `waiting` grows;
nobody else notices. The gateway sets no limit to it: the handler looks at `waiting` and `frames_waiting`
before it sends, and may `discard` what many were sent, after which little waits; once the peer has read on,
`drained` says so. A peer whose `taken` stands still while something waits reads nothing. Half-open
connections are found by the handler's heartbeat, which then calls `abort`.

**The end.** For every `opened` there is exactly one `closed`, whoever ends it and however: with the peer's
close code, with ours when we closed first, 1005 when the peer gave none, 1006 when the connection just
ended. After `close` no frame is handed over; what was sent before still goes out, unless the peer takes it
no faster than `close_wait_s` allows.

**Before it opens** a handshake may be refused as an HTTP answer with a problem in its body (RFC 9457):
`malformed` 400 (also for any query string: tokens do not belong into addresses), `foreign_origin` 403,
`not_found` 404, `upgrade_required` 426, `rate_limited` 429 and `unavailable` 503, the last two with
`retry_ms`. A handler is not told of refused ones.

All methods are plain calls in the loop's thread.
"""

from collections.abc import Collection
from typing import NewType, Protocol

Frame = NewType("Frame", bytes)
"""A payload made ready for the wire by `Gateway.framed`: made once, sent to many."""

CLOSED_WITHOUT_CODE = 1005
CLOSED_WITHOUT_WORD = 1006


class Connection(Protocol):
    """One socket of one device. A person has several, one after the other or at once."""

    @property
    def id(self) -> str:
        """Unique for ever, safe in a URL."""

    @property
    def address(self) -> str:
        """The peer's IP address as text, seen through trusted proxies; empty when it could not be told."""

    @property
    def waiting(self) -> int:
        """Bytes sent that the kernel has not taken yet."""

    @property
    def frames_waiting(self) -> int:
        """Frames sent that were not begun to be written; in a turn of the loop also those of that turn."""

    @property
    def slow(self) -> bool:
        """The kernel takes no more for now. Once it does again, and little waits, `drained` is called."""

    @property
    def taken(self) -> int:
        """Bytes sent that the kernel has taken, since the connection opened."""

    def send(self, payload: bytes) -> None:
        """Send one text message. Never blocks, never raises."""

    def send_framed(self, frame: Frame) -> None:
        """Send what `Gateway.framed` made. For one payload to many connections: nothing is built anew."""

    def discard(self) -> int:
        """Forget what came by `send_framed` and was not begun to be written; how many bytes it was.

        What was sent to this connection alone waits on, and at most 128 KiB that were begun.
        """

    def greeted(self) -> None:
        """The peer has said who it is: it no longer counts among its address's waiting sockets."""

    def close(self, code: int, why: str = "") -> None:
        """Say goodbye after what was sent before, and end within `close_wait_s`. `why` ≤ 123 bytes."""

    def abort(self) -> None:
        """End at once, without a word; what waits is lost."""


class Handler(Protocol):
    """The other side of the wall. An exception of `opened` or `frame` is logged and closes with 1011."""

    def opened(self, connection: Connection) -> None:
        """The handshake is done; nothing was received yet."""

    def frame(self, connection: Connection, data: bytes) -> None:
        """One whole text message."""

    def drained(self, connection: Connection) -> None:
        """After much had waited (64 KiB), little waits now (16 KiB)."""

    def closed(self, connection: Connection, code: int) -> None:
        """It is gone. Sending to it does nothing from now on."""


class RemoteGateway(Protocol):
    """A gateway elsewhere, which holds the sockets and keeps nothing for us: a socket is an id there.

    It hands over frames without an order of its own, several of one socket at once. **What it took may come
    late, out of order, or never**; the client orders by seq and asks for what it lacks. It knows no close
    codes of ours: an `error` frame with the code goes before the end. Both calls raise Unavailable when the
    gateway did not answer, or wants to be asked less often.
    """

    async def post(self, connection: str, payload: bytes) -> bool:
        """Send one text message of at most 128 KB. False = the socket is gone."""

    async def end(self, connection: str) -> None:
        """Close it; nothing happens when it is gone."""


class Gateway(Protocol):
    """What an adapter gives to the app that holds its sockets itself."""

    @property
    def connections(self) -> Collection[Connection]:
        """All that are open now."""

    def framed(self, payload: bytes) -> Frame:
        """Make a payload ready for the wire, once for all connections."""

    async def drain(self, last_word: bytes | None = None, *, code: int = 1012, why: str = "") -> None:
        """Graceful stop: refuse new ones, send `last_word` to all, close all, wait until they are gone.

        Takes at most `close_wait_s` and a little; whoever has not answered by then is cut off.
        """
