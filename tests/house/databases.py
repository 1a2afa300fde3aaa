"""Databases as a host would give them, beside the one that all tests share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from clubroom.dba.embedded import EmbeddedPostgres

OWNER = "clubroom_owner"


def dsn(postgres: EmbeddedPostgres, role: str, database: str) -> str:
    """The address of a database in the PostgreSQL of the tests, for a role of it."""
    return postgres.owner_dsn.replace(f"//{OWNER}@/clubroom?", f"//{role}@/{database}?")


@asynccontextmanager
async def connected(dsn: str, **settings: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection until the block ends."""
    connection = await asyncpg.connect(dsn, server_settings=settings)
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def another_database(postgres: EmbeddedPostgres, name: str, owner: str) -> AsyncIterator[str]:
    """An empty one in the same PostgreSQL; its owner's address."""
    async with connected(dsn(postgres, "postgres", "postgres")) as superuser:
        if not await superuser.fetchval("select 1 from pg_roles where rolname = $1", owner):
            await superuser.execute(f"create role {owner} login")
        await superuser.execute(f"create database {name} owner {owner}")
        try:
            yield dsn(postgres, owner, name)
        finally:
            await superuser.execute(f"drop database {name} with (force)")
