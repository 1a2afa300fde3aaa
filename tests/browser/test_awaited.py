"""What is on its way stands there in outline; what could not be had says why, and is asked for again."""

import asyncio

from playwright.async_api import Route, expect

from browser.conftest import SIZES, Sit
from house.server import House

AWAITED = [
    ("/settings/devices", "**/api/sessions", "this device"),
    ("/settings/calendar", "**/api/me/calendar", "Add to calendar"),
    ("/c/{club}/audit", "**/api/groups/*/audit*", "Nothing of this kind was done yet."),
    ("/c/{club}/reports", "**/api/groups/*/reports", "Nothing is reported."),
    ("/c/{club}/storage", "**/api/groups/*/files/usage", "are free"),
]
"""A sheet, what it asks for, and words that stand there once it is answered, and not before."""
ON_ITS_WAY = "One moment"
_PRESS = "(all) => all.forEach((one) => one.click())"
"""Without waiting: a page just loaded may ask again by itself, and then there is nothing to press."""


@SIZES
async def test_what_fails_says_why_and_comes_when_one_tries_again(
    sit: Sit, hall: House, size: dict[str, int]
) -> None:
    club, (ann,) = await hall.club("Ann")
    viewer = await sit(size)
    await viewer.enter(ann)
    for path, calls, comes in AWAITED:
        await viewer.page.route(calls, lambda route: route.abort())
        await viewer.go(path.format(club=club))
        sheet = viewer.page.get_by_role("dialog")
        await expect(sheet.get_by_role("alert")).to_be_visible()
        await expect(sheet.get_by_text(comes)).to_have_count(0)
        again = sheet.get_by_role("button", name="Try again")
        async with viewer.page.expect_request(calls):
            await again.click()
        await expect(again).to_have_attribute("aria-busy", "false")
        await viewer.page.unroute(calls)
        await again.evaluate_all(_PRESS)
        await expect(sheet.get_by_text(comes).first).to_be_visible()
        await expect(sheet.get_by_role("alert")).to_have_count(0)
        await expect(sheet.get_by_role("status").filter(has_text=ON_ITS_WAY)).to_have_count(0)


async def test_what_is_on_its_way_stands_there_in_outline(sit: Sit, hall: House) -> None:
    _, (ann,) = await hall.club("Ann")
    viewer = await sit()
    await viewer.enter(ann)
    held: asyncio.Queue[Route] = asyncio.Queue(3)
    await viewer.page.route("**/api/sessions", held.put_nowait)
    await viewer.go("/settings/devices")
    sheet = viewer.page.get_by_role("dialog")
    await expect(sheet.get_by_role("status").filter(has_text=ON_ITS_WAY)).to_have_count(1)
    await expect(sheet.locator(".row")).to_have_count(3)
    await (await held.get()).continue_()
    await expect(sheet.get_by_role("listitem").filter(has_text="this device")).to_be_visible()
    await expect(sheet.locator(".row")).to_have_count(0)
