"""A whole server without its sockets, called as HTTP would call it, and the database beside it."""

import asyncio
import itertools
import json
from collections import Counter
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import Any, TypeVar
from urllib.parse import unquote

import asyncpg
import msgspec
import uvloop

from clubroom.app.local import Process
from clubroom.app.settings import Settings
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.migrate import SEARCH_PATH, migrate
from clubroom.dba.pool import Database
from house.databases import OWNER, connected, dsn
from house.gateway import gateway

PORT = 8_000
T = TypeVar("T")
Answer = tuple[int, Any]

_addresses = itertools.count(1)


class Rig:
    """Runs in a loop of its own: the steps of a state machine are plain calls."""

    def __init__(
        self, runner: asyncio.Runner, process: Process, reader: asyncpg.Connection, owner: asyncpg.Connection
    ) -> None:
        self.loop = runner.get_loop()
        self.process = process
        self.reader = reader
        self.owner = owner
        self.counted: Counter[str] = Counter()

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    def both(self, *works: Coroutine[Any, Any, Any]) -> list[Any]:
        """All at once."""
        return self.wait(_gathered(*works))

    def suspends(self, club: int, *, on: bool) -> None:
        """The host, at the command line."""
        self.wait(self.owner.execute("select clubroom._suspend_club(null, $1, $2)", club, on))

    def call(self, method: str, path: str, token: str | None = None, body: Any = None) -> Answer:
        """Status and answer of one call."""
        return self.wait(self.asked(method, path, token, body))

    async def asked(self, method: str, path: str, token: str | None, body: Any = None) -> Answer:
        """The same, among others."""
        self.counted["calls"] += 1
        return await asked(self.process.app, method, path, token, body)


async def _gathered(*works: Coroutine[Any, Any, Any]) -> list[Any]:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(work) for work in works]
    return [task.result() for task in tasks]


async def asked(app: Any, method: str, path: str, token: str | None, body: Any) -> Answer:
    """One request of ASGI, each from an address of its own."""
    sent = b"" if body is None else json.dumps(body).encode()
    where, _, query = path.partition("?")
    headers = [(b"host", b"localhost"), (b"content-length", str(len(sent)).encode())]
    if body is not None:
        headers.append((b"content-type", b"application/json"))
    if token is not None:
        headers.append((b"authorization", f"Bearer {token}".encode()))
    n = next(_addresses)
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "root_path": "",
        "method": method, "path": unquote(where), "raw_path": where.encode(), "query_string": query.encode(),
        "headers": headers, "server": ("localhost", PORT),
        "client": (f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}", 1),
    }  # fmt: skip
    status, answered = 0, b""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": sent, "more_body": False}

    async def send(message: Any) -> None:
        nonlocal status, answered
        status = message.get("status", status)
        answered += message.get("body", b"")

    await app(scope, receive, send)
    return status, json.loads(answered) if answered else None


@contextmanager
def rigged(postgres: EmbeddedPostgres, settings: Settings, database: str = "clubroom") -> Iterator[Rig]:
    """A server and a gateway over one database, until the block ends."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        stack = runner.run(_nothing())
        started = runner.run(_started(stack, postgres, settings, database))
        try:
            yield Rig(runner, *started)
        finally:
            runner.run(stack.aclose())


async def _nothing() -> AsyncExitStack:
    return AsyncExitStack()


async def _started(
    stack: AsyncExitStack, postgres: EmbeddedPostgres, settings: Settings, database: str
) -> tuple[Process, asyncpg.Connection, asyncpg.Connection]:
    url = dsn(postgres, OWNER, database)
    await migrate(url)
    db = await Database.open(dsn(postgres, "clubroom_app", database))
    stack.push_async_callback(db.close)
    fast = msgspec.structs.replace(settings, posts_a_second=100_000, accounts_an_hour=1_000_000)
    process = Process(fast, db, PORT)
    await process.start()
    stack.push_async_callback(process.stop)
    reader = await stack.enter_async_context(gateway(postgres, database))
    return process, reader, await stack.enter_async_context(connected(url, search_path=SEARCH_PATH))
