"""Functions behind a real pooler, for the tests of one file."""

from collections.abc import AsyncIterator

import pytest

from clubroom.app.settings import Settings
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.pool import Database
from house.functions import Functions
from house.venues import venue_at

HERE = "https://club.example"


@pytest.fixture(scope="module")
async def functions_of_all(
    postgres: EmbeddedPostgres, database: Database, settings: Settings
) -> AsyncIterator[Functions]:
    async with venue_at("functions", postgres, database, settings) as house:
        assert isinstance(house, Functions)
        yield house


@pytest.fixture
async def house(functions_of_all: Functions) -> AsyncIterator[Functions]:
    """F17 holds, whatever goes wrong."""
    functions_of_all.fresh = type(functions_of_all.fresh)()
    yield functions_of_all
    await functions_of_all.fresh.check()
    await functions_of_all.everyone_leaves()
    await functions_of_all.settled()
