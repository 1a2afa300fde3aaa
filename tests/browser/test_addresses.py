"""UX 26: every view has an address, Back and Forward work, and one finds the place again where one was."""

import pytest
from playwright.async_api import expect

from browser.conftest import Sit
from browser.talk import lines, say
from browser.viewer import PHONE, Viewer
from house.server import House

PLACE_PX = 2.0


async def test_every_view_has_an_address_and_back_and_forward_lead_through_them(
    sit: Sit, hall: House
) -> None:
    group, (ann,) = await hall.club("Ann")
    viewer = await sit()
    await viewer.enter(ann)
    page = viewer.page
    await expect(page).to_have_url(f"{viewer.url}/c/{group}")
    await viewer.link("Members").first.click()
    await expect(page).to_have_url(f"{viewer.url}/c/{group}/members")
    await viewer.button("Close").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await viewer.link("Notes to myself").click()
    await expect(page.get_by_role("heading", name="Notes to myself", level=1)).to_be_visible()
    notes = page.url
    await viewer.link("Everyone").click()
    await expect(page.get_by_role("heading", name="Everyone", level=1)).to_be_visible()
    await page.go_back()
    await expect(page).to_have_url(notes)
    await expect(page.get_by_role("heading", name="Notes to myself", level=1)).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("heading", name="Everyone", level=1)).to_be_visible()
    await page.go_forward()
    await expect(page.get_by_role("heading", name="Notes to myself", level=1)).to_be_visible()
    assert viewer.loads == 1


@pytest.mark.parametrize("size", [None, PHONE], ids=["desk", "phone"])
async def test_whoever_opens_an_address_sees_that_view(
    sit: Sit, hall: House, size: dict[str, int] | None
) -> None:
    group, (ann,) = await hall.club("Ann")
    viewer = await (sit(size) if size else sit())
    await viewer.enter(ann)
    for path, title in (
        (f"/c/{group}/members", "Members"),
        (f"/c/{group}/invite", "The door is open."),
        ("/settings", "Settings"),
        ("/join", "Join a club"),
        ("/create", "Create a club"),
        ("/privacy", "Privacy"),
        ("/terms", "Terms"),
        ("/licences", "Licences"),
    ):
        await viewer.go(path)
        heading = viewer.page.get_by_role("heading", level=1)
        await expect(heading.filter(visible=True).last).to_have_text(title)
    await viewer.go("/clubs")
    await expect(viewer.link("Everyone")).to_be_visible()
    await viewer.go("/c/999999999")
    await expect(viewer.page.get_by_text("This room is not open to you.")).to_be_visible()
    await viewer.go("/nowhere")
    await expect(viewer.page).to_have_url(f"{viewer.url}/c/{group}")


async def test_the_last_room_and_the_place_in_it_come_back(sit: Sit, hall: House) -> None:
    group, (ann, ben) = await hall.club("Ann", "Ben")
    await say(hall, ben, group, *lines("old", 150))
    await ann.ok("PUT", f"/api/groups/{group}/read", {"seq": (await ann.snapshot(group))["seq"]})
    viewer = await sit()
    await viewer.enter(ann)
    await expect(viewer.message("old 150")).to_be_in_viewport()
    await viewer.scroll_by(-1500)
    await expect(viewer.button("Jump to latest")).to_be_visible()
    where = await place(viewer)
    await viewer.link("Notes to myself").click()
    await expect(viewer.page.get_by_role("heading", name="Notes to myself", level=1)).to_be_visible()
    await viewer.page.go_back()
    await found_again(viewer, *where)
    await viewer.page.reload()
    await found_again(viewer, *where)
    await viewer.go("/")
    await expect(viewer.page).to_have_url(f"{viewer.url}/c/{group}")
    await found_again(viewer, *where)


async def place(viewer: Viewer) -> tuple[str, float]:
    """A message in the middle of the window, and where it stands."""
    text: str = await viewer.log.evaluate(_MIDDLE)
    return text, await viewer.top_of(text)


async def found_again(viewer: Viewer, text: str, top: float) -> None:
    """Waits until that message stands there again."""
    await expect(viewer.message(text)).to_be_in_viewport()
    await expect(viewer.log).to_have_attribute("aria-busy", "false")
    assert await viewer.top_of(text) == pytest.approx(top, abs=PLACE_PX)


_MIDDLE = """
(log) => [...log.querySelectorAll("[data-body]")]
  .find((body) => body.getBoundingClientRect().top > innerHeight / 2).innerText.trim()
"""
