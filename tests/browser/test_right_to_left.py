"""UX 36: from right to left, in a language made of accents (web/src/texts/pseudo.ts), every screen holds."""

from playwright.async_api import Page, expect

from browser.conftest import SIZES, Sit
from browser.everywhere import INSIDE, OUTSIDE, furnish, show, walk
from browser.viewer import DESKTOP, PHONE, Viewer
from clubroom.dba import place
from clubroom.dba.embedded import EmbeddedPostgres
from house.person import Person
from house.server import House


@SIZES
async def test_every_screen_holds_from_right_to_left_and_says_nothing_that_no_language_can_change(
    sit: Sit, hall: House, postgres: EmbeddedPostgres, size: dict[str, int]
) -> None:
    club = await furnish(hall)
    await place.add_host(postgres.owner_dsn, club.ann.user)
    viewer = await sit(size, is_mobile=size is PHONE, reduced_motion="reduce", locale="ar-XB")
    await viewer.go("/app")
    await expect(viewer.page.locator("html")).to_have_attribute("dir", "rtl")
    found: list[str] = []
    async for address in walk(viewer, club, OUTSIDE):
        found += await looked_at(viewer.page, address)
    await enter(viewer, club.ann)
    async for address in walk(viewer, club, INSIDE):
        found += await looked_at(viewer.page, address)
    assert found == [], "\n" + "\n".join(found)


async def test_from_right_to_left_rooms_stand_at_the_right_and_sheets_come_from_the_left(
    sit: Sit, hall: House
) -> None:
    club = await furnish(hall)
    viewer = await sit(DESKTOP, reduced_motion="reduce", locale="ar-XB")
    await enter(viewer, club.ann)
    page = viewer.page
    await show(page, club.at("/c/{club}"))
    width = DESKTOP["width"]
    side, room = page.locator(".clubhouse > .side"), page.get_by_role("main")
    assert await edges(side) == ((await edges(room))[1], width)
    text, send = page.locator("textarea"), page.locator("form button[type=submit]")
    assert (await edges(send))[1] <= (await edges(text))[0]
    await show(page, club.at("/c/{club}/about"))
    assert (await edges(page.locator("dialog.side")))[0] == 0


async def edges(of: object) -> tuple[float, float]:
    box = await of.bounding_box()  # type: ignore[attr-defined]
    return box["x"], box["x"] + box["width"]


async def enter(viewer: Viewer, person: Person) -> None:
    """As `Viewer.enter`, in a language that no test reads."""
    link = (await person.ok("POST", "/api/sign-in-links"))["url"]
    await viewer.go(link[link.index("/sign-in") :])
    await viewer.page.locator("dialog .button").last.click()
    await expect(viewer.page.get_by_role("dialog")).to_have_count(0)
    await expect(viewer.log).to_be_visible()


async def looked_at(page: Page, what: str) -> list[str]:
    """What is wrong with what is open, as sentences."""
    found = [*await page.evaluate(_STICKS_OUT), *await page.evaluate(_PLAIN)]
    return [f"{what}: {one}" for one in found]


_STICKS_OUT = """
() => [document.scrollingElement, ...document.querySelectorAll("dialog[open], main, .scroller, .side")]
  .filter((e) => e.scrollWidth > e.clientWidth + 1)
  .map((e) => `sticks out: ${e.tagName} ${e.className}: ${e.scrollWidth} > ${e.clientWidth}`)
"""

# Names of the product, of keys and languages; addresses and codes; what people have said is Greek.
_PLAIN = r"""
() => {
  const fine = /https?:\S+|\S+@\S+|\w+([.]\w+)+|localhost\S*|[0-9A-Z]{4}([ -][0-9A-Z]{4}){2}/g;
  const names = /Clubroom|English|Deutsch|Chrome|Linux|(Europe.)?Berlin/g;
  const said = /for Sunday|Ave verum.pdf|On the steps|Read:|News|Concert|On Sunday|no link/g;
  const root = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
  const isPlain = (text) => [said, names, fine].reduce((left, known) => left.replace(known, ""), text)
    .match(/[A-Za-z]{2,}/);
  const found = new Set();
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let n = texts.nextNode(); n; n = texts.nextNode()) {
    const e = n.parentElement;
    const apart = e.closest("option, kbd, code, [translate=no], script, style, noscript");
    if (apart || !e.checkVisibility()) continue;
    if (isPlain(n.data)) found.add(`plain: ${n.data.trim()} in ${e.tagName} ${e.className}`);
  }
  for (const e of [...root.querySelectorAll("*")].filter((one) => !one.closest("[translate=no]")))
    for (const name of ["aria-label", "title", "placeholder", "alt", "aria-valuetext"])
      if (e.hasAttribute(name) && e.checkVisibility() && isPlain(e.getAttribute(name)))
        found.add(`plain: ${name} "${e.getAttribute(name)}" of ${e.tagName} ${e.className}`);
  return [...found];
}
"""
