"""Our functions as AWS calls them, in threads of this process: each instance has one call at a time and a
loop of its own that stands between two calls; a queue wakes the worker. What osls deploys is tested in
tests/peers/aws; this is here to be quick.
"""

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from clubroom.app.aws.calls import routes
from clubroom.app.aws.frames import Notification
from clubroom.app.aws.function import Function
from clubroom.app.aws.place import Place
from clubroom.app.aws.web import Web
from clubroom.app.aws.work import Worker
from clubroom.app.settings import Settings
from clubroom.ports.signing.aws import Credentials, HeaderSigner
from house.api_gateway import ApiGateway, Weather, reached, whole
from house.patient import PatientDevice
from house.person import Person
from house.server import House

Event = dict[str, Any]
Handler = Callable[[Event, Any], Any]

CREDENTIALS = Credentials(key_id="AKIDEXAMPLE", key="not a key of anybody", region="eu-central-1")
INSTANCES_MAX = 4


class Instance:
    """One process of a function, as far as a thread can be one."""

    def __init__(self, made: Callable[[], Handler]) -> None:
        self.thread = ThreadPoolExecutor(1)
        self.made = made
        self.handler: Handler | None = None

    def call(self, event: Event) -> Any:
        """In its thread."""
        if self.handler is None:
            self.handler = self.made()
        return self.handler(event, None)

    async def end(self) -> None:
        """It stands, and is thrown away. Its connections would say so at the end of the tests."""
        await asyncio.get_running_loop().run_in_executor(self.thread, self._let_go)
        self.thread.shutdown()

    def _let_go(self) -> None:
        function: Function | None = getattr(self.handler, "function", None)
        if function is not None:
            function.loop.run_until_complete(function.close())
            function.loop.close()


class Lambda:
    """A function: as many instances as there are calls at once, up to a limit."""

    def __init__(self, made: Callable[[], Handler], instances_max: int = INSTANCES_MAX) -> None:
        self.made = made
        self.all: list[Instance] = []
        self.free: list[Instance] = []
        self.room = asyncio.Semaphore(instances_max)
        self.calls = 0

    async def __call__(self, event: Event) -> Any:
        """What it answers; events and answers are JSON, as there."""
        async with self.room:
            self.calls += 1
            if not self.free:
                self.all.append(Instance(self.made))
                self.free.append(self.all[-1])
            instance = self.free.pop()
            try:
                loop = asyncio.get_running_loop()
                answer = await loop.run_in_executor(
                    instance.thread, instance.call, json.loads(json.dumps(event))
                )
                return json.loads(json.dumps(answer))
            finally:
                self.free.append(instance)

    async def end(self) -> None:
        """All of its instances."""
        for instance in self.all:
            await instance.end()


class SocketCalls:
    """What the gateway of the rig tells becomes events of the function."""

    def __init__(self, notification: Lambda) -> None:
        self.notification = notification

    async def opened(self, connection: str) -> None:
        answer = await self.notification(told("CONNECT", connection))
        assert answer["statusCode"] == 200, answer

    async def frame(self, connection: str, data: bytes) -> None:
        await self.notification(told("MESSAGE", connection) | {"body": data.decode()})

    async def closed(self, connection: str) -> None:
        await self.notification(told("DISCONNECT", connection))


def told(kind: str, connection: str, **more: Any) -> Event:
    """An event of a WebSocket API."""
    return {
        "requestContext": {"eventType": kind, "connectionId": connection},
        "isBase64Encoded": False,
        **more,
    }


class HttpApi:
    """An ASGI application: an HTTP API with payloads of version 2.0 before the functions, and the queue."""

    def __init__(self, functions: dict[str, Lambda]) -> None:
        self.functions = functions
        self.table = [
            (method, re.compile(re.sub(r"{\w+}", "[^/]+", path)), service)
            for service, calls in routes().items()
            if service != "fe"
            for method, path in calls
        ]
        self.url = ""
        self.wakes: list[int] = []
        self.deaf = False  # the queue takes nothing
        self.tasks: set[asyncio.Task[Any]] = set()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        body = await whole(receive)
        if scope["path"] == "/":
            status, headers, content = await self._queue(scope, body)
        else:
            status, headers, content = await self._call(scope, body)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    async def _call(self, scope: dict[str, Any], asked: bytes) -> tuple[int, list[Any], bytes]:
        method, path = scope["method"], scope["path"]
        service = next((s for m, p, s in self.table if m == method and p.fullmatch(path)), "fe")
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        answer = await self.functions[service](
            {
                "version": "2.0",
                "rawPath": path,
                "rawQueryString": scope["query_string"].decode(),
                "headers": headers,
                "requestContext": {"http": {"method": method, "path": path, "sourceIp": "127.0.0.1"}},
                "body": asked.decode(),
                "isBase64Encoded": False,
            }
        )
        said = [(name.encode(), str(value).encode()) for name, value in (answer.get("headers") or {}).items()]
        said += [(b"set-cookie", cookie.encode()) for cookie in answer.get("cookies") or ()]
        body = answer.get("body", "").encode()
        return answer["statusCode"], said, base64.b64decode(body) if answer.get("isBase64Encoded") else body

    async def _queue(self, scope: dict[str, Any], body: bytes) -> tuple[int, list[Any], bytes]:
        """Signed as the queue's owner signs, or refused."""
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        said = json.loads(body)
        if self.deaf or not rightly_signed(headers, said["QueueUrl"], body):
            return 403, [], b"{}"
        after_s = said["DelaySeconds"]
        self.wakes.append(after_s)
        if not after_s:  # what is to come later, tests ask for
            self.spawn(self.functions["worker"]({"Records": [{"body": said["MessageBody"]}]}))
        return 200, [(b"content-type", b"application/x-amz-json-1.0")], b'{"MessageId":"1"}'

    def spawn(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def finish(self) -> None:
        """Waits for what is under way; what failed fails here."""
        while self.tasks:
            await asyncio.gather(*self.tasks)


def rightly_signed(headers: dict[str, str], queue: str, body: bytes) -> bool:
    """Whether whoever knows our key would have said the same."""
    at = datetime.strptime(headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    signer = HeaderSigner(CREDENTIALS, "sqs", lambda: at)
    named = {name: headers[name] for name in ("content-type", "x-amz-target")}
    parts = urlsplit(queue)
    return (
        signer.signed("POST", f"{parts.scheme}://{parts.netloc}/", body, named)["authorization"]
        == headers["authorization"]
    )


class Functions(House):
    """A house that is nothing but functions."""

    def __init__(self, api: HttpApi, gateway: ApiGateway, url: str, sockets_at: str, dsn: str) -> None:
        super().__init__(None, url)  # type: ignore[arg-type]
        self.dsn = dsn
        self.api = api
        self.gateway = gateway
        self.sockets_at = sockets_at

    async def person(self, name: str = "Ann", *, with_email: bool = False) -> Person:
        person = await super().person(name, with_email=with_email)
        person.sockets_at, person.kind = self.sockets_at, PatientDevice
        return person

    async def sweep(self) -> None:
        """What the clock does each minute."""
        await self.api.functions["worker"]({"source": "aws.events"})

    async def settled(self) -> None:
        """Nothing is under way."""
        await self.gateway.finish()
        await self.api.finish()
        await self.gateway.finish()


@asynccontextmanager
async def functions(dsn: str, settings: Settings, weather: Weather | None = None) -> AsyncIterator[Functions]:
    """The functions over the database at `dsn`, which is migrated, and whose commits leave forwards."""
    lambdas: dict[str, Lambda] = {}
    api = HttpApi(lambdas)
    gateway: Any = ApiGateway(weather or Weather())
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(reached(api))
        sockets_at = await stack.enter_async_context(reached(gateway))
        place = Place(
            settings=settings,
            dsn=dsn,
            gateway=sockets_at,
            queue=f"{url}/000000000000/wakes",
            credentials=CREDENTIALS,
        )
        lambdas |= {
            "auth": Lambda(lambda: Web(Function(place), "auth")),
            "chat": Lambda(lambda: Web(Function(place), "chat")),
            "fe": Lambda(lambda: Web(Function(place), "fe")),
            "notification": Lambda(lambda: Notification(Function(place))),
            "worker": Lambda(lambda: Worker(Function(place))),
        }
        gateway.sockets = SocketCalls(lambdas["notification"])
        house = Functions(api, gateway, url, sockets_at, dsn)
        yield house
        await house.everyone_leaves()
        await house.settled()
        for one in lambdas.values():
            await one.end()
    assert not gateway.troubles, gateway.troubles
