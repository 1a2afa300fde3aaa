"""Pictures of people and clubs, and covers of events: cut by whoever sets them, seen at once by everybody."""

import asyncio
import io
import re

from PIL import Image
from playwright.async_api import FilePayload, FloatRect, Locator, Route, expect

from browser.conftest import SIZES, Sit
from browser.test_events import card, enter_all
from browser.viewer import DESKTOP, PHONE, Viewer
from house.events import made
from house.server import House
from house.within import within

UNREADABLE: FilePayload = {"name": "torn.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff torn"}


def halves(width: int = 1_200, height: int = 800) -> FilePayload:
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", (width, height), "blue")
    picture.paste("red", (0, 0, width // 2, height))
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return {"name": "halves.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def face(viewer: Viewer, text: str) -> Locator:
    """The picture beside a message."""
    return viewer.message(text).locator("span.face img")


async def pick(viewer: Viewer, file: FilePayload) -> Locator:
    """The dialog in which it is cut."""
    await viewer.page.locator("dialog input[type=file]").set_input_files([file])
    return viewer.page.get_by_role("dialog", name="Change picture")


async def colours(viewer: Viewer, picture: Locator) -> tuple[set[str], tuple[int, int]]:
    """Which of red and blue is to be seen, and how large it is."""
    await expect(picture).to_have_js_property("complete", True)
    response = await viewer.page.request.get(str(await picture.get_attribute("src")))
    seen = Image.open(io.BytesIO(await response.body())).convert("RGB")
    middle = seen.height // 2
    ends = [seen.getpixel((x, middle)) for x in (2, seen.width - 3)]
    return {"red" if end[0] > end[2] else "blue" for end in ends if isinstance(end, tuple)}, seen.size


async def box(where: Locator) -> FloatRect:
    found = await where.bounding_box()
    assert found is not None, "it is not on the screen"
    return found


@SIZES
async def test_somebody_cuts_their_picture_by_keys_and_by_dragging_and_others_see_it_change(
    sit: Sit, hall: House, size: dict[str, int]
) -> None:
    club, people = await hall.club("Ann", "Ben")
    await people[0].post(club, "good evening")
    ann, ben = await enter_all(sit, size, *people)
    await ben.sees("good evening")
    await ben.page.evaluate("window.stayed = true")
    await expect(face(ben, "good evening")).to_have_count(0)
    await ann.go("/settings/profile")
    dialog = await pick(ann, halves())
    window = dialog.get_by_role("group", name="The part of the picture that is kept")
    await window.focus()
    for key in ("+",) * 6 + ("ArrowLeft",) * 30:
        await ann.page.keyboard.press(key)
    await expect(dialog.get_by_role("slider", name="Zoom")).to_have_attribute("aria-valuetext", "231 percent")
    await dialog.get_by_role("button", name="Use this picture").click()
    await expect(dialog).to_have_count(0)
    await expect(face(ben, "good evening")).to_have_count(1)
    assert await colours(ben, face(ben, "good evening")) == ({"red"}, (96, 96))
    first = str(await face(ben, "good evening").get_attribute("src"))

    dialog = await pick(ann, halves())
    window = dialog.get_by_role("group", name="The part of the picture that is kept")
    await window.hover()
    await ann.page.mouse.wheel(0, -600)
    frame = await box(window)
    x, y = frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2
    await ann.page.mouse.move(x, y)
    await ann.page.mouse.down()
    await ann.page.mouse.move(x - frame["width"] * 0.45, y, steps=5)
    await ann.page.mouse.move(x - frame["width"] * 2, y, steps=5)
    await ann.page.mouse.up()
    await dialog.get_by_role("button", name="Use this picture").click()
    await expect(face(ben, "good evening")).not_to_have_attribute("src", first)
    assert await colours(ben, face(ben, "good evening")) == ({"blue"}, (96, 96))

    await ann.button("Remove picture").click()
    await expect(face(ben, "good evening")).to_have_count(0)
    await expect(ben.message("good evening").locator("span.face")).to_contain_text("A")
    await expect(ann.button("Remove picture")).to_have_count(0)
    assert await ben.page.evaluate("window.stayed") is True


async def test_initials_stand_there_until_a_picture_is_whole_and_where_it_cannot_be_had_and_nothing_moves(
    sit: Sit, hall: House
) -> None:
    club, people = await hall.club("Ann", "Ben")
    await people[0].post(club, "good evening")
    ann, ben = await enter_all(sit, DESKTOP, *people)
    held = asyncio.Queue[Route](9)
    await ben.page.route("**/f/**", held.put)
    await ben.sees("good evening")
    before = await box(ben.message("good evening"))
    await ann.go("/settings/profile")
    dialog = await pick(ann, halves())
    await dialog.get_by_role("button", name="Use this picture").click()
    async with within(30, "the picture was fetched"):
        first = await held.get()
    await expect(ben.message("good evening").locator("span.face")).to_contain_text("A")
    await expect(face(ben, "good evening")).to_have_count(0)
    await first.fulfill(status=403)  # its address has ended: another one is asked for
    async with within(30, "the picture was fetched anew"):
        second = await held.get()
    await second.continue_()
    await expect(face(ben, "good evening")).to_have_count(1)
    assert await box(ben.message("good evening")) == before
    await ben.page.unroute("**/f/**")


async def test_a_picture_that_cannot_be_used_or_sent_is_said_in_words(sit: Sit, hall: House) -> None:
    _, people = await hall.club("Ann")
    [ann] = await enter_all(sit, PHONE, *people)
    await ann.go("/settings/profile")
    dialog = await pick(ann, UNREADABLE)
    await expect(dialog).to_have_count(0)
    await expect(ann.page.get_by_role("alert")).to_have_text("This file cannot be read.")
    dialog = await pick(ann, halves())
    await expect(ann.page.get_by_role("alert")).to_have_count(0)
    await ann.page.route("**/api/files", lambda route: route.abort())
    await dialog.get_by_role("button", name="Use this picture").click()
    await expect(dialog.get_by_role("alert")).to_be_visible()
    await ann.page.unroute("**/api/files")
    await dialog.get_by_role("button", name="Try again").click()
    await expect(ann.button("Remove picture")).to_be_visible()
    dialog = await pick(ann, halves())
    await expect(dialog).to_be_visible()
    await ann.page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)


async def test_a_picker_that_is_closed_again_closes_nothing_else(sit: Sit, hall: House) -> None:
    """What a browser says then bubbles up to the dialog, which hears the same of Escape."""
    _, people = await hall.club("Ann")
    [ann] = await enter_all(sit, DESKTOP, *people)
    await ann.go("/settings/profile")
    await ann.field("Your name").fill("Anna")
    await ann.page.locator("dialog input[type=file]").dispatch_event("cancel")
    await expect(ann.field("Your name")).to_have_value("Anna")
    await ann.page.keyboard.press("Escape")
    await expect(ann.field("Your name")).to_have_count(0)


async def test_with_two_fingers_one_zooms_and_with_one_finger_one_moves(sit: Sit, hall: House) -> None:
    _, people = await hall.club("Ann")
    [ann] = await enter_all(sit, PHONE, *people)
    await ann.go("/settings/profile")
    dialog = await pick(ann, halves())
    window = dialog.get_by_role("group", name="The part of the picture that is kept")
    zoom = dialog.get_by_role("slider", name="Zoom")
    await expect(zoom).to_have_attribute("aria-valuetext", "100 percent")
    await window.locator("img").evaluate("image => image.decode()")
    frame = await box(window)
    session = await ann.page.context.new_cdp_session(ann.page)

    async def touch(kind: str, *places: float) -> None:
        """Fingers in the middle of the height, in parts of the width."""
        y = frame["y"] + frame["height"] / 2
        points = [{"x": frame["x"] + frame["width"] * at, "y": y, "id": n} for n, at in enumerate(places)]
        await session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    await touch("touchStart", 0.4)
    await touch("touchStart", 0.4, 0.6)
    await touch("touchMove", 0.3, 0.7)
    await touch("touchMove", 0.2, 0.8)
    await touch("touchEnd")
    await expect(zoom).to_have_attribute("aria-valuetext", re.compile("^(2[5-9]|3[0-5]). percent$"))
    before, style = await box(window.locator("img")), str(await window.locator("img").get_attribute("style"))
    await touch("touchStart", 0.3)
    await touch("touchMove", 0.5)
    await touch("touchEnd")
    await expect(window.locator("img")).not_to_have_attribute("style", style)
    after = await box(window.locator("img"))
    assert after["width"] == before["width"]
    assert after["x"] > before["x"]


@SIZES
async def test_a_club_gets_a_picture_and_an_event_a_cover_before_the_eyes_of_members(
    sit: Sit, hall: House, size: dict[str, int]
) -> None:
    club, people = await hall.club("Ann", "Ben")
    _, group = await made(people[0], club)
    ann, ben = await enter_all(sit, size, *people)
    await expect(card(ben)).to_be_visible()
    await ann.go(f"/c/{club}/settings")
    dialog = await pick(ann, halves())
    await dialog.get_by_role("button", name="Use this picture").click()
    await expect(dialog).to_have_count(0)
    of_club = ben.page.locator("header .door img")
    await expect(of_club).to_have_count(1)
    assert await colours(ben, of_club) == ({"red", "blue"}, (96, 96))

    await ann.go(f"/c/{group}/about")
    dialog = await pick(ann, halves())
    await dialog.get_by_role("button", name="Use this picture").click()
    await expect(dialog).to_have_count(0)
    cover = card(ben).locator(".cover img:not(.under)")
    await expect(cover).to_have_count(1)
    assert await colours(ben, cover) == ({"red", "blue"}, (1_200, 400))
    shown = await box(card(ben).locator("[data-cover]"))
    assert abs(shown["width"] / shown["height"] - 3) < 0.05
    await ben.go(f"/c/{group}")
    await expect(ben.page.locator("[data-cover] img:not(.under)")).to_have_count(1)
    await ann.button("Remove picture").click()
    await expect(ben.page.locator("[data-cover]")).to_have_count(0)
