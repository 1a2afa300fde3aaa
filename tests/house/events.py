"""Events, as people make and answer them."""

from typing import Any

from house.person import Person
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


async def planned(person: Person, group: int, event: str, **said: Any) -> None:
    """The event as it is to be from now on."""
    await person.ok("PUT", f"/api/events/{event}/plan", CONCERT | {"group": group} | said)


async def says(person: Person, event: str, answer: str, key: str = "once", **more: Any) -> str:
    """What comes of it."""
    said = await person.ok("PUT", f"/api/events/{event}/answer", {"key": key, "answer": answer} | more)
    return str(said["standing"])


async def standings(person: Person, event: str, key: str = "once") -> dict[str, str]:
    """How everybody stands, whoever waits in their order."""
    answers = await person.ok("GET", f"/api/events/{event}/answers?key={key}")
    return {one["user"]: one["standing"] for one in answers["answers"]}
