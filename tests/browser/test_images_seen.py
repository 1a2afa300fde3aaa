"""UX 16, 20: pictures have their room before they are there, and open large by keyboard."""

import asyncio
import re

import pytest
from playwright.async_api import Locator, Route, expect

from browser.conftest import SIZES, Sit
from browser.files import PICTURE, photo
from browser.viewer import DESKTOP, Viewer
from house.server import House

SHIFT_MAX = 0.01
_HTTP = re.compile("^http")


async def both(sit: Sit, hall: House, size: dict[str, int]) -> tuple[Viewer, Viewer]:
    """Ann and Ben before screens of this size, in a club with more messages than fit."""
    group, (ann, ben) = await hall.club("Ann", "Ben")
    for number in range(12):
        await ben.post(group, f"said {number}")
    viewers = await sit(size), await sit(size)
    for viewer, person in zip(viewers, (ann, ben), strict=True):
        await viewer.enter(person)
        await viewer.sees("said 11")
    return viewers


async def bring(viewer: Viewer, text: str, *pictures: object) -> Locator:
    """Its row, when the pictures are in it, as they were picked here."""
    await viewer.page.locator("input[type=file]").set_input_files(list(pictures))  # type: ignore[arg-type]
    await viewer.write(text)
    row = viewer.message(text)
    await expect(row.locator(PICTURE)).to_have_count(len(pictures))
    return row


async def published(row: Locator, pictures: int) -> None:
    """Waits until the server's own stand there, whole."""
    for number in range(pictures):
        await expect(row.locator(PICTURE).nth(number)).to_have_attribute("src", _HTTP)
        await expect(row.locator(PICTURE).nth(number)).to_have_js_property("complete", True)


@SIZES
async def test_what_is_said_of_a_picture_is_told_and_seen_by_others(
    sit: Sit, hall: House, size: dict[str, int]
) -> None:
    ann, ben = await both(sit, hall, size)
    await ann.page.locator("input[type=file]").set_input_files([photo("red")])
    await ann.button("Describe").click()
    told = ann.page.get_by_role("textbox", name="What is to be seen on red.jpg?")
    await expect(told).to_be_focused()
    await told.fill("the choir on stage")
    await told.press("Enter")
    await expect(ann.button("Described")).to_be_focused()
    await ann.write("look")
    await ben.sees("look")
    await ben.message("look").get_by_role("button", name="Open: the choir on stage").click()
    large = ben.page.get_by_role("dialog", name="the choir on stage")
    await expect(large.get_by_role("img", name="the choir on stage")).to_be_visible()
    await expect(large.get_by_text("the choir on stage")).to_be_visible()
    await large.get_by_role("button", name="Close").click()
    await expect(ben.page.get_by_role("dialog")).to_have_count(0)


@SIZES
async def test_a_picture_is_enlarged_and_saved_by_keyboard_alone(
    sit: Sit, hall: House, size: dict[str, int]
) -> None:
    ann, ben = await both(sit, hall, size)
    await bring(ann, "two of them", photo("red", 1_600, 1_200), photo("blue", 1_600, 1_200))
    await ben.sees("two of them")
    shown = ben.message("two of them")
    await shown.get_by_role("button", name="Open: ").first.focus()
    await ben.page.keyboard.press("Enter")
    large = ben.page.get_by_role("dialog")
    picture = large.get_by_role("img")
    await expect(picture).to_have_js_property("complete", True)
    assert await fits(picture, size)
    await ben.page.keyboard.press("+")
    await expect(large.get_by_role("button", name="Fit to the screen")).to_be_visible()
    assert not await fits(picture, size)
    await ben.page.keyboard.press("ArrowRight")  # it moves the picture, and does not turn the page
    await expect(ben.page.get_by_role("dialog", name="Picture 1 of 2")).to_be_visible()
    await ben.page.keyboard.press("-")
    assert await fits(picture, size)
    await ben.page.keyboard.press("ArrowRight")
    await expect(ben.page.get_by_role("dialog", name="Picture 2 of 2")).to_be_visible()
    await ben.page.keyboard.press("ArrowRight")
    await expect(ben.page.get_by_role("dialog", name="Picture 2 of 2")).to_be_visible()
    src = str(await picture.get_attribute("src"))
    await large.get_by_role("link", name="Download").focus()
    loads = ben.loads
    async with ben.page.expect_download() as saving:
        await ben.page.keyboard.press("Enter")
    saved = await saving.value
    file = src.split("/f/")[1].split("/", maxsplit=1)[0]
    assert saved.suggested_filename == f"picture-{file.replace('-', '')[-8:]}.webp"
    blobs = hall.process.file_work.files.blobs
    kept = await blobs.read(f"f/{file}/screen", most=10_000_000)
    assert (await saved.path()).read_bytes() == kept
    assert ben.loads == loads
    await expect(large).to_be_visible()
    await ben.page.keyboard.press("Escape")
    await expect(ben.page.get_by_role("dialog")).to_have_count(0)
    await expect(shown.get_by_role("button", name="Open: ").first).to_be_focused()


async def fits(picture: Locator, size: dict[str, int]) -> bool:
    box = await picture.bounding_box()
    assert box is not None
    return box["width"] <= size["width"] and box["height"] <= size["height"]


class Slow:
    """Pictures do not come to this window until they are let go."""

    def __init__(self) -> None:
        self.going = asyncio.Event()

    @classmethod
    async def line(cls, viewer: Viewer) -> "Slow":
        slow = cls()

        async def held(route: Route) -> None:
            await slow.going.wait()
            await route.continue_()

        await viewer.page.unroute_all(behavior="wait")
        await viewer.page.route(re.compile("/f/[0-9a-f-]+/(thumb|screen)"), held)
        return slow


@SIZES
@pytest.mark.parametrize("count", [1, 3], ids=["one", "several"])
async def test_nothing_moves_when_pictures_come_into_their_room(
    sit: Sit, hall: House, size: dict[str, int], count: int
) -> None:
    ann, ben = await both(sit, hall, size)
    lines = [await Slow.line(viewer) for viewer in (ann, ben)]
    pictures = [photo("red", 600, 900), photo("blue", 1_200, 800), photo("green", 900, 900)][:count]
    row = await bring(ann, "here they are", *pictures)
    await ann.page.evaluate(_WATCH_SHIFTS)
    await expect(row).to_have_attribute("data-state", "sent")
    await ben.sees("here they are")
    await expect(ben.message("here they are").locator("img.under")).to_have_count(count)
    await ben.page.evaluate(_WATCH_SHIFTS)
    for viewer, slow in zip((ann, ben), lines, strict=True):
        await nothing_moves_on(viewer, slow, count)
    for viewer in (ann, ben):
        slow = await Slow.line(viewer)
        await viewer.page.reload()
        await viewer.sees("here they are")
        await expect(viewer.message("here they are").locator("img.under")).to_have_count(count)
        await viewer.page.evaluate(_WATCH_SHIFTS)
        await nothing_moves_on(viewer, slow, count)


async def nothing_moves_on(viewer: Viewer, slow: Slow, count: int) -> None:
    """Nor has it since it is watched, until all of them are there."""
    before = await viewer.top_of("here they are")
    slow.going.set()
    await published(viewer.message("here they are"), count)
    assert await viewer.page.evaluate(_SHIFTED) <= SHIFT_MAX
    assert abs(await viewer.top_of("here they are") - before) <= 1


async def test_what_moves_is_seen_by_who_watches(sit: Sit, hall: House) -> None:
    _, ben = await both(sit, hall, DESKTOP)
    await ben.page.evaluate(_WATCH_SHIFTS)
    assert await ben.page.evaluate(_SHIFTED) == 0
    await ben.page.evaluate("document.body.style.paddingTop = '90px'")
    assert await ben.page.evaluate(_SHIFTED) > SHIFT_MAX


# Also of what moves because somebody pressed a key: nothing is excused.
# What comes at the side of a page that was just loaded may move what stands there: the stream is looked at.
_WATCH_SHIFTS = """
() => {
  window.shifted = 0;
  const log = document.querySelector("[role=log]");
  const isInStream = ({ node }) => node && (log.contains(node) || node.contains(log));
  const moved = ({ sources }) => sources.some(isInStream);
  const sum = (entries) => entries.filter(moved).forEach(({ value }) => (window.shifted += value));
  window.shifts = new PerformanceObserver((list) => sum(list.getEntries()));
  window.shifts.observe({ type: "layout-shift" });
  window.sumShifts = () => sum(window.shifts.takeRecords());
}
"""

# After what was laid out has been drawn.
_SHIFTED = """
() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
  window.sumShifts();
  done(window.shifted);
})))
"""
