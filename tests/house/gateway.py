"""A gateway that only reads: it logs in as a role of its own, takes on clubroom_reader, and says who asks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from clubroom.dba.embedded import EmbeddedPostgres
from house.databases import connected, dsn

LOGIN = "a_gateway"
JUDGING = "a_judge"
SAYS_WHO_ASKS = "select set_config('clubroom.user', $1, true)"


@asynccontextmanager
async def gateway(
    postgres: EmbeddedPostgres, database: str = "clubroom"
) -> AsyncIterator[asyncpg.Connection]:
    """Its connection, until the block ends."""
    async with connected(dsn(postgres, "postgres", "postgres")) as superuser:
        if not await superuser.fetchval("select 1 from pg_roles where rolname = $1", LOGIN):
            await superuser.execute(f"create role {LOGIN} login noinherit")
            await superuser.execute(f"grant clubroom_reader to {LOGIN}")
    async with connected(
        dsn(postgres, LOGIN, database), role="clubroom_reader", search_path="clubroom"
    ) as one:
        yield one


@asynccontextmanager
async def judging(
    postgres: EmbeddedPostgres, database: str = "clubroom"
) -> AsyncIterator[asyncpg.Connection]:
    """The connection of one that is shown all rows, and judges each itself."""
    async with connected(dsn(postgres, "postgres", "postgres")) as superuser:
        if not await superuser.fetchval("select 1 from pg_roles where rolname = $1", JUDGING):
            await superuser.execute(f"create role {JUDGING} login")
            await superuser.execute(f"grant clubroom_gateway to {JUDGING}")
    async with connected(dsn(postgres, JUDGING, database), search_path="clubroom") as one:
        yield one


@asynccontextmanager
async def asking(connection: asyncpg.Connection, user: str | None) -> AsyncIterator[asyncpg.Connection]:
    """A transaction in which this person asks; None = nobody says who."""
    async with connection.transaction():
        if user is not None:
            await connection.execute(SAYS_WHO_ASKS, user)
        yield connection
