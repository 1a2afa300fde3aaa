"""UX 35: every screen of the client is looked at by axe, by light and dark, large and small."""


import pytest
from playwright.async_api import Page

from browser.conftest import Sit
from browser.everywhere import CLIENT, INSIDE, OUTSIDE, furnish, routes, walk
from browser.viewer import PHONE
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba import place
from house.server import House

AXE = CLIENT / "node_modules/axe-core/axe.min.js"
DESKTOP = {"width": 1280, "height": 800}
ZOOMED = {"width": 640, "height": 400}
"""What is left of 1280 × 800 at 200 %."""
NARROW = {"width": 320, "height": 640}
TARGET_PX = 44
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


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
    await viewer.go("/")
    await viewer.page.evaluate(AXE.read_text())
    async for address in walk(viewer, club, OUTSIDE):
        found += await looked_at(viewer.page, address, size)
    await viewer.enter(club.ann)
    await viewer.page.evaluate(AXE.read_text())
    async for address in walk(viewer, club, INSIDE):
        found += await looked_at(viewer.page, address, size)
    assert found == [], "\n" + "\n".join(found)


async def looked_at(page: Page, what: str, size: dict[str, int]) -> list[str]:
    """What is wrong with what is open, as sentences."""
    found = await page.evaluate(_FINDINGS)
    if size is PHONE:
        found += await page.evaluate(_SMALL_TARGETS, TARGET_PX)
        for smaller in (NARROW, ZOOMED):
            await page.set_viewport_size(smaller)  # type: ignore[arg-type]
            found += [f"{smaller['width']} px: {one}" for one in await page.evaluate(_CUT_OFF)]
        await page.set_viewport_size(size)  # type: ignore[arg-type]
    return [f"{what}: {one}" for one in found]


# Of the second light only what a light changes is asked.
_FINDINGS = """
async () => {
  const root = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document;
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];
  const told = ({ id, impact, nodes }, light) => nodes.map(({ target, any, all, none }) =>
    `${light} ${id} (${impact}) ${target.join(" ")}: ${[...any, ...all, ...none].map((c) => c.message)[0]}`);
  const found = [];
  const lights = { light: { type: "tag", values: tags }, dark: { type: "rule", values: ["color-contrast"] } };
  for (const [light, runOnly] of Object.entries(lights)) {
    document.documentElement.dataset.theme = light;
    const rules = light === "light" ? { "target-size": { enabled: true } } : {};
    const { violations } = await axe.run(root, { runOnly, rules, resultTypes: ["violations"] });
    found.push(...violations.filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap((one) => told(one, light)));
  }
  document.documentElement.dataset.theme = "light";
  return found;
}
"""

# Links inside a sentence are excepted, and what lies under an open dialog.
_SMALL_TARGETS = """
(least) => {
  const open = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document;
  return [...open.querySelectorAll("button, a[href], input, select, textarea, summary, [role=button]")]
    .map((e) => (e.matches("input[type=checkbox], input[type=radio], input[type=file]")
      ? (e.closest("label") ?? e) : e))
    .filter((e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .filter((e) => !(e.tagName === "A" && getComputedStyle(e).display === "inline" && e.closest("p")))
    .map((e) => [e, e.getBoundingClientRect()])
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
