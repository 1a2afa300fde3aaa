"""Sockets, which API Gateway holds, and the HTTP calls of whoever knows who is online."""

import logging
from http import HTTPStatus
from typing import Any

from clubroom.app.aws.function import Function
from clubroom.app.aws.sockets import sockets_of
from clubroom.app.core import Core
from clubroom.app.forwarding import Forwarding
from clubroom.app.remote_sockets import RemoteSockets
from clubroom.errors import ClubroomError, ForeignOrigin, Malformed, Unavailable

Event = dict[str, Any]

log = logging.getLogger(__name__)


class Notification:
    """Frames are what it is called for most, so what HTTP needs is imported when a call comes."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self._sockets: RemoteSockets | None = None
        self._web: Any = None

    def __call__(self, event: Event, context: Any) -> Event:
        """Whatever the gateway tells. An exception of ours would be told to the client in words that are none
        of the protocol's, so there is none.
        """
        about = event["requestContext"]
        if "connectionId" not in about:
            return self._http(event, context)
        try:
            self.function.run(self._told(about["eventType"], about["connectionId"], event))
        except ClubroomError as error:
            log.warning("A socket's call was refused: %s.", error.code)
            return {"statusCode": error.status}
        except Exception:
            log.exception("A socket's call failed.")
            return {"statusCode": int(HTTPStatus.INTERNAL_SERVER_ERROR)}
        return {"statusCode": int(HTTPStatus.OK)}

    async def _told(self, kind: str, connection: str, event: Event) -> None:
        if kind == "CONNECT":
            self._judge(event)
        sockets = await self._ready()
        if kind == "CONNECT":
            await sockets.opened(connection)
        elif kind == "DISCONNECT":
            await sockets.closed(connection)
        elif event.get("isBase64Encoded"):
            await sockets.no_text(connection)
        else:
            await sockets.frame(connection, (event.get("body") or "").encode())
            await self._forward(sockets)

    def _judge(self, event: Event) -> None:
        """A page of another site opens nothing here, and tokens do not belong into addresses. Who shows no
        origin is no browser.
        """
        if event.get("queryStringParameters"):
            raise Malformed
        headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
        origin = headers.get("origin")
        if origin is not None and origin != self.function.settings.public_url:
            raise ForeignOrigin

    async def _forward(self, sockets: RemoteSockets) -> None:
        """What this very call has committed: nobody has to be woken for it to be heard. Rung first, for
        whoever is not here is told by the worker, whatever becomes of this call.
        """
        moved = sorted(self.function.moved)
        if moved:
            await self.function.ring()
            try:
                await Forwarding(sockets.db, sockets.publish, of=moved)()
            except Unavailable:
                log.warning("What was committed could not be handed on. The worker will.")

    async def _ready(self) -> RemoteSockets:
        function = self.function
        db = await function.database()
        if self._sockets is None:
            core = function.begin(Core(function.settings, db, function.server))
            self._sockets = sockets_of(function, core)
        await function.look()
        return self._sockets

    def _http(self, event: Event, context: Any) -> Event:
        if self._web is None:
            from clubroom.app.aws.web import Web  # noqa: PLC0415

            self._web = Web(self.function, "notification", self._ready)
        answer: Event = self._web(event, context)
        return answer
