"""UX 11 to 13: a lost line loses nothing and doubles nothing; the window tells the truth meanwhile."""

import re

import pytest
from playwright.async_api import expect

from browser.conftest import Sit
from browser.viewer import PHONE, Viewer

pytestmark = pytest.mark.service_worker


async def pair(sit: Sit) -> tuple[Viewer, Viewer]:
    """Ann at a desk and Ben with a phone, in one club."""
    ann = await sit()
    code = await ann.create_club("Chess club", "Ann")
    await ann.page.get_by_text("Go to the clubroom").click()
    ben = await sit(PHONE)
    await ben.join_by_link(code, "Ben")
    await ben.write("here")
    await ann.sees("here")
    return ann, ben


async def two_wait(viewer: Viewer) -> None:
    """Two messages have not gone out, and it is said. One may have gone into the line just as it died."""
    await expect(viewer.log.locator('article:not([data-state="sent"])')).to_have_count(2)
    await expect(viewer.page.get_by_text(re.compile("when you are back")).first).to_be_visible()


async def test_ben_loses_his_line_and_both_lists_end_equal(sit: Sit) -> None:
    ann, ben = await pair(sit)
    await ben.lose_the_line()
    await ann.write("ann one")
    await ben.write("ben one")
    await ben.write("ben two")
    await ann.write("ann two")
    await ann.all_sent()
    await expect(ben.page.get_by_text("No connection.")).to_be_visible()
    await two_wait(ben)
    assert "ben one" not in await ann.texts()
    await ben.find_the_line()
    await ann.sees("ben two")
    await ben.sees("ann two")
    await ben.all_sent()
    await expect(ben.page.get_by_text("No connection.")).to_be_hidden()
    assert await ann.texts() == await ben.texts() == ["here", "ann one", "ann two", "ben one", "ben two"]
    for viewer in (ann, ben):
        await viewer.page.reload()
        await viewer.sees("ben two")
    assert await ann.texts() == await ben.texts() == ["here", "ann one", "ann two", "ben one", "ben two"]


async def test_what_waits_survives_the_end_of_the_window_and_the_shell_opens_offline(sit: Sit) -> None:
    ann, ben = await pair(sit)
    await ben.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await ben.lose_the_line()
    await ben.write("first")
    await ben.write("second")
    await two_wait(ben)
    address = ben.page.url
    await ben.page.close()
    ben.page = await ben.context.new_page()
    await ben.page.goto(address)
    await ben.sees("here")
    await ben.sees("second")
    await ben.find_the_line()
    await ann.sees("second")
    await ben.all_sent()
    assert await ann.texts() == await ben.texts() == ["here", "first", "second"]
