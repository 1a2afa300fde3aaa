"""One deployment for these tests, in the database that all tests share."""

from collections.abc import AsyncIterator

import pytest

from clubroom.app.settings import Settings
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.pool import Database
from house.deployment import Deployed
from house.venues import venue_at


@pytest.fixture(scope="session")
async def deployment(
    postgres: EmbeddedPostgres, database: Database, settings: Settings
) -> AsyncIterator[Deployed]:
    async with venue_at("ministack", postgres, database, settings) as house:
        assert isinstance(house, Deployed)
        yield house


@pytest.fixture
async def club_house(deployment: Deployed) -> AsyncIterator[Deployed]:
    """F17 holds here, too."""
    deployment.fresh = type(deployment.fresh)()
    yield deployment
    try:
        await deployment.fresh.check()
    finally:
        await deployment.everyone_leaves()
