"""Numbers about a club, as whoever runs it sees them."""

import re

from playwright.async_api import expect

from browser.conftest import Sit
from browser.test_rooms import sheet
from browser.viewer import PHONE
from house.events import made, says
from house.server import House


async def test_who_runs_the_club_sees_answers_people_and_who_came(sit: Sit, hall: House) -> None:
    club, [ann, ben, cleo] = await hall.club("Ann", "Ben", "Cleo")
    past, _ = await made(ann, club, name="Spring fair", start="2026-03-28T18:30", end="2026-03-28T21:00")
    ticks = []
    for guest in (ben, cleo):
        await says(ann, past, "going", user=guest.user, over=True)
        ticks.append({"user": guest.user, "came": guest is ben, "at": "2026-03-28T17:30:00Z"})
    await ann.ok("PUT", f"/api/events/{past}/door", {"key": "once", "ticks": ticks})
    soon, _ = await made(ann, club)
    for guest, answer in ((ann, "going"), (ben, "maybe"), (cleo, "no")):
        await says(guest, soon, answer)
    for size in ({}, {"color_scheme": "dark", "size": PHONE}):
        viewer = await sit(**size)
        await viewer.enter(ann, f"/c/{club}/about")
        await viewer.link(re.compile("^Numbers")).click()
        numbers = sheet(viewer, "Numbers")
        await expect(numbers).to_contain_text("Counted just now.")
        await expect(numbers).to_contain_text("1 going, 1 maybe, 1 can’t")
        await expect(numbers).to_contain_text("2 going, 0 maybe, 0 can’t · 1 checked in")
        chart = numbers.get_by_role("img", name="March 2026: 1 event, 2 going, 1 checked in")
        await expect(chart).to_be_visible()
        await expect(numbers).to_contain_text("3 people")
        await numbers.get_by_text("As a table").first.click()
        table = numbers.get_by_role("table", name="What was answered")
        await expect(table.get_by_role("row")).to_have_count(3)
        await expect(table.get_by_role("row", name=re.compile("Spring fair.* 2 0 0 0 1 1$"))).to_be_visible()
        assert await numbers.evaluate(
            "(one) => one.scrollWidth <= one.clientWidth"
        )  # the table alone scrolls


async def test_a_club_without_events_says_what_will_stand_here(sit: Sit, hall: House) -> None:
    club, [ann] = await hall.club("Ann")
    viewer = await sit()
    await viewer.enter(ann, f"/c/{club}/statistics")
    numbers = sheet(viewer, "Numbers")
    await expect(numbers).to_contain_text("There is no event yet.")
    await expect(numbers).to_contain_text("Nothing has taken place yet.")
    await expect(numbers).to_contain_text("1 person")
