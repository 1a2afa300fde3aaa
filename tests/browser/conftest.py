"""A real Chromium, and a server that serves the client as it was built."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from playwright.async_api import Browser, async_playwright

from browser.lines import not_there, size_of, wanted_sizes
from browser.viewer import DESKTOP, PHONE, Viewer
from clubroom.app.settings import DIST, Settings
from clubroom.dba.pool import Database
from house.server import House, running

CHROMIUM = Path("/usr/bin/chromium-headless-shell")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]

SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])

Sit = Callable[..., Awaitable[Viewer]]


@pytest.hookimpl(tryfirst=True)  # before any of them is left out
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What `lines.py` names is run under just that name; else nothing would hold it to its size."""
    if any("::" in asked for asked in config.args):
        return  # one of several parameters may have been asked for
    missing = not_there({item.name for item in items})
    if missing:
        raise pytest.UsageError(f"lines.py names what is no test: {', '.join(sorted(missing))}")


@pytest.fixture(autouse=True)
def shows_what_it_says(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that is named for a size in `lines.py` has really sat somebody down before that size."""
    Viewer.seats.clear()
    yield
    missing = wanted_sizes(request.node.name) - {seat for viewer in Viewer.seats for seat in size_of(viewer)}
    assert not missing, f"lines.py says that this test shows something on: {', '.join(sorted(missing))}"


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        await chromium.close()


@pytest.fixture(scope="session")
async def open_house(database: Database, settings: Settings) -> AsyncIterator[House]:
    """With the built client."""
    async with running(database, msgspec.structs.replace(settings, web=DIST), in_folder=True) as house:
        yield house


@pytest.fixture
async def hall(open_house: House) -> AsyncIterator[House]:
    """Where a test makes its people and clubs without a browser; they go with it."""
    yield open_house
    await open_house.everyone_leaves()
    open_house.fresh = type(open_house.fresh)()


@pytest.fixture
async def sit(browser: Browser, open_house: House, request: pytest.FixtureRequest) -> AsyncIterator[Sit]:
    """Gives a person a browser; everybody leaves with the test. It takes the service worker where the test,
    or its file, is marked with `service_worker`.
    """
    viewers: list[Viewer] = []
    marked = request.node.get_closest_marker("service_worker") is not None
    usual = {"service_workers": "allow"} if marked else {}

    async def sit_down(size: dict[str, int] = DESKTOP, **options: object) -> Viewer:
        viewers.append(await Viewer.sit_down(browser, open_house.url, size, **(usual | options)))
        return viewers[-1]

    yield sit_down
    for viewer in viewers:
        await viewer.leave()
