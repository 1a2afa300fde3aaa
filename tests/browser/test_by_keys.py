"""UX 35: the main journey by keys alone; each stop is seen, nothing lies over it, and one gets out again."""

from playwright.async_api import Page, expect

from browser.conftest import Sit
from browser.everywhere import furnish
from browser.viewer import DESKTOP, Viewer
from house.events import made
from house.server import House

STOPS_MAX = 60


async def test_one_joins_writes_reacts_answers_and_leaves_by_keys_alone(sit: Sit, hall: House) -> None:
    group, (ann,) = await hall.club("Ann")
    await made(ann, group)
    await ann.post(group, "good evening")
    code = (await ann.ok("GET", f"/api/groups/{group}/code"))["code"]
    ben = await sit(DESKTOP, reduced_motion="reduce")
    page, keys = ben.page, ben.page.keyboard
    await ben.go(f"/join/{code}")
    await reach(page, "Your name")
    await keys.type("Ben")
    await keys.press("Enter")
    await expect(ben.composer).to_be_focused()
    await keys.type("by keys")
    await keys.press("Enter")
    await ben.sees("by keys")
    await reach(page, "Going", back=True)
    await keys.press("Enter")
    await expect(ben.log.get_by_text("You are going")).to_be_visible()
    await react(ben, "good evening")
    await reach(page, "settings", back=True)
    await keys.press("Enter")
    settings = page.get_by_role("dialog", name="Settings")
    await expect(settings).to_be_visible()
    assert await once_round(page) == []
    await keys.press("Escape")
    await expect(settings).to_have_count(0)
    await expect(page.get_by_role("link", name="Ben, settings")).to_be_focused()


async def react(viewer: Viewer, text: str) -> None:
    """From the stream to the tools of a message, and to the first of its emotes."""
    await viewer.log.focus()
    await reach(viewer.page, "More")
    while not await viewer.tools(text).evaluate("(bar) => bar.contains(document.activeElement)"):
        await viewer.page.keyboard.press("Tab")
        await reach(viewer.page, "More")
    await viewer.page.keyboard.press("Home")
    await viewer.page.keyboard.press("Enter")
    await expect(viewer.message(text).locator(".chip.mine")).to_be_visible()


async def test_every_stop_is_seen_and_nothing_lies_over_it_and_the_first_leads_past_the_rooms(
    sit: Sit, hall: House
) -> None:
    club = await furnish(hall)
    viewer = await sit(DESKTOP, reduced_motion="reduce")
    await viewer.enter(club.ann, club.at("/c/{club}"))
    await viewer.sees("Ωραία συναυλία!")
    page = viewer.page
    await reach(page, "To what is open")
    skip = viewer.button("To what is open")
    await expect(skip).to_be_focused()
    await expect(skip).to_be_in_viewport(ratio=1)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("main")).to_be_focused()
    assert await once_round(page) == []


async def once_round(page: Page) -> list[str]:
    """Tab after Tab until it begins anew; the stops that are not seen. One that never ends is a trap."""
    found: list[str] = []
    stops: list[str] = []
    for _ in range(STOPS_MAX):
        await page.keyboard.press("Tab")
        stop, wrong = await page.evaluate(_STOP)
        if stop and stop in stops:
            return found
        stops += [stop] if stop else []
        found += wrong
        if not stop and stops:
            return found
    raise AssertionError(f"more than {STOPS_MAX} stops, the last: {stops[-5:]}")


async def reach(page: Page, name: str, *, back: bool = False) -> None:
    """By Tab alone, to a control of this name; each stop on the way is seen."""
    passed = []
    for _ in range(STOPS_MAX):
        stop, wrong = await page.evaluate(_STOP)
        assert wrong == []
        if name in stop:
            return
        passed.append(stop)
        await page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"{name} is not reached by Tab, only {passed}")


# What has the focus, by a name and a number of its own; what is wrong with how it looks (WCAG 2.4.7, 2.4.11).
_STOP = """
() => {
  const e = document.activeElement;
  if (e === document.body) return ["", []];
  e.dataset.stop ??= String((window.stops = (window.stops ?? 0) + 1));
  const label = e.labels?.[0]?.innerText ?? "";
  const words = `${e.tagName} ${e.ariaLabel ?? ""} ${label} ${e.innerText ?? ""}`;
  const name = `${words.slice(0, 120)} #${e.dataset.stop}`;
  const rings = [e, e.closest("label"), e.parentElement, e.parentElement?.parentElement].filter(Boolean)
    .map((one) => getComputedStyle(one));
  const ring = rings.some((s) => (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2)
    || (s.boxShadow !== "none" && s.borderStyle !== "none"));
  const seen = ring || (e.tagName === "H1") || e.matches("[role=log], emoji-picker, .panel");
  const box = e.getBoundingClientRect();
  const [x, y] = [box.left + box.width / 2, box.top + Math.min(box.height / 2, 20)];
  const top = document.elementFromPoint(Math.min(Math.max(x, 1), innerWidth - 2), y);
  const inView = box.bottom > 0 && box.top < innerHeight && box.width > 0;
  const covered = inView && top && !e.contains(top) && !top.contains(e) && !e.labels?.[0]?.contains(top);
  return [name, [...(seen ? [] : [`no ring: ${name}`]), ...(inView ? [] : [`out of sight: ${name}`]),
    ...(covered ? [`covered by ${top.tagName} ${top.className}: ${name}`] : [])]];
}
"""
