"""Two servers that keep who is online in one Redis, which may go away and come back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import msgspec
import pytest

from clubroom.app.settings import Settings
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.pool import Database
from house.device import Device, Frame
from house.person import Person
from house.redis_server import RedisProcess, redis_running
from house.server import House, running
from house.within import within

SOON_S = 5.0  # two seconds at most; a busy machine is given more


@pytest.fixture
async def redis() -> AsyncIterator[RedisProcess]:
    async with redis_running(password="a:b/c") as server:
        yield server


@pytest.fixture
async def houses(
    database: Database, postgres: EmbeddedPostgres, settings: Settings, redis: RedisProcess
) -> AsyncIterator[list[House]]:
    """Side by side, each with connections of its own."""
    async with AsyncExitStack() as stack:
        found = []
        for _ in range(2):
            db = await Database.open(postgres.app_dsn, pool_max=3)
            stack.push_async_callback(db.close)
            shared = msgspec.structs.replace(settings, redis=redis.address)
            found.append(await stack.enter_async_context(running(db, shared)))
        yield found
        for house in found:
            await house.everyone_leaves()


def newest(device: Device, person: Person) -> tuple[bool, bool] | None:
    """The last word about this person: whether they are here, and whether idle."""
    about = [f for f in device.heard("signal") if f["kind"] == "presence" and f["user"] == person.user]
    return (about[-1]["on"], about[-1].get("idle", False)) if about else None


def idle_again(frames: list[Frame], person: Person) -> bool:
    return any(f.get("kind") == "presence" and f["user"] == person.user and f.get("idle") for f in frames)


async def test_while_the_store_is_away_the_chat_goes_on_and_when_it_is_back_everybody_is_named_again(
    houses: list[House], redis: RedisProcess
) -> None:
    here, there = houses
    club, [ann, ben] = await here.club("Ann", "Ben")
    hers, laptop = await ann.device(), await ben.device()
    await hers.send(type="watch", group=club, on=True)
    phone = await Device.open(there.url)
    await phone.hello(ben.token)
    await phone.send(type="watch", group=club, on=True)
    await hers.until(lambda: newest(hers, ben) == (True, False))
    await laptop.leave()
    both = sorted([ann.user, ben.user])
    both_here = {"n": 2, "users": both, "idle": []}
    async with within(SOON_S, "the phone is known, and the laptop is not missed"):
        while await ann.ok("GET", f"/api/groups/{club}/online") != both_here:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    await redis.kill()
    assert await ann.refused("GET", f"/api/groups/{club}/online") == (503, "unavailable")
    await ben.post(club, "does anybody hear me?")
    await hers.until(lambda: [a for a in hers.actions(club) if a.get("text")])
    await phone.send(type="watch", group=club, on=False)
    heard = len(hers.frames)
    await redis.start()
    for house in houses:
        house.process.watch.renewed_at = float("-inf")  # ten seconds later, so that nobody has to wait
    await hers.until(lambda: idle_again(hers.frames[heard:], ben))
    named = {"n": 2, "users": both, "idle": [ben.user]}
    async with within(SOON_S, "each server named its people again"):
        while await ann.ok("GET", f"/api/groups/{club}/online") != named:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await phone.leave()
