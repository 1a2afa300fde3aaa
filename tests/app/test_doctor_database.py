"""What `clubroom doctor` says of a database: its version, its safety, its fences, its clock."""

from collections.abc import AsyncIterator

import pytest

from clubroom.app.doctor import examined, status
from clubroom.app.doctor.database import clock
from clubroom.app.doctor.finding import Finding
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.migrate import migrate
from faults.server import free_port
from house.checkup import about, levels
from house.databases import OWNER, another_database, connected, dsn


@pytest.fixture(scope="module")
async def ailing(postgres: EmbeddedPostgres) -> AsyncIterator[str]:
    """A database that is there to be spoiled."""
    async with another_database(postgres, "ailing", OWNER) as url:
        assert about("migrations", await at(url))[0][1].startswith("The database is empty")
        await migrate(url)
        yield url


async def at(url: str, **more: str) -> list[Finding]:
    return await examined(
        {"DATABASE_URL": url, "CLUBROOM_SECRET": "ab" * 32, "PORT": str(free_port()), **more}
    )


async def test_a_database_that_is_well_is_told(ailing: str) -> None:
    found = levels(await at(ailing))
    assert {found[one] for one in ("database", "durability", "migrations", "fences", "clock")} == {"good"}


@pytest.mark.parametrize(
    ("spoiling", "level", "told"),
    [
        ("delete from migrations where name = '0006_repair.sql'", "warning", "to come: 0006_repair.sql"),
        (
            "update migrations set digest = 'x' where name = '0001_log.sql'",
            "wrong",
            "0001_log.sql reads otherwise",
        ),
        ("insert into migrations(name, digest) values ('0999_x.sql', 'x')", "wrong", "newer Clubroom"),
    ],
)
async def test_a_database_of_another_version_is_told(
    ailing: str, spoiling: str, level: str, told: str
) -> None:
    async with connected(ailing, search_path="clubroom, pg_temp") as owner:
        before = await owner.fetch("select name, digest from migrations")
        await owner.execute(spoiling)
        try:
            [(found, says)] = about("migrations", await at(ailing))
        finally:
            await owner.execute("delete from migrations")
            await owner.executemany("insert into migrations(name, digest) values ($1, $2)", before)
    assert found == level
    assert told in says


FENCES = [
    ("database", "alter table clubroom.messages no force row level security", "not forced on: messages"),
    ("fences", "drop policy functions_only on clubroom.users", "functions_only is missing on users"),
    ("fences", "create policy all_in on clubroom.users using (true)", "not Clubroom's opens users"),
    ("fences", "grant select on clubroom.users to clubroom_app", "may touch users itself"),
    ("fences", "grant execute on function clubroom._new_epoch() to public", "may call _new_epoch"),
    ("fences", "grant delete on clubroom.messages to clubroom_reader", "more than read: write messages"),
]


@pytest.mark.parametrize(("check", "spoiling", "told"), FENCES, ids=[told for _, _, told in FENCES])
async def test_a_gap_in_a_fence_is_told_and_whatever_can_be_is_mended_by_a_start(
    ailing: str, postgres: EmbeddedPostgres, check: str, spoiling: str, told: str
) -> None:
    async with connected(dsn(postgres, "postgres", "ailing")) as superuser:
        await superuser.execute(spoiling)
        found = await at(ailing)
        assert status(found) == 1
        assert any(told in says for level, says in about(check, found) if level == "wrong")
        await migrate(ailing)
        await superuser.execute("drop policy if exists all_in on clubroom.users")
        await superuser.execute("revoke all on clubroom.users from clubroom_app")
    assert about("fences", await at(ailing))[0][0] == "good"


async def test_a_database_that_does_not_keep_commits_safe_is_told(
    ailing: str, postgres: EmbeddedPostgres
) -> None:
    async with connected(dsn(postgres, "postgres", "postgres")) as superuser:
        await superuser.execute("alter database ailing set synchronous_commit = off")
        try:
            unsafe = await at(ailing)
            trusted = await at(ailing, CLUBROOM_DATABASE_IS_DURABLE="1")
        finally:
            await superuser.execute("alter database ailing reset synchronous_commit")
    assert status(unsafe) == 1
    assert any("synchronous_commit is off" in says for _, says in about("database", unsafe))
    assert status(trusted) == 0
    assert levels(trusted)["durability"] == "warning"


async def test_a_database_without_the_role_that_reads_is_told_so_and_gets_its_rows_when_it_has_one(
    ailing: str,
) -> None:
    async with connected(ailing) as owner:
        tables = await owner.fetch(
            "select polrelid::regclass::text from pg_policy where polname = 'what_one_reads'"
        )
        for (table,) in tables:
            await owner.execute(f"drop policy what_one_reads on {table}")
        told = about("fences", await at(ailing))
        assert [level for level, _ in told] == ["good", "warning"]
        assert "clubroom_reader is missing" in told[1][1]
        await migrate(ailing)
        assert [level for level, _ in about("fences", await at(ailing))] == ["good"]


async def test_the_fence_that_a_host_with_one_role_cannot_have_is_named(postgres: EmbeddedPostgres) -> None:
    async with another_database(postgres, "lonely", "one_role_only") as url:
        await migrate(url)
        found = await at(url)
    [(level, says)] = about("fences", found)
    assert level == "warning"
    assert "the server owns the tables" in says
    assert status(found) == 0


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://ann:x@127.0.0.1:1/x", "nobody answers there"),
        ("postgresql://ann:x@no.such.host.invalid/x", "there is no computer of that name"),
        ("nonsense", "invalid DSN"),
    ],
)
async def test_a_database_that_cannot_be_reached_is_told(url: str, told: str) -> None:
    [(level, says)] = about("database", await at(url))
    assert level == "wrong"
    assert told in says


@pytest.mark.parametrize(
    ("ahead_s", "level"),
    [(0, "good"), (-1.9, "good"), (2, "warning"), (-59, "warning"), (60, "wrong"), (-3600, "wrong")],
)
def test_a_clock_that_goes_wrong_is_told(ahead_s: float, level: str) -> None:
    assert clock(ahead_s).level == level
