"""Post offices over each kind of gateway. Where functions were deployed, nobody can reach into them or set
their clock: there it is waited for what they do by themselves, and read in the database what came of it.
"""

import base64
import json
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

from clubroom.app.settings import Settings
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.migrate import migrate
from clubroom.dba.pool import Database
from clubroom.ports.push import NotPushed, Push
from house.api_gateway import Weather, elsewhere
from house.databases import another_database, connected, dsn
from house.deployment import deployed
from house.pause import pause
from house.person import Person
from house.pooler import pooled
from house.server import running
from house.within import within
from notification.post_office import LONG_AGO, PostOffice

APP_ROLE = "clubroom_app"
DECIDED_S = 60.0  # a few seconds, or as long as a sweep takes to come
PUSHED = """
  select p.id, t.address from pushes p join push_targets t using (session)
  where p.kind = 'message' and p.id > $1 order by p.id
"""


class DeployedOffice(PostOffice):
    """The same, of functions."""

    patience_s = 60.0  # functions have to start first
    pushed = 0

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

    async def send(self, *refusals: NotPushed | None, after_s: float = 0) -> list[Push]:
        """What was to be pushed since this was last asked."""
        assert not refusals
        assert not after_s
        rows = await self.writer.fetch(PUSHED, self.pushed)
        self.pushed = max([self.pushed, *(row["id"] for row in rows)])
        pushes: list[Any] = [SimpleNamespace(target=SimpleNamespace(address=row["address"])) for row in rows]
        return pushes


@asynccontextmanager
async def office_at(kind: str, postgres: EmbeddedPostgres, settings: Settings) -> AsyncIterator[PostOffice]:
    """One over that kind of gateway, with a database of its own, until the block ends."""
    name = f"told_{kind}"
    async with another_database(postgres, name, "clubroom_owner") as owner:
        await migrate(owner, forwards=kind == "ministack")
        async with connected(owner, role="clubroom_writer", search_path="clubroom") as writer:
            app = dsn(postgres, APP_ROLE, name)
            if kind == "ministack":
                async with pooled(app, APP_ROLE) as pooler, deployed(pooler.dsn, settings) as house:
                    yield DeployedOffice(house, writer)
                    await house.everyone_leaves()
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
