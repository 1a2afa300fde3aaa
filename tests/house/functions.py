"""Our functions as AWS calls them, in threads of this process: each instance has one call at a time and a
loop of its own that stands between two calls; whatever takes too long is killed; a queue wakes the worker.
What osls deploys is tested in tests/peers/aws; this is here to be quick.
"""

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import httpx

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
from house.server import KEPT, NO_AUTHORITIES, House

Event = dict[str, Any]
Handler = Callable[[Event, Any], Any]

CREDENTIALS = Credentials(key_id="AKIDEXAMPLE", key="not a key of anybody", region="eu-central-1")
INSTANCES_MAX = 4
DEADLINE_S, WORKER_DEADLINE_S = 15.0, 60.0  # as deploy/aws/serverless.yml sets them
ENDS_S = 5.0
FAILED = 500, [(b"content-type", b"application/json")], b'{"message":"Internal Server Error"}'


class Killed(Exception):
    """A call took longer than its function may, and the function was ended in the middle of it."""


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

    async def kill(self, call: "asyncio.Future[Any]") -> None:
        """In the middle of `call`. Whoever it speaks to sees the lines break, and nothing more is said."""
        function: Function | None = getattr(self.handler, "function", None)
        if function is not None:
            function.loop.call_soon_threadsafe(function.loop.stop)
        await asyncio.gather(call, return_exceptions=True)
        await asyncio.get_running_loop().run_in_executor(self.thread, self._break_off)
        self.thread.shutdown()

    def _break_off(self) -> None:
        """A thread cannot be killed; so that it tidies up, but with every line cut before."""
        function: Function | None = getattr(self.handler, "function", None)
        if function is None:
            return
        waker, function._waker = function._waker, NOBODY
        function.moved.clear()
        function.news.clear()
        if function._db is not None:
            function._db.pool.terminate()
        left = asyncio.all_tasks(function.loop)
        for task in left:
            task.cancel()
        if left:
            function.loop.run_until_complete(asyncio.wait(left, timeout=ENDS_S))
        function._waker = waker
        self._let_go()

    def _let_go(self) -> None:
        function: Function | None = getattr(self.handler, "function", None)
        if function is not None:
            function.loop.run_until_complete(function.close())
            function.loop.close()


class Nobody:
    """Whom a function wakes after its end."""

    async def wake(self, after_s: int = 0) -> None:
        """Nothing."""

    async def close(self) -> None:
        """Nothing."""


NOBODY = Nobody()


class Lambda:
    """A function: as many instances as there are calls at once, up to a limit. A call that takes longer than
    `deadline_s` raises Killed, and the next one finds another instance.
    """

    def __init__(
        self,
        made: Callable[[], Handler],
        instances_max: int = INSTANCES_MAX,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self.made = made
        self.deadline_s = deadline_s
        self.all: list[Instance] = []
        self.free: list[Instance] = []
        self.room = asyncio.Semaphore(instances_max)
        self.calls = 0
        self.killed = 0

    async def __call__(self, event: Event) -> Any:
        """What it answers; events and answers are JSON, as there."""
        async with self.room:
            self.calls += 1
            if not self.free:
                self.all.append(Instance(self.made))
                self.free.append(self.all[-1])
            instance = self.free.pop()
            called = asyncio.get_running_loop().run_in_executor(
                instance.thread, instance.call, json.loads(json.dumps(event))
            )
            try:
                done, _ = await asyncio.wait({called}, timeout=self.deadline_s)
                if not done:
                    self.all.remove(instance)
                    self.killed += 1
                    await instance.kill(called)
                    raise Killed
                return json.loads(json.dumps(called.result()))
            finally:
                if instance in self.all:
                    self.free.append(instance)

    async def end(self) -> None:
        """All of its instances. Whoever calls next finds another."""
        ended, self.all, self.free = self.all, [], []
        for instance in ended:
            await instance.end()


class SocketCalls:
    """What the gateway of the rig tells becomes events of the function."""

    def __init__(self, notification: Lambda) -> None:
        self.notification = notification

    async def opened(self, connection: str) -> None:
        answer = await self.notification(told("CONNECT", connection))
        assert answer["statusCode"] == 200, answer

    async def frame(self, connection: str, data: bytes) -> None:
        with suppress(Killed):  # as there the socket stays
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
        self.silent: asyncio.Event | None = None  # until then the queue holds its answer; then it is no
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
        event = {
            "version": "2.0",
            "rawPath": path,
            "rawQueryString": scope["query_string"].decode(),
            "headers": headers,
            "requestContext": {"http": {"method": method, "path": path, "sourceIp": scope["client"][0]}},
            "body": asked.decode(),
            "isBase64Encoded": False,
        }
        try:
            answer = await self.functions[service](event)
        except Killed:
            return FAILED
        said = [(name.encode(), str(value).encode()) for name, value in (answer.get("headers") or {}).items()]
        said += [(b"set-cookie", cookie.encode()) for cookie in answer.get("cookies") or ()]
        body = answer.get("body", "").encode()
        return answer["statusCode"], said, base64.b64decode(body) if answer.get("isBase64Encoded") else body

    async def _queue(self, scope: dict[str, Any], body: bytes) -> tuple[int, list[Any], bytes]:
        """Signed as the queue's owner signs, or refused."""
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        said = json.loads(body)
        if self.silent is not None:
            await self.silent.wait()
            return 503, [], b"{}"
        if self.deaf or not rightly_signed(headers, said["QueueUrl"], body):
            return 403, [], b"{}"
        after_s = said["DelaySeconds"]
        self.wakes.append(after_s)
        if not after_s:  # what is to come later, tests ask for
            self.spawn(self._woken(said["MessageBody"]))
        return 200, [(b"content-type", b"application/x-amz-json-1.0")], b'{"MessageId":"1"}'

    async def _woken(self, body: str) -> None:
        with suppress(Killed):  # there it would come once more; here the clock comes
            await self.functions["worker"]({"Records": [{"body": body}]})

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
        self._addresses = (f"127.1.{n // 250}.{n % 250 + 1}" for n in count())

    def http(self, address: str | None = None) -> httpx.AsyncClient:
        """Somebody who is not signed in and comes from `address`, of this machine; from their own if None."""
        here = address or next(self._addresses)
        own = httpx.AsyncHTTPTransport(verify=NO_AUTHORITIES, limits=KEPT, local_address=here)
        return httpx.AsyncClient(base_url=self.url, timeout=30, transport=own)

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
            "worker": Lambda(lambda: Worker(Function(place)), deadline_s=WORKER_DEADLINE_S),
        }
        gateway.sockets = SocketCalls(lambdas["notification"])
        house = Functions(api, gateway, url, sockets_at, dsn)
        yield house
        await house.everyone_leaves()
        await house.settled()
        for one in lambdas.values():
            await one.end()
    assert not gateway.troubles, gateway.troubles
