"""UX 14: what one writes oneself comes into sight, without a line, too."""

import pytest
from playwright.async_api import expect

from browser.conftest import SIZES, Sit
from browser.talk import lines, say
from house.server import House

pytestmark = pytest.mark.service_worker


@SIZES
async def test_what_one_writes_without_a_line_comes_into_sight_and_is_there_when_one_comes_back(
    sit: Sit, hall: House, size: dict[str, int]
) -> None:
    group, (ann, ben) = await hall.club("Ann", "Ben")
    await say(hall, ben, group, *lines("said", 60))
    await ann.ok("PUT", f"/api/groups/{group}/read", {"seq": (await ann.entry(group))["head"]})
    viewer = await sit(size)
    await viewer.enter(ann)
    await viewer.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await viewer.scroll_by(-1_500)
    await expect(viewer.button("Jump to latest")).to_be_visible()
    await viewer.lose_the_line()
    await expect(viewer.page.get_by_text("No connection")).to_be_visible()
    await viewer.write("mine")
    await expect(viewer.message("mine")).to_be_in_viewport()
    await expect(viewer.button("Jump to latest")).to_have_count(0)
    await viewer.page.reload()
    await expect(viewer.message("mine")).to_be_in_viewport()
    await viewer.scroll_by(-1_500)
    await viewer.button("Jump to latest").click()
    await expect(viewer.message("mine")).to_be_in_viewport()
