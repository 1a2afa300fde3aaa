"""What tests of who is told share."""

from collections.abc import AsyncIterator

import pytest

from clubroom.app.settings import Settings
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.migrate import migrate
from clubroom.dba.pool import Database
from house.databases import another_database, connected, dsn
from house.server import House, running
from notification.post_office import LONG_AGO, PostOffice


@pytest.fixture(scope="package")
async def own_house(postgres: EmbeddedPostgres, settings: Settings) -> AsyncIterator[tuple[House, str]]:
    """A server whose own jobs find nothing to decide or push, and the address of its database."""
    async with another_database(postgres, "told", "clubroom_owner") as owner:
        await migrate(owner)
        db = await Database.open(dsn(postgres, "clubroom_app", "told"), role="clubroom_app")
        async with running(db, settings) as house:
            house.process.decision.moment = house.process.pushing.moment = lambda: LONG_AGO
            yield house, owner
        await db.close()


@pytest.fixture
async def office(own_house: tuple[House, str]) -> AsyncIterator[PostOffice]:
    """By the clock of the test; at the end F17 is checked for everybody who came in."""
    house, owner = own_house
    house.fresh = type(house.fresh)()
    async with connected(owner, role="clubroom_writer", search_path="clubroom") as writer:
        await writer.execute("delete from notices; delete from pushes; delete from push_targets")
        yield PostOffice(house, writer)
    await house.fresh.check()
    await house.everyone_leaves()
