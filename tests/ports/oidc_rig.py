"""To an issuer and back, without a place around it."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from clubroom.ports.identity import NotVouched, Trip, Vouched
from clubroom.ports.identity.oidc import OidcIssuer
from clubroom.ports.identity.oidc_client import OidcClient
from house.issuer import BACK, Answer, FakeIssuer
from house.server import NO_AUTHORITIES

DISCOVERY = "/.well-known/openid-configuration"
Answering = Callable[[], Awaitable[Answer]]


class Steady:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = 1_000.0

    def __call__(self) -> float:
        return self.at


def made(client: OidcClient, **how: Any) -> OidcIssuer:
    return OidcIssuer(client, trusted=NO_AUTHORITIES, **how)


def trip() -> Trip:
    return Trip(state=secrets.token_hex(), nonce=secrets.token_hex(), verifier=secrets.token_urlsafe(32))


async def came(ours: OidcIssuer, fake: FakeIssuer, going: Trip | None = None, **changed: Any) -> Vouched:
    """Somebody goes there, signs in, and comes back."""
    going = going or trip()
    back = fake.authorized(await ours.begin(going, BACK)) | changed
    return await ours.finish(going, BACK, back["code"], back["iss"])


async def refused(ours: OidcIssuer, fake: FakeIssuer, **changed: Any) -> str:
    with pytest.raises(NotVouched) as met:
        await came(ours, fake, **changed)
    return met.value.why


def answering(status: int, headers: dict[str, str] | None = None, body: bytes = b"{}") -> Answering:
    async def answer() -> Answer:
        return status, headers or {}, body

    return answer


async def silent() -> Answer:
    await asyncio.get_running_loop().create_future()
    raise AssertionError
