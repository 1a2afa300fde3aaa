"""UX 7 and 10: what @, # and : complete, marks by key, and whom a message calls."""

from playwright.async_api import Locator, expect

from browser.conftest import Sit
from browser.test_rooms import enter_all, reload
from browser.viewer import Viewer
from house.server import House

_PASTE = """
(box, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
  return box.dispatchEvent(event);
}
"""


def offered(viewer: Viewer, what: str) -> Locator:
    """The options of the list over the box."""
    return viewer.page.get_by_role("listbox", name=what, exact=True).get_by_role("option")


def names(options: Locator) -> Locator:
    return options.locator(".name")


async def test_who_is_picked_from_the_list_is_called_and_sees_a_number(sit: Sit, hall: House) -> None:
    _, people = await hall.club("Ann", "Ben", "Bea Lee")
    ann, ben, bea = await enter_all(sit, *people)
    for viewer in (ben, bea):
        await viewer.in_side("Notes to myself").click()
    await ann.composer.press_sequentially("hello @be")
    await expect(names(offered(ann, "People"))).to_have_text(["Bea Lee", "Ben"])
    await ann.composer.press("ArrowDown")
    await expect(offered(ann, "People").nth(1)).to_have_attribute("aria-selected", "true")
    await ann.composer.press("Enter")
    await expect(ann.composer).to_have_value("hello @Ben ")
    await expect(offered(ann, "People")).to_have_count(0)
    await ann.page.keyboard.type("and @bea l")
    await expect(names(offered(ann, "People"))).to_have_text(["Bea Lee"])
    await ann.composer.press("Escape")  # not this time: the letters stay letters
    await expect(offered(ann, "People")).to_have_count(0)
    await expect(ann.composer).to_have_value("hello @Ben and @bea l")
    assert await ann.texts() == []
    await ann.composer.press("Enter")
    await ann.sees("hello @Ben and @bea l")
    await ben.side_shows("Everyone", 1)
    await expect(ben.page).to_have_title("(1) Notes to myself · Clubroom")
    await bea.side_shows("Everyone")
    await expect(bea.page).to_have_title("• Notes to myself · Clubroom")
    await ann.write("and now nobody")
    await reload(ben, bea)
    await ben.side_shows("Everyone", 1)
    await bea.side_shows("Everyone")
    await ben.in_side("Everyone").click()
    await expect(ben.log.locator(".mention.lit")).to_have_text("@Ben")
    await ben.side_shows("Everyone", unread=False)
    await expect(ann.log.locator(".mention")).to_have_text("@Ben")
    await expect(ann.log.locator(".mention.lit")).to_have_count(0)


async def test_whoever_runs_the_room_calls_everybody(sit: Sit, hall: House) -> None:
    _, people = await hall.club("Ann", "Ben")
    ann, ben = await enter_all(sit, *people)
    await ben.composer.press_sequentially("@al")
    await expect(offered(ben, "People")).to_have_count(0)
    await ben.composer.fill("")
    await ben.in_side("Notes to myself").click()
    await ann.composer.press_sequentially("@al")
    await expect(offered(ann, "People")).to_contain_text(["all"])
    await ann.composer.press("Tab")
    await ann.page.keyboard.type("come down")
    await ann.composer.press("Enter")
    await ben.side_shows("Everyone", 1)
    await ben.in_side("Everyone").click()
    await expect(ben.log.locator(".mention.lit")).to_have_text("@everyone")


TYPED_AT_ONCE = """(box, letter) => {
  box.setRangeText(letter, box.value.length, box.value.length, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
}"""


async def test_whoever_types_faster_than_the_browser_tells_loses_no_letter_and_leaves_none(
    sit: Sit, hall: House
) -> None:
    """Where the caret stands is told a moment after the letter."""
    group, people = await hall.club("Ann", "Ben")
    await people[0].channel(group, "Sunday match")
    [ann] = await enter_all(sit, people[0])
    await ann.composer.press_sequentially("see #s")
    await expect(offered(ann, "Rooms")).to_contain_text(["Sunday match"])
    await ann.composer.evaluate(TYPED_AT_ONCE, "u")
    await expect(ann.composer).to_have_value("see #Sunday match ")


async def test_emoji_rooms_and_marks_come_by_key(sit: Sit, hall: House) -> None:
    group, people = await hall.club("Ann", "Ben")
    await people[0].channel(group, "Sunday match")
    ann, ben = await enter_all(sit, *people)
    keys = ann.page.keyboard
    await ann.composer.press_sequentially(":t")
    await expect(offered(ann, "Emoji")).to_have_count(0)
    await keys.type("ada")
    await expect(offered(ann, "Emoji").first).to_contain_text("🎉")
    await keys.press("Enter")
    await expect(ann.composer).to_have_value("🎉 ")
    await keys.type("see #su")
    await expect(offered(ann, "Rooms")).to_contain_text(["Sunday match"])
    await keys.press("Enter")
    await expect(ann.composer).to_have_value("🎉 see #Sunday match ")
    await keys.type("at ")
    await keys.press("Control+b")
    await keys.type("ten")
    await keys.press("End")
    await keys.type(" in the hall")
    for _ in "hall":
        await keys.press("Shift+ArrowLeft")
    assert await ann.composer.evaluate(_PASTE, "https://hall.example/way") is False  # nothing else pastes it
    wanted = "🎉 see #Sunday match at **ten** in the [hall](https://hall.example/way)"
    await expect(ann.composer).to_have_value(wanted)
    await keys.press("Enter")
    for _ in ("at once", "after a reload"):
        await ben.sees("🎉 see #Sunday match at ten in the hall")
        await expect(ben.log.locator("strong")).to_have_text("ten")
        await expect(ben.log.get_by_role("link", name="hall")).to_have_attribute(
            "href", "https://hall.example/way"
        )
        await ben.page.reload()


async def test_a_draft_keeps_whom_it_calls_over_a_reload(sit: Sit, hall: House) -> None:
    _, people = await hall.club("Ann", "Ben")
    ann, ben = await enter_all(sit, *people)
    await ben.in_side("Notes to myself").click()
    await ann.composer.press_sequentially("@be")
    await expect(names(offered(ann, "People"))).to_have_text(["Ben"])
    await ann.composer.press("Enter")
    await ann.page.keyboard.type("are you there?")
    await ann.page.reload()
    await expect(ann.composer).to_have_value("@Ben are you there?")
    await ann.composer.press("Enter")
    await ben.side_shows("Everyone", 1)
    await ann.all_sent()
    await ann.composer.press("ArrowUp")  # and it is a name again when the message is changed
    await expect(ann.composer).to_have_value("@Ben are you there?")
    await ann.page.keyboard.type(" Hello?")
    await ann.composer.press("Enter")
    await ben.in_side("Everyone").click()
    await ben.sees("@Ben are you there? Hello?")
    await expect(ben.log.locator(".mention.lit")).to_have_text("@Ben")
