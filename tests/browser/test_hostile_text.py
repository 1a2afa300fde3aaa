"""Abuse 20: whatever is written as a message or a name is text: nothing runs, nothing leads elsewhere."""

import asyncio

from playwright.async_api import Page, expect

from browser.conftest import Sit
from browser.hostile import corpus, visible
from browser.viewer import Viewer
from clubroom.errors import InvalidText, TextTooLong
from clubroom.wire.text import checked_name
from house.person import Person
from house.server import House
from house.uuid7 import uuid7

CORPUS = corpus()
LAST = "the last of them"
PUSHES_MAX = 60
NAMES_STEP = 16
AT_ONCE = 20  # no more than there are connections: on a busy machine the last would wait too long for one
TALL = {"width": 1440, "height": 2000}


def test_the_corpus_is_large_enough() -> None:
    assert len({hostile.text for hostile in CORPUS}) >= 200


async def test_whatever_ben_writes_ann_sees_as_text(sit: Sit, hall: House) -> None:
    group, (ann, ben) = await hall.club("Ann", "Ben")
    for first in range(0, len(CORPUS), AT_ONCE):
        some = CORPUS[first : first + AT_ONCE]
        await asyncio.gather(*(write(ben, group, hostile.text) for hostile in some))
    await write(ben, group, LAST)
    viewer = await sit(TALL)
    asked = await watched(viewer)
    await viewer.enter(ann)
    await viewer.page.get_by_role("button", name="Jump to latest").click()
    await viewer.sees(LAST)
    wanted = {hostile.shown for hostile in CORPUS}
    shown: set[str] = set()
    for _ in range(PUSHES_MAX):
        shown |= set(map(visible, await viewer.log.locator("article .text").evaluate_all(_TEXTS)))
        await is_harmless(viewer.page)
        if wanted <= shown:
            break
        await viewer.scroll_by(-100_000)
        await viewer.page.evaluate(_NEXT_FRAME)
        await expect(viewer.log).to_have_attribute("aria-busy", "false")
    assert wanted - shown == set()
    assert strangers(asked, viewer) == []


async def test_hostile_names_are_text_wherever_they_stand(sit: Sit, hall: House) -> None:
    names = possible_names()[::NAMES_STEP]
    group, people = await hall.club("Ann", *names)
    for person in people[1:]:
        await write(person, group, f"hello, <@{person.user}>")
    viewer = await sit()
    asked = await watched(viewer)
    await viewer.enter(people[0])
    await viewer.sees("hello")
    await expect(viewer.log.get_by_text(names[-1], exact=True).first).to_be_attached()
    await expect(viewer.log.get_by_text(f"@{names[-1]}", exact=True).first).to_be_attached()
    await is_harmless(viewer.page)
    await viewer.go(f"/c/{group}/members")
    for name in names:
        await expect(viewer.page.get_by_role("dialog").get_by_text(name, exact=True).first).to_be_attached()
    await is_harmless(viewer.page)
    await viewer.page.get_by_role("dialog").get_by_text(names[0], exact=True).first.click()
    await expect(viewer.page.get_by_role("dialog", name=names[0], exact=True)).to_be_visible()
    await is_harmless(viewer.page)
    await viewer.button(f"Remove {names[0]}").click()
    await expect(viewer.page.get_by_role("dialog", name=f"Remove {names[0]}?")).to_be_visible()
    await is_harmless(viewer.page)
    assert strangers(asked, viewer) == []


async def test_a_hostile_club_name_is_text_at_the_door_and_in_the_title(sit: Sit, hall: House) -> None:
    name = "<img src=x onerror=window.__pwned=1>"
    ann = await hall.person("Ann", with_email=True)
    made = await ann.create_club(name)
    viewer, guest = await sit(), await sit()
    await viewer.enter(ann)
    await expect(viewer.page).to_have_title(f"{name} · Clubroom")
    await guest.go(f"/join/{made['code']}")
    await expect(guest.page.get_by_text(name, exact=True)).to_be_visible()
    await guest.field("Your name").fill(name)
    await guest.page.get_by_role("button", name="Join").click()
    await expect(guest.composer).to_be_visible()
    for one in (viewer, guest):
        await is_harmless(one.page)


async def write(person: Person, group: int, text: str) -> None:
    """Posts by a plain call, without the looks that Person takes after each of its own."""
    response = await person.http.put(
        f"/api/messages/{uuid7()}", json={"group": group, "text": text}, headers=person.headers
    )
    assert response.status_code == 201, (text, response.text)


async def watched(viewer: Viewer) -> list[str]:
    """Every address that the page asks for from now on; what its content policy refuses is noted in it."""
    asked: list[str] = []
    viewer.page.on("request", lambda request: asked.append(request.url))
    viewer.page.on("popup", lambda page: asked.append(f"a window: {page.url}"))
    await viewer.page.add_init_script(_NOTE_REFUSALS)
    return asked


def strangers(asked: list[str], viewer: Viewer) -> list[str]:
    return [url for url in asked if not url.startswith(viewer.url + "/")]


async def is_harmless(page: Page) -> None:
    """Nothing has run, no element came out of a text, and every link in a message is one of the web."""
    found = await page.evaluate(_LOOK)
    assert found == {"pwned": [], "refused": [], "strange": [], "hrefs": []}


def possible_names() -> list[str]:
    """Those of the texts that may be a name."""
    return [hostile.text for hostile in CORPUS if is_name(hostile.text)]


def is_name(text: str) -> bool:
    """As it is; and without what the search for it on the screen would take for white space."""
    try:
        return checked_name(text) == text == " ".join(text.split()) and text.isprintable()
    except (InvalidText, TextTooLong):
        return False


_TEXTS = "(texts) => texts.map((text) => text.textContent)"

_NEXT_FRAME = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"

_NOTE_REFUSALS = """
window.__refused = [];
document.addEventListener("securitypolicyviolation", (event) => window.__refused.push(event.blockedURI));
"""

_LOOK = r"""
() => {
  const everywhere = ["class", "dir", "aria-hidden", "aria-label", "aria-live", "title"];
  const drawn = ["width", "height", "viewBox", "fill", "stroke"];
  const strokes = ["stroke-width", "stroke-linecap", "stroke-linejoin"];
  const ours = {
    ARTICLE: ["data-state", "id"], DIV: ["data-body", "data-key", "role", "tabindex"],
    BUTTON: ["type", "tabindex", "aria-haspopup", "aria-expanded"], HEADER: [], SPAN: ["style"],
    TIME: ["datetime"], P: [], STRONG: [], EM: [], S: [], CODE: [], PRE: [],
    BLOCKQUOTE: [], UL: [], OL: [], LI: ["value"], A: ["href", "target", "rel"], I: [],
    svg: [...drawn, ...strokes], path: ["d"],
  };
  const isOurs = (element) =>
    element.tagName in ours &&
    [...element.attributes].every(({ name }) => [...everywhere, ...ours[element.tagName]].includes(name));
  const log = document.querySelector("[role=log]");
  const named = [...document.querySelectorAll("[data-body] *, .name *, h1 *, h2 *, dialog *")];
  const styled = (element) => element.hasAttribute("style") && !element.classList.contains("face");
  const outside = /^(script|style|iframe|object|embed|base|meta|link|img|form)$/i;
  const runs = (element) => [...element.attributes].some(({ name }) => /^on/i.test(name));
  return {
    pwned: ["__pwned"].filter((name) => name in window),
    refused: window.__refused ?? [],
    strange: [
      ...[...(log?.querySelectorAll("*") ?? [])].filter((element) => !isOurs(element) || styled(element)),
      ...named.filter((element) => outside.test(element.tagName)),
      ...[...document.querySelectorAll("*")].filter(runs),
    ].map((element) => element.cloneNode(false).outerHTML),
    hrefs: [...document.querySelectorAll("[data-body] a")]
      .filter(
        (a) =>
          !/^https?:$/.test(a.protocol) || a.username || a.password || a.target !== "_blank" ||
          a.rel !== "noopener noreferrer nofollow",
      )
      .map((a) => a.href),
  };
}
"""
