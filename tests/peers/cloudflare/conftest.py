"""A place whose page lies at the edge."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, async_playwright

from browser.conftest import ARGUMENTS, CHROMIUM
from browser.viewer import DESKTOP, Viewer
from house.command import served
from house.server import NO_AUTHORITIES
from peers.cloudflare.rig import Ports, edge_before


@pytest.fixture(scope="package")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        await chromium.close()


@pytest.fixture(scope="package")
def ports() -> Ports:
    return Ports()


@pytest.fixture(scope="package")
async def said(ports: Ports, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[list[str]]:
    """What the edge says while it serves."""
    async with edge_before(ports, tmp_path_factory.mktemp("edge")) as lines:
        yield lines


@pytest.fixture(scope="package")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the server."""
    return tmp_path_factory.mktemp("origin") / "data"


@pytest.fixture(scope="module")
async def origin(ports: Ports, data: Path) -> AsyncIterator[str]:
    """A server that serves."""
    async with served(**ports.settings(data)):
        yield ports.origin_url


@pytest.fixture
async def sit(browser: Browser, ports: Ports, said: list[str]) -> AsyncIterator[object]:
    """Gives a person a browser at the edge."""
    viewers: list[Viewer] = []

    async def sit_down(size: dict[str, int] = DESKTOP) -> Viewer:
        viewers.append(await Viewer.sit_down(browser, ports.url, size, service_workers="allow"))
        return viewers[-1]

    yield sit_down
    for viewer in viewers:
        await viewer.leave()


@pytest.fixture
async def at_edge(ports: Ports, said: list[str]) -> AsyncIterator[httpx.AsyncClient]:
    """Calls that go by the edge."""
    async with httpx.AsyncClient(base_url=ports.url, verify=NO_AUTHORITIES, timeout=30) as http:
        yield http


@pytest.fixture
async def at_origin(origin: str) -> AsyncIterator[httpx.AsyncClient]:
    """Calls that go past it."""
    async with httpx.AsyncClient(base_url=origin, verify=NO_AUTHORITIES, timeout=30) as http:
        yield http
