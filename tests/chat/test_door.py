"""At the door of an event: who came, ticked on several devices, and merged by their moments."""

import csv
import io
import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from house.events import made, says
from house.person import Json, Person
from house.server import House

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


def tick(person: Person, came: bool | None, minute: int = 0) -> Json:
    """So many minutes after noon, on a day that is past."""
    return {
        "user": person.user,
        "came": came,
        "at": (NOON - timedelta(days=365) + timedelta(minutes=minute)).isoformat(),
    }


async def ticked(by: Person, event: str, *ticks: Json) -> Json:
    said: Json = await by.ok("PUT", f"/api/events/{event}/door", {"key": "once", "ticks": list(ticks)})
    return said


async def came(by: Person, event: str) -> dict[str, Any]:
    """Who is ticked, by name."""
    door = await by.ok("GET", f"/api/events/{event}/door?key=once")
    return {one["name"]: one["came"] for one in door["people"] if "came" in one}


async def group_of(person: Person, kind: str) -> int:
    """The one of this kind."""
    [found] = [one["group"] for one in (await person.me())["groups"] if one["kind"] == kind]
    return int(found)


async def test_who_came_is_seen_at_the_other_door_and_by_nobody_else(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    event, group = await made(ann, club)
    await says(cleo, event, "going")
    admins = await group_of(ann, "admins")
    other_door, guest = await ann.device(), await cleo.device()
    said = await ticked(ann, event, tick(cleo, True), tick(ben, False))
    assert {one["user"]: one["came"] for one in said["ticks"]} == {cleo.user: True, ben.user: False}
    await other_door.until(lambda: other_door.actions(admins))
    [told] = other_door.actions(admins)
    assert told["type"] == "event_ticked"
    assert (told["group"], told["key"], told["by"]) == (group, "once", ann.user)
    assert {one["user"]: one["came"] for one in told["ticks"]} == {cleo.user: True, ben.user: False}
    answers = await ann.ok("GET", f"/api/events/{event}/answers?key=once")
    assert [one["came"] for one in answers["answers"]] == [True]
    answers = await cleo.ok("GET", f"/api/events/{event}/answers?key=once")
    assert ["came" in one for one in answers["answers"]] == [False]
    await ann.post(group, "Doors are open")
    await guest.until(lambda: any(a["type"] == "message_posted" for a in guest.actions(group)))
    assert not any(a["type"] == "event_ticked" for g in (club, group, admins) for a in guest.actions(g))


async def test_the_newest_tick_of_a_person_counts_in_whatever_order_they_come(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    ticks = [tick(ben, True, 1), tick(ben, None, 3), tick(ben, False, 2), tick(ben, True, 3)]
    for order in itertools.permutations(ticks):
        event, _ = await made(ann, club)
        for one in order:
            await ticked(ann, event, one)
        assert await came(ann, event) == {"Ben": True}
        await ann.ok("DELETE", f"/api/events/{event}")
    event, _ = await made(ann, club)
    await ticked(ann, event, *ticks)
    assert await came(ann, event) == {"Ben": True}


async def test_the_same_tick_again_changes_nothing_and_is_not_told_again(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    event, _ = await made(ann, club)
    admins = await group_of(ann, "admins")
    first = await ticked(ann, event, tick(ben, True, 5))
    seq = (await ann.snapshot(admins))["seq"]
    assert await ticked(ann, event, tick(ben, True, 5)) == first
    assert (await ticked(ann, event, tick(ben, False, 4)))["ticks"] == first["ticks"]
    newer = await ticked(ann, event, tick(ben, True, 6))
    assert (await ann.snapshot(admins))["seq"] == seq
    assert newer["ticks"][0]["at"] > first["ticks"][0]["at"]


async def test_a_clock_that_is_ahead_is_cut_to_now(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    event, _ = await made(ann, club)
    ahead = tick(ben, True) | {"at": "2999-01-01T00:00:00+01:00"}
    said = await ticked(ann, event, ahead)
    assert said["ticks"][0]["at"] < "2100"
    await ticked(ann, event, ahead | {"came": None})
    assert await came(ann, event) == {}


async def test_only_who_runs_it_stands_at_the_door(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    zoe = await house.person("Zoe")
    event, _ = await made(ann, club)
    body = {"key": "once", "ticks": [tick(ben, True)]}
    for person, status in ((ben, 403), (zoe, 404)):
        assert (await person.call("PUT", f"/api/events/{event}/door", body)).status_code == status
        for path in ("door", "list.csv"):
            asked = await person.call("GET", f"/api/events/{event}/{path}?key=once")
            assert asked.status_code == status
    assert (await ann.call("GET", f"/api/events/{event}/door?key=2026-11-28T18:30")).status_code == 404
    assert await came(ann, event) == {}


async def test_who_could_not_have_come_is_named_and_the_others_are_ticked(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    zoe = await house.person("Zoe")
    event, _ = await made(ann, club)
    said = await ticked(ann, event, tick(zoe, True), tick(ben, True), tick(ben, True) | {"user": "u_nobody"})
    assert said["unknown"] == sorted([zoe.user, "u_nobody"])
    assert await came(ann, event) == {"Ben": True}


async def test_what_is_no_tick_is_refused_and_changes_nothing(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    event, _ = await made(ann, club)
    good = tick(ben, True)
    for ticks in (
        [],
        [good] * 201,
        [good, good | {"at": "yesterday"}],
        [good, good | {"at": "2026-11-28T12:00:00"}],
        [good, good | {"came": "yes"}],
        [good, good | {"user": "u\0"}],
    ):
        said = await ann.call("PUT", f"/api/events/{event}/door", {"key": "once", "ticks": ticks})
        assert (said.status_code, said.json()["code"]) == (400, "invalid_field"), ticks
    assert await came(ann, event) == {}


async def test_a_member_who_made_an_event_hears_of_the_door_in_their_own_log(house: House) -> None:
    """Whoever made a room runs it, and what is made for it, without being an admin of the club."""
    club, [ann, ben] = await house.club("Ann", "Ben")
    room = await ben.channel(club)
    event, _ = await made(ben, room)
    device = await ben.device()
    await ticked(ann, event, tick(ann, True))
    own = await group_of(ben, "self")
    await device.until(lambda: any(a["type"] == "event_ticked" for a in device.actions(own)))


async def test_of_a_private_room_only_who_runs_the_room_hears_of_the_door(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    room = await ben.channel(club, "Board", private=True)
    await ben.ok("POST", f"/api/groups/{room}/members", {"users": [cleo.user]})
    event, group = await made(ben, room)
    await ticked(ben, event, tick(cleo, True))
    heard = [one for one in await ben.actions(await group_of(ben, "self")) if one["type"] == "event_ticked"]
    assert [one["group"] for one in heard] == [group]
    admins = await ann.actions(await group_of(ann, "admins"))
    assert not [one for one in admins if one["type"] == "event_ticked"]


async def test_the_list_tells_who_answered_and_who_came_and_is_no_formula(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "=SUM(A1)")
    event, _ = await made(ann, club, guests=2)
    await says(cleo, event, "going", guests=1, note='+1 cake\nwith "cherries", and cream')
    await ticked(ann, event, tick(cleo, True), tick(ben, False))
    answer = await ann.call("GET", f"/api/events/{event}/list.csv?key=once")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    kept = [(one["name"], one["answer"], one["guests"], one["came"]) for one in rows]
    assert kept == [("'=SUM(A1)", "going", "1", "yes"), ("Ben", "", "", "no")]
    assert rows[0]["note"] == '\'+1 cake\nwith "cherries", and cream'
