"""Nobody keeps others from reading: not by many or long questions, by hanging up, or by sending slowly."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import asyncpg
import pytest

from clubroom.dba.embedded import EmbeddedPostgres
from house.databases import connected, dsn
from house.gateway import LOGIN
from house.server import House
from house.within import within
from peers.postgraphile.conftest import Peer, reading

HELD = "{ " + " ".join(f"a{n}: allLabels(first: {n}) {{ nodes {{ name }} }}" for n in range(1, 31)) + " }"
"""Thirty lists of what is locked: they would take 90 seconds one by one, and ten connections all at once."""
FREE = "{ __typename }"
RUNNING = "select count(*) from pg_stat_activity where usename = $1 and wait_event_type = 'Lock'"


@asynccontextmanager
async def locked(postgres: EmbeddedPostgres) -> AsyncIterator[asyncpg.Connection]:
    """Until the block ends nobody reads a label. A connection that sees who waits for one."""
    async with connected(postgres.owner_dsn) as owner, owner.transaction():
        await owner.execute("lock table clubroom.labels in access exclusive mode")
        async with connected(dsn(postgres, "postgres", "postgres")) as superuser:
            yield superuser


async def until(seen: asyncpg.Connection, wanted: int) -> None:
    async with within(10, f"{wanted} statements run"):
        while await running(seen) != wanted:  # noqa: ASYNC110
            await asyncio.sleep(0)


async def running(seen: asyncpg.Connection) -> int:
    return int(await seen.fetchval(RUNNING, LOGIN))


async def test_one_person_has_two_questions_answered_and_others_are_answered_meanwhile(
    house: House, peer: Peer, postgres: EmbeddedPostgres
) -> None:
    tokens = [await reading((await house.club(name))[1][0]) for name in ("Ann", "Ben")]
    async with locked(postgres) as seen:
        held = [asyncio.create_task(peer.posted({"query": HELD}, tokens[0])) for _ in range(2)]
        await until(seen, 2)
        third = await peer.posted({"query": FREE}, tokens[0])
        assert (third.status_code, third.headers["retry-after"]) == (429, "1")
        assert third.json()["errors"] == [{"message": "At most 2 questions at once."}]
        assert await peer.asked(tokens[1], FREE) == {"__typename": "Query"}
    assert [(await one).status_code for one in held] == [200, 200]
    assert await peer.asked(tokens[0], FREE) == {"__typename": "Query"}


async def test_an_answer_has_ten_seconds_and_one_connection_at_a_time(
    house: House, peer: Peer, postgres: EmbeddedPostgres
) -> None:
    _, [ann] = await house.club("Ann")
    token = await reading(ann)
    async with locked(postgres) as seen:
        begun = time.monotonic()
        task = asyncio.create_task(peer.posted({"query": HELD}, token))
        most = 0
        while not task.done():
            most = max(most, await running(seen))
            await asyncio.sleep(0)
        answer, took = await task, time.monotonic() - begun
        assert most == 1
        assert await running(seen) == 0
    assert 9.5 < took < 12
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.json() == {"errors": [{"message": "An answer has 10 seconds. Ask for less."}]}
    assert (await peer.asked(token, "{ allLabels(first: 1) { nodes { name } } }"))["allLabels"]["nodes"] == []


async def test_who_hangs_up_is_asked_for_no_further(
    house: House, peer: Peer, postgres: EmbeddedPostgres
) -> None:
    _, [ann] = await house.club("Ann")
    token = await reading(ann)
    async with locked(postgres) as seen:
        held = [asyncio.create_task(peer.posted({"query": HELD}, token)) for _ in range(2)]
        await until(seen, 2)
        begun = time.monotonic()
        for one in held:
            one.cancel()
        await asyncio.gather(*held, return_exceptions=True)
        await until(seen, 0)
        async with within(2, "Ann has her places again"):
            while (await peer.posted({"query": FREE}, token)).status_code == 429:  # noqa: ASYNC110
                await asyncio.sleep(0)
        assert time.monotonic() - begun < 5  # one statement each
        assert await running(seen) == 0


async def trickled(peer: Peer, token: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A question of which the half has come, and the rest never does."""
    where = urlsplit(peer.url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    body = json.dumps({"query": FREE})
    lines = [
        "POST /graphql HTTP/1.1",
        f"Host: {where.netloc}",
        f"Authorization: Bearer {token}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    writer.write(("\r\n".join(lines) + "\r\n\r\n" + body[:5]).encode())
    await writer.drain()
    return reader, writer


async def test_questions_that_come_slowly_take_no_place_and_are_ended(house: House, peer: Peer) -> None:
    tokens = [await reading((await house.club(name))[1][0]) for name in ("Ann", "Ben")]
    begun = time.monotonic()
    slow = [await trickled(peer, tokens[0]) for _ in range(25)]
    try:
        for token in tokens:
            assert await peer.asked(token, FREE) == {"__typename": "Query"}
        async with within(15, "what never comes whole is ended"):
            ends = [await reader.read() for reader, _ in slow]
    finally:
        for _, writer in slow:
            writer.close()
    assert time.monotonic() - begun > 9
    assert all(one.startswith(b"HTTP/1.1 408 ") for one in ends)


@pytest.mark.parametrize("query", ["{ nothing }", "{ allGroups { nodes { name } } }", "{", FREE])
async def test_a_place_is_given_back_however_the_question_ends(house: House, peer: Peer, query: str) -> None:
    _, [ann] = await house.club("Ann")
    token = await reading(ann)
    said = [await peer.posted({"query": query}, token) for _ in range(3)]
    assert {one.status_code for one in said} <= {200, 400}
    assert await peer.asked(token, FREE) == {"__typename": "Query"}
