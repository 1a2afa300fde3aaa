"""Functions behind a real pooler, for the tests of one file."""

from collections.abc import AsyncIterator

import pytest
from msgspec import structs

from clubroom.app.settings import Settings
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.migrate import migrate
from house.functions import Functions, functions
from house.pooler import pooled
from house.venues import APP_ROLE, forwarding

HERE = "https://club.example"


@pytest.fixture(scope="module")
async def functions_of_all(postgres: EmbeddedPostgres, settings: Settings) -> AsyncIterator[Functions]:
    await migrate(postgres.owner_dsn)
    async with pooled(postgres.app_dsn, APP_ROLE) as pooler, forwarding(postgres.owner_dsn):
        public = structs.replace(settings, public_url=HERE, pooler=True)
        async with functions(pooler.dsn, public) as house:
            yield house


@pytest.fixture
async def house(functions_of_all: Functions) -> AsyncIterator[Functions]:
    functions_of_all.fresh = type(functions_of_all.fresh)()
    yield functions_of_all
    await functions_of_all.fresh.check()
    await functions_of_all.everyone_leaves()
    await functions_of_all.settled()
