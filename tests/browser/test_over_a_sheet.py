"""What is told while a sheet lies over the room: it is pressed, and reached by the keys, as the sheet is."""

from playwright.async_api import Locator, expect

from browser.conftest import SIZES, Sit
from browser.talk import say
from browser.viewer import Viewer
from house.server import House

TABS_MAX = 30


def toast(viewer: Viewer) -> Locator:
    return viewer.page.get_by_role("status").filter(has=viewer.page.get_by_role("link"))


def sheet(viewer: Viewer) -> Locator:
    return viewer.page.get_by_role("dialog", name="Settings")


async def live(viewer: Viewer) -> None:
    """What comes before is only listed."""
    await expect(viewer.page.get_by_text("1 here now")).to_be_visible()


@SIZES
async def test_what_is_told_over_a_sheet_is_pressed_and_the_sheet_stays(
    sit: Sit, hall: House, size: dict[str, int]
) -> None:
    group, (ann, ben) = await hall.club("Ann", "Ben")
    plans = await ann.channel(group, "Plans", landing=True)
    viewer = await sit(size)
    await viewer.enter(ben, "/settings")
    await expect(sheet(viewer)).to_be_visible()
    await live(viewer)
    await say(hall, ann, plans, f"<@{ben.user}> come")
    await expect(toast(viewer)).to_contain_text("come")
    await toast(viewer).get_by_role("button", name="Close").click()
    await expect(toast(viewer)).to_have_count(0)
    await expect(sheet(viewer)).to_be_visible()


async def test_what_is_told_over_a_sheet_is_reached_by_the_keys_and_leads_there(
    sit: Sit, hall: House
) -> None:
    group, (ann, ben) = await hall.club("Ann", "Ben")
    plans = await ann.channel(group, "Plans", landing=True)
    viewer = await sit()
    await viewer.enter(ben, "/settings")
    await expect(sheet(viewer)).to_be_visible()
    await live(viewer)
    await say(hall, ann, plans, f"<@{ben.user}> come")
    await expect(toast(viewer)).to_contain_text("come")
    link = toast(viewer).get_by_role("link")
    for _ in range(TABS_MAX):
        await viewer.page.keyboard.press("Tab")
        if await link.evaluate("(link) => link === document.activeElement"):
            break
    await expect(link).to_be_focused()
    await viewer.page.keyboard.press("Enter")
    await expect(sheet(viewer)).to_have_count(0)
    await expect(viewer.message("@Ben come")).to_be_in_viewport()


async def test_what_was_told_before_a_sheet_came_is_there_in_it_and_after_it(sit: Sit, hall: House) -> None:
    group, (ann, ben) = await hall.club("Ann", "Ben")
    plans = await ann.channel(group, "Plans", landing=True)
    viewer = await sit()
    await viewer.enter(ben)
    await live(viewer)
    await say(hall, ann, plans, f"<@{ben.user}> come")
    await toast(viewer).hover()
    await viewer.page.keyboard.press("Control+k")
    await expect(viewer.page.get_by_role("dialog")).to_be_visible()
    await expect(viewer.page.get_by_role("dialog").get_by_role("status")).to_contain_text("come")
    await viewer.page.keyboard.press("Escape")
    await expect(viewer.page.get_by_role("dialog")).to_have_count(0)
    await toast(viewer).get_by_role("link").click()
    await expect(viewer.message("@Ben come")).to_be_in_viewport()
