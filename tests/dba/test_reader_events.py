"""Events, answers and numbers, as row-level security shows them to each person."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from clubroom.dba.embedded import EmbeddedPostgres
from house.events import made, says
from house.gateway import asking, gateway
from house.person import Person
from house.server import House


@pytest.fixture
async def reader(house: House, postgres: EmbeddedPostgres) -> AsyncIterator[asyncpg.Connection]:
    async with gateway(postgres) as connection:
        yield connection


async def rows(reader: asyncpg.Connection, who: Person, query: str, *given: Any) -> list[tuple[Any, ...]]:
    async with asking(reader, who.user):
        return [tuple(row.values()) for row in await reader.fetch(query, *given)]


ANSWERS = (
    "select u.sub, a.answer, a.standing, a.note from answers a join users u on u.id = a.user_id"
    " where a.group_id = $1 order by a.at"
)
COUNTS = "select going, maybe, no, waiting, taken from event_attendance where group_id = $1"


async def test_events_and_answers_are_read_by_the_club_and_by_nobody_else(
    house: House, reader: asyncpg.Connection
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    _, [xenia] = await house.club("Xenia")
    event, group = await made(ann, club, places=1)
    await says(ann, event, "going", note="with my violin")
    await says(ben, event, "going")
    expected = [(ann.user, "going", "in", "with my violin"), (ben.user, "going", "waiting", "")]
    for each in (ann, ben):
        assert await rows(reader, each, ANSWERS, group) == expected
        assert await rows(reader, each, COUNTS, group) == [(1, 0, 0, 1, 1)]
        [(name, start)] = await rows(
            reader,
            each,
            "select e.says ->> 'name', o.starts_at from events e join occurrences o using (group_id)"
            " where group_id = $1",
            group,
        )
        assert name == "Autumn concert" and start.year == 2036
    for query in (ANSWERS, COUNTS, "select key from events where group_id = $1"):
        assert await rows(reader, xenia, query, group) == []
    await ann.remove(club, ben.user)
    for query in (ANSWERS, COUNTS, "select key from occurrences where group_id = $1"):
        assert await rows(reader, ben, query, group) == []


async def test_where_only_admins_see_who_comes_one_reads_ones_own_answer_and_no_number(
    house: House, reader: asyncpg.Connection
) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    event, group = await made(ann, club, list_shown="admins")
    await says(ben, event, "going")
    await says(cleo, event, "no")
    assert {row[0] for row in await rows(reader, ann, ANSWERS, group)} == {ben.user, cleo.user}
    assert [row[0] for row in await rows(reader, ben, ANSWERS, group)] == [ben.user]
    for each in (ann, ben, cleo):
        assert await rows(reader, each, COUNTS, group) == []
    # nor by what one may count oneself
    assert await rows(reader, ben, "select count(*) from answers where group_id = $1", group) == [(1,)]


async def test_people_are_counted_in_what_one_reads_and_nowhere_else(
    house: House, reader: asyncpg.Connection
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    private = await ann.channel(club, "Board", private=True)
    public = await ann.channel(club, "Garden")
    counted = "select people from group_people where group_id = $1"
    assert [await rows(reader, ann, counted, group) for group in (club, public, private)] == [
        [(2,)],
        [(2,)],
        [(1,)],
    ]
    assert await rows(reader, ben, counted, private) == []


async def test_of_what_was_seen_one_reads_what_one_has_seen_oneself(
    house: House, reader: asyncpg.Connection
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    message = await ann.post(club, "hello")
    for each in (ann, ben):
        await each.ok("PUT", f"/api/groups/{club}/read", {"seq": message["seq"]})
    seen = "select u.sub from messages_seen s join users u on u.id = s.user_id where s.message_id = $1"
    assert await rows(reader, ben, seen, message["id"]) == [(ben.user,)]
