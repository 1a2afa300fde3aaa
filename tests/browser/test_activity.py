"""What happened to oneself: one list on all devices, and a word at once from elsewhere."""

import re

from playwright.async_api import Locator, expect

from browser.conftest import Sit
from browser.talk import lines, say
from browser.viewer import PHONE, Viewer
from house.server import House
from house.uuid7 import uuid7


def happened(viewer: Viewer) -> Locator:
    return viewer.page.get_by_role("list", name="Activity").get_by_role("link")


def toast(viewer: Viewer) -> Locator:
    return viewer.page.get_by_role("status").get_by_role("link")


async def test_calls_answers_reactions_and_rooms_stand_there_at_once_and_are_seen_on_all_devices(
    sit: Sit, hall: House
) -> None:
    group, (ann, ben) = await hall.club("Ann", "Ben")
    plans, mine = await ann.channel(group, "Plans", landing=True), uuid7()
    await ben.post(plans, "I won the cup", mine)
    desk, phone = await sit(), await sit(PHONE)
    await desk.enter(ben)
    await phone.enter(ben, "/clubs")
    await desk.in_side("Activity").click()
    await expect(desk.page.get_by_text("All quiet so far.")).to_be_visible()
    await desk.button("Close").click()
    await say(hall, ann, plans, f"<@{ben.user}>, will you bring it?")
    await phone.side_shows("Activity", 1)
    answer = {"group": plans, "text": "well done", "reply_to": str(mine)}
    await ann.ok("PUT", f"/api/messages/{uuid7()}", answer)
    await ann.react(mine, "🎉")
    board = await ann.channel(group, "Board", private=True)
    await ann.ok("POST", f"/api/groups/{board}/members", {"users": [ben.user]})
    for viewer in (desk, phone):
        await viewer.side_shows("Activity", 4)
    await desk.in_side("Activity").click()
    all_of_it = [
        re.compile(r"Ann added you to this room.*Board"),
        re.compile(r"Ann reacted to you 🎉.*I won the cup.*Plans"),
        re.compile(r"Ann answered you.*well done"),
        re.compile(r"Ann mentioned you.*@Ben, will you bring it\?"),
    ]
    await expect(happened(desk)).to_have_text(all_of_it)
    await phone.side_shows("Activity", unread=False)
    await desk.page.reload()
    await expect(happened(desk)).to_have_text(all_of_it)
    await ann.react(mine, "🎉", on=False)
    await expect(happened(desk)).to_have_count(3)
    desk.cable.pull()
    await desk.button("Close").click()
    await desk.in_side("Activity").click()
    await expect(happened(desk)).to_have_count(3)
    await happened(desk).first.focus()
    await desk.page.keyboard.press("ArrowDown")
    await expect(happened(desk).nth(1)).to_be_focused()


async def test_what_was_missed_without_a_line_stands_in_the_list_and_is_not_called_out(
    sit: Sit, hall: House
) -> None:
    group, (ann, ben) = await hall.club("Ann", "Ben")
    talk = await ann.dm(ben)
    plans = await ann.channel(group, "Plans", landing=True)
    desk = await sit()
    await desk.enter(ben)
    for room in (talk, plans, group):
        await desk.go(f"/c/{room}")
        await expect(desk.composer).to_be_visible()
    await expect(desk.page.get_by_text("1 here now")).to_be_visible()
    await desk.lose_the_line()
    await say(hall, ann, talk, "missed")
    await desk.find_the_line()
    side = desk.page.get_by_role("navigation", name="Rooms and clubs").get_by_role("link")
    await expect(side.filter(has=desk.page.get_by_title("Ann", exact=True))).to_contain_text(
        re.compile(r"\b1\b")
    )
    await expect(desk.page.get_by_text("1 here now")).to_be_visible()
    await say(hall, ann, plans, f"heard, <@{ben.user}>")
    await expect(toast(desk)).to_have_text(re.compile(r"Ann\s*in Plans\s*heard, @Ben\s*$"))  # and no other


async def test_a_call_from_elsewhere_is_shown_for_a_moment_and_leads_to_its_very_message(
    sit: Sit, hall: House
) -> None:
    group, (ann, ben) = await hall.club("Ann", "Ben")
    plans = await ann.channel(group, "Plans", landing=True)
    quiet = await ann.channel(group, "Quiet", landing=True)
    await ben.ok("PUT", f"/api/groups/{quiet}/level", {"level": "nothing"})
    desk = await sit()
    await desk.enter(ben)
    await expect(desk.page.get_by_text("1 here now")).to_be_visible()  # what comes before is only listed
    await say(hall, ann, quiet, f"<@{ben.user}> unheard")
    await say(hall, ann, group, f"<@{ben.user}> here")
    await desk.sees("here")
    await expect(toast(desk)).to_have_count(0)
    await say(hall, ann, plans, "nobody", f"first, <@{ben.user}>")
    await expect(toast(desk)).to_have_text(re.compile(r"Ann\s*in Plans\s*first, @Ben\s*$"))
    await toast(desk).hover()  # it stays as long as somebody points at it
    talk = await ann.dm(ben)
    await say(hall, ann, talk, "just us")
    await expect(toast(desk)).to_have_text(re.compile(r"Ann\s*just us\s*and 1 more\s*$"))
    await say(hall, ann, plans, *lines("before", 40), f"second, <@{ben.user}>")
    await expect(toast(desk)).to_contain_text("second, @Ben")
    await toast(desk).hover()
    await say(hall, ann, plans, *lines("after", 30))
    await toast(desk).click()
    await expect(desk.message("second, @Ben")).to_be_in_viewport()
    await expect(toast(desk)).to_have_count(0)
