"""UX 6, 7, 9, 10, 17 and 18 with fingers: what a desk does, a phone does, too."""

import re

from playwright.async_api import expect

from browser.conftest import Sit
from browser.talk import lines, say
from browser.test_message_acts import MARKED, long_press
from browser.test_rooms import sheet
from browser.viewer import PHONE
from house.server import House

TEXT_MAX = 4_000


async def test_with_fingers_one_calls_somebody_changes_answers_and_deletes_what_was_said(
    sit: Sit, hall: House
) -> None:
    group, (ann, ben) = await hall.club("Ann", "Ben")
    await say(hall, ben, group, "who plays?")
    phone, desk = await sit(PHONE, is_mobile=True), await sit()
    await phone.enter(ann)
    await desk.enter(ben)
    keys = phone.page.keyboard
    await phone.composer.tap()
    await keys.type("hello @be")
    await phone.page.get_by_role("listbox", name="People").get_by_role("option").filter(has_text="Ben").tap()
    await expect(phone.composer).to_have_value("hello @Ben ")
    await phone.page.reload()
    await expect(phone.composer).to_have_value("hello @Ben ")
    await phone.button("Send").tap()
    await desk.sees("hello @Ben")
    await phone.composer.tap()
    await keys.press("ArrowUp")
    await expect(phone.composer).to_have_value("hello @Ben")
    await keys.type("!")
    await keys.press("Escape")
    await expect(phone.composer).to_have_value("")
    await long_press(phone, "hello @Ben")
    await sheet(phone, "Ann").get_by_role("button", name="Edit").tap()
    await expect(phone.composer).to_be_focused()
    await keys.type(" and all")
    await phone.button("Save").tap()
    changed = desk.messages.filter(has_text="hello @Ben and all")
    await expect(changed).to_contain_text("(edited)")
    await long_press(phone, "who plays?")
    await sheet(phone, "Ben").get_by_role("button", name="Reply").tap()
    await expect(phone.page.get_by_text("Reply to Ben")).to_be_visible()
    await phone.composer.fill("x" * (TEXT_MAX + 1))
    await expect(phone.page.get_by_text("1 character too long")).to_be_visible()
    await expect(phone.button("Send")).to_have_attribute("aria-disabled", "true")
    await phone.composer.fill("I do")
    await phone.button("Send").tap()
    answer = desk.messages.filter(has=desk.page.get_by_text("I do", exact=True))
    await expect(answer.get_by_role("button").filter(has_text="who plays?")).to_be_visible()
    await long_press(phone, "I do")
    await sheet(phone, "Ann").get_by_role("button", name="Delete").tap()
    await phone.button("Delete").tap()
    for viewer in (desk, phone):
        await expect(viewer.log.get_by_text("This message was deleted.")).to_be_visible()
        await expect(viewer.log.get_by_text("Today")).to_be_visible()
    times = phone.log.locator("time[datetime]")
    await expect(times.first).to_have_attribute("title", re.compile(r"\d{4}.*\d\d:\d\d"))


async def test_on_a_phone_a_link_to_a_message_opens_around_it_and_lights_it_for_two_seconds(
    sit: Sit, hall: House
) -> None:
    group, (ann, ben) = await hall.club("Ann", "Ben")
    await say(hall, ben, group, *lines("word", 200))
    posted = {each["text"]: each["id"] for each in (await ann.page(group, around=20))["messages"]}
    phone = await sit(PHONE, is_mobile=True)
    await phone.enter(ann)
    await phone.go(f"/c/{group}/m/{posted['word 12']}")
    said = phone.message("word 12")
    await expect(said).to_be_in_viewport()
    await expect(said).to_have_class(MARKED)
    lit = await said.evaluate("(row) => row.getAnimations().map((one) => one.effect.getTiming().duration)")
    assert lit == [2_000]
    await expect(phone.message("word 200")).not_to_be_in_viewport()
    await phone.page.get_by_role("button", name="Jump to latest").tap()
    await expect(phone.message("word 200")).to_be_in_viewport()
