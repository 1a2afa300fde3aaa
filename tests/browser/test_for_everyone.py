"""UX 34 to 36: read aloud, by keyboard, in both lights, on a small screen, from right to left."""

import pytest
from playwright.async_api import Page, expect

from browser.conftest import SIZES, Sit
from browser.talk import lines, say
from browser.viewer import DESKTOP, PHONE
from house.server import House

TARGET_PX = 44
ZOOMED = {"width": 720, "height": 450}
"""What is left of 1440 × 900 at 200 %."""
KEYBOARD_UP = {"width": 390, "height": 430}
CONTRAST, CONTRAST_LARGE = 4.5, 3.0


@SIZES
async def test_the_stream_is_a_polite_log_that_does_not_read_history_aloud(
    sit: Sit, hall: House, size: dict[str, int]
) -> None:
    group, (ann, ben) = await hall.club("Ann", "Ben")
    await say(hall, ben, group, *lines("old", 200))
    viewer = await sit(size)
    await viewer.context.add_init_script(_WATCH_THE_LOG)
    await viewer.enter(ann)
    await viewer.page.get_by_role("button", name="Jump to latest").click()
    await expect(viewer.message("old 200")).to_be_in_viewport()
    await expect(viewer.log).to_have_attribute("aria-live", "polite")
    await expect(viewer.log).to_have_attribute("aria-busy", "false")
    await viewer.scroll_by(-4_000)
    await expect(viewer.message("old 120")).to_be_attached()
    await expect(viewer.log).to_have_attribute("aria-busy", "false")
    assert [text for text in await viewer.page.evaluate("window.readAloud") if "old" in text] == []
    await viewer.page.get_by_role("button", name="Jump to latest").click()
    await say(hall, ben, group, "fresh")
    await expect(viewer.message("fresh")).to_be_in_viewport()
    assert "fresh" in (await viewer.page.evaluate("window.readAloud"))[-1]


async def test_from_the_doors_to_a_sent_message_by_keyboard_alone(sit: Sit, hall: House) -> None:
    ann = await hall.person("Ann", with_email=True)
    made = await ann.create_club()
    viewer = await sit()
    await viewer.go("/")
    await expect(viewer.page.get_by_text("Join a club", exact=True)).to_be_visible()
    await tab_to(viewer.page, "Join a club")
    await viewer.page.keyboard.press("Enter")
    await expect(viewer.field("Club code")).to_be_focused()
    await viewer.page.keyboard.type(made["code"])
    await tab_to(viewer.page, "Your name")
    await viewer.page.keyboard.type("Ben")
    await viewer.page.keyboard.press("Enter")
    await expect(viewer.composer).to_be_visible()
    await tab_to(viewer.page, "Message")
    await viewer.page.keyboard.type("by keyboard")
    await viewer.page.keyboard.press("Enter")
    await viewer.sees("by keyboard")


async def test_focus_is_seen_and_returns_after_a_dialog(sit: Sit, hall: House) -> None:
    _, (ann,) = await hall.club("Ann")
    viewer = await sit()
    await viewer.enter(ann)
    await tab_to(viewer.page, "Members")
    assert await viewer.page.evaluate(_FOCUS_IS_SEEN)
    await viewer.page.keyboard.press("Enter")
    await expect(viewer.page.get_by_role("dialog")).to_be_visible()
    assert await viewer.page.evaluate("document.activeElement.closest('dialog') !== null")
    await viewer.page.keyboard.press("Escape")
    await expect(viewer.page.get_by_role("dialog")).to_have_count(0)
    await expect(viewer.link("Members").first).to_be_focused()


async def test_what_went_wrong_is_said_as_an_alert(sit: Sit) -> None:
    viewer = await sit()
    await viewer.go("/join")
    await viewer.button("Join").click()
    await expect(viewer.page.get_by_role("alert")).to_have_text("Type the club code first.")


@pytest.mark.parametrize(
    "view", ["/", "/app", "/join", "/create", "/c/{}", "/c/{}/members", "/c/{}/invite", "/settings"]
)
async def test_nothing_is_cut_off_at_200_percent_and_on_a_phone_all_targets_are_large(
    sit: Sit, hall: House, view: str
) -> None:
    group, (ann, ben) = await hall.club("Ann", "Ben")
    await say(hall, ben, group, "https://example.org is a link", "x" * 300)
    viewer = await sit(PHONE, is_mobile=True)
    if "{}" in view or view == "/settings":
        await viewer.enter(ann)
    await viewer.go(view.format(group))
    await expect(viewer.page.get_by_role("heading", level=1).first).to_be_attached()
    await viewer.page.evaluate(_AT_REST)
    assert await viewer.page.evaluate(_SMALL_TARGETS, TARGET_PX) == []
    for size in (PHONE, ZOOMED):
        await viewer.page.set_viewport_size(size)  # type: ignore[arg-type]
        assert await viewer.page.evaluate(_CUT_OFF) == []


@pytest.mark.parametrize("light", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
async def test_text_can_be_told_from_what_it_stands_on(
    sit: Sit, hall: House, light: str, size: dict[str, int]
) -> None:
    group, (ann, ben) = await hall.club("Ann", "Ben")
    await say(hall, ben, group, "https://example.org is a link", *lines("old", 30))
    viewer = await sit(size, color_scheme=light, reduced_motion="reduce")
    for view in ("/sign-in", "/join", "/create", "/", "/app", "/privacy", "/licences"):
        await viewer.go(view)
        await expect(viewer.page.get_by_role("heading", level=1).first).to_be_attached()
        assert await faint_texts(viewer.page) == []
    await viewer.enter(ann)
    for view in (f"/c/{group}", f"/c/{group}/members", f"/c/{group}/invite", "/settings", "/clubs"):
        await viewer.go(view)
        await expect(viewer.page.get_by_role("heading", level=1).first).to_be_attached()
        assert await faint_texts(viewer.page) == []


async def test_nothing_moves_for_who_asks_for_rest(sit: Sit) -> None:
    viewer = await sit(reduced_motion="reduce")
    await viewer.go("/join")
    await expect(viewer.field("Club code")).to_be_visible()
    assert await viewer.page.evaluate(_LONG_MOTIONS) == []


async def test_the_box_stays_in_view_over_the_keyboard_of_a_phone(sit: Sit, hall: House) -> None:
    group, (ann, ben) = await hall.club("Ann", "Ben")
    await say(hall, ben, group, *lines("old", 30))
    viewer = await sit(PHONE, is_mobile=True)
    await viewer.enter(ann)
    await viewer.page.get_by_role("button", name="Jump to latest").tap()
    await viewer.composer.tap()
    await viewer.page.set_viewport_size(KEYBOARD_UP)  # type: ignore[arg-type]
    await expect(viewer.composer).to_be_in_viewport(ratio=1)
    await expect(viewer.button("Send")).to_be_in_viewport(ratio=1)
    await expect(viewer.message("old 30")).to_be_in_viewport()
    assert await viewer.page.evaluate("document.scrollingElement.scrollTop") == 0


async def test_each_message_has_its_own_direction_and_long_names_end_in_an_ellipsis(
    sit: Sit, hall: House
) -> None:
    long = "Anastasia Wilhelmine von und zu Hohenstaufen-Lichtenberg"
    group, (ann, ben) = await hall.club("Ann", long)
    await say(hall, ben, group, "مرحبا بكم في النادي", "hello")
    viewer = await sit(PHONE)
    await viewer.enter(ann)
    right, left = viewer.messages.filter(has_text="مرحبا"), viewer.message("hello")
    for row, side in ((right, "rtl"), (left, "ltr")):
        assert await row.locator(".text p").evaluate("(p) => getComputedStyle(p).direction") == side
    gaps = await right.locator(".text p").evaluate(_GAPS)
    assert gaps["right"] < gaps["left"]
    name = viewer.log.locator(".name").first
    await expect(name).to_have_attribute("title", long)
    assert await name.evaluate("(e) => getComputedStyle(e).textOverflow") == "ellipsis"
    assert await name.evaluate("(e) => e.scrollWidth > e.clientWidth")


async def tab_to(page: Page, name: str) -> None:
    """Presses Tab until a control of this name has the focus."""
    for _ in range(40):
        if name in await page.evaluate(_FOCUSED):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"{name} is not reached by Tab")


async def faint_texts(page: Page) -> list[str]:
    """Texts with less contrast than WCAG AA asks for, once everything stands still."""
    await page.evaluate(_AT_REST)
    found: list[str] = await page.evaluate(_FAINT, [CONTRAST, CONTRAST_LARGE])
    return found


_FOCUSED = """
() => {
  const e = document.activeElement;
  const label = e.labels && e.labels[0] ? e.labels[0].innerText : "";
  return e.tagName === "BODY" ? "" : `${e.getAttribute("aria-label") ?? ""} ${label} ${e.innerText ?? ""}`;
}
"""

_FOCUS_IS_SEEN = """
() => {
  const style = getComputedStyle(document.activeElement);
  return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
}
"""

_AT_REST = """
async () => {
  await document.fonts.ready;
  await Promise.all(document.getAnimations()
    .filter((a) => a.effect.getComputedTiming().iterations !== Infinity)
    .map((a) => a.finished.catch(() => 0)));
}
"""

_LONG_MOTIONS = """
() => document.getAnimations().filter((a) => a.effect.getComputedTiming().duration > 10)
  .map((a) => `${a.animationName ?? a.transitionProperty} ${a.effect.target.className}`)
"""

_GAPS = """
(p) => {
  const range = document.createRange();
  range.selectNodeContents(p);
  const text = range.getBoundingClientRect(), box = p.getBoundingClientRect();
  return { left: text.left - box.left, right: box.right - text.right };
}
"""

# What is added while the log speaks is read aloud: only new messages may be.
_WATCH_THE_LOG = """
window.readAloud = [];
new MutationObserver((changes) => {
  for (const { target, addedNodes } of changes) {
    const log = target.closest?.("[role=log]");
    if (!log || log.ariaLive === "off" || target !== log) continue;
    window.readAloud.push(...[...addedNodes].filter((n) => n.innerText).map((n) => n.innerText));
  }
}).observe(document, { childList: true, subtree: true });
"""

# Links inside a sentence are excepted, and what lies under an open dialog.
_SMALL_TARGETS = """
(least) => {
  const open = document.querySelector("dialog[open]") ?? document;
  return [...open.querySelectorAll("button, a[href], input, [role=button]")]
    .map((e) => (e.matches("input[type=checkbox], input[type=radio]") ? (e.closest("label") ?? e) : e))
    .filter((e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .filter((e) => !(e.tagName === "A" && getComputedStyle(e).display === "inline" && e.closest("p")))
    .filter((e) => !e.closest("[inert]"))
    .map((e) => [e, e.getBoundingClientRect()])
    .filter(([, box]) => box.width > 1 && (box.width < least - 0.5 || box.height < least - 0.5))
    .map(([e, box]) => `${e.innerText || e.ariaLabel} ${box.width}×${box.height}`);
}
"""

_CUT_OFF = """
() => [document.scrollingElement, ...document.querySelectorAll("dialog[open], main, .scroller, .doors")]
  .filter((e) => e.scrollWidth > e.clientWidth + 1)
  .map((e) => `${e.tagName} ${e.className}: ${e.scrollWidth} > ${e.clientWidth}`)
"""

_FAINT = """
([normal, large]) => {
  const pencil = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    pencil.clearRect(0, 0, 1, 1);
    pencil.fillStyle = colour;
    pencil.fillRect(0, 0, 1, 1);
    return [...pencil.getImageData(0, 0, 1, 1).data].map((n, i) => (i === 3 ? n / 255 : n));
  };
  const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3]));
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const colour = rgba(getComputedStyle(e).backgroundColor);
      if (colour[3] === 1) return colour;
      if (colour[3] > 0) return over(colour, ground(e.parentElement));
    }
    return [255, 255, 255];
  };
  const light = (c) => {
    const [r, g, b] = c.slice(0, 3).map((n) => n / 255)
      .map((n) => (n <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const open = document.querySelector("dialog[open]") ?? document.body;
  const found = new Set();
  for (const e of open.querySelectorAll("*")) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())
      || e.matches("input, textarea");
    const style = getComputedStyle(e);
    if (!own || !e.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (e.closest("svg, [aria-hidden=true], .unseen")) continue;
    const under = ground(e);
    const [a, b] = [light(over(rgba(style.color), under)), light(under)].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize);
    const least = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? large : normal;
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < least) found.add(`${ratio.toFixed(2)} ${e.tagName} ${e.innerText || e.placeholder}`);
  }
  return [...found];
}
"""
