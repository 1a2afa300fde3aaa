"""Two servers on one database: what happens on one is heard on the other, whatever the bus does (F7)."""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

import pytest

from clubroom.app.settings import Settings
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.migrate import migrate
from clubroom.dba.pool import Database
from clubroom.ports.bus import Hear, News
from clubroom.ports.bus.in_process import Air, InProcessBus
from house.device import Device, Frame
from house.person import Person
from house.server import House, running
from house.uuid7 import uuid7

POSTS = 120
LATE_S = 2.2


class Weather(InProcessBus):
    """A bus that is dead, loses, doubles and shuffles what it carries."""

    def __init__(self, air: Air, rng: random.Random, *, lost: float = 0.0, wild: bool = False) -> None:
        super().__init__(air)
        self.rng, self.lost, self.wild = rng, lost, wild
        self.held: list[News] = []

    def tell(self, news: News) -> None:
        if self.rng.random() < self.lost:
            return
        if not self.wild:
            super().tell(news)
            return
        self.held += [news] * self.rng.choice([1, 1, 2])
        self.rng.shuffle(self.held)
        others = self._others()
        while others and len(self.held) > 3:  # one that is alone by now tells nobody
            for _, hear in others:
                hear(self.held.pop())

    def _others(self) -> list[tuple[InProcessBus, Hear]]:
        return [(end, hear) for end, hear in self.air.ends.items() if end is not self][:1]


WEATHERS: dict[str, dict[str, Any]] = {"dead": {"lost": 1.0}, "lossy": {"lost": 0.3}, "wild": {"wild": True}}


@pytest.fixture
async def databases(postgres: EmbeddedPostgres) -> AsyncIterator[list[Database]]:
    """Each server has connections of its own."""
    await migrate(postgres.owner_dsn)
    found = [await Database.open(postgres.app_dsn) for _ in range(2)]
    yield found
    for database in found:
        await database.close()


@pytest.fixture(params=["notify", *WEATHERS])
async def houses(
    request: pytest.FixtureRequest, databases: list[Database], settings: Settings
) -> AsyncIterator[list[House]]:
    """Two servers with a bus in this weather."""
    air, rng = Air(), random.Random(7)
    async with AsyncExitStack() as stack:
        found = []
        for database in databases:
            bus = None if request.param == "notify" else Weather(air, rng, **WEATHERS[request.param])
            found.append(await stack.enter_async_context(running(database, settings, bus)))
        yield found
        for house in found:
            await house.everyone_leaves()


async def at(house: House, person: Person) -> Person:
    """The same person, at another server."""
    other = Person(house.http(), {"user": person.user, "access_token": person.token}, house.fresh.look)
    house.people.append(other)
    return other


class Ear:
    """Writes down when it heard what."""

    def __init__(self, device: Device, group: int) -> None:
        self.device = device
        self.group = group
        self.at: dict[str, float] = {}
        self.seen = 0
        self.listening = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        while True:
            await self.device.until(self._is_behind, within_s=60)
            for frame in self.device.frames[self.seen :]:
                if frame["type"] == "actions" and frame["group"] == self.group:
                    self._write_down(frame["actions"])
            self.seen = len(self.device.frames)

    def _is_behind(self) -> bool:
        return len(self.device.frames) > self.seen

    def _write_down(self, actions: list[Frame]) -> None:
        for action in actions:
            name = action.get("id", str(action["seq"]))
            assert name not in self.at, "heard twice"
            self.at[name] = time.monotonic()


async def test_everything_is_heard_on_both_servers_once_in_order_and_soon(houses: list[House]) -> None:
    """F7: the log is heard without a hole (the device holds every frame to that), at most 2.2 s late."""
    here, there = houses
    club, [ann, ben] = await here.club("Ann", "Ben")
    people = [ann, await at(there, ben)]
    devices = [await person.device() for person in people]
    ears = [Ear(device, club) for device in devices]
    sent: dict[str, float] = {}
    for n in range(POSTS):
        placed = await devices[n % 2].post(club, f"number {n}")
        assert placed["type"] == "ack", placed
        sent[placed["id"]] = time.monotonic()
    async with asyncio.timeout(20):
        while not all(sent.keys() <= ear.at.keys() for ear in ears):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    logs = [[a["seq"] for a in device.log[club]] for device in devices]
    assert logs[0] == logs[1] == sorted(logs[0])
    late = sorted(ear.at[name] - moment for ear in ears for name, moment in sent.items())
    assert late[len(late) * 99 // 100] <= LATE_S
    for ear in ears:
        ear.listening.cancel()


async def test_whoever_is_removed_on_one_server_hears_nothing_more_on_the_other(houses: list[House]) -> None:
    here, there = houses
    club, [ann, ben] = await here.club("Ann", "Ben")
    his = await (await at(there, ben)).device()
    await ann.remove(club, ben.user)
    await ann.post(club, "behind his back")
    await his.until(lambda: [a for a in his.actions(club) if a["type"] == "member_removed"])
    await his.send(type="ping")
    await his.until(lambda: his.heard("pong"))
    assert his.actions(club)[-1]["type"] == "member_removed"
    assert (await his.post(club, "still here"))["code"] == "not_found"


async def test_whoever_is_blocked_on_one_server_hears_nothing_more_of_club_and_rooms_on_the_other(
    houses: list[House],
) -> None:
    here, there = houses
    club, [ann] = await here.club("Ann")
    public = await ann.channel(club, "Open")
    private = await ann.channel(club, "Closed", private=True)
    code = await ann.ok("POST", f"/api/groups/{club}/codes", {"key": str(uuid7()), "rooms": [private]})
    ben = await here.person("Ben")
    await ben.join(code["code"])
    his = await (await at(there, ben)).device()
    for group in (club, public, private):
        await ben.post(group, "said before")
    await ann.ok("PUT", f"/api/groups/{club}/blocks/{ben.user}?erase=all")
    for group in (club, public, private):
        await ann.post(group, "behind his back")
    for group in (club, public, private):
        await his.until(partial(_cut, his, group))
    await his.send(type="ping")
    await his.until(lambda: his.heard("pong"))
    for group in (club, public, private):
        assert his.actions(group)[-1]["type"] == "member_removed"
        assert (await his.post(group, "still here"))["code"] == "not_found"


def _cut(device: Device, group: int) -> bool:
    return any(action["type"] == "member_removed" for action in device.actions(group))


async def test_whoever_joins_on_one_server_is_heard_and_hears_on_the_other(houses: list[House]) -> None:
    here, there = houses
    club, [ann] = await here.club("Ann")
    hers = await (await at(there, ann)).device()
    cleo = await there.person("Cleo")
    device = await cleo.device()
    code = (await ann.ok("GET", f"/api/groups/{club}/code"))["code"]
    elsewhere = await at(here, cleo)
    await elsewhere.join(code)
    await hers.until(lambda: [a for a in hers.actions(club) if a["type"] == "member_joined"])
    await device.until(lambda: "added_to_group" in kinds(device))
    await device.send(type="token", token=elsewhere.token)
    await ann.post(club, "welcome")
    await device.until(lambda: "welcome" in [a.get("text") for a in device.actions(club)])


@pytest.mark.parametrize("houses", ["notify"], indirect=True)
async def test_typing_and_reading_are_told_across_servers(houses: list[House]) -> None:
    here, there = houses
    club, [ann, ben] = await here.club("Ann", "Ben")
    hers, his = await ann.device(), await (await at(there, ben)).device()
    phone = await (await at(there, ann)).device()
    seq = (await hers.post(club, "hello"))["seq"]
    await hers.send(type="typing", group=club)
    await his.until(lambda: [s for s in his.heard("signal") if s["kind"] == "typing"])
    assert [s["user"] for s in his.heard("signal") if s["kind"] == "typing"] == [ann.user]
    await hers.send(type="read", group=club, seq=seq)
    await phone.until(lambda: [s for s in phone.heard("signal") if s["kind"] == "read"])
    assert [s["seq"] for s in phone.heard("signal") if s["kind"] == "read"] == [seq]
    assert [s for s in phone.heard("signal") if s["kind"] == "typing"] == []
    here_too = [s for s in his.heard("signal") if s["kind"] == "presence" and s["user"] == ann.user]
    await his.until(lambda: here_too or [s for s in his.heard("signal") if s.get("user") == ann.user])


def kinds(device: Device) -> set[str]:
    """Of the actions that it heard, in any group."""
    return {action["type"] for frame in device.heard("actions") for action in frame["actions"]}
