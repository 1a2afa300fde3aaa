"""The connections, and the two ways to use them: `command` writes and publishes, `read` reads.

One command is one SQL function is one transaction. What it wrote into the log is handed to `committed` after
COMMIT, here and nowhere else, so that no room can forget it.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from inspect import isasyncgen
from pathlib import Path
from typing import Any

import aiosql
import asyncpg
import msgspec

from clubroom import errors
from clubroom.actions import Logged
from clubroom.dba.clock import DatabaseClock

POOL_CONNECTIONS_MAX = 10
LOCK_TIMEOUT_MS = 2_000
STATEMENT_TIMEOUT_MS = 10_000
COMMAND_S = 12.0  # a database that hangs says nothing itself
ACQUIRE_S = 5.0
RETRY_MS = 1_000
STATEMENTS_KEPT = 100  # prepared ones of one connection: asyncpg's own number
SETTINGS = {
    "search_path": "clubroom",
    "lock_timeout": str(LOCK_TIMEOUT_MS),
    "statement_timeout": str(STATEMENT_TIMEOUT_MS),
    "timezone": "UTC",
    "jit": "off",
}
# A function is ended after fifteen seconds, and had better say before that it cannot be now.
POOLED_COMMAND_S = 4.0
POOLED = {"statement_timeout": "3000"}
REFUSED = "CLUB1"  # the SQLSTATE of _fail in 0001_log.sql

log = logging.getLogger(__name__)
ERRORS_BY_CODE = {kind.code: kind for kind in errors.ClubroomError.__subclasses__()}
_queries = aiosql.from_path(Path(__file__).parent / "queries", "asyncpg", mandatory_parameters=False)


class Database:
    """A pool of at most ten connections as the role that may only execute functions. `opening`: they go
    through a pooler that lends a connection for one transaction; each begins by saying this.
    """

    def __init__(
        self,
        pool: asyncpg.Pool,
        committed: Callable[[Sequence[Logged]], None],
        opening: str | None = None,
    ) -> None:
        self.pool = pool
        self.committed = committed
        self.opening = opening
        self.clock = DatabaseClock()

    @classmethod
    async def open(
        cls,
        dsn: str,
        *,
        committed: Callable[[Sequence[Logged]], None] = lambda _: None,
        role: str | None = None,
        pool_max: int = POOL_CONNECTIONS_MAX,
        pooler: bool = False,
    ) -> "Database":
        """Connects. `role` is taken on by every connection where the DSN names the owner instead. Behind a
        `pooler` of transactions nothing is prepared and nothing is set for longer than one of them.
        """
        settings = SETTINGS | ({"role": role} if role is not None else {})
        pool = await asyncpg.create_pool(
            dsn,
            min_size=0 if pooler else 2,
            max_size=pool_max,
            server_settings={"application_name": "clubroom"} | ({} if pooler else settings),
            statement_cache_size=0 if pooler else STATEMENTS_KEPT,
            reset=_keep,
            timeout=ACQUIRE_S,
            command_timeout=POOLED_COMMAND_S if pooler else COMMAND_S,
        )
        return cls(pool, committed, _opening(settings | POOLED) if pooler else None)

    async def become(self, role: str) -> None:
        """Behind a pooler: serve as this one, where we may. Whoever owns the database may do too much."""
        assert self.opening is not None
        async with self.connection() as connection:
            may = await connection.fetchval(
                "select exists (select from pg_roles where rolname = $1"
                " and pg_has_role(current_user, oid, 'member'))",
                role,
            )
        if may:
            self.opening = _opening(SETTINGS | POOLED | {"role": role})

    async def close(self) -> None:
        """Waits for what is under way, at most 5 s."""
        try:
            async with asyncio.timeout(5):
                await self.pool.close()
        except TimeoutError:
            self.pool.terminate()

    async def command(self, query: str, /, **params: Any) -> Any:
        """Runs a command's function; publishes what it logged; answers its `result`, decoded."""
        async with self.connection() as connection:
            row = await getattr(_queries, query)(connection, **params)
        self.publish([logged(entry) for entry in row["log"] or ()])
        return msgspec.json.decode(row["result"]) if row["result"] is not None else None

    def publish(self, entries: Sequence[Logged]) -> None:
        """After COMMIT. What fails here is told later by the repair; the command itself has succeeded."""
        try:
            self.committed(entries)
        except Exception:
            log.exception("What was committed could not be told.")

    async def read(self, query: str, /, **params: Any) -> Any:
        """Runs a named query: a list of records, a record or a value, as its name in the file says."""
        async with self.connection() as connection:
            return await self.query(query, connection, **params)

    async def query(self, query: str, connection: asyncpg.Connection, /, **params: Any) -> Any:
        """A named query over a connection that one holds already."""
        found = getattr(_queries, query)(connection, **params)
        return [row async for row in found] if isasyncgen(found) else await found

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[asyncpg.Connection]:
        """One of the pool, until the block ends. What it meets is told in our words."""
        async with guarded(), self.pool.acquire(timeout=ACQUIRE_S) as connection:
            if self.opening is None:
                yield connection
                return
            async with _transaction(connection, self.opening):
                yield connection


def _opening(settings: Mapping[str, str]) -> str:
    return "; ".join(["begin", *(f"set local {name} = '{value}'" for name, value in settings.items())])


@asynccontextmanager
async def _transaction(connection: asyncpg.Connection, opening: str) -> AsyncIterator[None]:
    """Behind a pooler a statement and what it was prepared as meet only within one."""
    await connection.execute(opening)
    try:
        yield
        await connection.execute("commit")
    except TimeoutError:
        connection.terminate()  # it hangs, and would hang once more
        raise
    except BaseException:
        await _roll_back(connection)
        raise


async def _roll_back(connection: asyncpg.Connection) -> None:
    """Whoever comes next to this connection must not find it in the middle of something."""
    try:
        await connection.execute("rollback")
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
        connection.terminate()


async def _keep(_: asyncpg.Connection) -> None:
    """Nothing to reset between uses: no connection is ever given settings of its own."""


class guarded:  # noqa: N801 - reads as a word in `async with guarded()`
    """Turns what PostgreSQL or the way to it says into our words. Whoever was cancelled stays cancelled,
    whatever a dead connection says while it is given up.
    """

    async def __aenter__(self) -> None:
        return None

    async def __aexit__(self, _: Any, error: BaseException | None, __: Any) -> None:
        word = spoken(error) if error is not None else None
        if word is not None:
            task = asyncio.current_task()
            raise asyncio.CancelledError if task is not None and task.cancelling() else word from error


def spoken(error: BaseException) -> errors.ClubroomError | None:
    """The ClubroomError for a database error; None for what is not the database's."""
    if isinstance(error, asyncpg.PostgresError) and error.sqlstate == REFUSED:
        retry_ms = int(error.detail) if error.detail and error.detail.isdigit() else None
        detail = "" if retry_ms is not None else error.detail or ""
        return ERRORS_BY_CODE[str(error.message)](detail, retry_ms=retry_ms)
    if isinstance(error, asyncpg.InternalClientError):
        # PostgreSQL was killed: its last word has come over this connection, the end of it has not
        return errors.Unavailable(retry_ms=RETRY_MS)
    if isinstance(error, asyncpg.PostgresError | asyncpg.InterfaceError | OSError | TimeoutError):
        if isinstance(error, asyncpg.DataError | asyncpg.IntegrityConstraintViolationError | ValueError):
            return None  # our own mistake: loud, not "try again"
        return errors.Unavailable(retry_ms=RETRY_MS)
    return None


def logged(entry: Any) -> Logged:
    """A row of the SQL type `logged`."""
    return Logged(
        group=entry["group_id"],
        seq=entry["seq"],
        at=rfc3339(entry["at"]),
        body=entry["body"],
        joined=entry["joined"],
        cut=entry["cut"],
        opens=entry["opens"],
        closes=bool(entry["closes"]),
    )


def rfc3339(moment: datetime) -> str:
    """UTC with microseconds, always 27 characters, as `_rfc3339` in SQL."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
