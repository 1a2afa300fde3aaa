"""Post offices over each kind of gateway. Where functions were deployed, nobody can reach into them or set
their clock: there it is waited for what they do by themselves, and read in the database what came of it.
"""

import base64
import json
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import timedelta

import asyncpg

from clubroom.app.settings import Settings
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.migrate import migrate
from clubroom.dba.pool import Database
from clubroom.notification.pushes import Pushing
from house.api_gateway import Weather, elsewhere
from house.databases import another_database, connected, dsn
from house.deployment import deployed
from house.pause import pause
from house.person import Person
from house.pooler import pooled
from house.server import House, running
from house.within import within
from notification.post_office import LONG_AGO, Post, PostOffice

APP_ROLE = "clubroom_app"
DECIDED_S = 60.0  # a few seconds, or as long as a sweep takes to come
AHEAD = timedelta(minutes=10)  # by then whatever the worker took is free again


class DeployedOffice(PostOffice):
    """The same, of functions."""

    patience_s = 60.0  # functions have to start first

    def __init__(self, house: House, writer: asyncpg.Connection, db: Database) -> None:
        super().__init__(house, writer)
        self.db = db
        self.ahead = AHEAD

    async def look(self) -> None:
        """Each frame tells the database by itself."""

    def key(self, person: Person) -> int:
        """As the token carries it."""
        payload = person.token.split(".")[1]
        return int(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["uid"])

    async def decide(self, here: Collection[Person] = (), *, after_s: float = 0) -> int:
        """Waits until they have: without `after_s` about whoever is nowhere here, then about everybody."""
        waits = "not waited" if not after_s else "true"
        async with within(DECIDED_S, "it was decided who is told"):
            while n := int(await self.writer.fetchval(f"select count(*) from notices where {waits}")):  # noqa: S608
                await pause(0.2)
        return n

    def pushing(self, post: Post) -> Pushing:
        """What the worker could not send, since nobody is there, is taken from it."""
        return Pushing(self.db, {"web": post}, moment=lambda: self.now)


@asynccontextmanager
async def office_at(kind: str, postgres: EmbeddedPostgres, settings: Settings) -> AsyncIterator[PostOffice]:
    """One over that kind of gateway, with a database of its own, until the block ends."""
    name = f"told_{kind}"
    async with another_database(postgres, name, "clubroom_owner") as owner:
        await migrate(owner, forwards=kind == "ministack")
        async with connected(owner, role="clubroom_writer", search_path="clubroom") as writer:
            app = dsn(postgres, APP_ROLE, name)
            if kind == "ministack":
                async with pooled(app, APP_ROLE) as pooler, deployed(pooler.dsn, settings) as far:
                    direct = await Database.open(app, role=APP_ROLE)
                    yield DeployedOffice(far, writer, direct)
                    await far.everyone_leaves()
                    await direct.close()
                return
            db = await Database.open(app, role=APP_ROLE)
            place = (
                elsewhere(db, settings, Weather(late_s=0.03)) if kind == "remote" else running(db, settings)
            )
            async with place as house:
                house.process.decision.moment = house.process.pushing.moment = lambda: LONG_AGO
                yield PostOffice(house, writer)
                await house.everyone_leaves()
            await db.close()
