"""The gateway of one process: WebSockets beside HTTP on uvicorn's port, framed by picows, on uvloop.

    gateway = LocalGateway(handler, allowed_origin=origins.__contains__)
    config = uvicorn.Config(app, ws=gateway.protocol, http="h11", loop="uvloop", access_log=False)

    class Server(uvicorn.Server):
        async def shutdown(self, sockets=None):        # SIGTERM and SIGINT arrive here
            await gateway.drain(goaway, why="restart")  # before uvicorn stops listening
            await super().shutdown(sockets)

With `http="h11"` a frame sent together with the handshake is kept; the other parsers drop it. A request that
does not ask for an upgrade goes to the app also at `path`, and to uvicorn's access log with its query.
Without `drain` uvicorn's own shutdown still closes each socket with 1012, without a last word.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Collection
from typing import Any, cast

from clubroom.errors import ClubroomError
from clubroom.ports.gateway import Frame, Handler
from clubroom.ports.gateway.admission import Admission, Limits, Request, unavailable
from clubroom.ports.gateway.behind import NOBODY, Trust
from clubroom.ports.gateway.framing import OUR_FAULT, RESTART, text_frame
from clubroom.ports.gateway.local_socket import Socket

log = logging.getLogger(__name__)

TRAFFIC = ("frames_in", "bytes_in", "frames_out", "bytes_out")


class LocalGateway:
    """All sockets of this process. See the contract in `clubroom.ports.gateway`."""

    def __init__(
        self,
        handler: Handler,
        *,
        allowed_origin: Callable[[str], bool],
        path: str = "/socket",
        trust: Trust = NOBODY,
        limits: Limits | None = None,
    ) -> None:
        self.handler = handler
        self.limits = limits or Limits()
        self._admission = Admission(self.limits, path=path, allowed_origin=allowed_origin, trust=trust)
        self._sockets: dict[str, Socket] = {}
        self._due: list[Socket] = []
        self._draining = False
        self._empty = asyncio.Event()
        self._gone: Counter[str] = Counter()  # what the sockets that are gone had counted
        self.opened_count = 0
        self.refused: Counter[str] = Counter()  # handshakes, by the code of the refusal
        self.closes: Counter[int] = Counter()  # by close code; a peer chooses from 1000 to 4999

    # --- for the app ---------------------------------------------------------------------------------------

    @property
    def protocol(self) -> type[asyncio.Protocol]:
        """What uvicorn's setting `ws` takes: it makes one for each request that asks for a WebSocket."""

        def make(config: object, server_state: Any, app_state: object) -> Socket:
            return Socket(self, server_state.connections)

        return cast("type[asyncio.Protocol]", make)

    @property
    def connections(self) -> Collection[Socket]:
        """All that are open now."""
        return self._sockets.values()

    def traffic(self, what: str) -> int:
        """How much of one of TRAFFIC there was, over all sockets since the beginning."""
        here: int = sum(getattr(socket, what) for socket in self._sockets.values())
        return self._gone[what] + here

    def framed(self, payload: bytes) -> Frame:
        """Make a payload ready for the wire."""
        return text_frame(payload)

    async def drain(self, last_word: bytes | None = None, *, code: int = RESTART, why: str = "") -> None:
        """Refuse new ones, send `last_word` to all, close all, wait until they are gone."""
        self._draining = True
        for socket in list(self._sockets.values()):
            if last_word is not None:
                socket.send(last_word)
            socket.close(code, why)
        if self._sockets:
            self._empty.clear()
            await self._empty.wait()

    # --- for the sockets -----------------------------------------------------------------------------------

    def admit(self, request: Request, peer: str) -> str:
        """The address behind a handshake that may open a socket; raises what says why it may not."""
        if self._draining or len(self._sockets) >= self.limits.sockets_max:
            raise unavailable()
        return self._admission.judge(request, peer)

    def turned_away(self, error: ClubroomError) -> None:
        """A handshake was refused."""
        self.refused[error.code] += 1
        log.info("A handshake was refused.", extra={"fields": {"code": error.code}})

    def opened(self, socket: Socket) -> None:
        """It is one of ours now."""
        self.opened_count += 1
        self._sockets[socket.id] = socket
        self._admission.waits(socket.address)
        self._guard(socket, self.handler.opened, socket)

    def greeted(self, socket: Socket) -> None:
        """It waits no more."""
        self._admission.waits_no_more(socket.address)

    def hand_over(self, socket: Socket, data: bytes) -> None:
        """A message for the handler."""
        socket.frames_in += 1
        socket.bytes_in += len(data)
        self._guard(socket, self.handler.frame, socket, data)

    def drained(self, socket: Socket) -> None:
        """It reads again."""
        self._guard(socket, self.handler.drained, socket)

    def closed(self, socket: Socket, code: int) -> None:
        """It is gone."""
        del self._sockets[socket.id]
        self.closes[code] += 1
        self._gone.update({what: getattr(socket, what) for what in TRAFFIC})
        log.info("A socket ended.", extra={"fields": _told(socket, code)})
        self._guard(socket, self.handler.closed, socket, code)
        if not self._sockets:
            self._empty.set()

    def collect(self, socket: Socket) -> None:
        """Something waits for this socket: write it when this turn of the loop is over."""
        if not self._due:
            asyncio.get_running_loop().call_soon(self.flush)
        self._due.append(socket)

    def flush(self) -> None:
        """One write for each socket. A room's sockets mostly get the same frames: those are joined once."""
        sockets, self._due = self._due, []
        last: list[bytes] = []
        joined = b""
        for socket in sockets:
            frames = socket.due()
            if not frames:
                continue
            if frames != last:
                last, joined = frames, b"".join(frames)
            socket.write(joined)

    def _guard(self, socket: Socket, call: Callable[..., None], *arguments: object) -> None:
        """A fault of the handler ends the socket that met it, and nobody else's."""
        try:
            call(*arguments)
        except Exception:  # the socket loop
            log.exception(
                "The handler failed; its socket is closed.", extra={"fields": {"connection": socket.id}}
            )
            socket.close(OUR_FAULT)


def _told(socket: Socket, code: int) -> dict[str, object]:
    """What is logged of a socket: whose it was is nobody's business."""
    return {
        "connection": socket.id,
        "code": code,
        "seconds": round(time.monotonic() - socket.opened_at, 3),
        "frames_in": socket.frames_in,
        "frames_out": socket.frames_out,
    }
