"""Others see whether somebody is looking, and not only whether a page stands open somewhere."""

from playwright.async_api import Locator, expect

from browser.conftest import Sit
from browser.talk import say
from browser.viewer import Viewer
from house.server import House

AWAY_MINUTES = "10:01"


def row(viewer: Viewer, name: str) -> Locator:
    return viewer.page.get_by_role("dialog").get_by_role("listitem").filter(has_text=name)


async def test_whoever_looks_away_is_shown_as_away_and_is_here_again_with_the_next_look(
    hall: House, sit: Sit
) -> None:
    club, [ann, ben] = await hall.club("Ann", "Ben")
    hers, his = await sit(), await sit()
    await hers.enter(ann, f"/c/{club}/members")
    await his.page.clock.install()
    await his.enter(ben, f"/c/{club}")
    await expect(row(hers, "Ben")).to_contain_text("here now")
    await his.page.clock.fast_forward(AWAY_MINUTES)
    await expect(row(hers, "Ben")).to_contain_text("away")
    await say(hall, ann, club, "Are you there?")
    await his.sees("Are you there?")
    await expect(his.page).to_have_title("• Chess club · Clubroom")
    await his.page.mouse.move(300, 300)
    await expect(his.page.get_by_role("separator", name="New")).to_be_in_viewport()
    await expect(his.page).to_have_title("Chess club · Clubroom")
    await expect(row(hers, "Ben")).to_contain_text("here now")
