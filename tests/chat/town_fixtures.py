"""A house with a database of its own, where links are looked at by the test."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from clubroom.app.settings import Settings
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.migrate import migrate
from clubroom.dba.pool import Database
from house.certificate import Certificate
from house.databases import another_database, connected, dsn
from house.pages import certified, pages_of, sites_open
from house.server import House, running
from house.town import Town

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certified(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
async def own_house(postgres: EmbeddedPostgres, settings: Settings) -> AsyncIterator[tuple[House, str]]:
    async with another_database(postgres, "previewed", "clubroom_owner") as owner:
        await migrate(owner)
        db = await Database.open(dsn(postgres, "clubroom_app", "previewed"), role="clubroom_app")
        async with running(db, settings) as house:
            house.process.previewing.moment = lambda: LONG_AGO
            yield house, owner
        await db.close()


@pytest.fixture
async def town(own_house: tuple[House, str], certificate: Certificate) -> AsyncIterator[Town]:
    house, owner = own_house
    house.fresh = type(house.fresh)()
    house.blobs.kept.clear()
    async with connected(owner, role="clubroom_writer", search_path="clubroom") as writer:
        await writer.execute("delete from link_pages; delete from link_asks; delete from files")
    async with sites_open(certificate) as sites:
        town = Town(house, owner, sites, pages_of(sites, certificate))
        yield town
        await house.fresh.check()
        await town.pictures.close()
        await town.pages.close()
    await house.everyone_leaves()
