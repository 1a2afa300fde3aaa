"""Events of a room that is archived take no part in life, until it is opened again."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx

from clubroom.dba import events, reminders
from clubroom.dba.pool import Database
from house.events import made, says, standings
from house.person import Json, Person
from house.server import House
from house.uuid7 import uuid7

FORBIDDEN = (403, "forbidden")
DAY = timedelta(days=1)


async def archive(person: Person, room: int, *, on: bool = True) -> None:
    await person.ok("PATCH", f"/api/groups/{room}", {"archived": on})


async def says_in(person: Person, group: int, text: str = "Who has the keys?") -> tuple[int, str]:
    return await person.refused("PUT", f"/api/messages/{uuid7()}", {"group": group, "text": text})


async def awaiting(person: Person) -> list[Json]:
    """Events that wait for their answer."""
    found = await person.ok("GET", "/api/activity")
    return [one for one in found["entries"] if one["kind"] == "event"]


async def test_the_chat_of_an_event_is_closed_as_the_room_is_that_is_archived(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    room = await ann.channel(club)
    await ben.ok("PUT", f"/api/groups/{room}/follow", {"on": True})
    _, group = await made(ann, room)
    said = await ben.post(group, "May I bring cake?")
    await archive(ann, room)
    for person in (ann, ben):
        assert await says_in(person, room) == await says_in(person, group) == FORBIDDEN
        entry = await person.entry(group)
        assert (entry["may_post"], entry["archived"]) == (False, True)
    path = f"/api/messages/{said['id']}"
    assert await ben.refused("PATCH", path, {"text": "May I bring tea?"}) == FORBIDDEN
    assert await ann.refused("PUT", f"{path}/emotes/%F0%9F%91%8D") == FORBIDDEN
    await archive(ann, room, on=False)
    await ben.post(group, "And now?")
    entry = await ben.entry(group)
    assert (entry["may_post"], entry["archived"]) == (True, False)


async def test_an_event_of_an_archived_room_offers_nothing_and_stands_in_no_calendar(
    house: House, database: Database, client: httpx.AsyncClient
) -> None:
    club, [ann, ben, cem] = await house.club("Ann", "Ben", "Cem")
    room = await ann.channel(club)
    event, _ = await made(ann, room, places=1)
    for person in (ann, ben, cem):
        await says(person, event, "going")
    await says(ann, event, "no")
    calendar = urlsplit((await ben.ok("PUT", "/api/me/calendar"))["url"]).path
    assert "Autumn concert" in (await client.get(calendar)).text
    later = datetime.now(UTC) + 2 * DAY
    await archive(ann, room)
    while await events.lapse(database, moment=later):
        pass
    assert await standings(ann, event) == {ann.user: "out", ben.user: "offered", cem.user: "waiting"}
    assert "Autumn concert" not in (await client.get(calendar)).text
    await archive(ann, room, on=False)
    while await events.lapse(database, moment=later):
        pass
    assert await standings(ann, event) == {ann.user: "out", ben.user: "out", cem.user: "offered"}


async def test_an_event_of_an_archived_room_awaits_no_answer_and_reminds_nobody(
    house: House, database: Database
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    room = await ann.channel(club)
    start = (datetime.now(UTC) + 9 * DAY).replace(microsecond=0, second=0)
    event, _ = await made(ann, room, zone="UTC", start=f"{start:%Y-%m-%dT%H:%M}", end=None)
    await says(ann, event, "going")
    assert len(await awaiting(ben)) == 1
    await archive(ann, room)
    assert await awaiting(ben) == []
    while await reminders.remind(database, 100, moment=start - timedelta(minutes=30)):
        pass
    [own] = [one["group"] for one in (await ann.me())["groups"] if one["kind"] == "self"]
    assert [one for one in await ann.actions(own) if one["type"] == "event_reminded"] == []
