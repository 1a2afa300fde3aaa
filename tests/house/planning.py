"""Rehearsals, made and changed as every event is (house.events)."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from house import events
from house.person import Person

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
    return await events.made(person, group, **(REHEARSAL | said))


async def changed(person: Person, event: str, group: int, **said: Any) -> None:
    """As a rehearsal again, or otherwise."""
    await events.planned(person, group, event, **(REHEARSAL | said))


def at(local: str, zone: str = "Europe/Berlin") -> str:
    """A local time as the log tells it."""
    moment = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z"
