"""Whoever calls a function is known by the address that the gateway saw, or that the edge speaks for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec import structs

from clubroom.app.settings import Settings
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.pool import Database
from house.functions import Functions
from house.venues import venue_at

ACCOUNTS_AN_HOUR = 2
EDGE_SECRET = "known to the edge alone".replace(" ", "-")
FIRST, SECOND, EDGE = "127.3.0.1", "127.3.0.2", "127.3.0.3"
TAKEN, TOO_MANY = 201, 429


@asynccontextmanager
async def few_accounts(
    postgres: EmbeddedPostgres, database: Database, settings: Settings
) -> AsyncIterator[Functions]:
    few = structs.replace(settings, accounts_an_hour=ACCOUNTS_AN_HOUR, edge_secret=EDGE_SECRET)
    async with venue_at("functions", postgres, database, few) as house:
        assert isinstance(house, Functions)
        yield house


async def signed_up(house: Functions, address: str, **headers: str) -> int:
    """The status of a new account."""
    async with house.http(address) as http:
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        return (await http.post("/api/accounts", json={"name": "Ann"}, headers=said)).status_code


async def test_what_one_address_may_do_is_counted_over_all_functions(
    postgres: EmbeddedPostgres, database: Database, settings: Settings
) -> None:
    async with few_accounts(postgres, database, settings) as house:
        assert [await signed_up(house, FIRST) for _ in range(3)] == [TAKEN, TAKEN, TOO_MANY]
        await house.api.functions["auth"].end()
        assert await signed_up(house, FIRST) == TOO_MANY
        assert await signed_up(house, SECOND) == TAKEN


async def test_behind_the_edge_each_counts_as_the_address_that_the_edge_speaks_for(
    postgres: EmbeddedPostgres, database: Database, settings: Settings
) -> None:
    async def by_edge(address: str, secret: str = EDGE_SECRET) -> int:
        return await signed_up(house, EDGE, clubroom_edge_secret=secret, clubroom_edge_address=address)

    async with few_accounts(postgres, database, settings) as house:
        assert [await by_edge("203.0.113.1") for _ in range(3)] == [TAKEN, TAKEN, TOO_MANY]
        assert await by_edge("203.0.113.2") == TAKEN
        liars = [await by_edge(f"203.0.113.{n}", "what-somebody-made-up") for n in range(3, 6)]
        assert liars == [TAKEN, TAKEN, TOO_MANY]
