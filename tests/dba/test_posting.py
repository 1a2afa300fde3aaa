"""The lane: who goes into one commit together."""

import asyncio

from clubroom.actions import MessagePosted, encode
from clubroom.dba.pool import Database
from clubroom.dba.posting import NewMessage, PostLane
from house.server import House
from house.uuid7 import uuid7

ROUNDS = 5


async def test_those_who_come_again_at_once_go_with_those_who_wait(house: House) -> None:
    club, [ann] = await house.club("Ann")
    key = house.process.tokens.verify(ann.token).key
    batches: list[int] = []
    database = Database(house.process.db.pool, lambda entries: batches.append(len(entries)))
    lane = PostLane(database)

    async def talk() -> None:
        for _ in range(ROUNDS):
            name = uuid7()
            body = encode(MessagePosted(id=name, author=ann.user, text="hello"))
            await lane.post(NewMessage(name, club, key, "hello", b"", body))

    lane.start()
    talking = [asyncio.create_task(talk())]
    while not batches:  # the first is under way alone; the others come meanwhile
        await asyncio.sleep(0)
        if len(talking) < 8:
            talking.append(asyncio.create_task(talk()))
    await asyncio.gather(*talking)
    await lane.stop()
    alone, *together, last = batches
    assert alone < 8
    assert set(together) == {8}
    assert last == 8 - alone
