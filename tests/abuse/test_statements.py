"""What the database is asked, counted: a person's groups are in the claims, so nobody looks them up."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from clubroom.app.settings import Settings
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.pool import Database
from house.person import Person
from house.server import House, running

CALLED = re.compile(r"(?:from|select)\s+([a-z_]+)\(")
BESIDE = {"pg_notify"}  # other servers are told of what everybody said within a moment, together
TYPES = ("typeinfo_tree", "'jit'")  # what the driver asks for itself
CONNECTIONS = 3  # one is the bus's
BY_ITSELF = {"worker", "beat"}
LISTS_GROUPS = {"group_ids", "my_groups"}


class Statements:
    """Every function that the server calls in the database, in order."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, record: Any) -> None:
        if record.query.startswith(("LISTEN", "UNLISTEN")) or any(one in record.query for one in TYPES):
            return
        found = CALLED.findall(record.query)
        assert found, record.query
        self.asked += [name for name in found if name not in BESIDE]

    def taken(self) -> list[str]:
        """What was asked since the last time."""
        asked, self.asked = self.asked, []
        return asked


@pytest.fixture
async def counted(
    database: Database, postgres: EmbeddedPostgres, settings: Settings
) -> AsyncIterator[tuple[House, Statements]]:
    """A server of its own, each of whose connections writes down what it is asked. What it does by itself, in
    worker and beat, is none of a person's: it rests.
    """
    statements = Statements()
    db = await Database.open(postgres.app_dsn, pool_max=CONNECTIONS)
    async with AsyncExitStack() as stack:
        for _ in range(CONNECTIONS):
            connection = await stack.enter_async_context(db.pool.acquire())
            connection.add_query_logger(statements)
    async with running(db, settings) as house:
        resting = [task for task in house.process._running if task.get_name() in BY_ITSELF]
        assert {task.get_name() for task in resting} >= BY_ITSELF
        for task in resting:
            task.cancel()
        await asyncio.wait(resting)
        yield house, statements
        await house.everyone_leaves()
    await db.close()


async def quietly(person: Person) -> None:
    """No looks of F17 between the calls that are counted."""

    async def nothing(_: Person) -> None:
        return None

    person.changed = nothing


async def test_hello_post_and_page_ask_once_each_and_never_for_the_groups(
    counted: tuple[House, Statements],
) -> None:
    house, statements = counted
    club, [ann] = await house.club("Ann")
    await quietly(ann)
    statements.taken()
    device = await ann.device()
    assert statements.taken() == ["readable_groups"]
    await device.post(club, "by socket")
    assert statements.taken() == ["post_messages"]
    await ann.post(club, "by call")
    assert statements.taken() == ["post_messages"]
    await ann.page(club)
    assert statements.taken() == ["messages_before"]


async def test_coming_back_asks_once_more_for_what_was_missed(counted: tuple[House, Statements]) -> None:
    house, statements = counted
    club, [ann] = await house.club("Ann")
    await quietly(ann)
    statements.taken()
    device = await ann.device({club: 1})
    assert statements.taken() == ["readable_groups", "actions_after"]
    await device.leave()
    await ann.device({club: 2**62})
    assert statements.taken() == ["readable_groups"]


async def test_reading_syncing_and_a_refused_post_ask_no_more_than_they_must(
    counted: tuple[House, Statements],
) -> None:
    house, statements = counted
    club, [ann] = await house.club("Ann")
    await quietly(ann)
    statements.taken()
    await ann.ok("PUT", f"/api/groups/{club}/read", {"seq": 1})
    assert statements.taken() == ["move_read_pointer"]
    await ann.ok("POST", "/api/sync", {"cursors": {}})
    assert statements.taken() == ["readable_groups"]
    await ann.refused(
        "PUT", "/api/messages/00000000-0000-0000-0000-000000000000", {"group": club, "text": "x"}
    )
    await ann.refused("GET", "/api/groups/0/messages")
    assert statements.taken() == []


async def test_the_count_would_notice_a_query_that_lists_groups(counted: tuple[House, Statements]) -> None:
    house, statements = counted
    ann = await house.person("Ann")
    statements.taken()
    await ann.me()
    assert LISTS_GROUPS & set(statements.taken())
