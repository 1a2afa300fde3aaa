"""The server behind the edge stops, and comes again: whoever is at the edge is told, and loses nothing."""

from pathlib import Path

import httpx
from playwright.async_api import expect

from browser.conftest import Sit
from house.command import served
from house.device import Device
from peers.cloudflare.pair import pair
from peers.cloudflare.rig import Ports

BACK_MS = 20_000


async def test_who_writes_while_the_origin_is_away_loses_nothing_and_comes_back(
    sit: Sit, ports: Ports, data: Path, at_edge: httpx.AsyncClient
) -> None:
    async with served(**ports.settings(data)):
        ann, ben = await pair(sit)
        await ben.write("before")
        await ann.sees("before")
    away = await at_edge.get("/api/health")
    assert (away.status_code, away.json()["code"]) == (503, "unavailable")
    assert (await at_edge.get("/")).status_code == 200  # the page is not the origin's
    await ann.write("meanwhile")
    await expect(ann.page.get_by_text("No connection.")).to_be_visible(timeout=BACK_MS)
    async with served(**ports.settings(data)):
        await expect(ben.messages.filter(has_text="meanwhile")).to_be_visible(timeout=BACK_MS)
        await ann.all_sent()
        await expect(ann.page.get_by_text("No connection.")).to_be_hidden()
        assert await ann.texts() == await ben.texts() == ["before", "meanwhile"]
        await ben.write("after")
        await ann.sees("after")


async def test_a_server_that_stops_says_so_through_the_edge(
    ports: Ports, data: Path, at_edge: httpx.AsyncClient
) -> None:
    async with served(**ports.settings(data)):
        made = await at_edge.post("/api/accounts", json={"name": "Ann"})
        device = await Device.open(ports.url, origin=ports.url)
        await device.hello(made.json()["access_token"])
    assert await device.closed() == 1012
    assert device.heard("goaway")
