"""The functions that answer HTTP: one service's calls, through the adapter between API Gateway and ASGI."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response
from mangum import Mangum

from clubroom.app import files, http, problems
from clubroom.app.aws.function import Function
from clubroom.app.rooms import Rooms, Service
from clubroom.dba.pool import Database
from clubroom.errors import Unavailable

Event = dict[str, Any]
PORT = 443
RETRY_MS = 1_000
log = logging.getLogger(__name__)


class Web:
    """Answers for one service. Made when it is first called: what it needs must answer then, and what `first`
    asks.
    """

    def __init__(
        self, function: Function, service: Service, first: Callable[[], Awaitable[object]] | None = None
    ) -> None:
        self.function = function
        self.first = first
        self.service: Service = service
        self._answer: Mangum | None = None

    def __call__(self, event: Event, context: Any) -> Event:
        """One request."""
        function = self.function
        try:
            function.loop.run_until_complete(self._ready())
        except Unavailable:
            log.warning("The database does not answer.")
            return told(problems.problem(Unavailable(retry_ms=RETRY_MS)))
        assert self._answer is not None
        answer = self._answer(event, context)
        function.loop.run_until_complete(function.settle())
        return answer

    async def _ready(self) -> None:
        db = await self.function.database()
        if self._answer is None:
            if self.first is not None:
                await self.first()
            rooms = self.function.begin(rooms_of(self.function, db))
            handlers = rooms.routes()
            answers = handlers[self.service]
            if self.service == "fe":  # whatever comes to no other, HEAD and the description of all calls, too
                answers = [handler for some in handlers.values() for handler in some]
            answering: Any = http.answering_head(rooms.application(answers))
            self._answer = Mangum(answering, lifespan="off")
        await self.function.look()


def rooms_of(function: Function, db: Database) -> Rooms:
    """The whole house, as a function has it."""
    settings = function.settings
    blobs = files.blobs_of(settings, PORT)
    function.held.append(blobs.close)
    rooms = Rooms(settings, db, PORT, blobs, function.server, lambda: function.epoch)
    if rooms.auth.issuer is not None:
        function.held.append(rooms.auth.issuer.close)
    return rooms


def told(answer: Response[bytes]) -> Event:
    """As the gateway takes it."""
    return {
        "statusCode": answer.status_code,
        "headers": {**answer.headers, "content-type": str(answer.media_type)},
        "body": answer.content.decode(),
    }
