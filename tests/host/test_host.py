"""Whoever runs the place: sees clubs from outside, suspends them, and decides how long messages are kept."""

import functools

import pytest

from clubroom.dba import place
from clubroom.dba.embedded import EmbeddedPostgres
from house.person import Json, Person
from house.server import House
from house.uuid7 import uuid7

FORBIDDEN = (403, "forbidden")
UNKNOWN = (404, "not_found")


@pytest.fixture
async def hilda(house: House, postgres: EmbeddedPostgres) -> Person:
    """She runs the place, and is in no club."""
    hilda = await house.person("Hilda")
    assert await place.add_host(postgres.owner_dsn, hilda.user) == "Hilda"
    return hilda


async def suspend(hilda: Person, club: int, *, on: bool = True) -> None:
    await hilda.ok("PATCH", f"/api/host/clubs/{club}", {"suspended": on})


async def listed(hilda: Person, club: int) -> Json:
    found = (await hilda.ok("GET", "/api/host/clubs"))["clubs"]
    return next(one for one in found if one["group"] == club)


async def test_a_host_sees_how_large_clubs_are_and_nothing_that_was_said(house: House, hilda: Person) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    board = await ann.channel(club, "Secret board", private=True)
    for n in range(3):
        await ben.post(club, f"hush {n}")
    await ann.post(board, "hush hush")
    answer = await hilda.call("GET", "/api/host/clubs")
    assert "hush" not in answer.text
    assert "Secret" not in answer.text
    found = await listed(hilda, club)
    assert (found["members"], found["messages"], found["bytes"]) == (2, 4, 27)
    assert found["last_at"] is not None
    assert not found["suspended"]
    assert club not in await hilda.groups()
    assert await hilda.refused("GET", f"/api/groups/{club}/messages") == UNKNOWN


async def test_clubs_are_found_by_their_names_and_page_by_page(house: House, hilda: Person) -> None:
    ann = await house.person("Ann", with_email=True)
    word = uuid7().hex
    made = [(await ann.create_club(f"{word} 100% {n}"))["group"] for n in range(3)]
    path = f"/api/host/clubs?find={word.upper()}%20100%25&limit=2"
    first = await hilda.ok("GET", path)
    rest = await hilda.ok("GET", f"{path}&before={first['clubs'][-1]['group']}")
    assert [one["group"] for one in first["clubs"] + rest["clubs"]] == made[::-1]
    assert (first["more"], rest["more"]) == (True, False)
    assert (await hilda.ok("GET", f"/api/host/clubs?find={word}_100"))["clubs"] == []


async def test_to_everybody_else_none_of_it_exists(house: House, postgres: EmbeddedPostgres) -> None:
    club, [ann] = await house.club("Ann")
    calls: list[tuple[str, str, Json | None]] = [
        ("GET", "/api/host/clubs", None),
        ("GET", "/api/host/place", None),
        ("PATCH", f"/api/host/clubs/{club}", {"suspended": True}),
        ("PUT", "/api/host/keeping", {"days": 30}),
    ]
    for method, path, body in calls:
        assert await ann.refused(method, path, body) == UNKNOWN
    assert not (await ann.me())["host"]
    await place.add_host(postgres.owner_dsn, ann.user)
    assert (await ann.me())["host"]
    await place.remove_host(postgres.owner_dsn, ann.user)
    assert await ann.refused("GET", "/api/host/place") == UNKNOWN


async def test_a_suspended_club_is_read_and_nothing_more(house: House, hilda: Person) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    code = (await ann.ok("GET", f"/api/groups/{club}/code"))["code"]
    room, board = await ann.channel(club), await ann.channel(club, "Board", private=True)
    name = uuid7()
    await ann.post(club, "before", name)
    device = await ben.device()
    await suspend(hilda, club)
    await suspend(hilda, club)
    for group in (club, room):
        await device.until(functools.partial(device.actions, group))
        assert [a["type"] for a in device.actions(group)] == ["club_suspended"]
    assert device.actions(club)[0]["on"] is True
    for group in (club, room, board):
        assert (
            await ann.refused("PUT", f"/api/messages/{uuid7()}", {"group": group, "text": "x"}) == FORBIDDEN
        )
        entry = await ann.entry(group)
        assert (entry["suspended"], entry["may_post"]) == (True, False)
        assert (await ann.snapshot(group))["suspended"]
    new = {"key": str(uuid7()), "name": "x"}
    assert await ann.refused("POST", f"/api/groups/{club}/channels", new) == FORBIDDEN
    assert await ann.refused("PATCH", f"/api/groups/{club}", {"name": "x"}) == FORBIDDEN
    assert await ann.refused("PATCH", f"/api/groups/{room}", {"name": "x"}) == FORBIDDEN
    assert await ann.refused("PATCH", f"/api/messages/{name}", {"text": "x"}) == FORBIDDEN
    assert await ann.refused("PUT", f"/api/messages/{name}/emotes/👍") == FORBIDDEN
    assert await ann.refused("POST", f"/api/groups/{board}/members", {"users": [ben.user]}) == FORBIDDEN
    cleo = await house.person("Cleo")
    assert (await cleo.call("POST", "/api/clubs/join", {"code": code})).is_error
    assert club not in await cleo.groups()
    assert [message["text"] for message in (await ben.page(club))["messages"]] == ["before"]
    await suspend(hilda, club, on=False)
    await ben.post(room, "open again")
    await cleo.join(code)
    entries = (await ann.ok("GET", f"/api/groups/{club}/audit"))["entries"]
    told = [(entry["what"], entry["by"]) for entry in entries if "room" not in entry["what"]]
    assert told == [("club_reopened", None), ("club_suspended", None)]


async def test_what_is_no_club_or_no_more_cannot_be_suspended(house: House, hilda: Person) -> None:
    club, [ann] = await house.club("Ann")
    room = await ann.channel(club)
    for group in (room, 10**15, 2**63):
        assert await hilda.refused("PATCH", f"/api/host/clubs/{group}", {"suspended": True}) == UNKNOWN
    await suspend(hilda, club)
    await ann.ok("DELETE", f"/api/groups/{club}", {"name": "Chess club"})  # its owner may always end it
    assert await hilda.refused("PATCH", f"/api/host/clubs/{club}", {"suspended": False}) == UNKNOWN
    assert (await listed(hilda, club))["deleted"]


async def test_a_host_sees_how_full_the_disk_is(hilda: Person) -> None:
    found = await hilda.ok("GET", "/api/host/place")
    assert found["database_bytes"] > found["messages_bytes"] > 0
    assert found["clubs"] >= 0
    assert found["people"] >= 1


async def test_messages_are_kept_for_thirty_days_at_least_or_for_ever(hilda: Person) -> None:
    try:
        for wrong in (29, 0, -1, 40_000, "30"):
            assert await hilda.refused("PUT", "/api/host/keeping", {"days": wrong}) == (400, "invalid_field")
        await hilda.ok("PUT", "/api/host/keeping", {"days": 400})
        assert (await hilda.ok("GET", "/api/host/place"))["keep_days"] == 400
    finally:
        await hilda.ok("PUT", "/api/host/keeping", {"days": None})
    assert (await hilda.ok("GET", "/api/host/place"))["keep_days"] is None
