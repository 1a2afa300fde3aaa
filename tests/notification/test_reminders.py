"""Reminders stand in the log of whoever is reminded, once; what is pushed of an event follows from what was
written.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from clubroom.dba import events, reminders
from clubroom.ports.push import Push, payload
from house.person import Json, Person
from house.uuid7 import uuid7
from notification.post_office import PostOffice

START = (datetime.now(UTC) + timedelta(days=9)).replace(hour=18, minute=30, second=0, microsecond=0)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
LOCAL = "%Y-%m-%dT%H:%M"
ALL_WEEK = {"days": list(range(7)), "from": "00:00", "to": "00:00"}


async def concert(person: Person, group: int, **said: Any) -> tuple[str, int]:
    """An event nine days from now: its id, and its group."""
    event = str(uuid7())
    new = {"name": "Autumn concert", "zone": "UTC", "start": START.strftime(LOCAL), "place": "Chapel"}
    made = await person.ok("PUT", f"/api/events/{event}", new | {"group": group} | said)
    return event, made["group"]


async def says(person: Person, event: str, answer: str, key: str = "once") -> str:
    """What comes of it."""
    said = await person.ok("PUT", f"/api/events/{event}/answer", {"key": key, "answer": answer})
    return str(said["standing"])


async def remind(office: PostOffice, at: datetime, n: int = 100) -> None:
    """The job, until it has nothing to do at this moment."""
    office.ahead = at - datetime.now(UTC)
    while await reminders.remind(office.house.process.db, n, moment=at):
        pass


async def reminded(person: Person) -> list[tuple[str, int]]:
    """What stands in their own log: occurrences, and how many minutes before."""
    [own] = [each["group"] for each in (await person.me())["groups"] if each["kind"] == "self"]
    log = await person.actions(own)
    return [(one["key"], one["minutes"]) for one in log if one["type"] == "event_reminded"]


def told(pushes: list[Push]) -> dict[str, Json]:
    """What arrives, by address."""
    return {push.target.address.rsplit("/", 1)[1]: msgspec.json.decode(payload(push)) for push in pushes}


async def test_whoever_comes_is_reminded_a_day_and_an_hour_before_and_once(office: PostOffice) -> None:
    club, [ann, ben, cem, dua] = await office.house.club("Ann", "Ben", "Cem", "Dua")
    event, _ = await concert(ann, club)
    for person, answer in ((ann, "going"), (ben, "maybe"), (cem, "no")):
        await says(person, event, answer)
    await remind(office, START - DAY - HOUR)
    assert [await reminded(person) for person in (ann, ben, cem, dua)] == [[]] * 4
    for moment in (START - DAY, START - DAY, START - 2 * HOUR, START - HOUR, START + HOUR):
        await remind(office, moment)
    both = [("once", 1440), ("once", 60)]
    assert [await reminded(each) for each in (ann, ben, cem, dua)] == [both, both, [], [("once", 1440)]]


async def test_after_a_long_rest_only_the_reminder_that_came_last_is_written(office: PostOffice) -> None:
    club, [ann] = await office.house.club("Ann")
    event, _ = await concert(ann, club)
    await says(ann, event, "going")
    await remind(office, START - timedelta(minutes=50))
    await remind(office, START - timedelta(minutes=40))
    assert await reminded(ann) == [("once", 60)]


async def test_whoever_answers_later_is_reminded_of_what_is_still_to_come(office: PostOffice) -> None:
    club, [ann, ben] = await office.house.club("Ann", "Ben")
    event, _ = await concert(ann, club, asked=[])
    await says(ben, event, "no")
    await remind(office, START - DAY)
    await says(ben, event, "going")
    await remind(office, START - DAY + HOUR)
    assert await reminded(ben) == []
    await remind(office, START - HOUR)
    assert await reminded(ben) == [("once", 60)]


async def test_many_workers_that_remind_at_once_in_small_pieces_remind_each_once(office: PostOffice) -> None:
    club, people = await office.house.club("Ann", *(f"P{n}" for n in range(12)))
    event, _ = await concert(people[0], club)
    for person in people:
        await says(person, event, "going")

    async def worker() -> None:
        while await reminders.remind(office.house.process.db, 2, moment=START - DAY):
            pass

    await asyncio.gather(*(worker() for _ in range(4)))
    await remind(office, START - DAY, 2)
    assert [await reminded(person) for person in people] == [[("once", 1440)]] * len(people)


async def test_each_occurrence_reminds_by_the_clock_of_its_zone_over_a_change_of_clocks(
    office: PostOffice,
) -> None:
    club, [ann] = await office.house.club("Ann")
    start, rule = "2036-10-20T19:00", "FREQ=WEEKLY;COUNT=2"  # summer time ends on the 26th
    event, _ = await concert(ann, club, zone="Europe/Berlin", start=start, rule=rule)
    for key in ("2036-10-20T19:00", "2036-10-27T19:00"):
        await says(ann, event, "going", key)
    for day, hour in ((20, 17), (27, 18)):
        begins = datetime(2036, 10, day, hour, tzinfo=UTC)
        await remind(office, begins - HOUR - timedelta(seconds=1))
        before = await reminded(ann)
        await remind(office, begins - HOUR)
        assert (await reminded(ann))[len(before) :] == [(f"2036-10-{day}T19:00", 60)]


async def test_what_is_moved_to_another_day_reminds_again_and_what_is_cancelled_does_not(
    office: PostOffice,
) -> None:
    club, [ann] = await office.house.club("Ann")
    event, _ = await concert(ann, club)
    await says(ann, event, "going")
    await remind(office, START - DAY)
    new = {"name": "Autumn concert", "zone": "UTC", "group": club}
    later = START + 7 * DAY
    await ann.ok("PUT", f"/api/events/{event}/plan", new | {"start": later.strftime(LOCAL)})
    await remind(office, START - HOUR)
    await remind(office, later - DAY)
    assert await reminded(ann) == [("once", 1440), ("once", 1440)]
    await ann.ok("DELETE", f"/api/events/{event}")
    await remind(office, later - HOUR)
    assert await reminded(ann) == [("once", 1440), ("once", 1440)]


async def test_what_has_no_date_reminds_nobody(office: PostOffice) -> None:
    club, [ann] = await office.house.club("Ann")
    event, _ = await concert(ann, club, start=None)
    await says(ann, event, "going")
    await remind(office, START)
    assert await reminded(ann) == []


async def test_a_person_has_other_reminders_of_an_event_or_none(office: PostOffice) -> None:
    club, [ann, ben] = await office.house.club("Ann", "Ben")
    event, _ = await concert(ann, club)
    path = f"/api/events/{event}/reminders"
    assert await ann.ok("GET", path) == {"minutes": [1440, 60], "own": False}
    await ann.ok("PUT", path, {"minutes": [30, 2880]})
    await ben.ok("PUT", path, {"minutes": []})
    assert await ann.ok("GET", path) == {"minutes": [2880, 30], "own": True}
    for person in (ann, ben):
        await says(person, event, "going")
    for moment in (2 * DAY, DAY, HOUR, HOUR / 2):
        await remind(office, START - moment)
    assert await reminded(ann) == [("once", 2880), ("once", 30)]
    assert await reminded(ben) == []
    await ann.ok("PUT", path, {"minutes": None})
    assert await ann.ok("GET", path) == {"minutes": [1440, 60], "own": False}


@pytest.mark.parametrize("minutes", [[1], [60, 60], [28 * 1440 + 1], [10, 20, 30, 40, 50, 60]])
async def test_a_wish_that_is_none_is_refused_and_changes_nothing(
    office: PostOffice, minutes: list[int]
) -> None:
    club, [ann] = await office.house.club("Ann")
    event, _ = await concert(ann, club)
    path = f"/api/events/{event}/reminders"
    assert await ann.refused("PUT", path, {"minutes": minutes}) == (400, "invalid_field")
    assert await ann.ok("GET", path) == {"minutes": [1440, 60], "own": False}


async def test_a_reminder_is_pushed_and_leads_to_the_event(office: PostOffice) -> None:
    club, [ann, ben] = await office.house.club("Ann", "Ben")
    event, group = await concert(ann, club)
    await office.phone(ann)
    await office.phone(ben)
    await says(ann, event, "going")
    await remind(office, START - DAY)
    pushed = told(await office.send())
    when = f"{START:%a} {START.day} {START:%b}, 18:30"
    assert pushed[ann.user]["title"] == "Soon: Autumn concert"
    assert pushed[ann.user]["body"] == f"{when} · Chapel · Chess club"
    data = {"kind": "event", "what": "reminder", "event": event, "group": str(group), "key": "once"}
    assert pushed[ann.user]["data"].items() >= data.items()
    assert pushed[ben.user]["title"] == "Are you coming? Autumn concert"
    assert pushed[ann.user]["topic"] == pushed[ben.user]["topic"]
    assert await office.send() == []


async def test_what_is_pushed_in_quiet_hours_waits_for_their_end_and_a_mute_holds(office: PostOffice) -> None:
    club, [ann, ben, cem] = await office.house.club("Ann", "Ben", "Cem")
    event, group = await concert(ann, club)
    for person in (ann, ben, cem):
        await office.phone(person)
        await says(person, event, "going")
    ends = START - DAY + 8 * HOUR
    quiet = {"days": list(range(7)), "from": "18:00", "to": f"{ends:%H:%M}"}
    await ann.ok("PUT", "/api/me/quiet", {"spans": [quiet], "time_zone": "UTC"})
    await ben.ok("PUT", f"/api/groups/{group}/mute", {"for_s": None})
    await cem.ok("PUT", f"/api/groups/{group}/mute", {"for_s": None})
    await cem.ok("PUT", f"/api/events/{event}/reminders", {"minutes": [1440]})
    await remind(office, START - DAY)
    assert set(told(await office.send())) == {cem.user}
    office.ahead = ends - datetime.now(UTC) + timedelta(minutes=1)
    assert set(told(await office.send())) == {ann.user}


async def test_an_offer_is_pushed_until_it_has_gone_to_the_next(office: PostOffice) -> None:
    club, [ann, ben, cem] = await office.house.club("Ann", "Ben", "Cem")
    event, _ = await concert(ann, club, places=1)
    for person in (ann, ben, cem):
        await office.phone(person)
        await says(person, event, "going")
    await says(ann, event, "no")
    db = office.house.process.db
    now = office.now + 2 * DAY  # nobody took it, and its push has not gone out
    while await events.lapse(db, moment=now):
        pass
    office.ahead = now - datetime.now(UTC)
    pushed = told(await office.send())
    assert set(pushed) == {cem.user}
    assert pushed[cem.user]["title"].startswith("A place is free for you until ")
    assert pushed[cem.user]["body"].startswith("Autumn concert · ")
    answers = await cem.ok("GET", f"/api/events/{event}/answers?key=once")
    assert {one["user"]: one["standing"] for one in answers["answers"]} == {
        ann.user: "out",
        ben.user: "out",
        cem.user: "offered",
    }


async def test_whoever_counts_on_it_is_told_once_that_it_changed_and_that_it_is_cancelled(
    office: PostOffice,
) -> None:
    club, [ann, ben, cem, dua] = await office.house.club("Ann", "Ben", "Cem", "Dua")
    event, _ = await concert(ann, club)
    for person, answer in ((ann, "going"), (ben, "going"), (cem, "maybe"), (dua, "no")):
        await office.phone(person)
        await says(person, event, answer)
    start = (START + HOUR).strftime(LOCAL)
    new = {"name": "Autumn concert", "zone": "UTC", "group": club, "start": start, "place": "Chapel"}
    await ann.ok("PUT", f"/api/events/{event}/plan", new)
    pushed = told(await office.send())
    assert set(pushed) == {ben.user}  # whoever may come has promised nothing
    assert pushed[ben.user]["title"] == "Changed: Autumn concert. Are you still coming?"
    assert "19:30" in pushed[ben.user]["body"]
    await ann.ok("DELETE", f"/api/events/{event}")
    await ann.ok("DELETE", f"/api/events/{event}")
    pushes = await office.send()
    assert sorted(told(pushes)) == sorted([ben.user, cem.user])
    assert {one["title"] for one in told(pushes).values()} == {"Cancelled: Autumn concert"}
    assert await office.send() == []


async def test_one_tap_reminds_whoever_has_not_answered_and_nobody_twice_in_a_day(office: PostOffice) -> None:
    club, [ann, ben, cem, dua] = await office.house.club("Ann", "Ben", "Cem", "Dua")
    event, _ = await concert(ann, club)
    for person in (ann, ben, cem, dua):
        await office.phone(person)
    await says(ben, event, "no")
    path, body = f"/api/events/{event}/remind", {"key": "once"}
    assert await ann.ok("POST", path, body) == {"people": 2}
    assert await ann.ok("POST", path, body) == {"people": 0}
    assert set(told(await office.send())) == {cem.user, dua.user}
    await says(cem, event, "maybe")
    key = office.key(ann)
    db = office.house.process.db
    tomorrow = office.now + DAY
    assert await reminders.ask_again(db, key, UUID(event), "once", moment=tomorrow) == 1
    assert await ben.refused("POST", path, body) == (403, "forbidden")
    assert await ann.refused("POST", path, {"key": "never"}) == (404, "not_found")
    record = await ann.ok("GET", f"/api/groups/{club}/audit")
    said = [one for one in record["entries"] if one["what"] == "event_asked"]
    assert [one["details"] for one in said] == [{"people": 1}, {"people": 2}]
    await ann.ok("DELETE", f"/api/events/{event}")
    assert await ann.refused("POST", path, body) == (409, "answers_closed")


async def test_whoever_answers_before_the_push_goes_out_is_not_pushed(office: PostOffice) -> None:
    club, [ann, ben] = await office.house.club("Ann", "Ben")
    event, _ = await concert(ann, club)
    await office.phone(ben)
    await ann.ok("POST", f"/api/events/{event}/remind", {"key": "once"})
    await says(ben, event, "no")
    assert await office.send() == []
