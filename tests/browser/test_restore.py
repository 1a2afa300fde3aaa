"""L6: the database is restored while people look at it; every window starts afresh by itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import msgspec
import pytest
from playwright.async_api import Browser, expect

from browser.viewer import DESKTOP, PHONE, Viewer
from clubroom.app import local
from clubroom.app.settings import DIST, Settings
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.migrate import new_epoch
from house.server import House, running

NAME = "restored"
COMES_BACK_MS = 30_000


@asynccontextmanager
async def superuser(postgres: EmbeddedPostgres) -> AsyncIterator[asyncpg.Connection]:
    dsn = postgres.owner_dsn.replace("//clubroom_owner@/clubroom?", "//postgres@/postgres?")
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()


@pytest.fixture
async def owner_dsn(postgres: EmbeddedPostgres) -> AsyncIterator[str]:
    """A database of its own: under the other tests none is restored."""
    async with superuser(postgres) as connection:
        await connection.execute(f"create database {NAME} owner clubroom_owner")
    yield postgres.owner_dsn.replace("@/clubroom?", f"@/{NAME}?")
    async with superuser(postgres) as connection:
        await connection.execute(f"drop database {NAME} with (force)")


@pytest.fixture
async def own_house(owner_dsn: str, settings: Settings) -> AsyncIterator[House]:
    own = msgspec.structs.replace(settings, database_url=owner_dsn, web=DIST)
    async with local.database(own, lambda _: None) as db, running(db, own) as house:
        yield house


@pytest.fixture
async def two(browser: Browser, own_house: House) -> AsyncIterator[tuple[Viewer, Viewer]]:
    """One at a desk, one with a phone; they go before the house closes."""
    ann = await Viewer.sit_down(browser, own_house.url, DESKTOP, service_workers="allow")
    ben = await Viewer.sit_down(browser, own_house.url, PHONE, service_workers="allow")
    yield ann, ben
    await ann.leave()
    await ben.leave()


async def test_after_a_restore_both_windows_show_the_room_again_and_go_on(
    two: tuple[Viewer, Viewer], owner_dsn: str
) -> None:
    ann, ben = two
    code = await ann.create_club("Chess club", "Ann")
    await ann.page.get_by_text("Go to the clubroom").click()
    await ben.join_by_link(code, "Ben")
    await ben.write("Who has the clock?")
    await ann.sees("Who has the clock?")
    await ann.write("It is in the cupboard.")
    await ben.sees("It is in the cupboard.")
    known = await texts_of_both(ann, ben)
    loads = ann.loads, ben.loads

    async with (
        ann.page.expect_websocket(timeout=COMES_BACK_MS),
        ben.page.expect_websocket(timeout=COMES_BACK_MS),
    ):
        await new_epoch(owner_dsn)

    await ann.write("Found it.")
    await ben.sees("Found it.")
    await ben.write("Good.")
    for viewer in (ann, ben):
        await expect(viewer.messages).to_have_count(4)
    assert await texts_of_both(ann, ben) == [*known, "Found it.", "Good."]
    assert (ann.loads, ben.loads) == loads


async def texts_of_both(ann: Viewer, ben: Viewer) -> list[str]:
    """What stands in the stream of the one, and the same in that of the other."""
    texts = await ann.texts()
    assert await ben.texts() == texts
    return texts
