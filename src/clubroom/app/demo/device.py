"""A member's device on the real socket: says hello, hears, types, writes, as docs/protocol.md asks."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from clubroom import wire

log = logging.getLogger(__name__)
log.setLevel(logging.WARNING)  # picows tells every connection

PING_S = 20.0
AGAIN_S = 3.0

Heard = Callable[[dict[str, Any]], None]


class Line(WSListener):
    """One connection; tells what it hears."""

    def __init__(self, token: Callable[[], str], heard: Heard) -> None:
        self.token = token
        self.heard = heard
        self.live = False

    def on_ws_connected(self, transport: WSTransport) -> None:
        """Hello comes first."""
        self.transport = transport
        self.send(type="hello", version=wire.VERSION, token=self.token(), epoch=None, cursors={})

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """A frame of the server's."""
        if frame.msg_type == WSMsgType.CLOSE:
            transport.disconnect()
        elif frame.msg_type == WSMsgType.TEXT:
            said = msgspec.json.decode(frame.get_payload_as_bytes())
            self.live = self.live or said["type"] == "live"
            if said["type"] == "welcome":  # at the screen: else they would be shown as away
                self.send(type="watch", group=int(min(said["groups"])), on=True)
            if said["type"] == "reauth":
                self.send(type="token", token=self.token())
            self.heard(said)

    def send(self, **frame: Any) -> None:
        """One frame of ours; into the void when the line is cut, as a phone in a tunnel would."""
        if not self.transport.is_disconnected:
            self.transport.send(WSMsgType.TEXT, msgspec.json.encode(frame))


class Phone:
    """Somebody's device that stays online: comes back whenever its line is cut."""

    def __init__(self, key: str, url: str, token: Callable[[], str], heard: Heard) -> None:
        self.key = key
        self.url = url
        self.token = token
        self.heard = heard
        self.line: Line | None = None

    async def stay_online(self) -> None:
        """Until it is cancelled."""
        while True:
            try:
                transport, line = await ws_connect(
                    lambda: Line(self.token, self.heard), self.url, logger_name=log
                )
            except (TimeoutError, OSError) as error:
                log.debug("%s is not online: %s", self.key, error)
            else:
                assert isinstance(line, Line)
                self.line = line
                await self._hold(transport, line)
            await asyncio.sleep(AGAIN_S)

    async def _hold(self, transport: WSTransport, line: Line) -> None:
        cut = asyncio.ensure_future(transport.wait_disconnected())
        try:
            while not (await asyncio.wait([cut], timeout=PING_S))[0]:
                line.send(type="ping")
        finally:
            self.line = None
            cut.cancel()
            transport.disconnect()

    @property
    def live(self) -> bool:
        """Whether it hears and can be heard."""
        return self.line is not None and self.line.live

    def type_in(self, group: int) -> None:
        """The others see that somebody writes."""
        if self.line is not None:
            self.line.send(type="typing", group=group)

    def post(self, group: int, name: UUID, text: str, answers: str | None = None) -> None:
        """A message; `answers` is the id of the one that it answers."""
        if self.line is not None:
            reply = {} if answers is None else {"reply_to": answers}
            self.line.send(type="post", group=group, id=name, text=text, **reply)
