"""Events made with the screens alone: quickly, as series, changed and cancelled before the eyes of others."""

import asyncio
import re
import time
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Locator, expect

from browser.conftest import Sit
from browser.viewer import DESKTOP, PHONE, Viewer
from house.person import Person
from house.server import House

BERLIN = ZoneInfo("Europe/Berlin")
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


def tuesday(weeks: int = 1) -> date:
    """One that comes, so many weeks from now."""
    today = datetime.now(BERLIN).date()
    return today + timedelta(days=(1 - today.weekday()) % 7 + 7 * weeks)


def sheet(viewer: Viewer, name: str) -> Locator:
    return viewer.page.get_by_role("dialog", name=name, exact=True)


async def begin(viewer: Viewer, size: dict[str, int]) -> Locator:
    """To the form, by the way one finds at this size."""
    if size is PHONE:
        await viewer.link("The club").first.click()
    else:
        await viewer.button(re.compile(r"^Chess club")).click()
    await viewer.page.get_by_role("link", name=re.compile("^New event")).click()
    form = sheet(viewer, "New event")
    await expect(form).to_be_visible()
    return form


async def fill(form: Locator, name: str, day: date, start: str, end: str) -> None:
    await form.get_by_label("What is it?").fill(name)
    await form.get_by_label("Day", exact=True).fill(day.isoformat())
    await form.get_by_label("From").fill(start)
    await form.get_by_label("Until", exact=True).fill(end)


async def weekly(form: Locator, name: str, times: int) -> None:
    await fill(form, name, tuesday(), "19:00", "21:00")
    await form.get_by_label("Repeats").select_option("Every week")
    await form.get_by_label("How many times").fill(str(times))
    await form.get_by_label("How many times").press("Enter")


async def event_of(person: Person, name: str) -> dict:
    groups = (await person.ok("GET", "/api/me"))["groups"]
    return next(entry for entry in groups if entry["kind"] == "event" and entry["name"] == name)


def local_starts(entry: dict) -> list[datetime]:
    return [datetime.fromisoformat(one["start"]).astimezone(BERLIN) for one in entry["event"]["occurrences"]]


@SIZES
async def test_thirty_weekly_rehearsals_are_one_series_made_with_the_screens_alone_within_a_minute(
    sit: Sit, hall: House, size: dict[str, int]
) -> None:
    _, (owner, member) = await hall.club("Ann", "Ben")
    ann, ben = await asyncio.gather(sit(size), sit(size))
    await asyncio.gather(ann.enter(owner), ben.enter(member))
    began = time.monotonic()
    form = await begin(ann, size)
    await weekly(form, "Rehearsal", 30)
    await expect(ann.page.get_by_role("dialog")).to_have_count(0)
    assert time.monotonic() - began <= 60
    await ben.sees("Rehearsal")
    for person in (owner, member):
        starts = local_starts(await event_of(person, "Rehearsal"))
        assert len(starts) == 30
        assert {(start.weekday(), start.hour, start.minute) for start in starts} == {(1, 19, 0)}
        assert starts[0].date() == tuesday()
        assert starts[-1] - starts[0] == timedelta(weeks=29)
