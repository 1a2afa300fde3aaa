"""The check around every test fails where state changes and no action says so."""

from collections.abc import AsyncIterator

import pytest

from clubroom.dba.embedded import EmbeddedPostgres
from house.databases import connected
from house.fresh import FreshState
from house.server import House


@pytest.fixture
async def unchecked(shared_house: House) -> AsyncIterator[House]:
    """The shared server, without the check at the end."""
    shared_house.fresh = FreshState()
    yield shared_house
    shared_house.fresh = FreshState()
    await shared_house.everyone_leaves()


async def test_a_name_that_changes_without_an_action_is_found_whenever_it_was_looked_at(
    unchecked: House, postgres: EmbeddedPostgres
) -> None:
    club, [ann] = await unchecked.club("Ann")
    room = await ann.channel(club)
    await ann.post(room, "before")
    fresh = unchecked.fresh
    before = len(fresh.looks)
    await fresh.look(ann)
    assert len(fresh.looks) == before  # nothing has happened: nothing is looked at twice
    await fresh.check()
    async with connected(postgres.owner_dsn, role="clubroom_writer", search_path="clubroom") as sql:
        await sql.execute("update groups set name = 'Otherwise' where id = $1", room)
    await ann.post(club, "elsewhere")  # a look, at which this room's log has not moved
    with pytest.raises(AssertionError, match="Otherwise"):
        await fresh.check()
