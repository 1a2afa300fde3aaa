"""UX 23, 24 and 30: what is new, on every device of a person; who is here and who writes."""

import asyncio
import re
import time

from playwright.async_api import WebSocketRoute, expect

from browser.conftest import Sit
from browser.talk import say
from browser.viewer import PHONE, Viewer
from house.person import Person
from house.server import House

CLEARED_WITHIN_S = 2.0
TYPING_SHOWN_S = 5
TYPING_GONE_WITHIN_S = 7


async def test_what_is_read_anywhere_is_read_on_the_other_device_soon_after(sit: Sit, hall: House) -> None:
    group, (ann, ben) = await hall.club("Ann", "Ben")
    room = await ben.channel(group, "Plans", landing=False)
    await ann.ok("PUT", f"/api/groups/{room}/follow", {"on": True})
    talk = await ann.dm(ben)
    desk, phone = await sit(), await sit(PHONE)
    await desk.enter(ann)
    await desk.in_side("Notes to myself").click()
    await phone.enter(ann)
    await phone.go("/clubs")
    await say(hall, ben, group, "one", f"two, <@{ann.user}>")
    await say(hall, ben, room, "three")
    await say(hall, ben, talk, "four", "five")
    for viewer, name in ((desk, "Notes to myself · "), (phone, "")):
        await viewer.side_shows("Everyone", 1)
        await viewer.side_shows("Plans")
        await viewer.side_shows("Ben", 2)
        await expect(viewer.page).to_have_title(f"(3) {name}Clubroom")
    for place, said, mark in (
        ("Ben", "five", "(1) "),
        ("Everyone", "two, @Ann", "• "),
        ("Plans", "three", ""),
    ):
        await phone.in_side(place).click()
        await phone.sees(said)
        within = asyncio.get_running_loop().time() + CLEARED_WITHIN_S
        await desk.side_shows(place, unread=False)
        await expect(desk.page).to_have_title(f"{mark}Notes to myself · Clubroom")
        assert asyncio.get_running_loop().time() <= within
        await phone.link("Clubs and rooms").click()
        await phone.side_shows(place, unread=False)
        await expect(phone.page).to_have_title(f"{mark}Clubroom")
    for viewer in (desk, phone):
        await viewer.page.reload()
        for place in ("Ben", "Everyone", "Plans"):
            await viewer.side_shows(place, unread=False)


async def test_read_is_only_what_was_on_a_visible_screen(sit: Sit, hall: House) -> None:
    group, (ann, ben) = await hall.club("Ann", "Ben")
    await say(hall, ben, group, "first")
    viewer = await sit()
    await viewer.enter(ann)
    await viewer.sees("first")
    await expect(viewer.page).to_have_title("Chess club · Clubroom")
    await viewer.page.evaluate(_HIDE, True)
    await say(hall, ben, group, "while nobody looked")
    await expect(viewer.page).to_have_title("• Chess club · Clubroom")
    await viewer.sees("while nobody looked")
    async with asyncio.timeout(10):  # the pointer is told and kept within some seconds
        while await unread_of(ann, group) != 1:  # noqa: ASYNC110 - it is the server's count
            await asyncio.sleep(0.05)
    await viewer.page.evaluate(_HIDE, False)
    await expect(viewer.page).to_have_title("Chess club · Clubroom")
    await expect(viewer.page.get_by_role("separator", name="New")).to_be_in_viewport()


async def test_what_stands_below_the_screen_is_not_read(sit: Sit, hall: House) -> None:
    group, (ann, ben) = await hall.club("Ann", "Ben")
    await say(hall, ben, group, *(f"word {number}" for number in range(1, 61)))
    viewer = await sit(PHONE)
    await viewer.enter(ann)
    await expect(viewer.message("word 1")).to_be_in_viewport()
    count = viewer.page.get_by_role("button", name="Jump to latest")
    await expect(count).to_contain_text(re.compile(r"\b(3[1-9]|[45]\d)$"))
    await expect(viewer.page).to_have_title("• Chess club · Clubroom")
    unread = int((await count.inner_text()).split()[-1])
    assert await viewer.message(f"word {60 - unread}").count() == 1
    await expect(viewer.message(f"word {60 - unread}")).to_be_in_viewport()
    await expect(viewer.message(f"word {60 - unread + 2}")).not_to_be_in_viewport(ratio=1)
    await viewer.scroll_by(100_000)
    await expect(viewer.page).to_have_title("Chess club · Clubroom")


async def at_the_end_before_the_line_stands(
    sit: Sit, hall: House
) -> tuple[Viewer, Person, int, asyncio.Event]:
    """Ann, back where much is new, has scrolled to the end; her line stands once the event is set."""
    group, (ann, ben) = await hall.club("Ann", "Ben")
    await say(hall, ben, group, *(f"word {number}" for number in range(1, 61)))
    viewer = await sit(PHONE)
    await viewer.enter(ann)
    await expect(viewer.message("word 1")).to_be_in_viewport()
    stands = asyncio.Event()

    async def comes_late(socket: WebSocketRoute) -> None:
        await stands.wait()
        socket.connect_to_server()

    await viewer.page.route_web_socket("**/socket", comes_late)
    await viewer.page.reload()
    await expect(viewer.page.get_by_role("separator", name="New")).to_be_in_viewport()
    await viewer.scroll_by(100_000)
    await expect(viewer.message("word 60")).to_be_in_viewport()
    return viewer, ann, group, stands


async def test_whoever_has_scrolled_to_the_end_before_the_line_stands_stays_there(
    sit: Sit, hall: House
) -> None:
    viewer, *_, stands = await at_the_end_before_the_line_stands(sit, hall)
    stands.set()
    await expect(viewer.page).to_have_title("Chess club · Clubroom")
    await expect(viewer.message("word 60")).to_be_in_viewport()


async def test_whoever_has_scrolled_to_the_end_stays_there_though_more_was_read_elsewhere(
    sit: Sit, hall: House
) -> None:
    """The line tells how far one has read, and that is further than this device knew."""
    viewer, ann, group, stands = await at_the_end_before_the_line_stands(sit, hall)
    await ann.ok("PUT", f"/api/groups/{group}/read", {"seq": 40})
    stands.set()
    await expect(viewer.page).to_have_title("Chess club · Clubroom")
    await expect(viewer.message("word 60")).to_be_in_viewport()


async def test_whoever_is_invisible_reads_and_writes_and_nobody_sees_that_they_are_here(
    sit: Sit, hall: House
) -> None:
    _, (ann, ben) = await hall.club("Ann", "Ben")
    desk, phone = await sit(), await sit(PHONE)
    await desk.enter(ann)
    await phone.enter(ben)
    await expect(desk.page.get_by_text("2 members, 2 here now")).to_be_visible()
    await phone.go("/settings/profile")
    await phone.page.get_by_label("Be invisible").check()
    await expect(desk.page.get_by_text("2 members, 1 here now")).to_be_visible()
    await phone.page.reload()
    await expect(phone.page.get_by_label("Be invisible")).to_be_checked()
    await phone.go("/")
    await phone.composer.press_sequentially("h")
    await phone.write("hello from nowhere")
    await desk.sees("hello from nowhere")
    await expect(desk.page.get_by_text("2 members, 1 here now")).to_be_visible()
    await expect(desk.page.get_by_text("is writing")).to_have_count(0)
    await phone.go("/settings/profile")
    await phone.page.get_by_label("Be invisible").uncheck()
    await expect(desk.page.get_by_text("2 members, 2 here now")).to_be_visible()


async def test_who_writes_is_shown_to_others_and_gone_after_five_seconds(sit: Sit, hall: House) -> None:
    _, (ann, ben) = await hall.club("Ann", "Ben")
    desk, phone = await sit(), await sit(PHONE)
    await desk.enter(ann)
    await phone.enter(ben)
    for viewer in (desk, phone):
        await expect(viewer.page.get_by_text("2 members, 2 here now")).to_be_visible()
    writing = desk.page.get_by_text("Ben is writing")
    await phone.composer.press_sequentially("hm")
    began = time.monotonic()
    await expect(writing).to_be_visible()
    await expect(phone.page.get_by_text("is writing")).to_have_count(0)
    await expect(writing).to_have_count(0)
    assert TYPING_SHOWN_S - 1 <= time.monotonic() - began <= TYPING_GONE_WITHIN_S
    await phone.composer.press_sequentially("m")
    await expect(writing).to_be_visible()
    await phone.button("Send").click()
    await desk.sees("hmm")
    await expect(writing).to_have_count(0, timeout=1_000)


async def test_the_lamp_burns_for_who_is_here_and_goes_out_when_they_go(sit: Sit, hall: House) -> None:
    group, (ann, ben) = await hall.club("Ann", "Ben")
    await say(hall, ben, group, "hello")
    desk = await sit()
    await desk.enter(ann)
    lamp = desk.message("hello").locator(".lamp")
    await expect(desk.page.get_by_text("2 members, 1 here now")).to_be_visible()
    await expect(lamp).to_have_count(0)
    phone = await ben.device()
    await expect(desk.page.get_by_text("2 members, 2 here now")).to_be_visible()
    await expect(lamp).to_be_visible()
    await desk.link("Members").first.click()
    await expect(desk.page.get_by_role("list", name="Here now, 2")).to_contain_text("Ben")
    await phone.leave()
    await expect(desk.page.get_by_role("list", name="Not here, 1")).to_contain_text("Ben")
    await desk.button("Close").click()
    await expect(lamp).to_have_count(0)


async def unread_of(person: Person, group: int) -> int:
    """As the server counts."""
    groups = (await person.me())["groups"]
    return int(next(entry["unread"] for entry in groups if entry["group"] == group))


_HIDE = """
(hidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  Object.defineProperty(document, "visibilityState", {
    configurable: true,
    get: () => (hidden ? "hidden" : "visible"),
  });
  document.dispatchEvent(new Event("visibilitychange"));
}
"""
