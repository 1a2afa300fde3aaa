"""UX 2, 4, 21 and 38: codes that ask, a hall, somebody who is reported and kept out; seen by both sides."""

import re

from playwright.async_api import expect

from browser.conftest import Sit
from browser.test_rooms import enter_all, sheet
from browser.viewer import PHONE, Viewer
from house.server import House
from house.uuid7 import uuid7


async def menu(viewer: Viewer) -> None:
    """What can be done with the club."""
    await viewer.button(re.compile("switch club$")).click()


async def test_ben_knocks_and_ann_lets_him_in_while_both_look_on(sit: Sit) -> None:
    ann, ben = await sit(), await sit(PHONE)
    await ann.create_club("Chess club", "Ann")
    await ann.page.get_by_role("link", name="All codes").click()
    await ann.button("New code").click()
    new = sheet(ann, "New code")
    await new.get_by_label("Whom is it for?").fill("Autumn fair")
    await new.get_by_label("We let people in ourselves").check()
    await new.get_by_label("A question for them").fill("Who told you about us?")
    await new.get_by_role("button", name="New code").click()
    card = ann.page.get_by_role("listitem").filter(has_text="Autumn fair")
    code = (await card.locator(".code").text_content() or "").strip()
    await sheet(ann, "Codes").get_by_role("button", name="Close").click()
    # three screens: the code with its question, the waiting, the room
    await ben.go(f"/join/{code}")
    await expect(ben.page.get_by_text("Who told you about us?")).to_be_visible()
    await ben.field("Your name").fill("Ben")
    await ben.button("Ask to join Chess club").click()
    await expect(ben.page.get_by_text("Write a word or two.")).to_be_visible()
    await ben.field("Your answer").fill("The baker did")
    await ben.button("Ask to join Chess club").click()
    await expect(sheet(ben, "You have knocked")).to_contain_text("Chess club")
    await ben.page.reload()
    await expect(sheet(ben, "You have knocked")).to_contain_text("Chess club")
    await menu(ann)
    await ann.link(re.compile("^Asking to join 1")).click()
    asking = sheet(ann, "Asking to join")
    await expect(asking).to_contain_text("The baker did")
    await asking.get_by_role("button", name="Let in Ben").click()
    await expect(asking).to_contain_text("Nobody is waiting at the door.")
    await ben.write("Good evening!")
    await asking.get_by_role("button", name="Close").click()
    await ann.sees("Good evening!")


async def test_whoever_is_declined_reads_so_in_a_plain_sentence(sit: Sit, hall: House) -> None:
    club, [owner] = await hall.club("Ann")
    new = {"key": str(uuid7()), "asks": True}
    code = (await owner.ok("POST", f"/api/groups/{club}/codes", new))["code"]
    ben = await sit(PHONE)
    await ben.go(f"/join/{code}")
    await ben.field("Your name").fill("Ben")
    await ben.button("Ask to join Chess club").click()
    await expect(sheet(ben, "You have knocked")).to_contain_text("Chess club")
    [one] = (await owner.ok("GET", f"/api/groups/{club}/requests"))["requests"]
    await owner.ok("POST", f"/api/groups/{club}/requests/{one['user']}", {"accept": False})
    await expect(ben.page.get_by_text("Chess club did not let you in.")).to_be_visible()
    await expect(ben.button("Take it back: Chess club")).to_have_count(0)


async def test_a_code_is_forgiving_and_shows_its_club_before_one_joins(sit: Sit, hall: House) -> None:
    club, [owner] = await hall.club("Ann")
    code = (await owner.ok("GET", f"/api/groups/{club}/code"))["code"]
    cleo = await sit(PHONE)
    await cleo.go("/join")
    field = cleo.field("Club code")
    await field.fill("0000-0000-0000")
    await expect(cleo.page.get_by_text("This code does not open a door.")).to_be_visible()
    for typed in (
        code.lower().replace("-", ""),
        f" {code.replace('-', ' ')} ",
        code.replace("0", "o").replace("1", "l"),
        f"https://club.example/join/{code}",
    ):
        await field.fill("")
        await expect(cleo.page.get_by_text("Chess club", exact=True)).to_have_count(0)
        await field.fill(typed)
        await expect(cleo.page.get_by_text("Chess club", exact=True)).to_be_visible()
        await expect(cleo.page.get_by_text("1 member", exact=True)).to_be_visible()


async def test_in_a_hall_the_code_fills_the_screen_until_esc(sit: Sit) -> None:
    ann = await sit()
    code = await ann.create_club("Chess club", "Ann")
    await ann.button("Show large").click()
    large = sheet(ann, "Show large")
    await expect(large).to_contain_text("Chess club")
    assert code in (await large.text_content() or "").replace("-", "")
    picture = await large.get_by_role("img").bounding_box()
    size = ann.page.viewport_size
    assert picture
    assert size
    assert picture["height"] > 0.8 * size["height"]
    assert await large.evaluate("(one) => getComputedStyle(one).backgroundColor") == "rgb(255, 255, 255)"
    await ann.page.keyboard.press("Escape")
    await expect(large).to_have_count(0)
    await expect(ann.button("Show large")).to_be_focused()


async def test_empty_places_say_what_to_do_next(sit: Sit, hall: House) -> None:
    """UX 4."""
    club, [owner] = await hall.club("Ann")
    room = await owner.channel(club, "Plans")
    ann = await sit()
    await ann.enter(owner)
    main = ann.page.get_by_role("main")
    await expect(main).to_contain_text("Now let the others in:")
    await expect(main.get_by_role("link", name="Invite people").last).to_be_visible()
    empty = {
        f"{room}": "Say what it is for, or just begin.",
        f"{room}/pins": "Nothing is pinned here.",
        f"{club}/requests": "A code that says “We let people in ourselves” brings them here.",
        f"{club}/reports": "What members report to you stands here.",
        f"{club}/blocks": "The club keeps nobody out.",
    }
    for path, words in empty.items():
        await ann.go(f"/c/{path}")
        await expect(ann.page.get_by_text(words)).to_be_visible()
    await ann.go(f"/c/{club}/requests")
    await ann.link("All codes").click()
    await expect(sheet(ann, "Codes")).to_contain_text("The club’s code")


async def test_a_message_is_reported_and_its_author_removed_with_what_they_wrote(
    sit: Sit, hall: House
) -> None:
    _, people = await hall.club("Ann", "Ben", "Cleo")
    ann, ben, cleo = await enter_all(sit, *people)
    await ben.write("you all play badly")
    await ben.sees("you all play badly")
    await cleo.act("you all play badly", "Report")
    report = sheet(cleo, "Report this message")
    await report.get_by_label("What is wrong?").fill("He says so every week")
    await report.get_by_role("button", name="Send the report").click()
    await expect(report).to_contain_text("Thank you.")
    await menu(ann)
    await ann.link(re.compile("^Reports 1")).click()
    reports = sheet(ann, "Reports")
    await expect(reports).to_contain_text("He says so every week")
    await expect(reports).to_contain_text("you all play badly")
    await reports.get_by_role("button", name="Remove").click()
    remove = sheet(ann, "Remove Ben?")
    await remove.get_by_role("radio", name="All", exact=True).check()
    await remove.get_by_role("button", name="Remove and block Ben").click()
    await expect(remove).to_have_count(0)
    await expect(ben.page.get_by_text("This room is not open to you.")).to_be_visible()
    await expect(cleo.log).to_contain_text("This message was deleted.")
    await expect(reports).to_contain_text("This copy goes when you close the report.")
    await reports.get_by_role("listitem").get_by_role("button", name="Close").click()
    await expect(reports).to_contain_text("Nothing is reported.")
    await reports.get_by_role("link", name="Kept out").click()
    await ann.button("Let Ben come back").click()
    await expect(sheet(ann, "Kept out")).to_contain_text("The club keeps nobody out.")
