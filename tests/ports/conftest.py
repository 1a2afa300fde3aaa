"""An issuer that says what a test wants, and ours that asks it."""

from collections.abc import AsyncIterator

import pytest

from clubroom.ports.identity.oidc import OidcIssuer
from clubroom.ports.identity.oidc_client import client_of
from house.issuer import CLIENT, SECRET, FakeIssuer, issuing
from ports.oidc_rig import Steady, made


@pytest.fixture
async def fake() -> AsyncIterator[FakeIssuer]:
    async with issuing() as issuer:
        yield issuer


@pytest.fixture
def steady() -> Steady:
    return Steady()


@pytest.fixture
async def ours(fake: FakeIssuer, steady: Steady) -> AsyncIterator[OidcIssuer]:
    issuer = made(client_of(fake.url, CLIENT, SECRET, "Example"), steady=steady)
    yield issuer
    await issuer.close()
