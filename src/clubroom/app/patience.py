"""How long a request may take to arrive. uvicorn would wait for ever for what never comes whole, be it that
somebody means harm or that the network lost them, and each such connection holds a file open.
"""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

REQUEST_S = 20.0
BODY_S = 320.0
TAKEN_S = 30.0


class Patient(H11Protocol):
    """A request has `request_s` to arrive, from its first byte on, or from when its connection was opened."""

    request_s = REQUEST_S
    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Nothing has come yet."""
        super().connection_made(transport)
        self._look()

    def data_received(self, data: bytes) -> None:
        """A part of a request, or all of it."""
        super().data_received(data)
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        self._wait_no_more()
        super().connection_lost(exc)

    def _look(self) -> None:
        if not self._lacks_something():
            self._wait_no_more()
        elif self._waiting is None:
            self._waiting = self.loop.call_later(self.request_s, self.transport.abort)

    def _lacks_something(self) -> bool:
        """Between requests uvicorn itself waits, and not for long. A WebSocket is the gateway's."""
        if self.transport.get_protocol() is not self:
            return False
        begun = self.conn.their_state is h11.IDLE and bool(self.conn.trailing_data[0])
        return self.cycle is None or begun or self.conn.their_state is h11.SEND_BODY

    def _wait_no_more(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None


class PatientWithFiles(Patient):
    """As above for the head of a request. Its body may take longer: whoever takes it looks how it comes. Of
    an answer something has to be taken every `taken_s`.
    """

    body_s = BODY_S
    taken_s = TAKEN_S
    _body = False
    _stuck: asyncio.TimerHandle | None = None

    def data_received(self, data: bytes) -> None:
        """A part of a request, or all of it."""
        super().data_received(data)
        body = self.conn.their_state is h11.SEND_BODY
        if body and not self._body:
            self._wait_no_more()
            self._waiting = self.loop.call_later(self.body_s, self.transport.abort)
        self._body = body

    def pause_writing(self) -> None:
        """They do not read as fast as we send."""
        super().pause_writing()
        self._stuck = self._stuck or self.loop.call_later(self.taken_s, self.transport.abort)

    def resume_writing(self) -> None:
        """They have taken most of it."""
        super().resume_writing()
        self._stuck_no_more()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        self._stuck_no_more()
        super().connection_lost(exc)

    def _stuck_no_more(self) -> None:
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None
