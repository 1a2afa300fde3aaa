"""A function that takes too long is killed wherever it is. Another one takes the next call, and nothing that
was acknowledged is lost, nor anything stored twice.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from clubroom.dba.embedded import EmbeddedPostgres
from house.databases import connected
from house.device import Device
from house.functions import DEADLINE_S, Functions, Lambda
from house.pause import pause
from house.person import Person
from house.uuid7 import uuid7
from house.within import within

SOON_S = 1.0  # sooner than the database and the queue are given up


@asynccontextmanager
async def killed_soon(function: Lambda) -> AsyncIterator[None]:
    """One of its calls is, until the block ends."""
    before, function.deadline_s = function.killed, SOON_S
    yield
    async with within(10, "a call took too long"):
        while function.killed == before:
            await pause(0.02)
    function.deadline_s = DEADLINE_S
    assert function.killed == before + 1


@asynccontextmanager
async def nobody_writes(postgres: EmbeddedPostgres) -> AsyncIterator[None]:
    """No message is stored until the block ends."""
    async with connected(postgres.owner_dsn) as owner, owner.transaction():
        await owner.execute("lock table clubroom.messages in exclusive mode")
        yield


def texts(device: Device, group: int) -> list[str]:
    return [action["text"] for action in device.log.get(group, []) if action["type"] == "message_posted"]


async def stored(person: Person, group: int) -> list[str]:
    return [message["text"] for message in (await person.page(group))["messages"]]


async def put(person: Person, group: int, name: UUID) -> int:
    """The status of a message that is sent."""
    said = {"group": group, "text": "once"}
    return (await person.call("PUT", f"/api/messages/{name}", said)).status_code


async def test_one_that_was_killed_before_its_commit_is_replaced_and_the_message_is_stored_once(
    house: Functions, postgres: EmbeddedPostgres
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    his, name = await ben.device(), uuid7()
    await ann.post(club, "before")
    async with nobody_writes(postgres), killed_soon(house.api.functions["chat"]):
        assert await put(ann, club, name) == 500
    assert await put(ann, club, name) in (200, 201)
    await his.until(lambda: "once" in texts(his, club))
    assert texts(his, club) == ["before", "once"]
    assert sorted(await stored(ann, club)) == ["before", "once"]


async def test_what_one_committed_that_was_killed_then_is_told_by_the_sweep(house: Functions) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    his, name = await ben.device(), uuid7()
    await ann.post(club, "before")
    await his.until(lambda: texts(his, club))
    await house.settled()
    house.api.silent = asyncio.Event()
    async with killed_soon(house.api.functions["chat"]):
        assert await put(ann, club, name) == 500
    house.api.silent.set()
    house.api.silent = None
    await house.settled()
    assert sorted(await stored(ben, club)) == ["before", "once"]
    assert texts(his, club) == ["before"]
    await house.sweep()
    await his.until(lambda: "once" in texts(his, club))
    assert (await ann.call("PUT", f"/api/messages/{name}", {"group": club, "text": "once"})).is_success
    await house.settled()
    assert texts(his, club) == ["before", "once"]


async def test_a_post_whose_function_was_killed_is_sent_again_by_the_same_socket(
    house: Functions, postgres: EmbeddedPostgres
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    hers, his, name = await ann.device(), await ben.device(), uuid7()
    await hers.post(club, "before")
    await house.settled()
    async with nobody_writes(postgres), killed_soon(house.api.functions["notification"]):
        await hers.send(type="post", group=club, id=str(name), text="once")
    assert hers.close_code is None
    assert len(hers.heard("ack")) == 1
    assert (await hers.post(club, "once", name))["type"] == "ack"
    await his.until(lambda: "once" in texts(his, club))
    await house.settled()
    assert texts(his, club) == ["before", "once"]
    assert sorted(await stored(ann, club)) == ["before", "once"]
