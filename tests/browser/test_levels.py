"""UX 28: what one wants to be told of a room, and when nothing rings, on every device of a person."""

import re

from playwright.async_api import Locator, expect

from browser.conftest import Sit
from browser.talk import say
from browser.viewer import PHONE, Viewer
from house.server import House


def level(viewer: Viewer, of: str = "room") -> Locator:
    return viewer.page.get_by_label(f"From this {of}", exact=True)


def chosen(viewer: Viewer, of: str = "room") -> Locator:
    return level(viewer, of).locator("option:checked")


async def test_what_one_wants_to_be_told_of_a_room_holds_on_both_devices(sit: Sit, hall: House) -> None:
    group, (ann, ben) = await hall.club("Ann", "Ben")
    room = await ann.channel(group, "Plans", landing=False)
    await say(hall, ben, room, f"you, <@{ann.user}>?")
    desk, phone = await sit(), await sit(PHONE)
    await desk.enter(ann)
    await phone.enter(ann)
    await phone.go("/clubs")
    await phone.side_shows("Plans", 1)
    await desk.go(f"/c/{group}/about")
    await level(desk, "club").select_option("Nothing")
    await phone.side_shows("Plans")
    await expect(phone.page).to_have_title("Clubroom")
    await desk.go(f"/c/{group}")
    await phone.go(f"/c/{room}/about")
    await expect(chosen(phone)).to_have_text("As in the club (Nothing)")
    await level(phone).select_option("Only when I’m called")
    await phone.button("Close").click()
    await phone.go("/clubs")
    await ann.ok("PUT", f"/api/groups/{room}/read", {"seq": (await ann.entry(room))["head"]})
    await desk.side_shows("Plans", unread=False)
    await say(hall, ben, room, f"and now, <@{ann.user}>?")
    await desk.side_shows("Plans", 1)
    await desk.page.reload()
    await desk.side_shows("Plans", 1)
    await desk.in_side("Plans").click()
    await desk.link("About this room").click()
    await expect(chosen(desk)).to_have_text("Only when I’m called")
    await ann.ok("PUT", f"/api/groups/{room}/level", {"level": None})
    await expect(chosen(desk)).to_have_text("As in the club (Nothing)")


async def test_a_club_says_what_its_members_are_told_until_they_choose(sit: Sit, hall: House) -> None:
    group, (ann, ben) = await hall.club("Ann", "Ben")
    desk, phone = await sit(), await sit(PHONE)
    await phone.enter(ben, f"/c/{group}/about")
    await expect(chosen(phone, "club")).to_have_text("As the club says (All messages)")
    await desk.enter(ann, f"/c/{group}/settings")
    await desk.page.get_by_label("What members are notified of").select_option("Only when I’m called")
    await desk.button("Save").click()
    await expect(chosen(phone, "club")).to_have_text("As the club says (Only when I’m called)")


async def test_quiet_hours_are_the_same_on_both_devices(sit: Sit, hall: House) -> None:
    _, (ann,) = await hall.club("Ann")
    desk, phone = await sit(), await sit(PHONE)
    await desk.enter(ann, "/settings/quiet")
    await phone.enter(ann, "/settings/quiet")
    for viewer in (desk, phone):
        await expect(viewer.page.get_by_text("You have no quiet hours.")).to_be_visible()
        await expect(viewer.page.get_by_text("By the clock of Europe/Berlin.")).to_be_visible()
    await desk.button("Every night, 22:00 to 7:00").click()
    await expect(phone.page.get_by_label("From")).to_have_value("22:00")
    for day in ("Saturday", "Sunday"):
        await phone.page.get_by_label(day).uncheck()
    await phone.page.get_by_label("To", exact=True).fill("06:30")
    await phone.button("More hours").click()
    await phone.button("Save").click()
    await expect(phone.page.get_by_role("alert")).to_have_text("Choose at least one day.")
    await phone.page.get_by_label("Sunday").last.check()
    await phone.button("Save").click()
    await expect(phone.page.get_by_text("Saved.")).to_be_visible()
    await expect(desk.page.get_by_label("To", exact=True).first).to_have_value("06:30")
    await expect(desk.page.get_by_label("Saturday").first).not_to_be_checked()
    await desk.page.reload()
    await expect(desk.page.get_by_label("Sunday").last).to_be_checked()
    await desk.go("/settings/notifications")
    await expect(desk.link(re.compile("Quiet hours"))).to_contain_text("Mon–Fri, 22:00 to 6:30; Sun, 22:00")
