"""A PostgreSQL of the host's own instead of the embedded one: with two roles, with one, and not durable."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import pytest

from clubroom.app import local
from clubroom.app.settings import Settings
from clubroom.dba import checks, statistics
from clubroom.dba.checks import DatabaseUnfit
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.pool import Database
from house.databases import OWNER, another_database, connected, dsn
from house.server import House, running
from house.within import within

LONELY = "one_role_only"
FOUND_S = 4.0
MAY_NOT = (asyncpg.InsufficientPrivilegeError,)


def by_url(url: str, **more: Any) -> Settings:
    return msgspec.structs.replace(Settings(data=Path(), secret=b"\1" * 32), database_url=url, **more)


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where letters are put."""
    monkeypatch.chdir(tmp_path)


async def talk(house: House) -> tuple[int, int]:
    """Two people in a club, live; the club, and how many messages it holds at the end."""
    club, [ann, ben] = await house.club("Ann", "Ben")
    his = await ben.device()
    await ann.post(club, "hello")
    await his.until(lambda: his.actions(club))
    await his.post(club, "hello yourself")
    async with within(FOUND_S, "Ann found both"):
        while (await ann.call("GET", "/api/search?q=hell")).text.count('"hello') != 2:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    await ann.remove(club, ben.user)
    found = len((await ann.page(club))["messages"])
    await house.fresh.check()
    await house.everyone_leaves()
    return club, found


@pytest.fixture(scope="module")
async def given(postgres: EmbeddedPostgres) -> AsyncIterator[str]:
    """A database whose owner may make roles."""
    async with another_database(postgres, "given", OWNER) as url:
        yield url


async def test_an_empty_database_is_made_ready_and_served_by_the_role_that_may_only_call(given: str) -> None:
    """DATABASE_URL names the owner; every connection that serves gives its rights up."""
    async with local.database(by_url(given), lambda _: None) as db:
        assert await checks.fitness(db, durable_by_other_means=False) == checks.Fitness([], [])
        async with running(db, by_url(given)) as house:
            _, found = await talk(house)
        assert found == 2
        async with db.pool.acquire() as connection:
            assert await connection.fetchval("select current_user") == checks.APP_ROLE
            with pytest.raises(MAY_NOT):
                await connection.fetch("select * from messages")
            with pytest.raises(MAY_NOT):
                await connection.execute("delete from actions")


async def test_a_second_start_finds_everything_in_its_place(given: str) -> None:
    epochs = []
    for _ in range(2):
        async with local.database(by_url(given), lambda _: None) as db:
            epochs.append(await db.read("installation_epoch"))
    assert epochs[0] == epochs[1]


@pytest.mark.parametrize("weak", ["off", "local"])
async def test_a_database_that_may_lose_what_it_confirmed_is_refused(
    given: str, postgres: EmbeddedPostgres, weak: str
) -> None:
    """L7: unless the host says that its provider keeps it safe by other means."""
    async with connected(dsn(postgres, "postgres", "postgres")) as superuser:
        await superuser.execute(f"alter database given set synchronous_commit = {weak}")
        try:
            with pytest.raises(DatabaseUnfit, match="synchronous_commit is off"):
                async with local.database(by_url(given), lambda _: None):
                    pass
            async with local.database(by_url(given, database_is_durable=True), lambda _: None) as db:
                assert await db.read("installation_epoch")
        finally:
            await superuser.execute("alter database given reset synchronous_commit")


async def test_a_superuser_serves_nobody_with_its_own_rights(given: str, postgres: EmbeddedPostgres) -> None:
    url = dsn(postgres, "postgres", "given")
    async with local.database(by_url(url), lambda _: None) as db, db.pool.acquire() as connection:
        assert await connection.fetchval("select current_user") == checks.APP_ROLE
    db = await Database.open(url)
    found = await checks.fitness(db, durable_by_other_means=False)
    await db.close()
    assert "superuser" in found.reasons[0]


async def test_one_role_that_may_make_no_others_suffices(postgres: EmbeddedPostgres) -> None:
    """Row-level security holds the owner too: without the functions it sees no row and writes none."""
    async with another_database(postgres, "modest", LONELY) as url:
        async with local.database(by_url(url), lambda _: None) as db:
            found = await checks.fitness(db, durable_by_other_means=False)
            assert found.reasons == []
            assert ["One role" in warning for warning in found.warnings] == [True]
            async with running(db, by_url(url)) as house:
                club, messages = await talk(house)
            assert messages == 2
            async with db.pool.acquire() as connection:
                await sees_nothing(connection, club)
            await counted(db, club)
        async with connected(url, search_path="clubroom") as owner:
            await sees_nothing(owner, club)
        async with connected(dsn(postgres, "clubroom_app", "modest")) as other:
            with pytest.raises(MAY_NOT):
                await other.fetch("select clubroom.installation_epoch()")


async def counted(db: Database, club: int) -> None:
    """The function that counts sees the rows, whoever owns the views."""
    async with within(FOUND_S * 5, "the club's people are counted"), db.pool.acquire() as connection:
        while not await connection.fetchval("select people from statistics_people where group_id = $1", club):
            await statistics.refresh(db, 0)


async def sees_nothing(connection: asyncpg.Connection, club: int) -> None:
    assert await connection.fetchval("select current_user") == LONELY
    for table in ("users", "groups", "memberships", "messages", "actions", "sessions", "join_codes"):
        assert await connection.fetch(f"table {table}") == []
    assert await connection.execute("delete from actions") == "DELETE 0"
    assert await connection.execute("update memberships set role = 'owner'") == "UPDATE 0"
    with pytest.raises(MAY_NOT):
        await connection.execute(
            "insert into memberships(group_id, user_id, role, since_seq) values ($1, 1, 'owner', 1)", club
        )
