"""The auth room on the real database, with a clock that tests may move and addresses of their own."""

import itertools
import os
from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest

from auth.rig import Clock, Rig
from clubroom.auth.keys import Keys
from clubroom.auth.room import Auth, Settings
from clubroom.auth.tokens import Tokens
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.pool import Database
from clubroom.ports.identity.builtin import Argon2Passwords

_addresses = itertools.count(1)


@pytest.fixture
def peer() -> str:
    """An address that no other test has used."""
    n = next(_addresses)
    return f"2001:db8:{n >> 16:x}:{n & 0xFFFF:x}::1"


@pytest.fixture(scope="session")
def passwords() -> Iterator[Argon2Passwords]:
    made = Argon2Passwords()
    yield made
    made.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def auth(database: Database, passwords: Argon2Passwords, clock: Clock) -> Auth:
    keys = Keys(os.urandom(32))
    settings = Settings(
        public_url="http://localhost:8000", origins=frozenset({"http://localhost:8000"}), port=8000
    )
    return Auth(
        db=database,
        keys=keys,
        tokens=Tokens(keys, clock=lambda: clock.now().timestamp()),
        passwords=passwords,
        settings=settings,
        moment=clock.moment,
    )


@pytest.fixture
async def rig(auth: Auth, peer: str, clock: Clock, request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    made = Rig(auth, peer, clock)
    yield made
    if "writer" not in request.fixturenames:  # what a test changed by hand stands in no log
        await made.check_fresh()


@pytest.fixture
async def writer(database: Database, postgres: EmbeddedPostgres) -> AsyncIterator[asyncpg.Connection]:
    """For what no call can do yet: it may write the tables, which the server's own role may not."""
    settings = {"role": "clubroom_writer", "search_path": "clubroom"}
    connection = await asyncpg.connect(postgres.owner_dsn, server_settings=settings)
    yield connection
    await connection.close()
