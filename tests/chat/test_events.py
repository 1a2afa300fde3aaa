"""Events: made, shown, changed, cancelled."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from clubroom import wire
from clubroom.dba import place
from clubroom.dba.embedded import EmbeddedPostgres
from house.events import CONCERT, made, planned, says, standings
from house.server import House
from house.uuid7 import uuid7

FORBIDDEN = (403, "forbidden")
TAKEN = (409, "places_taken")
WEEKLY: dict[str, Any] = {"start": "2036-11-25T19:00", "end": "2036-11-25T21:00"}


def types(actions: list[dict[str, Any]]) -> list[str]:
    return [action["type"] for action in actions]


async def test_an_event_has_a_card_in_its_room_and_a_group_of_its_own(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    device = await ben.device()
    event, group = await made(ann, club, places=1)
    await device.until(lambda: device.actions(club) and device.actions(group))
    [card] = device.actions(club)
    assert (card["type"], card["event"], card["author"]) == ("message_posted", group, ann.user)
    [created] = device.actions(group)
    assert created["occurrences"] == [
        {"key": "once", "start": "2036-11-28T17:30:00.000000Z", "end": "2036-11-28T20:00:00.000000Z"}
    ]
    entry = await ben.entry(group)
    assert (entry["event"]["event"], entry["event"]["mine"], entry["parent"]) == (event, [], club)
    await ben.post(group, "who drives?")
    await device.until(lambda: len(device.actions(group)) > 1)


async def test_repeating_a_call_that_made_an_event_makes_no_other_also_when_it_was_changed_since(
    house: House,
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    event, group = await made(ann, club)
    await planned(ann, club, event, name="Winter concert")
    again = await ann.call("PUT", f"/api/events/{event}", CONCERT | {"group": club})
    assert (again.status_code, again.json()["group"]) == (200, group)
    for person, other in ((ann, {"name": "Another"}), (ben, {})):
        said = await person.refused("PUT", f"/api/events/{event}", CONCERT | {"group": club} | other)
        assert said == (409, "id_conflict")


async def test_members_make_events_only_where_the_club_lets_them(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    new = CONCERT | {"group": club}
    assert await ben.refused("PUT", f"/api/events/{uuid7()}", new) == FORBIDDEN
    assert await ben.refused("PATCH", f"/api/groups/{club}", {"events_by_members": True}) == FORBIDDEN
    await ann.ok("PATCH", f"/api/groups/{club}", {"events_by_members": True})
    event, _ = await made(ben, club)
    await planned(ben, club, event, name="Winter concert")
    theirs, _ = await made(ann, club)
    for method, path, body in (
        ("PUT", "/plan", new),
        ("DELETE", "", None),
        ("DELETE", "/occurrences/once", None),
    ):
        assert await ben.refused(method, f"/api/events/{theirs}{path}", body) == FORBIDDEN
    await ann.ok("DELETE", f"/api/events/{event}")
    record = (await ann.ok("GET", f"/api/groups/{club}/audit"))["entries"]
    assert [one["what"] for one in record][:4] == [
        "event_cancelled", "event_created", "event_changed", "event_created"
    ]  # fmt: skip


async def test_whoever_runs_a_private_room_makes_events_that_nobody_else_knows_of(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    room = await ben.channel(club, "Board", private=True)
    await ben.ok("POST", f"/api/groups/{room}/members", {"users": [cleo.user]})
    event, group = await made(ben, room, places=1, list_shown="admins")
    assert await says(cleo, event, "going") == "in"
    assert await says(ben, event, "going") == "waiting"
    assert group not in await ann.groups()
    record = await ann.ok("GET", f"/api/groups/{club}/audit")
    assert not [one for one in record["entries"] if one["what"].startswith("event")]
    admins = next(e["group"] for e in (await ann.me())["groups"] if e["kind"] == "admins")
    assert "event_answered" not in types(await ann.actions(admins))
    await cleo.remove(room, cleo.user)
    assert await standings(ben, event) == {cleo.user: "out", ben.user: "offered"}


async def test_whoever_comes_into_a_room_without_its_past_reads_no_past_of_its_events(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    room = await ann.channel(club, "Board", private=True)
    _, group = await made(ann, room)
    await ann.post(group, "between us")
    await ann.ok("POST", f"/api/groups/{room}/members", {"users": [ben.user], "history": False})
    await ann.ok("POST", f"/api/groups/{room}/members", {"users": [cleo.user], "history": True})
    await ann.post(group, "hello")
    for person, texts in ((ben, ["hello"]), (cleo, ["between us", "hello"])):
        assert [one["text"] for one in (await person.page(group))["messages"]] == texts


async def test_whoever_is_going_is_asked_again_where_time_or_place_changed_and_only_there(
    house: House,
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    event, group = await made(ann, club)
    await says(ben, event, "going")
    await planned(ann, club, event, text="Bring your music.")
    assert not (await ben.entry(group))["event"]["mine"][0].get("again")
    await planned(ann, club, event, place="Town hall")
    assert (await ben.entry(group))["event"]["mine"][0]["again"]
    assert (await ben.actions(group))[-1]["again"] == ["once"]
    await says(ben, event, "going")
    assert not (await ben.entry(group))["event"]["mine"][0].get("again")


async def test_an_event_without_a_date_takes_answers_and_asks_again_when_it_has_one(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    event, group = await made(ann, club, start=None, end=None, closes_min=60)
    await says(ben, event, "going")
    await planned(ann, club, event)
    entry = await ben.entry(group)
    assert entry["event"]["mine"][0]["again"]
    assert entry["event"]["occurrences"][0]["start"] == "2036-11-28T17:30:00.000000Z"
    await planned(ann, club, event, start=None, end=None, host=ann.user)
    assert (await ben.snapshot(group))["event"]["host"] == ann.user


async def test_fewer_places_than_are_taken_are_refused_and_more_are_offered(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    event, group = await made(ann, club, places=2, guests=1)
    await says(ben, event, "going", guests=1)
    await says(cleo, event, "going")
    before = await ann.snapshot(group)
    new = CONCERT | {"group": club, "guests": 1}
    assert await ann.refused("PUT", f"/api/events/{event}/plan", new | {"places": 1, "name": "x"}) == TAKEN
    assert await ann.snapshot(group) == before
    await planned(ann, club, event, places=3, guests=1)
    assert (await standings(ann, event))[cleo.user] == "offered"
    await planned(ann, club, event, places=None, guests=1)
    assert await says(cleo, event, "going", guests=1) == "in"


async def test_cancelled_is_told_once_and_takes_no_answers(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    event, group = await made(ann, club, places=1)
    await says(ben, event, "going")
    await says(ann, event, "going")
    for _ in range(2):
        await ann.ok("DELETE", f"/api/events/{event}")
    assert types(await ben.actions(group)).count("event_cancelled") == 1
    answer = {"key": "once", "answer": "no"}
    assert await ben.refused("PUT", f"/api/events/{event}/answer", answer) == (409, "answers_closed")
    new = CONCERT | {"group": club}
    assert await ann.refused("PUT", f"/api/events/{event}/plan", new) == (409, "answers_closed")


async def test_one_occurrence_of_a_series_is_cancelled_and_the_others_take_place(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    event, group = await made(ann, club, **WEEKLY, rule="FREQ=WEEKLY;COUNT=3")
    keys = [one["key"] for one in (await ben.snapshot(group))["event"]["occurrences"]]
    assert keys == ["2036-11-25T19:00", "2036-12-02T19:00", "2036-12-09T19:00"]
    await ann.ok("DELETE", f"/api/events/{event}/occurrences/{keys[1]}")
    refused = await ben.refused("PUT", f"/api/events/{event}/answer", {"key": keys[1], "answer": "going"})
    assert refused == (409, "answers_closed")
    for key, answer in ((keys[0], "going"), (keys[2], "no")):
        await says(ben, event, answer, key)
    mine = (await ben.entry(group))["event"]["mine"]
    assert [(one["key"], one["answer"]) for one in mine] == [(keys[0], "going"), (keys[2], "no")]


async def test_the_longest_series_with_the_longest_words_is_told_in_one_frame_or_refused(
    house: House,
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    device = await ben.device()
    long = WEEKLY | {
        "rule": "FREQ=DAILY;COUNT=120",
        "text": "🎶" * 2_000,
        "place": "🎶" * 200,
        "name": "🎶" * 60,
    }
    event, group = await made(ann, club, **long)
    for occurrence in (await ben.snapshot(group))["event"]["occurrences"]:
        await says(ben, event, "maybe", occurrence["key"])
    await planned(ann, club, event, **long | {"place": "🎻" * 200})
    await device.until(lambda: types(device.actions(group))[-1:] == ["event_changed"])
    sizes = [len(msgspec.json.encode(action)) for action in await ben.actions(group)]
    assert 20_000 < max(sizes) < wire.FRAME_OUT_BYTES_MAX - 200
    new = CONCERT | long | {"group": club, "rule": "FREQ=DAILY;COUNT=60", "start": "2037-11-25T19:00"}
    said = await ann.refused("PUT", f"/api/events/{event}/plan", new | {"end": "2037-11-25T21:00"})
    assert said == (400, "text_too_long")  # sixty more beside those that were answered


async def test_past_events_are_in_nobodys_list_and_are_read_where_they_are_asked_for(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    now = datetime.now(UTC)
    groups = {}
    for days in (13, 16):
        start = f"{now - timedelta(days=days):%Y-%m-%dT%H:%M}"
        groups[days] = (await made(ann, club, zone="UTC", start=start, end=None))[1]
    listed = await ben.groups()
    assert (groups[13] in listed, groups[16] in listed) == (True, False)
    assert (await ben.snapshot(groups[16]))["event"]["event"]
    epoch = (await ben.snapshot(club))["epoch"]
    device, asking = await ben.device(), await ben.device({groups[16]: 1}, epoch)
    assert str(groups[16]) not in device.heard("welcome")[0]["groups"]
    assert str(groups[13]) in device.heard("welcome")[0]["groups"]
    await ann.post(groups[16], "that was nice")
    await asking.until(lambda: asking.actions(groups[16]))


async def test_a_suspended_club_takes_no_answers(house: House, postgres: EmbeddedPostgres) -> None:
    club, [ann] = await house.club("Ann")
    event, _ = await made(ann, club)
    hilda = await house.person("Hilda")
    await place.add_host(postgres.owner_dsn, hilda.user)
    await hilda.ok("PATCH", f"/api/host/clubs/{club}", {"suspended": True})
    answer = {"key": "once", "answer": "going"}
    assert await ann.refused("PUT", f"/api/events/{event}/answer", answer) == FORBIDDEN
    assert await ann.refused("PUT", f"/api/events/{uuid7()}", CONCERT | {"group": club}) == FORBIDDEN
