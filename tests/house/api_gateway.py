"""A gateway elsewhere, as API Gateway is one: it holds the sockets, calls us for each frame, and is spoken to
by its management API. What it took for delivery it may lose, delay and shuffle, as the weather is.
"""

import asyncio
import random
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import uvicorn

from clubroom.app.remote_sockets import RemoteSockets
from clubroom.app.settings import Settings
from clubroom.dba.pool import Database
from clubroom.dba.presence import PostgresPresence
from clubroom.ports.gateway.aws import ManagementApi
from house.patient import PatientDevice
from house.pause import pause
from house.person import Person
from house.server import House, running

FRAME_BYTES_MAX = 32 * 1024
MESSAGE_BYTES_MAX = 128 * 1024
GOING_AWAY = 1001


@dataclass
class Weather:
    """`lost`: the share of messages that are lost after "200"; `late_s`: the longest that one is held back;
    `lives_s`: when a socket is cut, whatever it does.
    """

    lost: float = 0.0
    late_s: float = 0.0
    lives_s: float = 7_200.0
    rng: random.Random = field(default_factory=lambda: random.Random(11))


class ApiGateway:
    """An ASGI application: sockets at any path, the management API below /@connections/."""

    def __init__(self, weather: Weather) -> None:
        self.weather = weather
        self.sockets: RemoteSockets
        self.open: dict[str, Any] = {}
        self.gone: set[str] = set()
        self.answers: list[int] = []  # of the management API
        self.troubles: list[BaseException] = []  # of the functions that it called
        self._count = 0
        self._tasks: dict[asyncio.Task[None], str] = {}

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await self._hold(receive, send)
        else:
            await self._manage(scope, receive, send)

    # --- sockets ---

    async def _hold(self, receive: Any, send: Any) -> None:
        await receive()
        self._count += 1
        name = f"connection={self._count}"  # with a sign that a URL has to escape
        await self.sockets.opened(name)
        await send({"type": "websocket.accept"})
        self.open[name] = send
        cut = asyncio.get_running_loop().call_later(self.weather.lives_s, self._spawn_close, name, GOING_AWAY)
        try:
            while (event := await receive())["type"] == "websocket.receive":
                data = event["text"].encode() if event.get("text") is not None else event["bytes"]
                self.spawn(self.sockets.frame(name, data))
        finally:
            cut.cancel()
            self.open.pop(name, None)
            self.gone.add(name)
            await self.sockets.closed(name)

    def _spawn_close(self, name: str, code: int) -> None:
        self.spawn(self._close(name, code))

    async def _close(self, name: str, code: int) -> None:
        send = self.open.pop(name, None)
        if send is not None:
            await send({"type": "websocket.close", "code": code})

    # --- the management API ---

    async def _manage(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        name = scope["path"].removeprefix("/@connections/")
        body = await whole(receive)
        status, headers = self._judge(scope["method"], name, body)
        self.answers.append(status)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    def _judge(self, method: str, name: str, body: bytes) -> tuple[int, list[tuple[bytes, bytes]]]:
        if name not in self.open:
            return 410, [(b"x-amzn-errortype", b"GoneException")]
        if method == "DELETE":
            self.spawn(self._end(name))
            return 204, []
        if len(body) > MESSAGE_BYTES_MAX:
            return 413, [(b"x-amzn-errortype", b"PayloadTooLargeException")]
        if self.weather.rng.random() >= self.weather.lost:
            self.spawn(self._deliver(name, body.decode()), name)
        return 200, []

    async def _end(self, name: str) -> None:
        """After what was taken before."""
        await asyncio.gather(*(task for task, of in self._tasks.items() if of == name))
        await self._close(name, 1000)

    async def _deliver(self, name: str, text: str) -> None:
        if self.weather.late_s:
            await pause(self.weather.rng.uniform(0, self.weather.late_s))
        send = self.open.get(name)
        if send is not None:
            await send({"type": "websocket.send", "text": text})

    # --- inside ---

    def spawn(self, work: Any, name: str = "") -> None:
        """As a function is called: nobody waits for it here."""
        task = asyncio.ensure_future(work)
        self._tasks[task] = name
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        del self._tasks[task]
        if not task.cancelled() and (error := task.exception()) is not None:
            self.troubles.append(error)

    async def finish(self) -> None:
        """Waits for what is under way."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)


async def whole(receive: Any) -> bytes:
    """The body of a request."""
    parts: list[bytes] = []
    while True:
        event = await receive()
        parts.append(event.get("body", b""))
        if not event.get("more_body"):
            return b"".join(parts)


class Elsewhere(House):
    """A house whose sockets are held by a gateway elsewhere."""

    gateway: ApiGateway
    driver: RemoteSockets

    async def person(self, name: str = "Ann", *, with_email: bool = False) -> Person:
        person = await super().person(name, with_email=with_email)
        person.sockets_at, person.kind = self.sockets_at, PatientDevice
        return person

    sockets_at: str


@asynccontextmanager
async def elsewhere(
    db: Database, settings: Settings, weather: Weather | None = None, **limits: Any
) -> AsyncIterator[Elsewhere]:
    """A server that holds no sockets itself, as functions that run for one frame each would be."""
    gateway = ApiGateway(weather or Weather())
    async with running(db, settings) as served, reached(gateway) as url:
        house = Elsewhere(served.process, served.url)
        process, api = served.process, ManagementApi(url)
        driver = gateway.sockets = RemoteSockets(
            api,
            db,
            process.pointers,
            process.tokens.verify,
            process.store,
            lambda: process.sockets.epoch,
            partial(PostgresPresence, db),
            posts_a_second=settings.posts_a_second,
            **limits,
        )
        house.gateway, house.driver, house.sockets_at = gateway, driver, url
        db.committed = lambda entries: gateway.spawn(driver.publish(entries))
        process.hub.carry = lambda news: gateway.spawn(driver.hear(news))
        yield house
        await house.everyone_leaves()
        await gateway.finish()
        await api.close()
        assert not gateway.troubles, gateway.troubles


@asynccontextmanager
async def reached(app: Any) -> AsyncIterator[str]:
    """Its address, until the block ends."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
    config = uvicorn.Config(
        app,
        ws="websockets-sansio",
        ws_max_size=FRAME_BYTES_MAX,
        ws_ping_interval=None,
        lifespan="off",
        log_level="critical",
        proxy_headers=False,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve([listening]))
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving
