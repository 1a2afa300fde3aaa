"""Workers that are killed at any point write each reminder and each offer exactly once (F13)."""

import asyncio
import os
import random
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clubroom.dba.embedded import EmbeddedPostgres
from house.databases import dsn
from house.device import Frame
from house.pause import pause
from house.person import Person
from house.uuid7 import uuid7
from house.within import within
from notification.post_office import PostOffice

SCRIPT = Path(__file__).parent / "event_jobs.py"
LONG = os.environ.get("CLUBROOM_VERIFY") == "long"
ROUNDS = 30 if LONG else 2  # for each moment at which something is due
PEOPLE = 40 if LONG else 10
DAYS = 4 if LONG else 1
WORKERS = 2
LIVES_S = 0.06  # at most, from when it begins
DAY = timedelta(days=1)
START = (datetime.now(UTC) + timedelta(days=200)).replace(hour=18, minute=30, second=0, microsecond=0)
LOCAL = "%Y-%m-%dT%H:%M"


Reminder = tuple[str, str, int]


def doubled_or_missed(found: Counter[Reminder], due: set[Reminder]) -> dict[Reminder, int]:
    """What does not stand there exactly once."""
    return {one: found[one] for one in found.keys() | due if found[one] != 1 or one not in due}


class Workers:
    """Processes that do the jobs of events of one database."""

    def __init__(self, address: str, rng: random.Random) -> None:
        self.address = address
        self.rng = rng
        self.killed = 0

    async def begin(self, moment: datetime) -> Process:
        """One that works on what is due at this moment."""
        said = [self.address, moment.isoformat(), str(2 * PEOPLE)]
        process = await asyncio.create_subprocess_exec(sys.executable, str(SCRIPT), *said, stdout=PIPE)
        assert process.stdout is not None
        async with within(60, "a worker had begun"):
            assert await process.stdout.readline() == b"begins\n"
        return process

    async def _live_and_die(self, moment: datetime) -> None:
        process = await self.begin(moment)
        await pause(self.rng.uniform(0, LIVES_S))
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        self.killed += await process.wait() == -signal.SIGKILL

    async def killed_again_and_again(self, moment: datetime, times: int) -> None:
        """Several at once, each killed somewhere; then one that comes to its end."""
        for _ in range(times):
            await asyncio.gather(*(self._live_and_die(moment) for _ in range(WORKERS)))
        last = await self.begin(moment)
        async with within(120, "all that was due was done"):
            assert await last.wait() == 0


async def series(ann: Person, club: int, count: int) -> tuple[str, int, list[str]]:
    """An event of so many days, its group, and the keys of its occurrences."""
    event = str(uuid7())
    new = {"name": "Rehearsal", "zone": "UTC", "group": club, "start": START.strftime(LOCAL)}
    made = await ann.ok("PUT", f"/api/events/{event}", new | {"rule": f"FREQ=DAILY;COUNT={count}"})
    return event, made["group"], [(START + n * DAY).strftime(LOCAL) for n in range(count)]


async def full(ann: Person, club: int, people: list[Person]) -> tuple[str, int]:
    """An event with one place, which the first has and all others wait for."""
    event = str(uuid7())
    late = (START + 150 * DAY).strftime(LOCAL)
    new = {"name": "Trip", "zone": "UTC", "group": club, "start": late, "places": 1}
    made = await ann.ok("PUT", f"/api/events/{event}", new)
    for person in people:
        await person.ok("PUT", f"/api/events/{event}/answer", {"key": "once", "answer": "going"})
    return event, made["group"]


async def own_log(person: Person) -> list[Frame]:
    [own] = [each["group"] for each in (await person.me())["groups"] if each["kind"] == "self"]
    return await person.actions(own)


async def test_workers_that_are_killed_at_any_point_write_each_reminder_and_each_offer_once(
    office: PostOffice, postgres: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    seed = int(os.environ.get("CLUBROOM_SEED") or random.randrange(1_000_000))
    sys.stdout.write(f"seed {seed}\n")
    club, people = await office.house.club("Ann", *(f"P{n}" for n in range(PEOPLE - 1)))
    event, event_group, keys = await series(people[0], club, DAYS)
    for person in people:
        for key in keys:
            await person.ok("PUT", f"/api/events/{event}/answer", {"key": key, "answer": "going"})
    await office.phone(people[1])
    trip, trip_group = await full(people[0], club, people)
    await people[0].ok("PUT", f"/api/events/{trip}/answer", {"key": "once", "answer": "no"})
    workers = Workers(dsn(postgres, "clubroom_app", "told"), random.Random(seed))
    moments = [START + n * DAY - before for n in range(DAYS) for before in (DAY, timedelta(hours=1))]
    for moment in sorted(moments):
        await workers.killed_again_and_again(moment, ROUNDS)

    due = {(person.user, key, minutes) for person in people for key in keys for minutes in (1440, 60)}
    found: Counter[Reminder] = Counter()
    for person in people:
        reminders = [one for one in await own_log(person) if one["type"] == "event_reminded"]
        found.update((person.user, one["key"], one["minutes"]) for one in reminders)
    assert doubled_or_missed(found, due) == {}
    log = [one for one in await people[0].actions(trip_group) if one["type"] == "event_answered"]
    offered = [one["user"] for one in log if one["standing"] == "offered"]
    assert offered == [person.user for person in people[1:]]  # each once, and in the order of the list
    lapsed = [one["user"] for one in log if one["standing"] == "out" and "by" not in one]
    assert lapsed == offered
    pushed = await office.writer.fetch(
        "select about ->> 'what' as what, about ->> 'key' as key, count(*) as n from pushes"
        " where kind = 'event' and group_id = any($1) group by 1, 2",
        [event_group, trip_group],
    )
    told = {(row["what"], row["key"]): row["n"] for row in pushed}
    assert told == {("reminder", key): 2 for key in keys} | {("offer", "once"): 1}
    assert workers.killed > 0


def test_a_reminder_that_stands_twice_and_one_that_is_missing_are_found() -> None:
    found: Counter[Reminder] = Counter({("ann", "once", 60): 2, ("ben", "once", 60): 1})
    due = {("ann", "once", 60), ("ben", "once", 60), ("cem", "once", 60)}
    assert doubled_or_missed(found, due) == {("ann", "once", 60): 2, ("cem", "once", 60): 0}
