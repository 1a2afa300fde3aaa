"""UX 39 in part: sheets come with scripts of their own, and one is told when they cannot be had."""

import re

from playwright.async_api import Locator, Route, expect

from browser.conftest import Sit
from browser.viewer import Viewer
from house.server import House

PART = re.compile(r"/assets/settings-[\w-]+\.js")
STYLE = re.compile(r"/assets/settings-[\w-]+\.css")
HERE = "(end) => [...document.styleSheets].some(({ href }) => RegExp(end).test(href))"


async def test_a_sheet_that_cannot_be_had_says_so_and_comes_when_it_is_asked_for_again(
    sit: Sit, hall: House
) -> None:
    viewer, gone = await _without_part(sit, hall)
    await _ask_for_settings(viewer)
    sheet = viewer.page.get_by_role("dialog", name="This part has not come.")
    await expect(sheet.get_by_role("alert")).to_contain_text("What you have written is kept.")
    gone.clear()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    await viewer.page.route(PART, hold)
    again = sheet.get_by_role("button", name="Try again")
    await again.click()
    await expect(again).to_be_disabled()
    await held[0].continue_()
    await expect(viewer.page.get_by_role("dialog", name="Settings")).to_be_visible()


async def test_whoever_closes_a_sheet_that_cannot_be_had_is_back_where_they_were(
    sit: Sit, hall: House
) -> None:
    viewer, _ = await _without_part(sit, hall)
    await _ask_for_settings(viewer)
    sheet = viewer.page.get_by_role("dialog", name="This part has not come.")
    await expect(sheet).to_be_visible()
    await viewer.page.keyboard.press("Escape")
    await expect(sheet).to_have_count(0)
    await expect(viewer.composer).to_be_visible()
    await expect(_link(viewer)).to_be_focused()


async def test_a_sheet_whose_stylesheet_was_lost_comes_with_it_when_it_is_asked_for_again(
    sit: Sit, hall: House
) -> None:
    viewer, gone = await _without_part(sit, hall, STYLE)
    await _ask_for_settings(viewer)
    sheet = viewer.page.get_by_role("dialog", name="This part has not come.")
    await expect(sheet).to_be_visible()
    await viewer.page.keyboard.press("Escape")
    await expect(sheet).to_have_count(0)
    gone.clear()
    await _ask_for_settings(viewer)
    await expect(viewer.page.get_by_role("dialog", name="Settings")).to_be_visible()
    assert await viewer.page.evaluate(HERE, STYLE.pattern)


async def _ask_for_settings(viewer: Viewer) -> None:
    await _link(viewer).focus()
    await viewer.page.keyboard.press("Enter")


def _link(viewer: Viewer) -> Locator:
    return viewer.page.locator("a[href='/settings']")


async def _without_part(sit: Sit, hall: House, part: re.Pattern[str] = PART) -> tuple[Viewer, set[str]]:
    """Somebody who has no stored shell yet, and whose settings are lost on the way while the set says so."""
    _, people = await hall.club("Ada", "Bo")
    lost = {"settings"}

    async def lose(route: Route) -> None:
        await (route.abort() if lost else route.continue_())

    viewer = await sit(service_workers="block")
    await viewer.context.route(part, lose)
    await viewer.enter(people[0])
    return viewer, lost
