"""Behind a pooler that lends a connection for one transaction: a real pgbouncer, as strict as any."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from clubroom.dba import reading
from clubroom.dba.checks import APP_ROLE
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.migrate import migrate
from clubroom.dba.pool import Database
from clubroom.errors import NotFound, Unavailable
from house.databases import another_database, dsn
from house.pooler import SERVER_CONNECTIONS_MAX, pooled

AT_ONCE = 40


@pytest.fixture
async def db(postgres: EmbeddedPostgres) -> AsyncIterator[Database]:
    await migrate(postgres.owner_dsn)
    async with pooled(postgres.app_dsn, APP_ROLE) as pooler:
        database = await Database.open(pooler.dsn, pooler=True)
        yield database
        await database.close()


async def test_what_is_set_holds_for_each_transaction_whichever_connection_it_gets(db: Database) -> None:
    async def asked() -> tuple[str, str, str, int]:
        async with db.connection() as connection:
            row = await connection.fetchrow(
                "select current_setting('search_path') as path, current_setting('lock_timeout') as lock,"
                " current_user as who, pg_backend_pid() as pid, pg_sleep(0.02)"
            )
            return row["path"], row["lock"], row["who"], row["pid"]

    told = await asyncio.gather(*(asked() for _ in range(AT_ONCE)))
    assert {one[:3] for one in told} == {("clubroom", "2s", APP_ROLE)}
    assert 1 < len({one[3] for one in told}) <= SERVER_CONNECTIONS_MAX


async def test_many_who_ask_at_once_share_few_connections(db: Database) -> None:
    """What was prepared over another connection would be missing, or of somebody else."""
    others = [await Database.open(str(db.pool._connect_args[0]), pooler=True, pool_max=2) for _ in range(20)]
    epochs = await asyncio.gather(*(reading.epoch(other) for other in others for _ in range(5)))
    assert len(set(epochs)) == 1
    for other in others:
        await other.close()


async def test_a_refusal_rolls_back_and_leaves_the_connection_to_the_next(db: Database) -> None:
    for _ in range(3):
        with pytest.raises(NotFound):
            await db.read("online_members", who=1, group_id=987_654_321, n=1)
    assert await reading.epoch(db)


async def test_whoever_is_cancelled_in_the_middle_leaves_nothing_open(db: Database) -> None:
    asking = asyncio.Event()

    async def ask() -> None:
        async with db.connection() as connection:
            asking.set()
            await connection.fetchval("select pg_sleep(30)")

    task = asyncio.create_task(ask())
    await asking.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await reading.epoch(db)


async def test_the_owners_address_serves_as_the_role_that_may_only_execute(
    postgres: EmbeddedPostgres,
) -> None:
    name = f"pooled_{uuid4().hex}"
    async with (
        another_database(postgres, name, "clubroom_owner") as owner,
        pooled(owner, "clubroom_owner") as pooler,
    ):
        await migrate(pooler.dsn, forwards=True)
        database = await Database.open(pooler.dsn, pooler=True)
        await database.become(APP_ROLE)
        async with database.connection() as connection:
            assert await connection.fetchval("select current_user") == APP_ROLE
        await database.close()


async def test_a_pooler_that_is_away_is_told_in_our_words(postgres: EmbeddedPostgres) -> None:
    async with pooled(postgres.app_dsn, APP_ROLE) as pooler:
        database = await Database.open(pooler.dsn, pooler=True)
        await reading.epoch(database)
    with pytest.raises(Unavailable):
        await reading.epoch(database)
    await database.close()
    assert dsn(postgres, APP_ROLE, "clubroom")
