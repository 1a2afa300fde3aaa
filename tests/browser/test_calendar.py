"""Events in the calendar of one's telephone: the addresses are found, copied, and made anew."""

import re
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.async_api import expect

from browser.conftest import Sit
from browser.viewer import DESKTOP, PHONE
from house.planning import made
from house.server import House


async def status(http: httpx.AsyncClient, address: str) -> int:
    return (await http.get(urlsplit(address).path)).status_code


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_the_addresses_of_ones_calendar_are_copied_and_made_anew(
    sit: Sit, hall: House, size: dict[str, int]
) -> None:
    ann = await hall.person("Ann", with_email=True)
    club = (await ann.create_club("Rowers"))["group"]
    await made(ann, club, rule=None)
    viewer = await sit(size)
    await viewer.enter(ann)
    await viewer.go("/settings")
    await viewer.link(re.compile("^Calendar in your phone")).click()
    sheet = viewer.page.get_by_role("dialog", name="Calendar in your phone")
    found = sheet.get_by_role("list", name="Calendar in your phone").get_by_role("listitem")
    await expect(found).to_have_count(1)  # with one club all are those of the club
    to_add = sheet.get_by_role("link", name="Add to calendar: All my events")
    address = str(await to_add.get_attribute("href"))
    assert re.fullmatch(r"webcal://[^/]+/calendar/[\w-]{22}\.[\w-]{22}\.ics", address)
    await sheet.get_by_role("button", name="Copy the address: All my events").click()
    async with hall.http() as http:
        assert await status(http, address) == 200
        await sheet.get_by_role("button", name="New addresses").click()
        asked = viewer.page.get_by_role("dialog", name="Make new addresses?")
        await asked.get_by_role("button", name="Cancel").click()
        assert await status(http, address) == 200
        await sheet.get_by_role("button", name="New addresses").click()
        await asked.get_by_role("button", name="New addresses").click()
        await expect(sheet.get_by_text("These are the new addresses.")).to_be_visible()
        assert await status(http, address) == 404
        assert await status(http, str(await to_add.get_attribute("href"))) == 200
    await ann.create_club("Chess club")
    await viewer.go("/settings/calendar")
    await expect(found).to_have_count(3)
    await expect(sheet.get_by_role("link", name="Add to calendar: Chess club")).to_be_visible()
