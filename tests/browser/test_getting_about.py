"""UX 24 to 26: anywhere by the keyboard, everything read at once and back, and what a tab says from afar."""

import re

import pytest
from playwright.async_api import expect

from browser.conftest import SIZES, Sit
from browser.talk import say
from browser.viewer import Viewer
from house.server import House

pytestmark = pytest.mark.service_worker

SOON_MS = 2_000


async def icon_of(viewer: Viewer, kind: str) -> None:
    """The tab's icon, within two seconds."""
    icon = viewer.page.locator('link[rel="icon"]')
    await expect(icon).to_have_attribute("href", f"/icons/{kind}.svg", timeout=SOON_MS)


@SIZES
async def test_keys_lead_to_any_room_and_to_the_next_unread_one(
    sit: Sit, hall: House, size: dict[str, int]
) -> None:
    club, (ann, ben) = await hall.club("Ann", "Ben")
    await ann.channel(club, "Scores")
    trip = await ann.channel(club, "The trip")
    talk = await ben.dm(ann)
    await say(hall, ben, talk, "psst")
    viewer = await sit(size)
    await viewer.enter(ann, f"/c/{club}")
    heading = viewer.page.get_by_role("heading", level=1)
    await expect(viewer.page).to_have_title(re.compile(r"^\(1\) "))
    for keys, room in (("Alt+ArrowDown", "Scores"), ("Alt+ArrowDown", "The trip"), ("Alt+ArrowUp", "Scores")):
        await viewer.page.keyboard.press(keys)
        await expect(heading).to_have_text(room)
    await viewer.page.keyboard.press("Alt+Shift+ArrowUp")
    await expect(heading).to_have_text("Ben")
    await viewer.sees("psst")
    await viewer.page.keyboard.press("Control+k")
    field = viewer.page.get_by_role("combobox", name="Room, person or club")
    await expect(field).to_be_focused()
    await field.press_sequentially("tri")
    await expect(viewer.page.get_by_role("option")).to_have_count(1)
    await field.press("Enter")
    await expect(viewer.page).to_have_url(re.compile(f"/c/{trip}$"))
    await expect(viewer.page.get_by_role("dialog")).to_have_count(0)
    await viewer.page.keyboard.press("Control+k")
    await field.press("ArrowDown")  # the room one was in before this one
    await field.press("Enter")
    await expect(viewer.page).to_have_url(re.compile(f"/c/{talk}$"))
    await viewer.page.go_back()
    await expect(viewer.page).to_have_url(re.compile(f"/c/{trip}$"))
    await viewer.page.keyboard.press("Control+/")
    await expect(viewer.page.get_by_role("dialog", name="Keyboard")).to_contain_text("Find or go to")
    await viewer.page.keyboard.press("Escape")
    await expect(viewer.page.get_by_role("dialog")).to_have_count(0)
    await expect(viewer.page).to_have_url(re.compile(f"/c/{trip}$"))


async def test_all_is_read_at_once_on_every_device_and_unread_again_when_that_is_undone(
    sit: Sit, hall: House
) -> None:
    club, (ann, ben) = await hall.club("Ann", "Ben")
    room = await ann.channel(club, "Scores", landing=True)
    notes = next(entry["group"] for entry in (await ann.me())["groups"] if entry["kind"] == "self")
    desk, phone = await sit(), await sit()
    for viewer in (desk, phone):
        await viewer.enter(ann, f"/c/{notes}")
    await say(hall, ben, club, "to everyone")
    await say(hall, ben, room, f"<@{ann.user}> to you")
    for viewer in (desk, phone):
        await expect(viewer.link("Everyone unread")).to_be_visible()
        await expect(viewer.link("Scores 1 unread")).to_be_visible()
        await expect(viewer.page).to_have_title(re.compile(r"^\(1\) "))
        await icon_of(viewer, "favicon-unread")
    await desk.page.keyboard.press("Shift+Escape")
    for viewer in (desk, phone):
        await icon_of(viewer, "favicon")
        await expect(viewer.link("Scores")).to_be_visible(timeout=SOON_MS)
        await expect(viewer.page).to_have_title(re.compile(r"^[^(•]"), timeout=SOON_MS)
    await desk.button("Undo").click()
    for viewer in (desk, phone):
        await expect(viewer.link("Everyone unread")).to_be_visible(timeout=SOON_MS)
        await expect(viewer.link("Scores 1 unread")).to_be_visible(timeout=SOON_MS)
        await icon_of(viewer, "favicon-unread")
    await phone.page.reload()
    await expect(phone.link("Scores 1 unread")).to_be_visible()
