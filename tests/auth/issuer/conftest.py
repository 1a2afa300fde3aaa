"""A place whose host has named an issuer."""

from collections.abc import AsyncIterator

import httpx
import pytest

from auth.issuer.rig import with_issuer
from clubroom.app.settings import Settings
from clubroom.dba.pool import Database
from house.issuer import FakeIssuer, issuing
from house.mailbox import Folder
from house.server import House, running
from house.uuid7 import uuid7


@pytest.fixture(scope="module")
async def issuer() -> AsyncIterator[FakeIssuer]:
    async with issuing() as made:
        yield made


@pytest.fixture
def fake(issuer: FakeIssuer) -> FakeIssuer:
    """As it was in the beginning; each test has people of its own."""
    issuer.answers.clear()
    issuer.claims.clear()
    issuer.refuses_by = 400
    issuer.person = {"sub": f"auth0|{uuid7()}", "name": "Ada"}
    return issuer


@pytest.fixture(scope="module")
async def place(database: Database, settings: Settings, issuer: FakeIssuer) -> AsyncIterator[House]:
    async with running(database, with_issuer(settings, issuer)) as house:
        yield house


@pytest.fixture
async def house(place: House) -> AsyncIterator[House]:
    """At the end F17 is checked for everybody who came in."""
    place.fresh = type(place.fresh)()
    yield place
    try:
        await place.fresh.check()
    finally:
        await place.everyone_leaves()


@pytest.fixture
async def browser(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """It keeps its cookies."""
    async with house.http() as http:
        yield http


@pytest.fixture
def mail(settings: Settings) -> Folder:
    return Folder(settings.data / "mail")
