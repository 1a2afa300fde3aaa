"""UX 14 to 16: where a visit begins, what follows the end, and that nothing moves what one reads."""

import pytest
from playwright.async_api import expect

from browser.conftest import Sit
from browser.talk import lines, say
from browser.viewer import PHONE, Viewer
from house.person import Person
from house.server import House

ANCHOR_PX = 1.0
_TO_END = (
    "(log) => { const s = log.closest('.scroller'); return s.scrollHeight - s.scrollTop - s.clientHeight; }"
)


async def to_end(viewer: Viewer) -> float:
    """How far the stream is from its end, in pixels."""
    return float(await viewer.log.evaluate(_TO_END))


async def at_the_end(viewer: Viewer, text: str) -> None:
    """Waits until a message stands at the end of the stream, and the stream stands at its end."""
    await expect(viewer.message(text)).to_be_in_viewport()
    await expect(viewer.button("Jump to latest")).to_have_count(0)
    assert await to_end(viewer) <= 2


async def open_club(sit: Sit, hall: House, before: int) -> tuple[int, Viewer, Person]:
    """Ann looks at a club where Ben has said something, and has read it to the end."""
    group, (ann, ben) = await hall.club("Ann", "Ben")
    await say(hall, ben, group, *lines("old", before))
    viewer = await sit()
    await viewer.enter(ann)
    await expect(viewer.page.get_by_role("separator", name="New")).to_be_in_viewport()
    jump = viewer.page.get_by_role("button", name="Jump to latest")
    await jump.click()
    await at_the_end(viewer, f"old {before}")
    return group, viewer, ben


async def test_a_visit_begins_at_the_first_unread_and_its_divider_stays(sit: Sit, hall: House) -> None:
    group, (ann, ben) = await hall.club("Ann", "Ben")
    await say(hall, ben, group, *lines("word", 60))
    viewer = await sit()
    await viewer.enter(ann)
    divider = viewer.page.get_by_role("separator", name="New")
    await expect(divider).to_be_in_viewport()
    await expect(viewer.message("word 1")).to_be_in_viewport()
    await expect(viewer.message("word 60")).not_to_be_in_viewport()
    assert await viewer.log.locator("[data-key]", has=divider).locator("article").inner_text() != ""
    await viewer.page.get_by_role("button", name="Jump to latest").click()
    await at_the_end(viewer, "word 60")
    await say(hall, ben, group, "word 61")
    await at_the_end(viewer, "word 61")
    await expect(divider).to_have_count(1)
    await expect(viewer.log.locator("[data-key]", has=divider)).to_contain_text("word 1")


async def test_the_stream_follows_the_end_only_from_near_it(sit: Sit, hall: House) -> None:
    group, viewer, ben = await open_club(sit, hall, 60)
    await viewer.scroll_by(-60)
    await say(hall, ben, group, "near")
    await at_the_end(viewer, "near")
    await viewer.scroll_by(-130)
    await expect(viewer.button("Jump to latest")).to_be_visible()
    before = await viewer.top_of("old 58")
    await say(hall, ben, group, "far")
    await expect(viewer.button("Jump to latest, 1 new message")).to_be_visible()
    assert await viewer.top_of("old 58") == pytest.approx(before, abs=ANCHOR_PX)
    await viewer.write("my own")
    await at_the_end(viewer, "my own")


async def test_whoever_scrolls_up_in_the_moment_the_stream_goes_on_is_not_brought_back_to_its_end(
    sit: Sit, hall: House
) -> None:
    _, viewer, _ = await open_club(sit, hall, 150)
    await viewer.log.evaluate(_SCROLL_AS_ONE_COMES_BACK)
    await expect(viewer.button("Jump to latest")).to_be_visible()
    assert await to_end(viewer) > 1_000


async def test_what_comes_does_not_move_what_one_reads_and_is_counted(sit: Sit, hall: House) -> None:
    group, viewer, ben = await open_club(sit, hall, 60)
    await viewer.scroll_by(-700)
    jump = viewer.page.get_by_role("button", name="Jump to latest")
    await expect(jump).to_be_visible()
    before = await viewer.top_of("old 45")
    for count in (1, 2, 3):
        await say(hall, ben, group, f"new {count}\nin two lines")
        await expect(jump).to_contain_text(f"{count}")
        assert await viewer.top_of("old 45") == pytest.approx(before, abs=ANCHOR_PX)
    await jump.click()
    await expect(viewer.messages.filter(has_text="new 3")).to_be_in_viewport()
    await expect(jump).to_have_count(0)


async def test_older_pages_come_before_they_are_needed_and_the_row_stays(sit: Sit, hall: House) -> None:
    _, viewer, _ = await open_club(sit, hall, 400)
    moved = await viewer.log.evaluate(_CLIMB)
    assert moved["pages"] >= 3
    assert moved["worst"] <= ANCHOR_PX, moved
    assert moved["touched"] == 0, "the upper edge was reached before older messages had come"
    await expect(viewer.message("old 1")).to_be_attached()


async def test_on_a_phone_too_a_visit_begins_at_the_first_unread(sit: Sit, hall: House) -> None:
    group, (ann, ben) = await hall.club("Ann", "Ben")
    await say(hall, ben, group, *lines("word", 40))
    viewer = await sit(PHONE)
    await viewer.enter(ann)
    await expect(viewer.page.get_by_role("separator", name="New")).to_be_in_viewport()
    await expect(viewer.message("word 1")).to_be_in_viewport()


# A visit begins anew before the browser has told of the scrolling: it does so with its next frame.
_SCROLL_AS_ONE_COMES_BACK = """
async (log) => {
  const frames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const hide = (hidden) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event("visibilitychange"));
  };
  hide(true);
  await frames();
  log.closest(".scroller").scrollBy({ top: -1500, behavior: "instant" });
  hide(false);
  await frames();
  delete document.hidden;
}
"""

# Goes up in steps; whenever rows were added above, compares where a row stands before and after. Each step
# waits for the stream to be at rest, as a reader's eye does. `touched`: how often the upper edge was reached
# although there was more.
_CLIMB = """
async (log) => {
  const scroller = log.closest(".scroller");
  const frame = () => new Promise((done) => requestAnimationFrame(() => done()));
  const found = { pages: 0, worst: 0, touched: 0 };
  const oldest = () => log.querySelector("[data-body]").innerText.trim();
  const rest = async () => {
    for (let still = 0; still < 4; ) {
      const first = log.firstElementChild;
      await frame();
      still = log.firstElementChild === first && log.getAttribute("aria-busy") !== "true" ? still + 1 : 0;
    }
  };
  await rest();
  for (let step = 0; step < 200 && !(oldest() === "old 1" && scroller.scrollTop === 0); step++) {
    const first = log.firstElementChild;
    scroller.scrollBy({ top: -400, behavior: "instant" });
    if (scroller.scrollTop === 0 && oldest() !== "old 1") found.touched++;
    const edge = scroller.getBoundingClientRect().top;
    const body = [...log.querySelectorAll("[data-body]")].find((b) => b.getBoundingClientRect().top > edge);
    const before = body.getBoundingClientRect().top;
    await rest();
    if (log.firstElementChild !== first) found.pages++;
    found.worst = Math.max(found.worst, Math.abs(body.getBoundingClientRect().top - before));
  }
  return found;
}
"""
