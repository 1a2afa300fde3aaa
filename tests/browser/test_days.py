"""The day above what was said on it: it is another one after midnight, and in another time zone."""

from datetime import UTC, datetime, timedelta

from playwright.async_api import Locator, expect

from browser.conftest import Sit
from browser.viewer import Viewer
from house.server import House

SEEN_AGAIN = "document.dispatchEvent(new Event('visibilitychange'))"


def days(viewer: Viewer) -> Locator:
    return viewer.log.locator(".day")


async def test_what_was_said_today_was_said_yesterday_after_midnight(sit: Sit, hall: House) -> None:
    group, (ann, ben) = await hall.club("Ann", "Ben")
    await ben.post(group, "good evening")
    viewer = await sit()
    await viewer.enter(ann)
    await viewer.sees("good evening")
    await expect(days(viewer)).to_have_text(["Today"])
    await viewer.page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=1))
    await viewer.page.evaluate(SEEN_AGAIN)
    await expect(days(viewer)).to_have_text(["Yesterday"])


async def test_who_chooses_another_time_zone_reads_all_times_in_it(sit: Sit, hall: House) -> None:
    group, (ann, ben) = await hall.club("Ann", "Ben")
    await ben.post(group, "good evening")
    viewer = await sit()
    await viewer.enter(ann)
    shown = viewer.message("good evening").locator("time").first
    before = await shown.text_content()
    await ann.ok("PATCH", "/api/me", {"time_zone": "Asia/Kolkata"})
    await viewer.page.reload()
    await expect(shown).not_to_have_text(before or "")
    await viewer.go("/settings/profile")
    await viewer.page.get_by_label("Time zone", exact=True).select_option("Europe/Berlin")
    await expect(shown).to_have_text(before or "")
    await expect(viewer.page.get_by_role("dialog").get_by_role("status")).to_have_text("Saved.")
