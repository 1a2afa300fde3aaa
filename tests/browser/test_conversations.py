"""Conversations: begun from the sheet, with a number in the other's list, blocked, switched off, of three."""

import re

from playwright.async_api import expect

from browser.conftest import Sit
from browser.test_rooms import enter_all, heading, reload, sheet
from browser.viewer import Viewer
from house.server import House

CLOSED = "Nobody can write here at the moment"


async def begin(viewer: Viewer, *names: str) -> None:
    """From the sheet, with people of the club."""
    await viewer.link("New conversation").click()
    for name in names:
        await sheet(viewer, "New conversation").get_by_text(name, exact=True).click()
    await viewer.button("Begin").click()
    await expect(viewer.page.get_by_role("dialog")).to_have_count(0)


async def test_a_conversation_stands_in_the_others_list_with_a_number_at_once(sit: Sit, hall: House) -> None:
    _, people = await hall.club("Ann", "Ben", "Cleo")
    ann, ben = await enter_all(sit, *people[:2])
    await begin(ann, "Ben")
    await expect(heading(ann)).to_have_text("Ben")
    await expect(ann.page.get_by_text("Only the two of you see this")).to_be_visible()
    await ann.write("psst")
    await ben.side_shows("Ann", 1)
    await expect(ben.page).to_have_title("(1) Chess club · Clubroom")
    await ann.write("are you there?")
    await ben.side_shows("Ann", 2)
    await ben.page.reload()
    await ben.side_shows("Ann", 2)
    await ben.in_side("Ann").click()
    await ben.sees("are you there?")
    await ben.side_shows("Ann", unread=False)
    await expect(ben.page).to_have_title("Ann · Clubroom")
    await ben.write("I am")
    await ann.sees("I am")
    await ann.in_side("Everyone").click()
    await begin(ann, "Ben")  # whoever begins anew finds the one there is
    await reload(ann, ben)
    for viewer in (ann, ben):
        await viewer.sees("I am")
        assert await viewer.texts() == ["psst", "are you there?", "I am"]
    await ann.side_shows("Ben", unread=False)


async def test_what_is_written_to_who_has_blocked_me_is_refused_with_words(sit: Sit, hall: House) -> None:
    _, people = await hall.club("Ann", "Ben")
    talk = await people[0].dm(people[1])
    await people[0].post(talk, "hello")
    ann, ben = await enter_all(sit, *people, path=f"/c/{talk}")
    await ben.link("About this conversation").click()
    await ben.button("Block Ann").click()
    asked = sheet(ben, "Block Ann?")
    await expect(asked).to_contain_text("Ann is not told.")
    await asked.get_by_role("button", name="Block Ann").click()
    await expect(ben.page.get_by_text("You have blocked Ann.")).to_be_visible()
    await ben.button("Close").click()
    await ann.write("do you hear me?")
    row = ann.messages.filter(has_text="do you hear me?")
    await expect(row).to_have_attribute("data-state", "failed")
    await expect(row.get_by_role("alert")).to_contain_text("Not sent.")
    await ben.page.reload()
    await ben.sees("hello")
    await expect(ben.page.get_by_text(CLOSED)).to_be_visible()
    await expect(ben.composer).to_have_count(0)
    assert await ben.texts() == ["hello"]
    await ben.link("About this conversation").click()
    await ben.button("Unblock Ann").click()
    await ben.button("Close").click()
    await ben.write("now I do")
    await ann.sees("now I do")
    await row.get_by_role("button", name="Retry").click()
    await ben.sees("do you hear me?")


async def test_where_a_club_wants_none_members_still_write_to_who_runs_it(sit: Sit, hall: House) -> None:
    _, (owner, *others) = await hall.club("Ann", "Ben", "Cleo")
    talk = await others[0].dm(others[1])
    await others[0].post(talk, "between us")
    ann, ben, cleo = await enter_all(sit, owner, *others)
    for viewer, name in ((ben, "Cleo"), (cleo, "Ben")):
        await viewer.in_side(name).click()
        await expect(viewer.composer).to_be_visible()
    await ann.link("About the club").click()
    await ann.link("Settings").click()
    await ann.page.get_by_role("checkbox", name="No conversations between members").check()
    await ann.button("Save").click()
    for viewer in (ben, cleo):
        await expect(viewer.page.get_by_text(CLOSED)).to_be_visible()
        await viewer.sees("between us")
    await reload(ben, cleo)
    for viewer in (ben, cleo):
        await expect(viewer.page.get_by_text(CLOSED)).to_be_visible()
        await expect(viewer.composer).to_have_count(0)
    await begin(ben, "Ann")
    await ben.write("may I?")
    await ann.in_side("Ben").click()
    await ann.write("you may")
    await ben.sees("you may")


async def test_three_people_share_one_conversation_until_one_leaves(sit: Sit, hall: House) -> None:
    _, people = await hall.club("Ann", "Ben", "Cleo")
    ann, ben, cleo = await enter_all(sit, *people)
    await begin(ann, "Ben", "Cleo")
    await ann.write("the three of us")
    await ben.in_side(re.compile("Cleo")).click()
    await cleo.in_side(re.compile("Ann")).click()
    await ben.write("heard")
    for viewer in (ann, ben, cleo):
        await viewer.sees("the three of us")
        await viewer.sees("heard")
        await expect(viewer.page.get_by_text("3 people")).to_be_visible()
    await cleo.link("About this conversation").click()
    others = sheet(cleo, "About this conversation").get_by_role("listitem")
    await expect(others).to_have_count(2)
    for name in ("Ann", "Ben"):
        await expect(others.get_by_text(name, exact=True)).to_be_visible()
    await cleo.button("Leave the conversation").click()
    asked = sheet(cleo, "Leave the conversation")
    await asked.get_by_role("button", name="Leave the conversation").click()
    await expect(heading(cleo)).to_have_text("Everyone")
    await expect(cleo.in_side(re.compile("Ann"))).to_have_count(0)
    await expect(ann.log).to_contain_text("Cleo left")
    await ann.write("and then there were two")
    await ben.sees("and then there were two")
    await cleo.page.reload()
    await expect(cleo.page).to_have_title("Chess club · Clubroom")
    await expect(cleo.in_side(re.compile("Ann"))).to_have_count(0)
