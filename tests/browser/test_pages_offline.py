"""Pages that are read without the app, when there is no line: as they were read last, or one is told."""

import pytest
from playwright.async_api import expect

from browser.conftest import SIZES, Sit
from house.server import House

pytestmark = pytest.mark.service_worker

KEPT = "async (path) => { while (!(await caches.match(path))); return true; }"


@SIZES
async def test_a_page_that_was_read_opens_without_a_line_and_of_another_one_is_told(
    sit: Sit, hall: House, size: dict[str, int]
) -> None:
    _, (ann,) = await hall.club("Ann")
    viewer = await sit(size)
    await viewer.enter(ann)
    await viewer.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await viewer.go("/privacy")
    words = await viewer.page.get_by_role("heading", level=1).inner_text()
    await viewer.page.evaluate(KEPT, "/privacy")
    await viewer.go("/app")
    await expect(viewer.composer).to_be_visible()
    await viewer.lose_the_line()
    await viewer.go("/privacy")
    await expect(viewer.page.get_by_role("heading", level=1)).to_have_text(words)
    await viewer.go("/terms")
    told = viewer.page.get_by_role("dialog", name="This page needs a connection.")
    await expect(told).to_be_visible()
    await told.get_by_role("button", name="Close").click()
    await expect(viewer.composer).to_be_visible()
