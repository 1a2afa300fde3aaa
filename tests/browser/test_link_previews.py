"""What a link shows: a card under its message, for everybody, as long as nobody removes it."""

import asyncio
import re
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import msgspec
import pytest
from playwright.async_api import Browser, Locator, expect

from browser.conftest import Sit
from browser.talk import lines, say
from browser.viewer import DESKTOP, PHONE, Viewer
from clubroom.app.settings import DIST, Settings
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.migrate import migrate
from clubroom.dba.pool import Database
from house.databases import another_database, dsn
from house.pages import Answer, Sites, certified, pages_of, sites_open
from house.pictures import image
from house.server import House, running

NEWS = "news.town.example"
PICTURE = "img:not(.under)"
REMOVE = "Remove preview"
SETTLED_PX = 2


@pytest.fixture(scope="module")
async def town(
    postgres: EmbeddedPostgres, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[House, Sites]]:
    """A place with a database of its own: in the other one servers fetch nothing."""
    folder: Path = tmp_path_factory.mktemp("town")
    certificate = certified(folder)
    own = msgspec.structs.replace(settings, web=DIST, data=folder)
    async with (
        another_database(postgres, "linked", "clubroom_owner") as owner,
        sites_open(certificate) as sites,
    ):
        await migrate(owner)
        db = await Database.open(dsn(postgres, "clubroom_app", "linked"), role="clubroom_app")
        async with running(db, own, in_folder=True, pages=pages_of(sites, certificate, fetch_s=60)) as house:
            yield house, sites
        await db.close()


@pytest.fixture
async def sit_there(browser: Browser, town: tuple[House, Sites]) -> AsyncIterator[Sit]:
    house, _ = town
    viewers: list[Viewer] = []

    async def sit_down(size: dict[str, int] = DESKTOP, **options: object) -> Viewer:
        viewers.append(await Viewer.sit_down(browser, house.url, size, **options))
        return viewers[-1]

    yield sit_down
    for viewer in viewers:
        await viewer.leave()
    await house.everyone_leaves()


def concert(sites: Sites, address: str) -> str:
    """A page with all that is shown; the link to it."""
    sites.put(f"{NEWS}/a.png", Answer(image("PNG", (800, 400)), type="image/png"))
    return sites.page(
        address,
        title="Concert in the <b>park</b>".replace("<", "&lt;"),
        description="On Sunday at seven the chamber choir sings in the park, whatever the weather does. " * 3,
        site_name="Town news",
        image=f"https://{NEWS}/a.png",
    )


def card(row: Locator) -> Locator:
    return row.get_by_role("link", name=re.compile("^Concert in the .*park.*, on news"))


async def test_a_link_shows_the_same_card_to_two_people_until_one_of_them_removes_it(
    sit_there: Sit, town: tuple[House, Sites]
) -> None:
    house, sites = town
    link = concert(sites, f"{NEWS}/concert")
    _, people = await house.club("Ann", "Ben")
    ann, ben = await sit_there(), await sit_there(PHONE)
    for viewer, person in zip((ann, ben), people, strict=True):
        await viewer.enter(person)
    await ann.write(f"Shall we go? {link}")
    for viewer in (ann, ben):
        row = viewer.messages.filter(has_text="Shall we go?")
        await expect(card(row)).to_be_visible()
        await expect(card(row)).to_have_attribute("href", link)
        await expect(card(row)).to_have_attribute("target", "_blank")
        await expect(card(row)).to_have_attribute("rel", re.compile("noopener noreferrer"))
        for word in ("Town news", NEWS, "Concert in the <b>park</b>"):
            await expect(card(row).get_by_text(word, exact=True)).to_be_visible()
        await expect(card(row).locator(PICTURE)).to_have_js_property("complete", True)
        src = await card(row).locator(PICTURE).get_attribute("src")
        assert src is not None
        assert NEWS not in src
        box = await card(row).bounding_box()
        assert box is not None
        assert box["height"] == 98  # whatever it says
    theirs = ben.messages.filter(has_text="Shall we go?")
    await expect(theirs.get_by_role("button", name=REMOVE)).to_have_count(0)
    mine = ann.messages.filter(has_text="Shall we go?")
    await mine.get_by_role("button", name=REMOVE).click()
    for row in (mine, theirs):
        await expect(card(row)).to_have_count(0)
        await expect(row.get_by_role("link", name=link)).to_be_visible()
    await ann.page.reload()
    await ann.sees("Shall we go?")
    await expect(card(ann.messages.filter(has_text="Shall we go?"))).to_have_count(0)


async def test_who_reads_stays_where_they_are_when_a_card_comes(
    sit_there: Sit, town: tuple[House, Sites]
) -> None:
    house, sites = town
    concert(sites, f"{NEWS}/later")
    page, comes = sites.answers[f"{NEWS}/later"], asyncio.Event()

    async def when_it_comes(writer: asyncio.StreamWriter, body: bytes) -> None:
        await comes.wait()
        writer.write(body)

    sites.put(f"{NEWS}/later", Answer(then=partial(when_it_comes, body=page.body)))
    group, (ann, ben, cid) = await house.club("Ann", "Ben", "Cid")
    await say(house, ann, group, *lines("before", 30), f"Look: https://{NEWS}/later", *lines("after", 60))
    head = (await ann.snapshot(group))["seq"]
    at_end, reading = await sit_there(), await sit_there()
    for viewer, person in ((at_end, ben), (reading, cid)):
        await person.ok("PUT", f"/api/groups/{group}/read", {"seq": head})
        await viewer.enter(person)
        await expect(viewer.message("after 60")).to_be_in_viewport()
    await reading.message("after 20").scroll_into_view_if_needed()
    before = await reading.top_of("after 20")
    comes.set()
    for viewer in (at_end, reading):
        await expect(card(viewer.messages.filter(has_text="Look:"))).to_have_count(1)
    assert abs(await reading.top_of("after 20") - before) <= SETTLED_PX
    await expect(at_end.message("after 60")).to_be_in_viewport()
    await say(house, ann, group, f"Once more: https://{NEWS}/later")
    last = at_end.messages.filter(has_text="Once more:")
    await expect(card(last)).to_be_in_viewport(ratio=1)
    assert await at_end.log.evaluate(_UNDER_THE_END) <= SETTLED_PX


_UNDER_THE_END = """(log) => {
  const { scrollHeight, scrollTop, clientHeight } = log.closest(".scroller");
  return scrollHeight - scrollTop - clientHeight;
}"""
