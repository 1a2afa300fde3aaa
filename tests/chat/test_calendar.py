"""Events in other people's calendars: at a secret address, by club, and as a file."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import pytest

from clubroom import wire
from clubroom.chat.events import calendar
from house.calendar_reader import read_by_others
from house.events import says
from house.person import Json, Person
from house.planning import KEYS, REHEARSAL, at, changed, made
from house.server import House
from house.uuid7 import uuid7

LOST = (404, "not_found")


async def addresses(person: Person) -> Json:
    return await person.ok("PUT", "/api/me/calendar")


async def asked(client: httpx.AsyncClient, address: str, **headers: str) -> httpx.Response:
    """By somebody who is not signed in."""
    return await client.get(urlsplit(address).path, headers=headers)


async def read(client: httpx.AsyncClient, address: str, zone: str = "Europe/Berlin") -> list[Json]:
    response = await asked(client, address)
    assert response.status_code == 200, response.text
    events: list[Json] = (await read_by_others(response.content, zone))["events"]
    return events


async def refused(client: httpx.AsyncClient, address: str) -> tuple[int, str]:
    response = await asked(client, address)
    return response.status_code, response.json()["code"]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
async def test_another_program_reads_every_rehearsal_of_two_years_at_seven(
    house: House, client: httpx.AsyncClient, zone: str
) -> None:
    club, [ann] = await house.club("Ann")
    said = {"zone": zone, "start": "2036-01-03T19:00", "end": "2036-01-03T21:00"}
    event, group = await made(ann, club, **said, rule="FREQ=WEEKLY;COUNT=104")
    occurrences = (await ann.entry(group))["event"]["occurrences"]
    found = await read(client, (await addresses(ann))["url"], zone)
    first = datetime(2036, 1, 3, 19)
    assert [one["wall"] for one in found] == [
        f"{first + timedelta(weeks=n):%Y-%m-%d %H:%M}" for n in range(104)
    ]
    assert [(_told(one["start"]), _told(one["end"])) for one in found] == [
        (_told(one["start"]), _told(one["end"])) for one in occurrences
    ]
    assert len({one["uid"] for one in found}) == 104
    file = await ann.call("GET", f"/api/events/{event}/calendar")
    assert (await read_by_others(file.content, zone))["events"] == found


async def test_a_calendar_tells_what_was_moved_or_cancelled_and_what_one_said(
    house: House, client: httpx.AsyncClient
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    event, group = await made(ann, club, text="Bring a pencil; and, please,\nwater", places=1)
    mine = (await addresses(ben))["url"]
    before = await read(client, mine)
    one = {"start": "2036-10-24T20:00", "end": "2036-10-24T22:00", "place": "Town hall, back door"}
    await changed(ann, event, club, text="Bring a pencil", places=1, scope="this", key=KEYS[1], **one)
    await ann.ok("DELETE", f"/api/events/{event}/occurrences/{KEYS[2]}")
    await says(ben, event, "going", KEYS[0])
    await says(ann, event, "going", KEYS[3])
    await says(ben, event, "going", KEYS[3])
    await says(ben, event, "no", KEYS[1])
    found = await read(client, mine)
    assert [(one["wall"], one["status"], one["summary"], one["busy"], one["place"]) for one in found] == [
        ("2036-10-16 19:00", "CONFIRMED", "Rehearsal (Going)", True, REHEARSAL["place"]),
        ("2036-10-24 20:00", "CONFIRMED", "Rehearsal (Can’t)", False, "Town hall, back door"),
        ("2036-10-30 19:00", "CANCELLED", "Rehearsal", False, REHEARSAL["place"]),
        ("2036-11-06 19:00", "CONFIRMED", "Rehearsal (Waiting list)", False, REHEARSAL["place"]),
    ]
    assert [one["uid"] for one in found] == [one["uid"] for one in before]
    assert all(now["sequence"] >= then["sequence"] for now, then in zip(found, before, strict=True))
    assert found[0]["description"].startswith("Bring a pencil; and, please,\nwater\n\n")
    assert found[0]["url"].endswith(f"/c/{group}")
    await ben.ok("PATCH", "/api/me", {"language": "de"})
    assert (await read(client, mine))[0]["summary"] == "Rehearsal (Dabei)"
    await ann.ok("DELETE", f"/api/events/{event}")
    assert {one["status"] for one in await read(client, mine)} == {"CANCELLED"}


async def test_each_club_has_an_address_of_its_own_and_who_left_finds_nothing(
    house: House, client: httpx.AsyncClient
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    cleo = await house.person("Cleo", with_email=True)
    other_club = await cleo.create_club("Chess club")
    other = other_club["group"]
    await ben.join(other_club["code"])
    await made(ann, club, rule=None)
    await made(cleo, other, name="Tournament", rule=None)
    found = await addresses(ben)
    by_club = {one["group"]: one["url"] for one in found["clubs"]}
    assert [one["summary"] for one in await read(client, found["url"])] == ["Rehearsal", "Tournament"]
    assert [one["summary"] for one in await read(client, by_club[other])] == ["Tournament"]
    named = await read_by_others((await asked(client, by_club[other])).content)
    assert named["name"] == "Chess club"
    await ann.remove(club, ben.user)
    assert [one["summary"] for one in await read(client, found["url"])] == ["Tournament"]
    assert await refused(client, by_club[club]) == LOST
    assert [one["group"] for one in (await addresses(ben))["clubs"]] == [other]


async def test_new_addresses_make_the_earlier_ones_open_nothing_at_once(
    house: House, client: httpx.AsyncClient
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    await made(ann, club, rule=None)
    old = await addresses(ben)
    assert await addresses(ben) == old, "they stay until one wants others"
    new = await ben.ok("POST", "/api/me/calendar")
    for one, another in zip([old, *old["clubs"]], [new, *new["clubs"]], strict=True):
        assert await refused(client, one["url"]) == LOST
        assert len(await read(client, another["url"])) == 1


async def test_an_address_that_is_not_quite_right_opens_nothing(
    house: House, client: httpx.AsyncClient
) -> None:
    club, [ann] = await house.club("Ann")
    found = await addresses(ann)
    path = urlsplit(found["url"]).path.removesuffix(".ics")
    nonce, _, proof = path.removeprefix("/calendar/").partition(".")
    of_club = urlsplit(found["clubs"][0]["url"]).path.removesuffix(".ics")
    wrong = [
        path, f"{path}.ICS", f"{path}.ics.ics", f"/calendar/{nonce}.{club}.{proof}.ics", f"{of_club}0.ics",
        f"/calendar/{nonce}.{proof[:-1]}.ics", f"/calendar/{nonce}.{'A' * 22}.ics",
        f"/calendar/{proof}.{nonce}.ics",
        f"/calendar/.{proof}.ics", "/calendar/.ics", f"/calendar/{'x' * 5_000}.ics", "/calendar/%00.ics",
        of_club.replace(f".{club}.", f".{club + 1}.") + ".ics", of_club.replace(f".{club}.", ".") + ".ics",
    ]  # fmt: skip
    for one in wrong:
        assert (await client.get(one)).status_code == 404, one


async def test_a_calendar_that_knows_the_newest_is_told_so_in_short(
    house: House, client: httpx.AsyncClient
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    event, _ = await made(ann, club, rule=None)
    address = (await addresses(ben))["url"]
    first = await asked(client, address)
    assert first.headers["content-type"] == "text/calendar; charset=utf-8"
    assert first.headers["cache-control"] == "private, no-cache"
    assert (first.headers["x-robots-tag"], first.headers["referrer-policy"]) == ("noindex", "no-referrer")
    again = await asked(client, address, **{"if-none-match": f'"other", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    await says(ben, event, "maybe", "once")
    changed_since = await asked(client, address, **{"if-none-match": first.headers["etag"]})
    assert changed_since.status_code == 200


async def test_a_calendar_has_what_one_is_asked_and_what_one_answered_to(
    house: House, client: httpx.AsyncClient
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    label = str(uuid7())
    await ann.ok("PUT", f"/api/groups/{club}/labels/{label}", {"name": "Tenors"})
    await made(ann, club, name="Tenors alone", rule=None, asked=[label])
    await made(ann, club, name="Some day", rule=None, start=None, end=None)
    await made(ann, club, name="Long ago", rule=None, start="2020-10-16T19:00", end="2020-10-16T21:00")
    mine = (await addresses(ben))["url"]
    assert await read(client, mine) == []
    await ann.ok("PUT", f"/api/groups/{club}/members/{ben.user}/labels", {"labels": [label]})
    assert [one["summary"] for one in await read(client, mine)] == ["Tenors alone"]


async def test_a_calendar_has_an_end_the_latest_are_left_out(
    house: House, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    club, [ann] = await house.club("Ann")
    await made(ann, club)
    monkeypatch.setattr(wire, "CALENDAR_OCCURRENCES_MAX", 3)
    found = await read(client, (await addresses(ann))["url"])
    assert [_told(one["start"]) for one in found] == [_told(at(key)) for key in KEYS[:3]]


async def test_who_reads_without_end_has_to_wait_and_nobody_else_has(
    house: House, client: httpx.AsyncClient
) -> None:
    _, [ann, ben] = await house.club("Ann", "Ben")
    address, other = (await addresses(ann))["url"], (await addresses(ben))["url"]
    most = int(calendar.READS_A_SECOND * calendar.READS_BURST_S)
    answered = await asyncio.gather(*(asked(client, address) for _ in range(most + 5)))
    assert [one.status_code for one in answered].count(200) in (most, most + 1)
    waiting = next(one for one in answered if one.status_code == 429)
    assert waiting.json()["code"] == "rate_limited"
    assert (await asked(client, other)).status_code == 200


async def test_the_file_of_an_event_is_for_who_may_read_it(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    room = await ann.channel(club, private=True)
    event, _ = await made(ann, room, rule=None)
    assert await ben.refused("GET", f"/api/events/{event}/calendar") == LOST
    assert await ben.refused("GET", f"/api/events/{UUID(int=0)}/calendar") == LOST
    file = await ann.call("GET", f"/api/events/{event}/calendar")
    assert file.headers["content-disposition"] == 'attachment; filename="event.ics"'


async def test_with_the_account_its_calendar_goes(house: House, client: httpx.AsyncClient) -> None:
    ben = await house.person("Ben")
    address = (await addresses(ben))["url"]
    assert await read(client, address) == []
    said = {"name": "Ben", "messages": True}
    gone = await ben.http.post("/api/me/deletion", json=said, headers=ben.headers)
    assert gone.is_success, gone.text
    assert await refused(client, address) == LOST


def _told(moment: str) -> datetime:
    return datetime.fromisoformat(moment)


def test_what_people_write_stays_what_they_wrote() -> None:
    """Lines, folds and commas are the calendar's own: none of them lets a text say anything else."""
    text = 'A\nEND:VEVENT\nBEGIN:VEVENT\\n;,"' + "ä" * 200
    line: dict[str, Any] = {
        "event": str(UUID(int=1)), "key": "once", "group": 1, "name": text.replace("\n", "\r"), "club": "C",
        "start": at(KEYS[0]), "changed": at(KEYS[0]), "text": text, "place": text,
    }  # fmt: skip
    made_of = wire.encode({"language": "en", "lines": [line]}).decode()
    said = calendar.in_words(made_of, "http://localhost")
    assert said.count(b"BEGIN:VEVENT\r\n") == said.count(b"END:VEVENT\r\n") == 1
    assert max(map(len, said.split(b"\r\n"))) <= 75
