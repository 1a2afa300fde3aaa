"""UX 28: quiet from a room, for a while or for good, on every device of a person."""

import re

from playwright.async_api import Locator, expect

from browser.conftest import Sit
from browser.talk import say
from browser.viewer import PHONE, Viewer
from house.server import House


def choice(viewer: Viewer) -> Locator:
    return viewer.page.get_by_label("Mute", exact=True)


async def test_a_muted_room_is_quiet_on_both_devices_until_one_says_otherwise(sit: Sit, hall: House) -> None:
    group, (ann, ben) = await hall.club("Ann", "Ben")
    room = await ben.channel(group, "Plans", landing=False)
    await ann.ok("PUT", f"/api/groups/{room}/follow", {"on": True})
    desk, phone = await sit(), await sit(PHONE)
    await desk.enter(ann)
    await phone.enter(ann)
    await phone.go("/clubs")
    await phone.side_shows("Plans", unread=False)
    await desk.in_side("Plans").click()
    await desk.link("About this room").click()
    await choice(desk).select_option("Until I say otherwise")
    await desk.side_shows("Plans", unread=False, muted=True)
    await phone.side_shows("Plans", unread=False, muted=True)
    await desk.button("Close").click()
    await desk.in_side("Everyone").click()
    await say(hall, ben, room, "who brings the boards?")
    await say(hall, ben, group, "hello")
    await phone.side_shows("Everyone")
    for viewer in (desk, phone):
        await viewer.side_shows("Plans", unread=False, muted=True)
    await say(hall, ben, room, f"you, <@{ann.user}>?")
    for viewer in (desk, phone):
        await viewer.side_shows("Plans", 1, unread=False, muted=True)
    await phone.page.reload()
    await phone.side_shows("Plans", 1, unread=False, muted=True)
    await phone.in_side("Plans").click()
    await phone.link("About this room").click()
    await choice(phone).select_option("For an hour")
    await expect(choice(phone).locator("option:checked")).to_have_text(re.compile(r"^Until .*\d:\d\d$"))
    await choice(phone).select_option("Not muted")
    await desk.side_shows("Plans", unread=False)
    await say(hall, ben, room, "all set")
    await desk.side_shows("Plans")


async def test_a_conversation_that_is_muted_counts_nothing(sit: Sit, hall: House) -> None:
    _, (ann, ben) = await hall.club("Ann", "Ben")
    talk = await ann.dm(ben)
    await say(hall, ben, talk, "one")
    desk = await sit()
    await desk.enter(ann)
    await desk.side_shows("Ben", 1)
    await desk.in_side("Ben").click()
    await desk.link("About this conversation").click()
    await choice(desk).select_option("For a week")
    await desk.button("Close").click()
    await desk.in_side("Everyone").click()
    await say(hall, ben, talk, "two")
    await desk.side_shows("Ben", unread=False, muted=True)
    await expect(desk.page).to_have_title("Chess club · Clubroom")
