"""Whoever goes leaves their places to others, and takes along what is theirs."""

import io
import json
import zipfile
from collections.abc import Awaitable, Callable
from functools import partial

import asyncpg
import pytest

from clubroom.dba import club_life, leaving, place, safety
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.pool import Database
from house.device import Device
from house.events import made, says, standings
from house.person import Person
from house.server import House

NOTE = "allergic to nuts"


async def is_removed(ann: Person, ben: Person, club: int) -> None:
    await ann.remove(club, ben.user)


async def leaves(_: Person, ben: Person, club: int) -> None:
    await ben.remove(club, ben.user)


async def is_blocked(ann: Person, ben: Person, club: int) -> None:
    await ann.ok("PUT", f"/api/groups/{club}/blocks/{ben.user}")


async def for_good(who: Person, *, erase: bool = False) -> None:
    said = {"name": "Ben", "messages": erase}
    answer = await who.http.post("/api/me/deletion", json=said, headers=who.headers)
    assert answer.is_success, answer.text


async def deletes_the_account(_: Person, ben: Person, __: int) -> None:
    await for_good(ben)


@pytest.mark.parametrize("shown", ["all", "admins"])
@pytest.mark.parametrize("goes", [is_removed, leaves, is_blocked, deletes_the_account])
async def test_whoever_goes_leaves_their_place_to_the_next_before_they_are_cut(
    house: House, goes: Callable[[Person, Person, int], Awaitable[None]], shown: str
) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    room = await ann.channel(club)
    events = [await made(ann, group, places=1, list_shown=shown) for group in (club, room)]
    for event, _ in events:
        assert [await says(person, event, "going") for person in (ben, cleo)] == ["in", "waiting"]
    heard = await cleo.device()
    await goes(ann, ben, club)
    for event, group in events:
        assert (await standings(ann, event))[cleo.user] == "offered"
        await heard.until(partial(_ends, heard, group, ben))
        types = [action["type"] for action in await ann.actions(group)]
        assert types[-1] == "member_removed"
        assert types[-2] in ("event_answered", "event_counted")


def _ends(device: Device, group: int, who: Person) -> bool:
    last = device.actions(group)[-1:]
    return [(one["type"], one.get("user")) for one in last] == [("member_removed", who.user)]


async def test_whoever_comes_back_has_no_place_and_answers_anew(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    code = (await ann.ok("GET", f"/api/groups/{club}/code"))["code"]
    event, _ = await made(ann, club, places=1)
    for person in (ben, cleo):
        await says(person, event, "going")
    await ben.remove(club, ben.user)
    await ben.join(code)
    assert await standings(ben, event) == {ben.user: "out", cleo.user: "offered"}
    assert await says(ben, event, "going") == "waiting"


async def test_whoever_leaves_a_private_room_leaves_its_events(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    device = await ben.device()
    room = await ann.channel(club, "Board", private=True)
    await ann.ok("POST", f"/api/groups/{room}/members", {"users": [ben.user, cleo.user]})
    await device.until(lambda: device.actions(room))
    event, group = await made(ann, room, places=1)
    for person in (ben, cleo):
        await says(person, event, "going")
    await ben.remove(room, ben.user)
    assert await ben.refused("GET", f"/api/groups/{group}/snapshot") == (404, "not_found")
    assert (await standings(ann, event))[cleo.user] == "offered"
    await ann.post(group, "just us")
    await ann.post(club, "hello")
    await device.until(lambda: [a for a in device.actions(club) if a.get("text") == "hello"])
    assert device.actions(group)[-1]["type"] == "member_removed"


async def test_places_of_what_is_over_are_nobodys_any_more(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    event, group = await made(ann, club, start="2020-11-28T18:30", end=None)
    await ann.ok(
        "PUT",
        f"/api/events/{event}/answer",
        {"key": "once", "answer": "going", "user": ben.user, "over": True},
    )
    await ann.remove(club, ben.user)
    assert await standings(ann, event) == {ben.user: "in"}
    assert (await ann.actions(group))[-1]["type"] == "member_removed"


@pytest.mark.parametrize("erase", [False, True])
async def test_whoever_takes_their_words_along_takes_what_they_noted_too(
    house: House, database: Database, erase: bool
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    events = [await made(ann, club, list_shown=shown) for shown in ("all", "admins")]
    for event, _ in events:
        await says(ben, event, "going", note=NOTE)
    await for_good(ben, erase=erase)
    while await leaving.go_on_leaving(database, 100):
        pass
    admins = next(e["group"] for e in (await ann.me())["groups"] if e["kind"] == "admins")
    said = [str(await ann.actions(group)) for group in (events[0][1], admins)]
    said += [str(await ann.ok("GET", f"/api/events/{event}/answers?key=once")) for event, _ in events]
    assert [NOTE in one for one in said] == [not erase] * 4


async def test_what_somebody_wrote_goes_from_the_events_of_rooms_too(
    house: House, database: Database
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    _, group = await made(ann, await ann.channel(club))
    await ben.post(group, "spam")
    await ann.ok("DELETE", f"/api/groups/{club}/members/{ben.user}?erase=all")
    while await safety.erase_some(database, 100):
        pass
    assert [one["text"] for one in (await ann.page(group))["messages"]] == [""]


async def test_one_takes_along_which_events_one_made_and_what_one_answered(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    await ann.ok("PATCH", f"/api/groups/{club}", {"events_by_members": True})
    event, _ = await made(ben, club, host=ann.user)
    await says(ben, event, "maybe", note=NOTE)
    await says(ann, event, "going", note="by bike")
    answer = await ben.call("GET", "/api/me/export")
    content = zipfile.ZipFile(io.BytesIO(answer.content)).read("account.json").decode()
    about = json.loads(content)
    assert [(one["event"], one["name"]) for one in about["events"]] == [(event, "Autumn concert")]
    assert [(one["event"], one["answer"], one["note"]) for one in about["answers"]] == [
        (event, "maybe", NOTE)
    ]
    assert "by bike" not in content
    assert ann.user not in content


async def test_what_was_noted_is_kept_as_long_as_what_was_said(
    house: House, database: Database, postgres: EmbeddedPostgres
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    event, group = await made(ann, club)
    await says(ben, event, "going", note=NOTE)
    hilda = await house.person("Hilda")
    await place.add_host(postgres.owner_dsn, hilda.user)
    await _age(house, postgres, group)
    await hilda.ok("PUT", "/api/host/keeping", {"days": 30})
    try:
        while await club_life.trim_old(database, 100):
            pass
    finally:
        await hilda.ok("PUT", "/api/host/keeping", {"days": None})
    assert await ann.actions(group) == []  # a log of which nothing is kept ends, too
    [answer] = (await ann.ok("GET", f"/api/events/{event}/answers?key=once"))["answers"]
    assert (answer["standing"], answer.get("note")) == ("in", None)
    assert (await ben.snapshot(group))["event"]["occurrences"][0]["counts"]["going"] == 1


async def _age(house: House, postgres: EmbeddedPostgres, group: int) -> None:
    """All that is there was said a month ago."""
    connection = await asyncpg.connect(postgres.owner_dsn)
    try:
        await connection.execute("set role clubroom_writer; set search_path = clubroom")
        for table in ("actions", "answers"):
            back = "set at = at - interval '31 days' where group_id = $1"
            await connection.execute(f"update {table} {back}", group)
    finally:
        await connection.close()
    house.fresh.forget()  # what was looked at before has moved
