"""Events: made, shown, answered."""

from typing import Any

from house.person import Person
from house.server import House
from house.uuid7 import uuid7

CONCERT: dict[str, Any] = {
    "name": "Autumn concert",
    "zone": "Europe/Berlin",
    "start": "2036-11-28T18:30",
    "end": "2036-11-28T21:00",
    "place": "Lindenhof chapel",
}


async def made(person: Person, group: int, **said: Any) -> tuple[str, int]:
    """An event: its id, and its group."""
    event = str(uuid7())
    answer = await person.ok("PUT", f"/api/events/{event}", CONCERT | {"group": group} | said)
    return event, answer["group"]


async def says(person: Person, event: str, answer: str, key: str = "once", **more: Any) -> str:
    """What comes of it."""
    said = await person.ok("PUT", f"/api/events/{event}/answer", {"key": key, "answer": answer} | more)
    return str(said["standing"])


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
    assert await says(ben, event, "going") == "in"
    assert await says(ann, event, "going") == "waiting"
    assert await says(ben, event, "no") == "out"
    answers = await ann.ok("GET", f"/api/events/{event}/answers?key=once")
    assert {a["user"]: a["standing"] for a in answers["answers"]} == {ben.user: "out", ann.user: "offered"}
    assert answers["counts"] == {"going": 0, "maybe": 0, "no": 1, "waiting": 1, "taken": 1, "labels": {}}
    assert await says(ann, event, "going") == "in"
