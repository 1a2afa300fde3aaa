"""Forty people are online and talk, as their clients would: how many connections that takes, and what is
called for it. The counts go into .cache/reports/aws-operations.json; whoever works out costs reads a copy.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from clubroom.dba.embedded import EmbeddedPostgres
from house.databases import connected
from house.deployment import STACK, Deployed
from house.device import Device
from house.differences import HEARTBEAT_S
from house.fresh import FreshState
from house.ministack import TOP
from house.pause import pause
from house.person import Person
from house.pooler import SERVER_CONNECTIONS_MAX

PEOPLE = 40
MESSAGES = 20
MESSAGE_EVERY_S = 3.0
GOT_EVERY_S = 1.0  # as the client has it
LATE_S = 90.0
CONNECTIONS_MAX = 10
HEARTBEAT_MS = HEARTBEAT_S * 1000
REPORT = TOP / ".cache/reports/aws-operations.json"
COPY = TOP / "tests/fixtures/aws-operations.json"
SERVING = "select count(*) from pg_stat_activity where usename = 'clubroom_app' and datname = 'clubroom'"
Counts = dict[str, int]


class Unlooked(FreshState):
    """What is counted is what people ask, and not what F17 asks."""

    async def look(self, person: Person) -> None:
        """Nothing."""


class Crowd:
    """A club whose people are all online, and what was counted so far, by what they did."""

    def __init__(self, house: Deployed) -> None:
        self.house = house
        self.club = 0
        self.devices: list[Device] = []
        self.counted: dict[str, Counts] = {}
        self.connections_max = 0

    @asynccontextmanager
    async def counting(self, what: str) -> AsyncIterator[None]:
        before = await self._settled()
        yield
        after = await self._settled()
        grown = {name: n - before.get(name, 0) for name, n in after.items()}
        self.counted[what] = {name.replace(f"{STACK}-", ""): n for name, n in sorted(grown.items()) if n}

    async def _settled(self) -> Counts:
        """Until nothing more is called for: the worker may still be at it."""
        last: Counts = {}
        while (counts := await self.house.peer.counts()) != last:
            last = counts
            await pause(GOT_EVERY_S + 1)
        return counts

    def heard(self, seq: int) -> Any:
        return asyncio.gather(*(self._heard(device, seq) for device in self.devices))

    async def _heard(self, device: Device, seq: int) -> None:
        await device.until(lambda: device.cursors.get(self.club, 0) >= seq, LATE_S)


@asynccontextmanager
async def telling_what_they_got(crowd: Crowd) -> AsyncIterator[None]:
    """At most once a second, and only what is new, as the client does."""

    async def tell(device: Device) -> None:
        told = device.cursors.get(crowd.club, 0)
        while True:
            await pause(GOT_EVERY_S)
            if (got := device.cursors.get(crowd.club, 0)) != told:
                told = got
                await device.send(type="got", **{str(crowd.club): got})

    telling = [asyncio.create_task(tell(device)) for device in crowd.devices]
    try:
        yield
        await pause(GOT_EVERY_S * 2)
    finally:
        for task in telling:
            task.cancel()
        await asyncio.gather(*telling, return_exceptions=True)


@asynccontextmanager
async def watching_connections(crowd: Crowd, owner_dsn: str) -> AsyncIterator[None]:
    async def watch(owner: asyncpg.Connection) -> None:
        while True:
            crowd.connections_max = max(crowd.connections_max, await owner.fetchval(SERVING))
            await pause(0.05)

    async with connected(owner_dsn) as owner:
        task = asyncio.create_task(watch(owner))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@pytest.fixture(scope="module")
async def crowd(deployment: Deployed, postgres: EmbeddedPostgres) -> AsyncIterator[Crowd]:
    """Forty came, talked for a minute, and their clients gave a sign of life."""
    deployment.fresh = Unlooked()
    crowd = Crowd(deployment)
    crowd.club, people = await deployment.club(*(f"P{n}" for n in range(PEOPLE)))
    async with watching_connections(crowd, postgres.owner_dsn):
        async with crowd.counting("arriving"):
            crowd.devices = [await person.device() for person in people]
        async with crowd.counting("talking"), telling_what_they_got(crowd):
            for n in range(MESSAGES):
                ack = await crowd.devices[n % PEOPLE].post(
                    crowd.club, f"This is what {n} has to say about it."
                )
                await crowd.heard(ack["seq"])
                await pause(MESSAGE_EVERY_S)
        async with crowd.counting("heartbeats"):
            for device in crowd.devices:
                await device.send(type="ping")
            for device in crowd.devices:
                await device.until(lambda device=device: device.heard("pong"), LATE_S)  # type: ignore[misc]
    yield crowd
    await deployment.everyone_leaves()


async def test_forty_who_talk_share_at_most_ten_connections_of_the_database(crowd: Crowd) -> None:
    assert SERVER_CONNECTIONS_MAX <= CONNECTIONS_MAX
    assert 1 <= crowd.connections_max <= CONNECTIONS_MAX


async def test_a_sign_of_life_is_one_call_and_one_answer(crowd: Crowd) -> None:
    welcome = crowd.devices[0].heard("welcome")[0]
    assert welcome["heartbeat_ms"] == HEARTBEAT_MS
    heartbeats = crowd.counted["heartbeats"]
    assert heartbeats["frame in ping"] == PEOPLE
    assert heartbeats["call notification"] == PEOPLE
    assert heartbeats["frame out"] == PEOPLE


async def test_each_message_is_one_frame_to_each_who_is_there_and_wakes_the_worker_once_at_most(
    crowd: Crowd,
) -> None:
    talking = crowd.counted["talking"]
    assert talking["frame in post"] == MESSAGES
    assert talking["frame out"] == MESSAGES * (PEOPLE + 1)  # and the acknowledgement
    assert talking["frame in got"] <= MESSAGES * PEOPLE
    assert talking["call notification"] == talking["frame in"]
    assert talking["queue SendMessage"] <= 2 * MESSAGES  # the second for those who may be told later
    assert not [name for counts in crowd.counted.values() for name in counts if name.startswith("failed")]


async def test_what_was_called_for_it_is_written_down(crowd: Crowd) -> None:
    report = {
        "date": datetime.now(UTC).date().isoformat(),
        "online": PEOPLE,
        "messages": MESSAGES,
        "minutes": MESSAGES * MESSAGE_EVERY_S / 60,
        "heartbeat_ms": HEARTBEAT_MS,
        "connections_max": crowd.connections_max,
        **crowd.counted,
    }
    await asyncio.to_thread(written, REPORT, json.dumps(report, indent=2) + "\n")
    known = json.loads(COPY.read_text())
    assert known.keys() == report.keys()
    for what in ("arriving", "talking", "heartbeats"):
        for name in ("call notification", "frame out", "management POST"):
            assert known[what][name] == pytest.approx(report[what][name], rel=0.25), name  # type: ignore[index]


def written(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
