"""Where a conversation is held: over our own gateway, over one elsewhere, or over the one of AWS.

With `CLUBROOM_VENUE=local`, `remote`, `functions` or `ministack` the same tests run there alone, under the
same names, so that two runs can be compared test by test.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec import structs

from clubroom.app.settings import Settings
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.migrate import migrate
from clubroom.dba.pool import Database
from house.api_gateway import Weather, elsewhere
from house.deployment import deployed
from house.functions import functions
from house.pooler import pooled
from house.server import House, running

CHOSEN = os.environ.get("CLUBROOM_VENUE")
VENUES = [CHOSEN] if CHOSEN else ["local", "functions"]
NAMES = ["venue"] if CHOSEN else VENUES
SHUFFLED = Weather(late_s=0.03)
APP_ROLE = "clubroom_app"


@asynccontextmanager
async def forwarding(owner_dsn: str) -> AsyncIterator[None]:
    """Commits leave word for sockets elsewhere, until the block ends."""
    await migrate(owner_dsn, forwards=True)
    yield
    await migrate(owner_dsn, forwards=False)


@asynccontextmanager
async def venue_at(
    kind: str, postgres: EmbeddedPostgres, db: Database, settings: Settings
) -> AsyncIterator[House]:
    """A house of that kind over the database of `postgres`, which is migrated, until the block ends."""
    match kind:
        case "local":
            async with running(db, settings) as house:
                yield house
        case "remote":
            async with elsewhere(db, settings, SHUFFLED) as house:
                yield house
        case "functions":
            async with pooled(postgres.app_dsn, APP_ROLE) as pooler, forwarding(postgres.owner_dsn):
                public = structs.replace(settings, public_url="https://club.example", pooler=True)
                async with functions(pooler.dsn, public, SHUFFLED) as house:
                    yield house
        case "ministack":
            async with (
                forwarding(postgres.owner_dsn),
                pooled(postgres.app_dsn, APP_ROLE) as pooler,
                deployed(pooler.dsn, settings) as house,
            ):
                yield house
        case _:
            raise ValueError(f"There is no venue {kind}.")
