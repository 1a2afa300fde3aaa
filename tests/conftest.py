"""One real PostgreSQL and one real server for all tests; every test has people of its own."""

import asyncio
import inspect
import os
from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterator
from functools import wraps
from typing import Any

import httpx
import pytest
import uvloop

from clubroom.app.settings import Settings
from clubroom.dba.embedded import EmbeddedPostgres, remove
from clubroom.dba.migrate import migrate
from clubroom.dba.pool import Database
from clubroom.ports.identity import builtin
from house.one_deployment import club_house, deployment  # noqa: F401 - fixtures
from house.server import House, running
from house.watchdog import Watchdog

TEST_S = 4_000 if os.environ.get("CLUBROOM_VERIFY") else 120
TEST_S *= 10 if os.environ.get("CLUBROOM_AMOUNTS") else 1
TIDYING_S = 60
CHEAP = 64, 1
WATCHDOG = pytest.StashKey[Watchdog]()


def pytest_configure(config: pytest.Config) -> None:
    """Here the output is not caught."""
    config.stash[WATCHDOG] = Watchdog(2)
    builtin.MEMORY_KIB, builtin.PASSES = CHEAP  # the same hash; thousands sign up here


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """A test with all that is made and tidied up for it."""
    with item.config.stash[WATCHDOG].watching(item.nodeid, 2 * TEST_S + TIDYING_S):
        return (yield)


def pytest_unconfigure(config: pytest.Config) -> None:
    """What is left now can only be threads; one of several processes only waits for the others."""
    if not hasattr(config, "workerinput"):
        config.stash[WATCHDOG].start("The end of the run", TIDYING_S)


def pytest_asyncio_loop_factories(config: pytest.Config, item: pytest.Item) -> dict[str, Any]:
    """The product's loop."""
    return {"uvloop": uvloop.new_event_loop}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that hangs fails and shows where, instead of taking the whole run with it."""
    for item in items:
        if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(item.obj):
            item.obj = bounded(item.obj)


def bounded(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., Coroutine[Any, Any, None]]:
    """The same test, with an end."""

    @wraps(test)
    async def run(*arguments: Any, **named: Any) -> None:
        async with asyncio.timeout(TEST_S):
            await test(*arguments, **named)

    return run


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """The embedded one, started by our own starter."""
    data = tmp_path_factory.mktemp("house") / "data"
    embedded = EmbeddedPostgres.start(data, say=lambda _: None)
    yield embedded
    embedded.stop()
    remove(data)


@pytest.fixture(scope="session")
async def database(postgres: EmbeddedPostgres) -> AsyncIterator[Database]:
    """Migrated, and served by the role that may only execute functions. A commit waits for no disk here, as
    that took longer than most of what is tested; whoever pulls plugs has a PostgreSQL of their own.
    """
    await migrate(postgres.owner_dsn)
    db = await Database.open(f"{postgres.app_dsn}&synchronous_commit=off")
    yield db
    await db.close()


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Of the server that all tests share."""
    web = tmp_path_factory.mktemp("web")
    (web / "index.html").write_text("<!doctype html><title>Clubroom</title>")
    return Settings(
        data=tmp_path_factory.mktemp("data"),
        secret=os.urandom(32),
        accounts_an_hour=100_000,
        posts_a_second=1_000,
        reading=True,
        link_previews=False,  # who tests them brings pages of their own
        web=web,
    )


@pytest.fixture(scope="session")
async def shared_house(database: Database, settings: Settings) -> AsyncIterator[House]:
    async with running(database, settings) as house:
        yield house


@pytest.fixture
async def house(shared_house: House) -> AsyncIterator[House]:
    """The shared server; at the end F17 is checked for everybody who came in."""
    shared_house.fresh = type(shared_house.fresh)()
    yield shared_house
    try:
        await shared_house.fresh.check()
    finally:
        await shared_house.everyone_leaves()


@pytest.fixture
async def client(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who is not signed in."""
    async with house.http() as http:
        yield http
