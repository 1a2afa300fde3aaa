"""Places go to whoever came first, however many come at once: worked out anew from the log alone."""

import asyncio
import os
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx
import pytest

from clubroom.dba.embedded import EmbeddedPostgres
from house.events import made
from house.person import Person
from house.places import Places
from house.server import House
from house.uuid7 import uuid7

LONG = os.environ.get("CLUBROOM_VERIFY") == "long"
PEOPLE, RUNS = (200, 50) if LONG else (60, 3)
PLACES = 20
AT_ONCE = 24
LINE = "clubroom._line(bigint, text, uuid)"


async def unseen(_: Person) -> None:
    """No look of F17 after each of so many answers: the log itself is looked at."""


async def crowd(house: House, n: int) -> tuple[int, list[Person]]:
    """A club of so many, and their labels: every third is a tenor."""
    owner = await house.person("Ann", with_email=True)
    owner.changed = unseen
    club = await owner.create_club()
    people = [await house.person(f"Member {number}") for number in range(n)]
    for person in people:
        person.changed = unseen
        await person.join(club["code"])
    return club["group"], [owner, *people]


async def labelled(owner: Person, club: int, people: list[Person]) -> list[dict[str, Any]]:
    """12 places for sopranos, 8 for tenors."""
    said: list[dict[str, Any]] = []
    for number, (name, places) in enumerate((("Soprano", 12), ("Tenor", 8))):
        label = str(uuid7())
        carriers = [person.user for at, person in enumerate(people) if (at % 3 == 0) == (number == 1)]
        await owner.ok("PUT", f"/api/groups/{club}/labels/{label}", {"name": name})
        await owner.ok("POST", f"/api/groups/{club}/labels/{label}/members", {"add": carriers})
        said.append({"label": label, "places": places})
    return said


async def answer_at_once(people: list[Person], event: str, dice: random.Random) -> None:
    """Everybody comes; many change their minds, take what they are offered, or bring somebody."""
    turns = [(person, "going", dice.choice([0, 0, 0, 1])) for person in people]
    turns += [(person, "no", 0) for person in dice.sample(people, len(people) // 2)]
    turns += [(person, "going", 0) for person in dice.sample(people, len(people) // 2)]
    dice.shuffle(turns)
    few = asyncio.Semaphore(AT_ONCE)

    async def one(person: Person, answer: str, guests: int) -> None:
        body = {"key": "once", "answer": answer, "guests": guests}
        async with few:
            try:
                said = await person.call("PUT", f"/api/events/{event}/answer", body)
            except httpx.TransportError:  # it was idle for too long; the same answer again changes nothing
                said = await person.call("PUT", f"/api/events/{event}/answer", body)
        assert said.is_success or said.json()["code"] == "full", said.text

    await asyncio.gather(*(one(*turn) for turn in turns))


async def worked_out(owner: Person, event: str, group: int, places: dict[str | None, int]) -> list[str]:
    """What is wrong by the log, or differs between it and what is shown."""
    seen = Places(places)
    for action in await owner.actions(group):
        if action["type"] == "event_answered":
            seen.hear(action)
    seen.end()
    shown = (await owner.ok("GET", f"/api/events/{event}/answers?key=once"))["answers"]
    by_log = (sorted(set(seen.held) - seen.offered), sorted(seen.offered), list(seen.line))
    by_list = (
        sorted(one["user"] for one in shown if one["standing"] == "in"),
        sorted(one["user"] for one in shown if one["standing"] == "offered"),
        [one["user"] for one in shown if one["standing"] == "waiting"],
    )
    return seen.faults + ([] if by_log == by_list else [f"{by_log} is shown as {by_list}"])


@pytest.mark.parametrize("by_label", [False, True], ids=["in total", "by label"])
async def test_however_many_answer_at_once_the_first_have_the_places_and_the_next_wait_in_order(
    house: House, by_label: bool
) -> None:
    club, [owner, *people] = await crowd(house, PEOPLE)
    label_places = await labelled(owner, club, people) if by_label else []
    places: dict[str | None, int] = {one["label"]: one["places"] for one in label_places} or {None: PLACES}
    said = {"label_places": label_places} if by_label else {"places": PLACES}
    for run in range(RUNS):
        event, group = await made(owner, club, guests=1, **said)
        await answer_at_once(people, event, random.Random(run))
        assert await worked_out(owner, event, group, places) == []
        await owner.ok("DELETE", f"/api/events/{event}")


async def test_whoever_lets_the_last_in_first_is_found_out(house: House, postgres: EmbeddedPostgres) -> None:
    """F22: a fault that is sown on purpose."""
    club, [owner, *people] = await crowd(house, 30)
    event, group = await made(owner, club, guests=1, places=10)
    async with sown(postgres, "order by a.queued_seq ", "order by a.queued_seq desc "):
        await answer_at_once(people, event, random.Random(7))
        found = await worked_out(owner, event, group, {None: 10})
    assert any("before whoever waited longer" in fault for fault in found)


async def test_twenty_at_once_for_the_last_seat_one_is_in_and_nineteen_wait(house: House) -> None:
    """Abuse 11."""
    club, [owner, *people] = await crowd(house, 20)
    event, _ = await made(owner, club, places=1)
    body = {"key": "once", "answer": "going"}
    answers = await asyncio.gather(
        *(person.call("PUT", f"/api/events/{event}/answer", body) for person in people)
    )
    said = sorted(answer.json()["standing"] for answer in answers)
    assert said == ["in"] + ["waiting"] * 19


@asynccontextmanager
async def sown(postgres: EmbeddedPostgres, old: str, new: str) -> AsyncIterator[None]:
    """The line in another order, until the block ends."""
    connection = await asyncpg.connect(postgres.owner_dsn)
    try:
        sound = await connection.fetchval("select pg_get_functiondef($1::regprocedure)", LINE)
        assert sound.count(old) == 1
        await connection.execute(sound.replace(old, new))
        try:
            yield
        finally:
            await connection.execute(sound)
    finally:
        await connection.close()
