"""The past is searched in windows, newest first: everything is found once and in order."""

from collections.abc import AsyncIterator
from urllib.parse import urlencode

import asyncpg
import msgspec
import pytest

from clubroom.app import local
from clubroom.app.settings import Settings
from clubroom.dba.embedded import EmbeddedPostgres
from house.databases import OWNER, another_database, connected, dsn
from house.person import Person
from house.server import House, running

WINDOW = 3
ROUNDS = 60
BEHIND = """
select exists (select from search_marks m join groups g on g.id = m.group_id where g.head > m.to_seq)
"""


@pytest.fixture(scope="module")
async def own(
    postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[House, asyncpg.Connection]]:
    """A place of its own: nobody else's messages are in its windows; and a way to fill them by hand."""
    settings = Settings(data=tmp_path_factory.mktemp("windows"), secret=b"\1" * 32, posts_a_second=1_000)
    async with another_database(postgres, "windows", OWNER) as url:
        settings = msgspec.structs.replace(settings, database_url=url)
        roles = {"role": "clubroom_writer", "search_path": "clubroom"}
        async with (
            local.database(settings, lambda _: None) as db,
            running(db, settings) as house,
            connected(dsn(postgres, "postgres", "windows"), **roles) as sql,
        ):
            yield house, sql
            await house.everyone_leaves()


async def filled(sql: asyncpg.Connection) -> None:
    """A little at a time; the server's worker may take its part."""
    while await sql.fetchval("select fill_search(2, $1)", WINDOW) == "more" or await sql.fetchval(BEHIND):
        continue


async def anew(sql: asyncpg.Connection) -> None:
    """As a place with a past meets it for the first time."""
    await sql.execute("select _search_afresh($1)", WINDOW)
    await filled(sql)


async def all_of(person: Person, **asked: str | int) -> list[str]:
    """Page by page."""
    texts: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = await person.ok("GET", f"/api/search?{urlencode({**asked, 'limit': 20, **cursor})}")
        texts += [message["text"] for message in page["messages"]]
        if "cursor" not in page:
            return texts
        cursor = {"cursor": page["cursor"]}


async def test_what_is_frequent_and_what_is_rare_comes_newest_first_and_once(
    own: tuple[House, asyncpg.Connection],
) -> None:
    house, sql = own
    club, [ann, ben] = await house.club("Ann", "Ben")
    rooms = [club, await ann.channel(club), await ann.dm(ben)]
    for n in range(ROUNDS):
        rare = " needle" if n in (0, 31) else ""
        await (ann, ben)[n % 2].post(rooms[n % 3], f"number {n}{rare}")
    of_ben: dict[str, str | int] = {"from": ben.user, "in": club}
    await filled(sql)
    for fresh in (False, True):
        if fresh:
            await anew(sql)
            assert await sql.fetchval("select count(*) from search_windows") > ROUNDS / WINDOW
        newest_first = [f"number {n}{' needle' if n in (0, 31) else ''}" for n in reversed(range(ROUNDS))]
        assert await all_of(ann, q="number") == newest_first
        assert await all_of(ann, q="n") == newest_first  # no index holds one letter
        assert await all_of(ben, q="needle") == ["number 31 needle", "number 0 needle"]
        assert await all_of(ann, **of_ben) == newest_first[2::6]
        assert await all_of(ann, q="x") == await all_of(ann, q="nowhere") == []


async def test_a_newcomer_finds_what_was_said_since_in_whatever_window_it_stands(
    own: tuple[House, asyncpg.Connection],
) -> None:
    house, sql = own
    club, [ann, ben] = await house.club("Ann", "Ben")
    room = await ann.channel(club, "Board", private=True)
    for n in range(10):
        await ann.post(room, f"before {n}")
    await ann.ok("POST", f"/api/groups/{room}/members", {"users": [ben.user], "history": False})
    for n in range(10):
        await ann.post(room, f"after {n}")
    await anew(sql)
    since = [f"after {n}" for n in reversed(range(10))]
    assert await all_of(ben, **{"in": room}) == since
    assert await all_of(ben, q="e") == []
    assert await all_of(ann, **{"in": room}) == since + [f"before {n}" for n in reversed(range(10))]
