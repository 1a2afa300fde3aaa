"""UX 6, 17, 21, 22 and 24: what people do to a message, and what the others see of it at once."""

import re

from playwright.async_api import Locator, expect

from browser.conftest import Sit
from browser.talk import lines, say
from browser.test_rooms import enter_all, heading, reload, sheet
from browser.viewer import PHONE, Viewer
from house.person import Person
from house.server import House

CLIPBOARD = ["clipboard-read", "clipboard-write"]
REFUSED = "\u202e"
"""An override of the direction: the server takes none."""
MARKED = re.compile(r"\blooked-for\b")


async def two(sit: Sit, hall: House, *said: str) -> tuple[int, list[Person], Viewer, Viewer]:
    """Ann runs the club and looks at it; so does Ben, who has said all this."""
    group, people = await hall.club("Ann", "Ben")
    await say(hall, people[1], group, *said)
    ann, ben = await enter_all(sit, *people)
    for viewer in (ann, ben):
        await viewer.sees(said[-1])
    return group, people, ann, ben


def chips(viewer: Viewer, text: str) -> Locator:
    """The reactions under a message, without the button that adds one."""
    return viewer.message(text).get_by_role("list", name="Reactions").locator("[aria-pressed]")


async def test_reactions_switch_at_once_and_tell_who_gave_them(sit: Sit, hall: House) -> None:
    _, _, ann, ben = await two(sit, hall, "we have won")
    await ann.message("we have won").hover()
    await ann.tools("we have won").get_by_role("button", name="React with 👍").click()
    await expect(chips(ann, "we have won")).to_have_attribute("title", "👍 you")
    chip = chips(ben, "we have won")
    await expect(chip).to_have_attribute("title", "👍 Ann")
    await expect(chip).to_have_attribute("aria-pressed", "false")
    await chip.dblclick()
    await expect(chip).to_have_attribute("aria-pressed", "true")
    await expect(chips(ann, "we have won")).to_have_attribute("title", "👍 Ben and you")
    await expect(chips(ann, "we have won")).to_contain_text("2")
    await ann.page.reload()
    await expect(chips(ann, "we have won")).to_have_attribute("title", "👍 Ben and you")
    await chips(ann, "we have won").click()
    await expect(chip).to_have_attribute("title", "👍 you")
    await chip.click()
    for viewer in (ann, ben):
        await expect(viewer.button("Add a reaction")).to_have_count(0)


async def test_the_emoji_picker_comes_when_first_wanted_and_gives_any_emoji(sit: Sit, hall: House) -> None:
    _, _, ann, ben = await two(sit, hall, "we have won")
    asked: list[str] = []
    ann.page.on("request", lambda request: asked.append(request.url))
    await ann.page.reload()
    await ann.sees("we have won")
    assert [url for url in asked if re.search(r"picker|data", url)] == []
    await ann.message("we have won").hover()
    await ann.tools("we have won").get_by_role("button", name="React", exact=True).click()
    picker = sheet(ann, "Choose an emoji")
    await picker.get_by_role("combobox").fill("trophy")
    await picker.get_by_role("option", name=re.compile("trophy")).click()
    await expect(picker).to_have_count(0)
    await expect(chips(ben, "we have won")).to_have_attribute("title", "🏆 Ann")
    await ben.button("Add a reaction").click()
    await sheet(ben, "Choose an emoji").get_by_role("combobox").fill("chess")
    await ben.page.keyboard.press("Escape")
    await expect(sheet(ben, "Choose an emoji")).to_have_count(0)
    await expect(ben.button("Add a reaction")).to_be_focused()
    await ben.message("we have won").hover()
    await expect(ben.tools("we have won").get_by_role("button", name="React with 👍")).to_be_visible()
    await ann.message("we have won").hover()
    await expect(ann.tools("we have won").get_by_role("button", name="React with 🏆")).to_be_visible()
    await reload(ann, ben)
    for viewer, who in ((ann, "🏆 you"), (ben, "🏆 Ann")):
        await expect(chips(viewer, "we have won")).to_have_attribute("title", who)


async def test_an_answer_quotes_and_its_quote_leads_to_what_was_said(sit: Sit, hall: House) -> None:
    _, _, ann, ben = await two(sit, hall, "who plays?", *lines("word", 60))
    await ann.page.get_by_role("button", name="Jump to latest").click()
    await ann.scroll_by(-100_000)
    await ann.message("who plays?").hover()
    await ann.tools("who plays?").get_by_role("button", name="Reply").click()
    await expect(ann.page.get_by_text("Reply to Ben")).to_be_visible()
    await expect(ann.composer).to_be_focused()
    await ann.page.keyboard.press("Escape")
    await expect(ann.page.get_by_text("Reply to Ben")).to_have_count(0)
    await ann.act("who plays?", "Reply")
    await ann.write("I do")
    await expect(ann.page.get_by_text("Reply to Ben")).to_have_count(0)
    for _ in ("at once", "after a reload"):
        answer = ben.messages.filter(has=ben.page.get_by_text("I do", exact=True))
        await expect(answer).to_be_in_viewport()
        quote = answer.get_by_role("button").filter(has_text="who plays?")
        await expect(quote).to_contain_text("You")
        await quote.click()
        said = ben.messages.first
        await expect(said).to_have_class(MARKED)
        await expect(said).to_be_in_viewport()
        await expect(said.locator(".text")).to_have_text("who plays?")
        await ben.button("Jump to latest").click()
        await expect(answer).to_be_in_viewport()
        await ben.page.reload()


async def test_a_message_is_changed_by_menu_and_by_the_arrow_and_a_draft_waits_meanwhile(
    sit: Sit, hall: House
) -> None:
    _, _, ann, ben = await two(sit, hall, "at nine", "at the hall")
    await ben.composer.fill("half a thought")
    await ben.act("at nine", "Edit")
    await expect(ben.composer).to_have_value("at nine")
    await expect(ben.composer).to_be_focused()
    await ben.composer.fill("at ten")
    await ben.button("Save").click()
    await expect(ben.composer).to_have_value("half a thought")
    for viewer in (ann, ben):
        await expect(viewer.message("at ten")).to_contain_text("(edited)")
        await expect(viewer.message("at nine")).to_have_count(0)
    await ben.composer.press("Home")
    await ben.composer.press("ArrowUp")
    await expect(ben.composer).to_have_value("half a thought")
    await ben.composer.fill("first line\nsecond line")
    await ben.composer.press("ArrowUp")
    await ben.composer.press("End")
    await ben.page.keyboard.type("!")
    await expect(ben.composer).to_have_value("first line!\nsecond line")
    await ben.composer.fill("")
    await ben.composer.press("ArrowUp")
    await expect(ben.composer).to_have_value("at the hall")
    await ben.page.keyboard.type(" of the town")
    await ben.page.keyboard.press("Escape")
    await expect(ben.composer).to_have_value("")
    await ben.composer.press("ArrowUp")
    await ben.page.keyboard.insert_text(f", upstairs{REFUSED}")
    await ben.page.keyboard.press("Enter")
    await expect(ben.page.get_by_role("alert")).to_contain_text("That did not work")
    await expect(ben.composer).to_have_value(f"at the hall, upstairs{REFUSED}")  # and nothing is lost
    await ben.page.keyboard.press("Backspace")
    await ben.page.keyboard.press("Enter")
    await expect(ben.page.get_by_role("alert")).to_have_count(0)
    await ann.sees("at the hall, upstairs")
    await reload(ann, ben)
    for viewer in (ann, ben):
        await viewer.sees("at the hall, upstairs")
        assert await viewer.texts() == ["at ten", "at the hall, upstairs"]
        await expect(viewer.log.get_by_text("(edited)")).to_have_count(2)


async def test_what_is_deleted_leaves_a_line_and_nothing_that_it_said(sit: Sit, hall: House) -> None:
    _, _, ann, ben = await two(sit, hall, "a slip", "a word", "an insult")
    await ben.act("a slip", "Reply")
    await ben.write("about that")
    await ann.sees("about that")
    await ben.act("a word", "Delete")
    await ben.button("Close").click()
    await expect(ben.message("a word")).to_be_visible()
    first = ben.messages.filter(has_text="a slip").first
    await first.hover()
    await first.locator("..").get_by_role("button", name="More").click()
    await ben.page.get_by_role("menuitem", name="Delete").click()
    await sheet(ben, "Delete this message?").get_by_role("button", name="Delete").click()
    await ann.act("an insult", "Delete")  # whoever runs the room may
    await sheet(ann, "Delete this message?").get_by_role("button", name="Delete").click()
    for _ in ("at once", "after a reload"):
        for viewer in (ann, ben):
            await viewer.sees("about that")
            await expect(viewer.log.get_by_text("This message was deleted.")).to_have_count(2)
            await expect(viewer.log).to_contain_text("The message is not here any more.")
            assert await viewer.texts() == ["a word", "about that"]
            for gone in ("a slip", "an insult"):
                await expect(viewer.page.get_by_text(gone)).to_have_count(0)
        await reload(ann, ben)


async def test_a_room_holds_on_to_what_is_pinned_and_leads_there(sit: Sit, hall: House) -> None:
    _, _, ann, ben = await two(sit, hall, "the address", *lines("word", 60))
    await ann.act("the address", "Pin")
    await expect(ann.message("the address")).to_contain_text("pinned")
    for _ in ("at once", "after a reload"):
        await expect(ben.message("the address")).not_to_be_in_viewport()
        await ben.link("Pinned").click()
        pins = sheet(ben, "Pinned")
        await expect(pins.get_by_role("listitem")).to_have_count(1)
        await expect(pins.get_by_role("listitem")).to_contain_text("the address")
        await pins.get_by_role("link", name="Ben").click()
        await expect(pins).to_have_count(0)
        await expect(ben.message("the address")).to_be_in_viewport()
        await expect(ben.message("the address")).to_have_class(MARKED)
        await ben.button("Jump to latest").click()
        await expect(ben.message("word 60")).to_be_in_viewport()
        await ben.page.reload()
        await ben.sees("word 60")
    await ann.act("the address", "Unpin")
    for viewer in (ann, ben):
        await expect(viewer.link("Pinned")).to_have_count(0)


async def test_a_link_to_a_message_opens_around_it_and_the_stream_goes_on_from_there(
    sit: Sit, hall: House
) -> None:
    group, (ann, ben) = await hall.club("Ann", "Ben")
    await say(hall, ben, group, *lines("word", 300))
    posted = {each["text"]: each["id"] for each in (await ben.page(group, around=160, limit=100))["messages"]}
    await ben.ok("PATCH", f"/api/messages/{posted['word 180']}", {"text": "word 180 and a half"})
    await ben.react(posted["word 181"], "🎉")
    desk = await sit(permissions=CLIPBOARD)
    await desk.enter(ben)
    await desk.sees("word 300")
    await desk.go(f"/c/{group}/m/{posted['word 140']}")
    await expect(desk.message("word 140")).to_be_in_viewport()
    await desk.act("word 140", "Copy link")
    link = await desk.page.evaluate("navigator.clipboard.readText()")
    assert link == f"{desk.url}/c/{group}/m/{posted['word 140']}"
    await desk.act("word 141", "Copy text")
    assert await desk.page.evaluate("navigator.clipboard.readText()") == "word 141"
    cold = await sit()
    await cold.enter(ann)
    await cold.go("/about")
    await cold.page.goto(link)
    await expect(cold.message("word 140")).to_be_in_viewport()
    await expect(cold.message("word 140")).to_have_class(MARKED)
    await expect(heading(cold)).to_have_text("Everyone")
    await expect(cold.message("word 300")).not_to_be_in_viewport()
    for text in ("word 180 and a half", "word 181", "word 200", "word 250"):
        await expect(cold.message(text)).to_be_attached()
        await cold.message(text).scroll_into_view_if_needed()
    await expect(cold.message("word 180 and a half")).to_contain_text("(edited)")
    await expect(chips(cold, "word 181")).to_have_attribute("title", "🎉 Ben")
    await cold.page.get_by_role("button", name="Jump to latest").click()
    await expect(cold.message("word 300")).to_be_in_viewport()
    await cold.go(f"/c/{group}/m/{posted['word 140'][:-4]}0000")
    await expect(cold.page.get_by_role("alert")).to_contain_text("This message is not here any more")


async def test_marked_unread_on_one_device_it_is_unread_on_the_other_until_one_comes_back(
    sit: Sit, hall: House
) -> None:
    group, people, ann, ben = await two(sit, hall, *lines("word", 5))
    desk = await sit()
    await desk.enter(people[0])
    await ann.side_shows("Everyone", unread=False)
    await desk.side_shows("Everyone", unread=False)
    await desk.in_side("Notes to myself").click()
    await ben.act("word 5", "Seen by")
    await expect(sheet(ben, "Seen by").get_by_role("listitem")).to_have_text([re.compile("Ann$")])
    await ben.button("Close").click()
    await ann.act("word 4", "Mark unread from here")
    for viewer in (ann, desk):
        await viewer.side_shows("Everyone")
        await expect(viewer.page).to_have_title(re.compile("^• "))
    await say(hall, people[1], group, "word 6")
    await ann.sees("word 6")
    await ann.side_shows("Everyone")  # what is on the screen does not count now
    await ben.act("word 4", "Seen by")
    await expect(sheet(ben, "Seen by")).to_contain_text("Ann")  # what was seen stays seen
    await desk.page.reload()
    await desk.side_shows("Everyone")
    await desk.in_side("Everyone").click()
    divider = desk.page.get_by_role("separator", name="New")
    await expect(desk.log.locator("[data-key]", has=divider)).to_contain_text("word 4")
    for viewer in (desk, ann):
        await viewer.side_shows("Everyone", unread=False)
        await expect(viewer.page).not_to_have_title(re.compile("^• "))


async def test_all_that_can_be_done_to_a_message_is_done_by_keyboard(sit: Sit, hall: House) -> None:
    _, _, ann, ben = await two(sit, hall, "one", "two")
    keys = ben.page.keyboard
    await ben.composer.focus()
    more = ben.tools("two").get_by_role("button", name="More")
    for _ in range(5):
        await keys.press("Shift+Tab")
        if await more.evaluate("(button) => button === document.activeElement"):
            break
    await expect(more).to_be_focused()
    await keys.press("Home")
    await expect(ben.tools("two").get_by_role("button").first).to_be_focused()
    await keys.press("Enter")
    await expect(chips(ann, "two")).to_have_attribute("title", "👍 Ben")
    await keys.press("End")
    await keys.press("Enter")
    menu = ben.page.get_by_role("menu")
    items = menu.get_by_role("menuitem")
    wanted = ["Reply", "Edit", "Copy text", "Copy link", "Pin", "Mark unread from here", "Seen by", "Delete"]
    await expect(items).to_have_text(wanted)
    for name in wanted:
        await expect(menu.get_by_role("menuitem", name=name, exact=True)).to_be_focused()
        await keys.press("ArrowDown")
    await expect(items.first).to_be_focused()
    await keys.press("Escape")
    await expect(more).to_be_focused()
    await keys.press("Enter")
    await keys.press("p")
    await keys.press("Enter")
    await expect(ann.message("two")).to_contain_text("pinned")
    await expect(more).to_be_focused()
    await keys.press("Enter")
    await keys.press("e")
    await keys.press("Enter")
    await expect(ben.composer).to_have_value("two")
    await keys.type(" and a half")
    await keys.press("Enter")
    await ann.sees("two and a half")
    await expect(ben.composer).to_be_focused()


async def test_a_long_press_opens_the_menu_of_a_message_on_a_phone(sit: Sit, hall: House) -> None:
    group, people = await hall.club("Ann", "Ben")
    await say(hall, people[1], group, "one", "two")
    ann, phone = await sit(), await sit(PHONE, is_mobile=True)
    await ann.enter(people[0])
    await phone.enter(people[1])
    await long_press(phone, "two")
    menu = sheet(phone, "Ben")
    await expect(menu).to_be_visible()
    await menu.get_by_role("button", name="React with ❤️").tap()
    await expect(menu).to_have_count(0)
    await expect(chips(ann, "two")).to_have_attribute("title", "❤️ Ben")
    await long_press(phone, "two")
    await menu.get_by_role("button", name="Reply").tap()
    await expect(phone.page.get_by_text("Reply to Ben")).to_be_visible()
    await phone.write("three")
    await ann.sees("three")
    await expect(ann.messages.filter(has_text="three").get_by_role("button").first).to_contain_text("two")
    await long_press(phone, "one")
    await menu.get_by_role("button", name="Delete").tap()
    await phone.button("Delete").tap()
    await expect(ann.log).to_contain_text("This message was deleted.")
    await phone.page.reload()
    await phone.sees("three")
    await expect(phone.log).to_contain_text("This message was deleted.")
    assert await phone.texts() == await ann.texts() == ["two", "three"]


async def long_press(phone: Viewer, text: str) -> None:
    """With a finger that rests until the menu is there."""
    box = await phone.log.get_by_text(text, exact=True).last.bounding_box()
    assert box is not None
    finger = [{"x": box["x"] + 5, "y": box["y"] + box["height"] / 2}]
    session = await phone.context.new_cdp_session(phone.page)
    await session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": finger})
    await expect(phone.page.get_by_role("dialog")).to_be_visible()
    await session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    await session.detach()
