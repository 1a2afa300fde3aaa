"""Events made with the screens alone: quickly, as series, changed and cancelled before the eyes of others."""

import asyncio
import re
import time
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.async_api import Locator, expect

from browser.conftest import SIZES, Sit
from browser.viewer import PHONE, Viewer
from house.person import Json, Person
from house.server import House
from house.uuid7 import uuid7

BERLIN = ZoneInfo("Europe/Berlin")


def tuesday(weeks: int = 1) -> date:
    """One that comes, so many weeks from now."""
    today = datetime.now(BERLIN).date()
    return today + timedelta(days=(1 - today.weekday()) % 7 + 7 * weeks)


def sheet(viewer: Viewer, name: str) -> Locator:
    return viewer.page.get_by_role("dialog", name=name, exact=True)


async def begin(viewer: Viewer, size: dict[str, int]) -> Locator:
    """To the form, by a way one finds at this size."""
    if size is PHONE:
        await viewer.link("Clubs and rooms").click()
    await viewer.link("New event").click()
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


async def event_of(person: Person, name: str) -> Json:
    groups = (await person.ok("GET", "/api/me"))["groups"]
    return next(entry for entry in groups if entry["kind"] == "event" and entry["name"] == name)


def local_starts(entry: Json) -> list[datetime]:
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
    await ben.go(ann.page.url.removeprefix(ann.url))
    for viewer in (ann, ben):
        days = viewer.page.get_by_label("When").get_by_role("option")
        await expect(days).to_have_count(30)
        shown = await days.all_text_contents()
        assert [day for day in shown if "Tue" not in day or "19:00" not in day] == []
    starts = local_starts(await event_of(member, "Rehearsal"))
    assert [start.date() for start in starts] == [tuesday() + timedelta(weeks=n) for n in range(30)]


async def planned(person: Person, group: int, name: str = "Rehearsal", **more: object) -> tuple[str, int]:
    """The id and the group of an event that somebody made elsewhere."""
    key, day = str(uuid7()), tuesday()
    body = {
        "group": group,
        "name": name,
        "zone": "Europe/Berlin",
        "place": "parish hall",
        "start": f"{day}T19:00",
        "end": f"{day}T21:00",
    }
    made = await person.ok("PUT", f"/api/events/{key}", body | more)
    return key, made["group"]


async def test_who_looks_at_an_event_sees_its_new_time_as_soon_as_it_is_saved(sit: Sit, hall: House) -> None:
    group, people = await hall.club("Ann", "Ben")
    _, event = await planned(people[0], group)
    ann, ben = await asyncio.gather(sit(), sit())
    await asyncio.gather(ann.enter(people[0], f"/c/{event}"), ben.enter(people[1], f"/c/{event}"))
    page = ben.page.get_by_role("region", name="Rehearsal", exact=True)
    await expect(page).to_contain_text("19:00 to 21:00")
    await expect(ben.link("Event menu")).to_be_visible()
    await ann.link("Event menu").click()
    await ann.link("Edit").click()
    form = sheet(ann, "Edit the event")
    await expect(form.get_by_label("What is it?")).to_have_value("Rehearsal")
    await form.get_by_label("From").fill("20:15")
    await expect(form.get_by_label("Until", exact=True)).to_have_value("22:15")  # as long as before
    await form.get_by_label("Where?").fill("town hall")
    await form.get_by_role("button", name="Save").click()
    await expect(ann.page.get_by_role("dialog")).to_have_count(0)
    await expect(page).to_contain_text("20:15 to 22:15")
    await expect(page).to_contain_text("town hall")
    await ben.link("Event menu").click()
    await expect(sheet(ben, "Rehearsal").get_by_role("link", name="Edit")).to_have_count(0)


async def test_one_day_of_a_series_is_cancelled_and_then_all_of_it(sit: Sit, hall: House) -> None:
    group, (owner, member) = await hall.club("Ann", "Ben")
    _, event = await planned(owner, group, rule="FREQ=WEEKLY;COUNT=3")
    ann, ben = await asyncio.gather(sit(), sit())
    await asyncio.gather(ann.enter(owner, f"/c/{event}/about"), ben.enter(member, "/upcoming"))
    rows = ben.page.get_by_role("main").get_by_role("link", name=re.compile("Rehearsal"))
    await expect(rows).to_have_count(3)
    await ann.link("Cancel").click()
    asking = sheet(ann, "Cancel Rehearsal?")
    await asking.get_by_role("button", name="Keep it").click()
    await ann.go(f"/c/{event}/cancel-event")
    await asking.get_by_role("radio", name="One day").check()
    await asking.get_by_label("Which day?").select_option(f"{tuesday(2)}T19:00")
    await asking.get_by_role("button", name="Cancel it").click()
    await expect(asking).to_have_count(0)
    await expect(rows.filter(has_text="Cancelled")).to_have_count(1)
    await expect(rows.nth(1)).to_contain_text("Cancelled")
    await ann.go(f"/c/{event}/cancel-event")
    await asking.get_by_role("button", name="Cancel it").click()
    await expect(rows.filter(has_text="Cancelled")).to_have_count(3)
    await ann.go(f"/c/{event}/about")
    await expect(sheet(ann, "Rehearsal")).to_be_visible()
    await expect(ann.link("Edit")).to_have_count(0)
    await expect(ann.link("Copy")).to_be_visible()


@SIZES
async def test_a_series_is_changed_in_one_day_from_one_day_on_or_as_a_whole(
    sit: Sit, hall: House, size: dict[str, int]
) -> None:
    group, (owner, member) = await hall.club("Ann", "Ben")
    _, event = await planned(owner, group, rule="FREQ=WEEKLY;COUNT=4")
    ann, ben = await asyncio.gather(sit(size), sit(size))
    await asyncio.gather(ann.enter(owner, f"/c/{event}/edit-event"), ben.enter(member, "/upcoming"))
    rows = ben.page.get_by_role("main").get_by_role("link", name=re.compile("Rehearsal"))
    form = sheet(ann, "Edit the event")

    async def save() -> None:
        await form.get_by_role("button", name="Save").click()
        await expect(form).to_have_count(0)
        await ann.go(f"/c/{event}/edit-event")

    await form.get_by_role("radio", name="One day", exact=True).check()
    await form.get_by_label("Which day?").select_option(f"{tuesday(2)}T19:00")
    await form.get_by_label("From", exact=True).fill("18:00")
    await save()
    await expect(rows.nth(1)).to_contain_text("18:00")
    await form.get_by_role("radio", name="From one day on").check()
    await form.get_by_label("From which day on?").select_option(f"{tuesday(3)}T19:00")
    await form.get_by_label("From", exact=True).fill("20:00")
    await save()
    for row, begins in enumerate(["19:00", "18:00", "20:00", "20:00"]):
        await expect(rows.nth(row)).to_contain_text(begins)
    await form.get_by_label("Where?").fill("town hall")
    await save()
    await expect(rows.filter(has_text="town hall")).to_have_count(4)


async def test_when_one_is_reminded_of_an_event_is_chosen_once_for_all_devices(sit: Sit, hall: House) -> None:
    group, (owner, member) = await hall.club("Ann", "Ben")
    _, event = await planned(owner, group)
    desk, phone = await asyncio.gather(sit(), sit(PHONE))
    await asyncio.gather(*(viewer.enter(member, f"/c/{event}/about") for viewer in (desk, phone)))
    choice = desk.page.get_by_label("Remind me")
    await expect(choice).to_have_value("")  # as everybody
    async with desk.page.expect_response(re.compile("/reminders$")) as saved:
        await choice.select_option("An hour before")
    assert (await saved.value).ok
    await phone.page.reload()
    chosen = phone.page.get_by_label("Remind me").locator("option:checked")
    await expect(chosen).to_have_text("An hour before")


async def test_what_cannot_be_is_said_at_its_field_and_nothing_is_made(sit: Sit, hall: House) -> None:
    group, (owner, member) = await hall.club("Ann", "Ben")
    ann = await sit()
    await ann.enter(owner, f"/c/{group}/new-event")
    form = sheet(ann, "New event")
    make = form.get_by_role("button", name="Make the event")
    await make.click()
    await expect(form.get_by_label("What is it?")).to_have_accessible_description("The event needs a name.")
    await fill(form, "Trip", datetime.now(BERLIN).date() + timedelta(days=2), "10:00", "09:00")
    await make.click()
    await expect(form.get_by_label("Until", exact=True)).to_have_accessible_description(
        "The end is before the start. Does it end on another day?"
    )
    await expect(form.get_by_label("What is it?")).to_have_accessible_description("")
    await form.get_by_label("Until", exact=True).fill("12:00")
    await form.get_by_role("button", name="Places, deadline, guests and more").click()
    await form.get_by_label("Answers are taken").select_option("until a week before")
    await make.click()
    await expect(form.get_by_label("Answers are taken")).to_have_accessible_description(
        "Then answers would be closed already. Choose a later deadline."
    )
    assert not [one for one in (await owner.ok("GET", "/api/me"))["groups"] if one["kind"] == "event"]
    await form.get_by_label("Answers are taken").select_option("until 1 hour before")
    await make.click()
    await expect(form).to_have_count(0)

    key, event = await planned(owner, group, places=2)
    for person in (owner, member):
        await person.ok("PUT", f"/api/events/{key}/answer", {"key": "once", "answer": "going"})
    await ann.go(f"/c/{event}/edit-event")
    form = sheet(ann, "Edit the event")
    await form.get_by_label("How many places").fill("1")
    await form.get_by_role("button", name="Save").click()
    await expect(form.get_by_label("How many places")).to_have_accessible_description(
        "More places than that are taken already."
    )
    assert (await event_of(owner, "Rehearsal"))["event"]["places"] == 2


async def test_a_form_that_was_closed_by_mistake_is_still_filled(sit: Sit, hall: House) -> None:
    group, (owner,) = await hall.club("Ann")
    ann = await sit()
    await ann.enter(owner, f"/c/{group}/new-event")
    form = sheet(ann, "New event")
    await fill(form, "Concert", tuesday(3), "18:30", "20:00")
    await ann.page.keyboard.press("Escape")
    await expect(form).to_have_count(0)
    await ann.page.reload()
    await ann.go(f"/c/{group}/new-event")
    await expect(form.get_by_label("What is it?")).to_have_value("Concert")
    await expect(form.get_by_label("Day", exact=True)).to_have_value(tuesday(3).isoformat())
    await form.get_by_role("button", name="Start anew").click()
    await expect(form.get_by_label("What is it?")).to_have_value("")


async def test_a_copy_is_the_same_a_week_later_and_is_another_event(sit: Sit, hall: House) -> None:
    group, (owner,) = await hall.club("Ann")
    await planned(owner, group, "Concert", guests=2, text="Bring a friend")
    ann = await sit()
    await ann.enter(owner)
    await ann.page.get_by_role("navigation").get_by_role("link", name=re.compile("Concert")).click()
    await ann.link("Event menu").click()
    await ann.link("Copy").click()
    form = sheet(ann, "Copy the event")
    await expect(form.get_by_label("Day", exact=True)).to_have_value(tuesday(2).isoformat())
    await expect(form.get_by_label("Description")).to_have_value("Bring a friend")
    await form.get_by_label("What is it?").fill("Second concert")
    await form.get_by_role("button", name="Make the event").click()
    await expect(form).to_have_count(0)
    copy = (await event_of(owner, "Second concert"))["event"]
    first = (await event_of(owner, "Concert"))["event"]
    assert copy["start"] == f"{tuesday(2)}T19:00"
    assert (copy["guests"], copy["text"]) == (first["guests"], first["text"]) == (2, "Bring a friend")


async def test_members_make_events_where_their_club_lets_them(sit: Sit, hall: House) -> None:
    group, (owner, member) = await hall.club("Ann", "Ben")
    ben = await sit()
    await ben.enter(member)
    await expect(ben.link("Upcoming")).to_be_visible()
    await expect(ben.link("New event")).to_have_count(0)
    await owner.ok("PATCH", f"/api/groups/{group}", {"events_by_members": True})
    await ben.link("New event").click()
    form = sheet(ben, "New event")
    await form.get_by_label("What is it?").fill("Game night")
    await form.get_by_label("What is it?").press("Enter")
    await expect(form).to_have_count(0)
    assert (await event_of(owner, "Game night"))["manages"]


async def test_what_comes_up_says_how_i_stand_and_in_whose_time_it_is(sit: Sit, hall: House) -> None:
    group, (owner,) = await hall.club("Ann")
    ann = await sit()
    await ann.enter(owner, "/upcoming")
    main = ann.page.get_by_role("main")
    await expect(main).to_contain_text("Make the first event: the next rehearsal, the match, the trip.")
    going, _ = await planned(owner, group, "Concert")
    await owner.ok("PUT", f"/api/events/{going}/answer", {"key": "once", "answer": "going"})
    await planned(owner, group, "Call", zone="America/New_York")
    await planned(owner, group, "Trip", start=None, end=None)
    await expect(main.get_by_role("link", name=re.compile("Concert|Call|Trip"))).to_have_count(3)
    await expect(main.get_by_role("link", name=re.compile("Concert"))).to_contain_text("Going")
    await expect(main.get_by_role("link", name=re.compile("Call"))).to_contain_text("Berlin time")
    await expect(main.get_by_role("region").last).to_have_accessible_name("No date yet")
    await main.get_by_label("My answers").select_option("Not answered yet")
    await expect(main.get_by_role("link", name=re.compile("Concert"))).to_have_count(0)
    await expect(main.get_by_role("link", name=re.compile("Call|Trip"))).to_have_count(2)
    await main.get_by_label("My answers").select_option("Maybe")
    await expect(main).to_contain_text("There is nothing of this kind.")


@SIZES
async def test_the_month_is_walked_through_by_keyboard(sit: Sit, hall: House, size: dict[str, int]) -> None:
    group, (owner,) = await hall.club("Ann")
    ann = await sit(size)
    await ann.enter(owner, "/upcoming")
    day = tuesday(6)
    await planned(owner, group, start=f"{day}T19:00", end=None)
    main = ann.page.get_by_role("main")
    await main.get_by_role("radio", name="Month").check()
    grid = main.get_by_role("grid")
    cell = grid.locator('[tabindex="0"]')
    here = ann.page.locator(":focus")

    async def press(key: str, day: date) -> None:
        await ann.page.keyboard.press(key)
        await expect(here).to_have_attribute("data-day", f"{day}")

    await expect(cell).to_have_count(1)  # one stop for the Tab key
    await cell.focus()
    today = datetime.now(BERLIN).date()
    for key, days in (("ArrowRight", 1), ("ArrowDown", 8), ("ArrowLeft", 7), ("ArrowUp", 0)):
        await press(key, today + timedelta(days=days))
    monday = today - timedelta(days=today.weekday())
    await press("End", monday + timedelta(days=6))
    await press("Home", monday)
    for week in range(1, (day - monday).days // 7 + 1):
        await press("ArrowDown", monday + timedelta(weeks=week))
    await press("ArrowRight", day)
    await expect(here).to_have_accessible_name(re.compile("1 event$"))
    await ann.page.keyboard.press("Enter")
    await expect(grid.locator('[aria-selected="true"]')).to_have_attribute("data-day", f"{day}")
    await ann.page.keyboard.press("Tab")  # the day's events come next
    await ann.page.keyboard.press("Tab")
    await expect(here).to_contain_text("Rehearsal")
    await ann.page.keyboard.press("Enter")
    await expect(ann.page.get_by_role("region", name="Rehearsal", exact=True)).to_be_visible()
    assert await ann.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
