"""UX 8 and 20: pictures and documents go along with a message, and are seen by others."""

import pytest
from playwright.async_api import FilePayload, expect

from browser.conftest import Sit
from browser.files import PICTURE, photo
from browser.test_sending import two
from house.server import House

DOCUMENT: FilePayload = {
    "name": "Scores.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n",
}

PROGRAM: FilePayload = {"name": "tool.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ"}


async def test_pictures_that_are_picked_are_seen_by_another_and_open_large_by_keyboard(
    sit: Sit, hall: House
) -> None:
    _, ann, ben, _, _ = await two(sit, hall)
    await ann.page.locator("input[type=file]").set_input_files([photo("red"), photo("blue"), DOCUMENT])
    await expect(ann.page.get_by_role("list", name="Goes along").get_by_role("listitem")).to_have_count(3)
    await ann.composer.fill("from the concert")
    await ann.composer.press("Enter")
    row = ann.message("from the concert")
    await expect(row.locator(PICTURE)).to_have_count(2)
    await ben.sees("from the concert")
    shown = ben.message("from the concert")
    for number in (0, 1):
        await expect(shown.locator(PICTURE).nth(number)).to_have_js_property("complete", True)
    await expect(row).to_have_attribute("data-state", "sent")
    await expect(shown.get_by_role("link", name="Download Scores.pdf")).to_be_visible()
    await shown.get_by_role("button", name="Open: ").first.focus()
    await ben.page.keyboard.press("Enter")
    await expect(ben.page.get_by_role("dialog", name="Picture 1 of 2")).to_be_visible()
    await ben.page.keyboard.press("ArrowRight")
    await expect(ben.page.get_by_role("dialog", name="Picture 2 of 2")).to_be_visible()
    await ben.page.keyboard.press("Escape")
    await expect(ben.page.get_by_role("dialog")).to_have_count(0)
    await expect(shown.get_by_role("button", name="Open: ").first).to_be_focused()


@pytest.mark.service_worker  # what makes a picture smaller is loaded when there is one
async def test_a_picture_waits_for_the_line_and_goes_on_by_itself_while_words_overtake_it(
    sit: Sit, hall: House
) -> None:
    _, ann, ben, _, _ = await two(sit, hall)
    await ann.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    ann.cable.pull()
    await ann.page.locator("input[type=file]").set_input_files([photo("green")])
    await ann.composer.fill("with a picture")
    await ann.composer.press("Enter")
    await expect(ann.message("with a picture").locator(PICTURE)).to_have_count(1)
    ann.cable.mend()
    await ben.sees("with a picture")
    await expect(ben.message("with a picture").locator(PICTURE)).to_have_count(1)


async def test_what_is_no_picture_is_refused_with_words_and_what_is_removed_does_not_go_along(
    sit: Sit, hall: House
) -> None:
    _, ann, ben, _, _ = await two(sit, hall)
    picker = ann.page.locator("input[type=file]")
    await picker.set_input_files([PROGRAM])
    await expect(ann.page.get_by_text("This kind of file cannot be sent.")).to_be_visible()
    await picker.set_input_files([photo("red")])
    await ann.page.get_by_role("button", name="Remove red.jpg").click()
    await ann.composer.fill("words alone")
    await ann.composer.press("Enter")
    await ben.sees("words alone")
    await expect(ben.message("words alone").locator(PICTURE)).to_have_count(0)
