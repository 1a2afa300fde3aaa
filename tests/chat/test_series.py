"""A series is changed: all of it, from one occurrence on, or one alone; and people have answered."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from clubroom.chat.events.events import checked_event
from clubroom.chat.events.recurrence import occurrences
from clubroom.chat.events.series import all_changed, following_changed
from clubroom.dba import events
from clubroom.dba.events import Planned, Said
from clubroom.wire import NewEvent
from house.events import says
from house.person import Json, Person
from house.planning import KEYS, REHEARSAL, at, changed, made
from house.server import House

PLACE = REHEARSAL["place"]
BEFORE = datetime(2036, 1, 1, tzinfo=UTC)


async def refused(person: Person, event: str, group: int, **said: Any) -> tuple[int, str]:
    return await person.refused("PUT", f"/api/events/{event}/plan", REHEARSAL | {"group": group} | said)


async def shown(person: Person, group: int) -> dict[str, Json]:
    """The occurrences by their keys."""
    entry = await person.entry(group)
    return {one["key"]: one for one in entry["event"]["occurrences"]}


async def mine(person: Person, group: int) -> dict[str, Json]:
    """One's own answers by key."""
    return {one["key"]: one for one in (await person.entry(group))["event"]["mine"]}


async def test_another_hour_for_all_asks_again_and_keeps_what_people_said(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    event, group = await made(ann, club)
    for key in KEYS[:2]:
        await says(ben, event, "going", key)
    await says(ben, event, "no", KEYS[2])
    await ann.ok("DELETE", f"/api/events/{event}/occurrences/{KEYS[3]}")
    await changed(ann, event, club, start="2036-10-16T19:30", end="2036-10-16T21:30")
    found = await shown(ben, group)
    assert [(key, one["start"]) for key, one in found.items()] == [
        (key, at(key.replace("19:00", "19:30"))) for key in KEYS
    ]
    assert [one.get("cancelled", False) for one in found.values()] == [False, False, False, True]
    assert [one.get("again", False) for one in (await mine(ben, group)).values()] == [True, True, False]
    assert (await ben.actions(group))[-1]["again"] == KEYS[:3]


async def test_another_weekday_takes_the_answers_along_within_the_week(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    event, group = await made(ann, club)
    await says(ben, event, "going", KEYS[2])
    await changed(ann, event, club, start="2036-10-17T19:00", end="2036-10-17T21:00")
    assert [one["start"][:10] for one in (await shown(ben, group)).values()] == [
        "2036-10-17", "2036-10-24", "2036-10-31", "2036-11-07",
    ]  # fmt: skip
    assert list(await mine(ben, group)) == [KEYS[2]]
    await changed(ann, event, club)
    found = await shown(ben, group)
    assert [(key, one["start"]) for key, one in found.items()] == [(key, at(key)) for key in KEYS]


async def test_other_words_leave_moved_and_cancelled_occurrences_as_they_are(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    event, group = await made(ann, club)
    await says(ben, event, "going", KEYS[1])
    moved = {"start": "2036-10-25T10:00", "end": "2036-10-25T12:00", "place": "Town hall"}
    await changed(ann, event, club, scope="this", key=KEYS[1], **moved)
    await ann.ok("DELETE", f"/api/events/{event}/occurrences/{KEYS[2]}")
    assert (await mine(ben, group))[KEYS[1]]["again"]
    await says(ben, event, "going", KEYS[1])
    before = await shown(ben, group)
    assert (before[KEYS[1]]["place"], before[KEYS[1]]["start"]) == ("Town hall", at("2036-10-25T10:00"))
    await changed(ann, event, club, name="Rehearsal with piano", places=10)
    assert await shown(ben, group) == before
    assert "again" not in (await mine(ben, group))[KEYS[1]]
    await changed(ann, event, club, start="2036-10-16T20:00", end="2036-10-16T22:00")
    after = await shown(ben, group)
    assert after[KEYS[1]]["start"] == at("2036-10-23T20:00"), "the edit is about their time"
    assert (after[KEYS[1]]["place"], after[KEYS[2]]["cancelled"]) == ("Town hall", True)


async def test_another_place_for_all_asks_again_only_where_it_counts(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    event, group = await made(ann, club)
    await changed(ann, event, club, scope="this", key=KEYS[1], place="Town hall", **_times(KEYS[1]))
    for key in KEYS[:2]:
        await says(ben, event, "going", key)
    await changed(ann, event, club, place="Town hall")
    assert {key: one.get("again", False) for key, one in (await mine(ben, group)).items()} == {
        KEYS[0]: True,
        KEYS[1]: False,
    }
    assert not any("place" in one for one in (await shown(ben, group)).values())


async def test_from_one_on_the_earlier_ones_stay_as_they_are(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    event, group = await made(ann, club)
    for key in KEYS:
        await says(ben, event, "going", key)
    following = {
        "start": "2036-10-31T18:00",
        "end": "2036-10-31T20:00",
        "place": "Town hall",
        "rule": "FREQ=WEEKLY;COUNT=3",
    }
    await changed(ann, event, club, scope="following", key=KEYS[2], **following)
    found = await shown(ben, group)
    assert [(key, one["start"], one.get("place")) for key, one in found.items()] == [
        (KEYS[0], at(KEYS[0]), PLACE),
        (KEYS[1], at(KEYS[1]), PLACE),
        (KEYS[2], at("2036-10-31T18:00"), None),
        (KEYS[3], at("2036-11-07T18:00"), None),
        ("2036-11-14T18:00", at("2036-11-14T18:00"), None),
    ]
    again = [one.get("again", False) for one in (await mine(ben, group)).values()]
    assert again == [False, False, True, True]
    # What is said of all of it from now on is said of what the rule gives.
    await changed(ann, event, club, **following | {"start": "2036-10-31T18:30", "end": "2036-10-31T20:30"})
    later = await shown(ben, group)
    assert [one["start"] for one in later.values()][:3] == [
        at(KEYS[0]), at(KEYS[1]), at("2036-10-31T18:30"),
    ]  # fmt: skip
    assert list(later) == list(found)
    one = {"start": "2036-10-17T19:00", "end": "2036-10-17T21:00", "place": "Town hall"}
    await changed(ann, event, club, scope="this", key=KEYS[0], **one)
    assert (await shown(ben, group))[KEYS[0]]["start"] == at("2036-10-17T19:00")


async def test_what_is_given_up_stays_cancelled_where_somebody_answered(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    event, group = await made(ann, club)
    await says(ben, event, "going", KEYS[2])
    await changed(ann, event, club, rule="FREQ=WEEKLY;COUNT=2")
    found = await shown(ben, group)
    assert {key: one.get("cancelled", False) for key, one in found.items()} == {
        KEYS[0]: False,
        KEYS[1]: False,
        KEYS[2]: True,
    }
    refusal = await ben.refused("PUT", f"/api/events/{event}/answer", {"key": KEYS[2], "answer": "no"})
    assert refusal == (409, "answers_closed")
    await changed(ann, event, club)
    assert not any(one.get("cancelled") for one in (await shown(ben, group)).values())
    assert (await mine(ben, group))[KEYS[2]]["again"], "it takes place after all"


async def test_one_event_becomes_a_series_and_one_again_and_its_answers_stay(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    event, group = await made(ann, club, rule=None)
    await says(ben, event, "going", "once")
    await changed(ann, event, club)
    assert list(await shown(ben, group)) == [*KEYS[1:], "once"]
    await changed(ann, event, club, rule=None, start="2036-12-01T19:00", end="2036-12-01T21:00")
    assert {key: one["start"] for key, one in (await shown(ben, group)).items()} == {
        "once": at("2036-12-01T19:00")
    }
    assert (await mine(ben, group))["once"]["again"]
    await changed(ann, event, club, rule=None, start=None, end=None)
    assert await shown(ben, group) == {
        "once": {"key": "once", "counts": (await shown(ben, group))["once"]["counts"]}
    }


async def test_the_same_plan_again_says_nothing(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    event, group = await made(ann, club)
    await says(ben, event, "going", KEYS[2])
    await changed(ann, event, club, rule="FREQ=WEEKLY;COUNT=2")
    seen = len(await ann.actions(group))
    await changed(ann, event, club, rule="FREQ=WEEKLY;COUNT=2")
    await changed(ann, event, club, scope="this", key=KEYS[1], **_times(KEYS[1]))
    assert len(await ann.actions(group)) == seen


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        pytest.param({"scope": "this"}, (400, "invalid_field"), id="this, without saying which"),
        pytest.param({"scope": "following"}, (400, "invalid_field"), id="following, without saying which"),
        pytest.param({"key": KEYS[1]}, (400, "invalid_field"), id="all, from one on"),
        pytest.param({"scope": "this", "key": "2036-10-17T19:00"}, (404, "not_found"), id="nothing there"),
        pytest.param({"scope": "this", "key": KEYS[1], "start": None}, (400, "invalid_field"), id="no start"),
        pytest.param(
            {"scope": "this", "key": KEYS[1], "zone": "Asia/Tokyo"}, (400, "invalid_field"), id="a zone"
        ),
        pytest.param({"scope": "this", "key": KEYS[1], "end": KEYS[0]}, (400, "invalid_field"), id="no time"),
        pytest.param({"scope": "this", "key": KEYS[3]}, (409, "answers_closed"), id="a cancelled one"),
        pytest.param(
            {"scope": "following", "key": KEYS[2]}, (400, "invalid_field"), id="into the earlier ones"
        ),
        pytest.param({"rule": "FREQ=WEEKLY;COUNT=121"}, (400, "invalid_field"), id="too many"),
        pytest.param({"scope": "some", "key": KEYS[2]}, (400, "invalid_field"), id="no scope"),
    ],
)
async def test_a_change_that_says_nothing_is_refused_and_changes_nothing(
    house: House, said: dict[str, Any], refusal: tuple[int, str]
) -> None:
    club, [ann] = await house.club("Ann")
    event, group = await made(ann, club)
    await ann.ok("DELETE", f"/api/events/{event}/occurrences/{KEYS[3]}")
    before = await shown(ann, group)
    assert await refused(ann, event, club, **said) == refusal
    assert await shown(ann, group) == before


async def test_only_a_series_is_changed_in_part_and_only_by_who_runs_it(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    event, _ = await made(ann, club, rule=None)
    assert await refused(ann, event, club, scope="this", key="once") == (400, "invalid_field")
    assert await refused(ben, event, club) == (403, "forbidden")
    await ann.ok("DELETE", f"/api/events/{event}")
    assert await refused(ann, event, club, rule=None) == (409, "answers_closed")


async def test_whoever_changes_what_somebody_else_has_just_changed_begins_again(house: House) -> None:
    """Between the reading and the writing of hers an occurrence is cancelled: it would come back."""
    club, [ann] = await house.club("Ann")
    event, group = await made(ann, club)
    db, who = house.process.db, house.process.tokens.verify(ann.token).key
    before = await events.said(db, who, UUID(event))
    await ann.ok("DELETE", f"/api/events/{event}/occurrences/{KEYS[1]}")
    renamed = replace(before.says, name="Rehearsal with piano")
    assert not await events.change(db, who, UUID(event), renamed, before.occurrences, before)
    await changed(ann, event, club, name="Rehearsal with piano")
    assert (await shown(ann, group))[KEYS[1]]["cancelled"]


def test_what_has_begun_of_a_series_stays_as_it_was() -> None:
    before = _said(REHEARSAL)
    later = checked_event(
        NewEvent(group=1, **REHEARSAL | {"start": "2036-10-16T19:30", "place": "Town hall"})
    )
    after = all_changed(before, later, datetime(2036, 10, 24, tzinfo=UTC))
    assert [(one.key, one.start, one.place) for one in sorted(after, key=lambda one: one.key)] == [
        (KEYS[0], at(KEYS[0]), PLACE),
        (KEYS[1], at(KEYS[1]), PLACE),
        (KEYS[2], at("2036-10-30T19:30"), None),
        (KEYS[3], at("2036-11-06T19:30"), None),
    ]


def test_a_series_that_ends_earlier_than_it_has_come_keeps_what_took_place() -> None:
    before = _said(REHEARSAL)
    shorter = checked_event(NewEvent(group=1, **REHEARSAL | {"rule": "FREQ=WEEKLY;COUNT=1"}))
    after = all_changed(before, shorter, datetime(2036, 10, 31, tzinfo=UTC))
    assert sorted(one.key for one in after) == KEYS[:3]
    assert [one.planned for one in sorted(after, key=lambda one: one.key)] == [KEYS[0], None, None]


def test_two_of_a_week_find_their_days_and_a_key_that_is_taken_is_not_given_twice() -> None:
    before = _said(REHEARSAL)
    friday = {"start": "2036-10-17T19:00", "end": "2036-10-17T21:00"}
    moved = checked_event(NewEvent(group=1, **REHEARSAL | friday))
    on_fridays = _after(before, moved, all_changed(before, moved, BEFORE))
    assert [one.key for one in on_fridays.occurrences] == KEYS
    both = checked_event(NewEvent(group=1, **REHEARSAL | {"rule": "FREQ=WEEKLY;COUNT=8;BYDAY=TH,FR"}))
    after = all_changed(on_fridays, both, BEFORE)
    by_start = {one.planned: one.key for one in after}
    assert by_start["2036-10-17T19:00"] == KEYS[0], "who said yes to that Friday comes on that Friday"
    assert by_start["2036-10-16T19:00"] == "2036-10-16T19:01"
    assert len({one.key for one in after}) == 8


def test_following_changes_add_up_to_no_more_than_there_may_be() -> None:
    long = _said(REHEARSAL | {"rule": "FREQ=WEEKLY;COUNT=120"})
    key = long.occurrences[60].key
    on = {"start": key, "end": key.replace("19:00", "21:00"), "rule": "FREQ=WEEKLY;COUNT=61"}
    more = checked_event(NewEvent(group=1, **REHEARSAL | on))
    with pytest.raises(Exception, match="at most 120"):
        following_changed(long, more, key, BEFORE)


def _said(said: dict[str, Any]) -> Said:
    first = checked_event(NewEvent(group=1, **said))
    return Said(says=first, occurrences=occurrences(first))


def _after(before: Said, says: Any, listed: list[Planned]) -> Said:
    return Said(says=says, occurrences=sorted(listed, key=lambda one: one.key))


def _times(key: str) -> dict[str, str]:
    return {"start": key, "end": key.replace("19:00", "21:00")}
