"""Events that tests make and change."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from house.person import Person
from house.uuid7 import uuid7

REHEARSAL: dict[str, Any] = {
    "name": "Rehearsal",
    "zone": "Europe/Berlin",
    "start": "2036-10-16T19:00",
    "end": "2036-10-16T21:00",
    "rule": "FREQ=WEEKLY;COUNT=4",
    "place": "Lindenhof chapel",
}
"""Thursdays; between the second and the third the clocks change."""
KEYS = [f"2036-10-{day}T19:00" for day in (16, 23, 30)] + ["2036-11-06T19:00"]


async def made(person: Person, group: int, **said: Any) -> tuple[str, int]:
    """A rehearsal, or what is said otherwise: its id, and its group."""
    event = str(uuid7())
    answer = await person.ok("PUT", f"/api/events/{event}", REHEARSAL | {"group": group} | said)
    return event, answer["group"]


async def changed(person: Person, event: str, group: int, **said: Any) -> None:
    """As a rehearsal again, or otherwise."""
    await person.ok("PUT", f"/api/events/{event}/plan", REHEARSAL | {"group": group} | said)


async def says(person: Person, event: str, answer: str, key: str) -> None:
    """What somebody says to one occurrence."""
    await person.ok("PUT", f"/api/events/{event}/answer", {"key": key, "answer": answer})


def at(local: str, zone: str = "Europe/Berlin") -> str:
    """A local time as the log tells it."""
    moment = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z"
