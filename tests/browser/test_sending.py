"""UX 11 to 13: what becomes of a message of one's own, and what the window says about the connection."""

import json
import time
from typing import Any

import pytest
from playwright.async_api import expect

from browser.conftest import Sit
from browser.viewer import Viewer
from house.person import Person
from house.server import House

pytestmark = pytest.mark.service_worker

SHOWN_WITHIN_MS = 100
REFUSED = "turned \u202e around"
"""An override of the direction: the server takes none, and the box does not know."""
BANNER_AFTER_S = 5
BANNER_MARGIN_S = 0.5
"""The clock of the page may start this much before ours sees the line go."""


async def two(sit: Sit, hall: House) -> tuple[int, Viewer, Viewer, Person, Person]:
    """Ann and Ben, each before a screen, in a club with one message."""
    group, (ann, ben) = await hall.club("Ann", "Ben")
    await ben.post(group, "first")
    viewers = await sit(), await sit()
    for viewer, person in zip(viewers, (ann, ben), strict=True):
        await viewer.enter(person)
        await viewer.sees("first")
    return group, *viewers, ann, ben


async def test_ones_own_message_shows_at_once_as_on_its_way(sit: Sit, hall: House) -> None:
    _, ann, ben, _, _ = await two(sit, hall)
    ann.cable.pull()
    await ann.composer.fill("is anybody there?")
    took = await ann.composer.evaluate(_SEND_AND_WATCH, "is anybody there?")
    assert took["ms"] <= SHOWN_WITHIN_MS
    assert took["state"] in ("waiting", "sending")
    row = ann.message("is anybody there?")
    await expect(row).to_have_attribute("data-state", "waiting")
    await expect(row.get_by_role("button")).to_have_count(0)
    ann.cable.mend()
    await ben.sees("is anybody there?")
    await expect(row).to_have_attribute("data-state", "sent")
    assert await ann.texts() == await ben.texts() == ["first", "is anybody there?"]


async def test_a_page_that_is_left_in_the_moment_of_sending_finds_the_message_again(
    sit: Sit, hall: House
) -> None:
    _, ann, ben, _, _ = await two(sit, hall)
    said = ["first"]
    for number in range(5):
        said.append(f"and gone {number}")
        await ann.composer.fill(said[-1])
        async with ann.page.expect_event("load"):
            await ann.composer.evaluate("(box) => { box.form.requestSubmit(); location.reload(); }")
        await ann.sees(said[-1])
        assert await ann.texts() == said
    await ben.sees(said[-1])
    assert await ben.texts() == said


async def test_what_the_disk_gives_up_as_the_page_is_left_is_sent_all_the_same(sit: Sit, hall: House) -> None:
    """A busy browser may drop what was begun a moment before."""
    _, ann, ben, _, _ = await two(sit, hall)
    await ann.composer.fill("said in leaving")
    async with ann.page.expect_event("load"):
        await ann.composer.evaluate(
            """(box) => {
              IDBTransaction.prototype.commit = function () { this.abort(); };
              box.form.requestSubmit();
              location.reload();
            }"""
        )
    for viewer in (ann, ben):
        await viewer.sees("said in leaving")
    await ann.all_sent()
    await ann.page.reload()
    await ann.sees("said in leaving")
    assert await ann.page.evaluate("Object.keys(localStorage).filter((key) => key.includes('.left.'))") == []


async def test_a_refused_message_says_why_and_is_tried_again_with_its_id_or_removed(
    sit: Sit, hall: House
) -> None:
    _, ann, ben, _, _ = await two(sit, hall)
    sent = posts_of(ann)
    await ann.page.reload()
    await ann.sees("first")
    await ann.write(REFUSED)
    await ann.write("that one is fine")
    await ben.sees("that one is fine")  # what is refused does not hold up what follows
    row = ann.messages.filter(has_text="turned")
    await expect(row).to_have_attribute("data-state", "failed")
    await expect(row.get_by_role("alert")).to_contain_text("Not sent. This text cannot be used.")
    await row.get_by_role("button", name="Retry").click()
    await expect(row).to_have_attribute("data-state", "failed")
    await expect(row.get_by_role("alert")).to_be_visible()
    ids = [post["id"] for post in sent if post.get("text") == REFUSED]
    assert len(ids) == 2
    assert len(set(ids)) == 1
    await ann.page.reload()
    await expect(row).to_have_attribute("data-state", "failed")
    await row.get_by_role("button", name="Remove").click()
    await expect(row).to_have_count(0)
    await ann.page.reload()
    await ann.sees("that one is fine")
    assert await ann.texts() == await ben.texts() == ["first", "that one is fine"]


async def test_whoever_is_removed_meanwhile_sends_nothing_any_more(sit: Sit, hall: House) -> None:
    group, ann, ben, owner, person = await two(sit, hall)
    await ben.lose_the_line()
    await ben.write("let me in")
    await expect(ben.message("let me in")).to_have_attribute("data-state", "waiting")
    await owner.remove(group, person.user)
    await ben.find_the_line()
    await expect(ben.page.get_by_text("This room is not open to you.")).to_be_visible()
    await expect(ben.composer).to_have_count(0)
    await expect(ann.log).to_contain_text("You removed Ben")
    assert await ann.texts() == ["first"]


async def test_a_short_cut_shows_no_banner_and_a_long_one_until_the_gap_is_filled(
    sit: Sit, hall: House
) -> None:
    _, ann, ben, _, _ = await two(sit, hall)
    banner = ben.page.get_by_text("No connection.")
    await ben.page.evaluate(_WATCH_FOR_A_BANNER)
    ben.cable.pull()
    ben.cable.mend()
    await ann.write("after a short cut")
    await ben.sees("after a short cut")
    assert await ben.page.evaluate("window.bannerCame") is False
    began = time.monotonic()
    ben.cable.pull()
    await ann.write("while Ben was gone")
    await expect(banner).to_be_visible()
    assert time.monotonic() - began >= BANNER_AFTER_S - BANNER_MARGIN_S
    await ben.page.evaluate(_WATCH_THE_BANNER, "while Ben was gone")
    ben.cable.mend()
    await ben.page.evaluate("dispatchEvent(new Event('online'))")  # the system notices; nobody waits
    await expect(banner).to_be_hidden()
    assert await ben.page.evaluate("window.seenWhenBannerWent") is True


def posts_of(viewer: Viewer) -> list[dict[str, Any]]:
    """What this window sends over sockets that it opens from now on."""
    sent: list[dict[str, Any]] = []

    def heard(data: str | bytes) -> None:
        sent.append(json.loads(data))

    viewer.page.on("websocket", lambda socket: socket.on("framesent", heard))
    return sent


_SEND_AND_WATCH = """
(box, text) => new Promise((done) => {
  const began = performance.now();
  const look = () => {
    const row = [...document.querySelectorAll("[role=log] article")].find((a) => a.innerText.includes(text));
    if (row) { watcher.disconnect(); done({ ms: performance.now() - began, state: row.dataset.state }); }
  };
  const watcher = new MutationObserver(look);
  watcher.observe(document.body, { childList: true, subtree: true });
  box.form.requestSubmit();
  look();
})
"""

# True once the banner has gone, if the message stood there by then.
_WATCH_THE_BANNER = """
(text) => {
  const shown = (words) => document.body.innerText.includes(words);
  new MutationObserver((_, watcher) => {
    if (shown("No connection.")) return;
    window.seenWhenBannerWent = shown(text);
    watcher.disconnect();
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
}
"""

_WATCH_FOR_A_BANNER = """
() => {
  window.bannerCame = false;
  new MutationObserver(() => {
    if (document.body.innerText.includes("No connection.")) window.bannerCame = true;
  }).observe(document.body, { childList: true, subtree: true });
}
"""
