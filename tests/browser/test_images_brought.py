"""UX 8: pictures are pasted and dropped, taken back while they are under way, and go on after a cut."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, CDPSession, Locator, expect

from browser.conftest import Sit
from browser.files import PICTURE, asked_files, house_with_a_line, large_photo, photo, store_is_clear_of
from browser.test_sending import two
from browser.viewer import DESKTOP, PHONE, Viewer
from clubroom import wire
from clubroom.app.settings import Settings
from clubroom.dba.pool import Database
from house.line import Line
from house.person import Person
from house.server import House

COLOURS = ("red", "blue", "green", "teal", "navy", "gold")
CUT_AFTER_BYTES = 100_000


@pytest.fixture(scope="module")
async def lined(database: Database, settings: Settings) -> AsyncIterator[tuple[House, Line]]:
    async with house_with_a_line(database, settings) as (house, line):
        yield house, line


class Two:
    """Ann and Ben in a club, and the line to the file server."""

    def __init__(self, house: House, line: Line, ann: Viewer, ben: Viewer, people: tuple[Person, Person]):
        self.house, self.line, self.ann, self.ben = house, line, ann, ben
        self.people = people


@pytest.fixture
async def talking(
    browser: Browser, lined: tuple[House, Line], request: pytest.FixtureRequest
) -> AsyncIterator[Two]:
    house, line = lined
    size = getattr(request, "param", DESKTOP)
    group, (ann, ben) = await house.club("Ann", "Ben")
    await ben.post(group, "first")
    viewers = [await Viewer.sit_down(browser, house.url, size) for _ in range(2)]
    for viewer, person in zip(viewers, (ann, ben), strict=True):
        await viewer.enter(person)
        await viewer.sees("first")
    yield Two(house, line, viewers[0], viewers[1], (ann, ben))
    line.up.cut_at = None
    line.let_go()
    for viewer in viewers:
        await viewer.leave()
    await house.everyone_leaves()
    house.fresh = type(house.fresh)()


BOTH_SIZES = pytest.mark.parametrize("talking", [PHONE, DESKTOP], ids=["phone", "desktop"], indirect=True)


def tray(viewer: Viewer) -> Locator:
    return viewer.page.get_by_role("list", name="Goes along").get_by_role("listitem")


async def pick(viewer: Viewer, *files: object) -> None:
    await viewer.page.locator("input[type=file]").set_input_files(list(files))  # type: ignore[arg-type]


async def both_see(ann: Viewer, ben: Viewer, text: str, pictures: int) -> None:
    for viewer in (ann, ben):
        await viewer.sees(text)
        await expect(viewer.message(text).locator(PICTURE)).to_have_count(pictures)
    await expect(ann.message(text)).to_have_attribute("data-state", "sent")


async def test_a_picture_is_pasted_from_the_clipboard_and_words_stay_words(sit: Sit, hall: House) -> None:
    _, ann, ben, _, _ = await two(sit, hall)
    await ann.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=hall.url)
    await ann.page.evaluate(_COPY_A_PICTURE)
    await ann.composer.focus()
    await ann.page.keyboard.press("ControlOrMeta+v")
    await expect(tray(ann)).to_have_count(1)
    await expect(tray(ann)).to_have_attribute("data-state", "ready")
    await ann.page.evaluate("navigator.clipboard.writeText('pasted')")
    await ann.page.keyboard.press("ControlOrMeta+v")
    await expect(ann.composer).to_have_value("pasted")
    await expect(tray(ann)).to_have_count(1)
    await ann.composer.press("Enter")
    await both_see(ann, ben, "pasted", 1)


async def test_pictures_that_are_dragged_over_the_room_are_announced_and_dropped_into_it(
    sit: Sit, hall: House, tmp_path: Path
) -> None:
    _, ann, ben, _, _ = await two(sit, hall)
    paths = []
    for colour in ("red", "blue"):
        path = tmp_path / f"{colour}.jpg"
        path.write_bytes(photo(colour)["buffer"])
        paths.append(str(path))
    loads = ann.loads
    over = ann.page.get_by_text("Let go to add")
    drag = Drag(await ann.context.new_cdp_session(ann.page), paths)
    await drag.go("dragEnter", "dragOver")
    await expect(over).to_be_visible()
    await ann.log.evaluate(_LEAVE)  # a browser without a screen does not tell of it by itself
    await expect(over).to_have_count(0)
    await expect(tray(ann)).to_have_count(0)
    await drag.go("dragEnter", "dragOver", "drop")
    await expect(over).to_have_count(0)
    await expect(tray(ann)).to_have_count(2)
    await ann.composer.fill("dropped")
    await ann.composer.press("Enter")
    await both_see(ann, ben, "dropped", 2)
    assert ann.loads == loads  # the browser itself opened neither of them


@BOTH_SIZES
async def test_what_is_removed_while_it_uploads_is_nowhere_afterwards(talking: Two) -> None:
    ann, ben, line, house = talking.ann, talking.ben, talking.line, talking.house
    asked = asked_files(ann)
    line.hold()
    await pick(ann, large_photo())
    await expect(tray(ann)).to_have_attribute("data-state", "uploading")
    await expect(ann.page.get_by_role("progressbar", name="Upload of large.jpg")).to_be_visible()
    await ann.composer.fill("typed meanwhile")  # an upload blocks no typing
    async with ann.page.expect_response(lambda said: said.request.method == "DELETE") as dropped:
        await ann.button("Remove large.jpg").click()
    assert (await dropped.value).ok
    await expect(tray(ann)).to_have_count(0)
    line.let_go()
    file = asked[0]["id"]
    assert await talking.people[0].refused("GET", f"/api/files/{file}") == (404, "not_found")
    await store_is_clear_of(house, file)
    await ann.write("typed meanwhile")
    await both_see(ann, ben, "typed meanwhile", 0)
    await ann.page.reload()
    await ann.sees("typed meanwhile")
    await expect(tray(ann)).to_have_count(0)


@BOTH_SIZES
async def test_an_upload_that_is_cut_says_so_and_goes_on_when_the_line_is_back(talking: Two) -> None:
    ann, ben, line = talking.ann, talking.ben, talking.line
    asked = asked_files(ann)
    line.up.cut_at = lambda: CUT_AFTER_BYTES
    await pick(ann, large_photo())
    await expect(tray(ann)).to_have_attribute("data-state", "cut")
    await expect(tray(ann)).to_contain_text("No connection. Goes on by itself.")
    await ann.write("after a cut")
    row = ann.message("after a cut")
    await expect(row.locator(PICTURE)).to_have_count(1)
    await expect(row).not_to_have_attribute("data-state", "sent")
    line.up.cut_at = None
    await both_see(ann, ben, "after a cut", 1)
    assert len({one["id"] for one in asked}) == 1  # it is the same file, asked for again


@BOTH_SIZES
async def test_what_was_refused_says_why_and_is_tried_again_by_hand(talking: Two) -> None:
    ann, ben, files = talking.ann, talking.ben, talking.house.process.file_work.files
    asked = asked_files(ann)
    usual, files.limits = files.limits, wire.FileLimits(day_bytes=1)
    try:
        await pick(ann, large_photo("concert.jpg"))
        await expect(tray(ann)).to_have_attribute("data-state", "failed")
        await expect(tray(ann).get_by_role("alert")).to_have_text(
            "That is more than one person may upload in a day."
        )
        await ann.button("Try again with concert.jpg").click()
        await expect(tray(ann)).to_have_attribute("data-state", "failed")
    finally:
        files.limits = usual
    await ann.button("Try again with concert.jpg").click()
    await expect(tray(ann)).to_have_attribute("data-state", "ready")
    await ann.write("tried again")
    await both_see(ann, ben, "tried again", 1)
    assert len({one["id"] for one in asked}) == 3


@BOTH_SIZES
async def test_descriptions_that_are_too_long_together_are_told_before_anything_is_sent(talking: Two) -> None:
    ann, ben = talking.ann, talking.ben
    await pick(ann, *(photo(colour, 60, 40) for colour in COLOURS))
    await expect(tray(ann)).to_have_count(len(COLOURS))
    for colour in COLOURS:
        await tray(ann).filter(has_text=f"{colour}.jpg").get_by_role("button", name="Describe").click()
        told = ann.page.get_by_role("textbox", name=f"What is to be seen on {colour}.jpg?")
        await expect(ann.page.get_by_text(f"At most {wire.ALT_CODE_POINTS_MAX} characters.")).to_be_visible()
        await told.fill("楽" * wire.ALT_CODE_POINTS_MAX)
        await told.press("Enter")
    await ann.write("all of them")
    await expect(ann.page.get_by_role("alert").filter(has_text="too long together")).to_be_visible()
    await expect(ann.composer).to_have_value("all of them")
    await expect(tray(ann)).to_have_count(len(COLOURS))
    await ann.button("Remove red.jpg").click()
    await ann.button("Send").click()
    await both_see(ann, ben, "all of them", len(COLOURS) - 1)


class Drag:
    """A person who drags these files from their desktop over the window."""

    def __init__(self, session: CDPSession, paths: list[str]) -> None:
        self.session = session
        self.data = {"items": [], "files": paths, "dragOperationsMask": 1}

    async def go(self, *steps: str) -> None:
        for step in steps:
            told = {"type": step, "x": 640, "y": 400, "data": self.data}
            await self.session.send("Input.dispatchDragEvent", told)


_LEAVE = """
(log) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File(["x"], "x.jpg", { type: "image/jpeg" }));
  log.dispatchEvent(new DragEvent("dragleave", { bubbles: true, dataTransfer }));
}
"""

_COPY_A_PICTURE = """
async () => {
  const canvas = new OffscreenCanvas(40, 30);
  const draw = canvas.getContext("2d");
  draw.fillStyle = "teal";
  draw.fillRect(0, 0, 40, 30);
  const blob = await canvas.convertToBlob({ type: "image/png" });
  await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
}
"""
