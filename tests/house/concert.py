"""An event, and what people say to it."""

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
    """Its id, and its group."""
    event = str(uuid7())
    answer = await person.ok("PUT", f"/api/events/{event}", CONCERT | {"group": group} | said)
    return event, answer["group"]


async def says(person: Person, event: str, answer: str, key: str = "once", **more: Any) -> str:
    """What comes of it."""
    said = await person.ok("PUT", f"/api/events/{event}/answer", {"key": key, "answer": answer} | more)
    return str(said["standing"])
