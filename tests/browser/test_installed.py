"""UX 37 and 23: Clubroom as an app of its own, and the number that stands on it."""

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, CDPSession, async_playwright, expect

from browser.conftest import ARGUMENTS, SIZES, Sit
from browser.talk import say
from browser.test_getting_about import icon_of
from browser.test_push import WHOLE_CHROMIUM, posted, told
from browser.viewer import PHONE, Viewer
from browser.worker import Outside
from house.person import Person
from house.server import House
from house.within import within

pytestmark = pytest.mark.service_worker

PAPER = {"light": "#eeefe6", "dark": "#0d1714"}

# What is set on the app, in the order in which it is: a browser without a window has no app to set it on.
_SPY = """
(() => {
  self.badges = [];
  navigator.setAppBadge = async (count) => void self.badges.push(count);
  navigator.clearAppBadge = async () => void self.badges.push(0);
})()
"""


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    """A whole one: one without a window installs nothing."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=WHOLE_CHROMIUM, args=ARGUMENTS)
        yield chromium
        await chromium.close()


async def test_a_browser_takes_it_for_an_app_that_can_be_installed(sit: Sit) -> None:
    viewer = await sit()
    await viewer.go("/app")
    await viewer.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    cdp = await viewer.context.new_cdp_session(viewer.page)
    manifest = await cdp.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert await hindrances(cdp) == []
    said = json.loads(manifest["data"])
    assert (said["id"], said["scope"], said["display"]) == ("/", "/", "standalone")
    for icon in said["icons"]:
        await found(viewer, icon["src"], icon["type"], icon["sizes"])
    assert {icon["purpose"] for icon in said["icons"]} == {"any", "maskable"}
    for path in (said["start_url"], *(shortcut["url"] for shortcut in said["shortcuts"])):
        answer = await viewer.page.request.get(viewer.url + path)
        assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    await viewer.page.evaluate("document.querySelector('link[rel=manifest]').remove()")
    async with within(5, "the browser says what hinders it where there is no manifest"):
        while await hindrances(cdp) != ["no-manifest"]:
            pass


async def hindrances(cdp: CDPSession) -> list[Any]:
    """Why it cannot be installed, as the browser says; that of a private window aside."""
    answer = await cdp.send("Page.getInstallabilityErrors")
    return [
        error["errorId"] for error in answer["installabilityErrors"] if error["errorId"] != "in-incognito"
    ]


async def found(viewer: Viewer, path: str, kind: str, sizes: str) -> None:
    """An icon is there, and as large as it says."""
    answer = await viewer.page.request.get(viewer.url + path)
    assert (answer.status, answer.headers["content-type"]) == (200, kind)
    width = await viewer.page.evaluate(
        "(src) => new Promise((done) => Object.assign(new Image(), "
        "{ src, onload() { done(this.naturalWidth) }, onerror: () => done(0) }))",
        path,
    )
    assert width > 0
    assert sizes in ("any", f"{width}x{width}")


@pytest.mark.parametrize("scheme", PAPER)
async def test_the_bar_over_it_has_the_colour_of_its_paper(sit: Sit, scheme: str) -> None:
    viewer = await sit(PHONE, color_scheme=scheme)
    await viewer.go("/")
    await expect(viewer.page.locator('meta[name="theme-color"]')).to_have_attribute("content", PAPER[scheme])


@SIZES
async def test_the_number_on_the_app_is_that_of_the_side_and_the_title(
    sit: Sit, hall: House, size: dict[str, int]
) -> None:
    group, (ann, ben) = await hall.club("Ann", "Ben")
    talk = await ann.dm(ben)
    viewer = await sit(size)
    await viewer.context.add_init_script(_SPY)
    await viewer.enter(ann)
    await viewer.go("/clubs" if size is PHONE else f"/c/{await notes_of(ann)}")
    await shows_number(viewer, 0)
    await icon_of(viewer, "favicon")
    await say(hall, ben, talk, "psst", "hey")
    await say(hall, ben, group, f"<@{ann.user}>, look")
    await viewer.side_shows("Ben", 2)
    await viewer.side_shows("Everyone", 1)
    await expect(viewer.page).to_have_title(re.compile(r"^\(3\) "))
    await icon_of(viewer, "favicon-unread")
    await shows_number(viewer, 3)
    await viewer.in_side("Ben").click()
    await viewer.sees("hey")
    await shows_number(viewer, 1)
    await expect(viewer.page).to_have_title(re.compile(r"^\(1\) "))
    head = (await ann.snapshot(group))["seq"]
    await ann.ok("PUT", f"/api/groups/{group}/read", {"seq": head})  # on another device
    await shows_number(viewer, 0)
    await icon_of(viewer, "favicon")


async def test_what_is_pushed_sets_the_number_without_a_window(sit: Sit, hall: House) -> None:
    group, (ann, ben) = await hall.club("Ann", "Ben")
    viewer = await sit()
    await viewer.enter(ann)
    worker = await Outside.of(viewer)
    await worker.worker.evaluate(_SPY)
    await viewer.page.goto("about:blank")
    await told(worker, group, await posted(ben, group, "at ten?"))
    await worker.shows("Ben · Chess club")
    assert await worker.worker.evaluate("self.badges") == [1]
    seq = (await ann.snapshot(group))["seq"]
    await worker.push(
        topic=f"g{group}", badge=0, data={"kind": "read", "group": str(group), "seq": str(seq)}, withdraw=True
    )
    await worker.shows()
    assert await worker.worker.evaluate("self.badges") == [1, 0]


async def notes_of(person: Person) -> int:
    return next(int(entry["group"]) for entry in (await person.me())["groups"] if entry["kind"] == "self")


async def shows_number(viewer: Viewer, number: int) -> None:
    """Waits until this was set last."""
    async with within(5, f"{number} stands on the app"):
        while (await viewer.page.evaluate("self.badges.at(-1)")) != number:
            pass
