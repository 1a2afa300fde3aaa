"""UX 5, 9 and 10: what the keys do in the box, and that what one has begun to write is never lost."""

from playwright.async_api import expect

from browser.conftest import Sit
from browser.viewer import PHONE, Viewer
from house.server import House

TEXT_MAX = 4_000


async def alone(sit: Sit, hall: House, *, touch: bool = False) -> Viewer:
    """Ann, in a club of her own with one message."""
    group, (ann,) = await hall.club("Ann")
    await ann.post(group, "first")
    viewer = await (sit(PHONE, is_mobile=True) if touch else sit())
    await viewer.enter(ann)
    await viewer.sees("first")
    return viewer


async def test_enter_sends_and_shift_enter_breaks_the_line_until_a_setting_swaps_them(
    sit: Sit, hall: House
) -> None:
    ann = await alone(sit, hall)
    await ann.composer.click()
    await ann.page.keyboard.type("one")
    await ann.page.keyboard.press("Shift+Enter")
    await ann.page.keyboard.type("two")
    await expect(ann.composer).to_have_value("one\ntwo")
    await ann.page.keyboard.press("Enter")
    await expect(ann.composer).to_have_value("")
    await ann.sees("one")
    await ann.go("/settings")
    await ann.page.get_by_role("checkbox", name="Enter sends the message").uncheck()
    await ann.button("Close").click()
    await expect(ann.page.get_by_role("dialog")).to_have_count(0)
    await ann.composer.click()
    await ann.page.keyboard.type("three")
    await ann.page.keyboard.press("Enter")
    await ann.page.keyboard.type("four")
    await expect(ann.composer).to_have_value("three\nfour")
    await ann.page.keyboard.press("Control+Enter")
    await ann.sees("three")
    assert await ann.texts() == ["first", "one\ntwo", "three\nfour"]


async def test_with_a_finger_enter_breaks_the_line_and_the_button_sends(sit: Sit, hall: House) -> None:
    ann = await alone(sit, hall, touch=True)
    await ann.composer.tap()
    await ann.page.keyboard.type("one")
    await ann.page.keyboard.press("Enter")
    await ann.page.keyboard.type("two")
    await expect(ann.composer).to_have_value("one\ntwo")
    await ann.button("Send").tap()
    await ann.sees("one")
    await expect(ann.composer).to_be_focused()
    assert await ann.texts() == ["first", "one\ntwo"]


async def test_nothing_is_sent_while_an_input_method_composes(sit: Sit, hall: House) -> None:
    ann = await alone(sit, hall)
    await ann.composer.click()
    session = await ann.context.new_cdp_session(ann.page)
    await session.send(
        "Input.imeSetComposition", {"text": "にほんご", "selectionStart": 4, "selectionEnd": 4}
    )
    for key in ({"key": "Process", "windowsVirtualKeyCode": 229}, {"key": "Enter", "code": "Enter"}):
        # the first is what a real input method lets through, the second what careless ones do
        await session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
        await session.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})
    await expect(ann.composer).to_have_value("にほんご")
    await session.send("Input.insertText", {"text": "日本語"})
    await expect(ann.composer).to_have_value("日本語")
    assert await ann.texts() == ["first"]
    await ann.page.keyboard.press("Enter")
    await ann.sees("日本語")
    assert await ann.texts() == ["first", "日本語"]


async def test_each_room_keeps_its_own_draft_over_switching_and_reload(sit: Sit, hall: House) -> None:
    ann = await alone(sit, hall)
    await ann.composer.fill("half a thought")
    await ann.link("Notes to myself").click()
    await expect(ann.page.get_by_role("heading", name="Notes to myself", level=1)).to_be_visible()
    await expect(ann.composer).to_have_value("")
    await ann.composer.fill("a secret")
    await ann.link("Everyone").click()
    await expect(ann.composer).to_have_value("half a thought")
    await ann.page.reload()
    await expect(ann.composer).to_have_value("half a thought")
    await ann.link("Notes to myself").click()
    await expect(ann.composer).to_have_value("a secret")
    await ann.composer.press("Enter")
    await ann.sees("a secret")
    await ann.link("Everyone").click()
    await ann.link("Notes to myself").click()
    await expect(ann.composer).to_have_value("")


async def test_a_draft_survives_a_window_that_dies(sit: Sit, hall: House) -> None:
    ann = await alone(sit, hall)
    await ann.composer.fill("half a thought")
    address = ann.page.url
    crashed = ann.page
    ann.page = await ann.context.new_page()
    await crashed.close(run_before_unload=False)
    await ann.page.goto(address)
    await expect(ann.composer).to_have_value("half a thought")


async def test_a_text_that_is_too_long_is_counted_and_kept_and_cannot_be_sent(sit: Sit, hall: House) -> None:
    ann = await alone(sit, hall)
    await ann.composer.fill("x" * (TEXT_MAX - 100))
    await expect(ann.page.get_by_text("100 left")).to_be_visible()
    await ann.composer.fill("x" * (TEXT_MAX + 1))
    await expect(ann.page.get_by_text("1 character too long")).to_be_visible()
    await ann.composer.press("Enter")
    await expect(ann.composer).to_have_value("x" * (TEXT_MAX + 1))
    await expect(ann.button("Send")).to_have_attribute("aria-disabled", "true")
    assert await ann.texts() == ["first"]
    await ann.composer.fill("😀" * TEXT_MAX)  # counted as people count, not in bytes or halves
    await expect(ann.page.get_by_text("0 left")).to_be_visible()
    await ann.composer.press("Enter")
    await ann.sees("😀😀😀")
    await ann.all_sent()
