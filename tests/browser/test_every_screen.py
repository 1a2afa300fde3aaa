"""UX 35: every screen of the client is looked at by axe, by light and dark, large and small."""

from playwright.async_api import Page

from browser.conftest import SIZES, Sit
from browser.everywhere import CLIENT, INSIDE, OUTSIDE, furnish, routes, walk
from browser.viewer import PHONE
from clubroom.dba import place
from clubroom.dba.embedded import EmbeddedPostgres
from house.server import House

AXE = CLIENT / "node_modules/axe-core/axe.min.js"
ZOOMED = {"width": 640, "height": 400}
"""What is left of 1280 × 800 at 200 %."""
NARROW = {"width": 320, "height": 640}
TARGET_PX = 44
PAGES = ["/", "/de", "/privacy", "/terms", "/licences", "/assets/nothing.js"]
LIGHTS, LIGHTS_ON_PHONE = ["light", "dark"], ["dark"]
"""Colours are the same at both sizes; a second light costs as much as the first."""


def test_every_route_of_the_client_is_among_the_screens_that_are_looked_at() -> None:
    assert OUTSIDE.keys() | INSIDE.keys() == routes()


@SIZES
async def test_axe_finds_nothing_on_any_screen_by_day_or_by_night(
    sit: Sit, hall: House, postgres: EmbeddedPostgres, size: dict[str, int]
) -> None:
    club = await furnish(hall)
    await place.add_host(postgres.owner_dsn, club.ann.user)
    viewer = await sit(size, is_mobile=size is PHONE, reduced_motion="reduce")
    found: list[str] = []
    await viewer.go("/app")
    await viewer.page.evaluate(AXE.read_text())
    async for address in walk(viewer, club, OUTSIDE):
        found += await looked_at(viewer.page, address, size)
    await viewer.enter(club.ann)
    await viewer.page.evaluate(AXE.read_text())
    async for address in walk(viewer, club, INSIDE):
        found += await looked_at(viewer.page, address, size)
    assert found == [], "\n" + "\n".join(found)


@SIZES
async def test_axe_finds_nothing_on_the_pages_that_need_no_script(sit: Sit, size: dict[str, int]) -> None:
    viewer = await sit(size, is_mobile=size is PHONE, reduced_motion="reduce")
    found: list[str] = []
    for address in PAGES:
        await viewer.go(address)
        await viewer.page.evaluate(AXE.read_text())
        found += await looked_at(viewer.page, address, size)
    assert found == [], "\n" + "\n".join(found)


async def looked_at(page: Page, what: str, size: dict[str, int]) -> list[str]:
    """What is wrong with what is open, as sentences."""
    found = await page.evaluate(_FINDINGS, LIGHTS_ON_PHONE if size is PHONE else LIGHTS)
    if size is PHONE:
        found += await page.evaluate(_SMALL_TARGETS, TARGET_PX)
        for smaller in (NARROW, ZOOMED):
            await page.set_viewport_size(smaller)  # type: ignore[arg-type]
            found += [f"{smaller['width']} px: {one}" for one in await page.evaluate(_CUT_OFF)]
        await page.set_viewport_size(size)  # type: ignore[arg-type]
    return [f"{what}: {one}" for one in found]


# Of the second light only what a light changes is asked.
_FINDINGS = """
async ([first, second]) => {
  const root = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document;
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];
  // A hint under a label, and a face before it, are seen but are no label: the first words are.
  const firstWords = (e) => {
    const texts = document.createTreeWalker(e, NodeFilter.SHOW_TEXT);
    for (let n = texts.nextNode(); n; n = texts.nextNode())
      if (n.data.trim() && !n.parentElement.closest("[aria-hidden=true], .unseen")) return n.data.trim();
    return "";
  };
  const nameOf = (e) =>
    e.ariaLabel ?? document.getElementById(e.getAttribute("aria-labelledby"))?.innerText ?? "";
  const isNamed = (e) => nameOf(e).toLowerCase().includes(firstWords(e).toLowerCase());
  const told = ({ id, impact, nodes }, light) => nodes
    .filter(({ element }) => id !== "label-content-name-mismatch" || !isNamed(element))
    .map(({ target, any, all, none, element }) => `${light} ${id} (${impact}) ${target.join(" ")}: ` +
      `${[...any, ...all, ...none].map((c) => c.message)[0]} ${element.outerHTML.slice(0, 90)}`);
  const found = [];
  const lights = [[first, { type: "tag", values: tags }]];
  if (second) lights.push([second, { type: "rule", values: ["color-contrast"] }]);
  for (const [light, runOnly] of lights) {
    document.documentElement.dataset.theme = light;
    await Promise.all(document.getAnimations()
      .filter((a) => a.effect.getComputedTiming().iterations !== Infinity)
      .map((a) => a.finished.catch(() => 0)));
    const rules = light === first ? { "target-size": { enabled: true } } : {};
    const asked = { runOnly, rules, resultTypes: ["violations"], elementRef: true };
    const { violations } = await axe.run(root, asked);
    found.push(...violations.filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap((one) => told(one, light)));
  }
  return found;
}
"""

# Links inside a sentence are excepted, and what lies under an open dialog.
_SMALL_TARGETS = """
(least) => {
  // Some look smaller than they are: what lies around them is pressed, too.
  const reach = (e) => {
    const { width, height } = e.getBoundingClientRect();
    const around = getComputedStyle(e, "::after");
    const [wider, higher] = around.content === '""' && around.position === "absolute"
      ? [around.left, around.top].map((side) => -2 * Math.min(0, parseFloat(side))) : [0, 0];
    return { width: width + wider, height: height + higher };
  };
  const open = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document;
  return [...open.querySelectorAll("button, a[href], input, select, textarea, summary, [role=button]")]
    .map((e) => (e.matches("input[type=checkbox], input[type=radio], input[type=file]")
      ? (e.closest("label") ?? e) : e))
    .filter((e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .filter((e) => !(e.tagName === "A" && getComputedStyle(e).display === "inline" && e.closest("p")))
    .map((e) => [e, reach(e)])
    .filter(([, box]) => box.width > 1 && (box.width < least - 0.5 || box.height < least - 0.5))
    .map(([e, box]) => `small: ${e.tagName} ${e.className} ${e.innerText || e.ariaLabel} ` +
      `${Math.round(box.width)}×${Math.round(box.height)}`);
}
"""

_CUT_OFF = """
() => [document.scrollingElement, ...document.querySelectorAll("dialog[open], main, .scroller, .doors")]
  .filter((e) => e.scrollWidth > e.clientWidth + 1)
  .map((e) => `${e.tagName} ${e.className}: ${e.scrollWidth} > ${e.clientWidth}`)
"""
