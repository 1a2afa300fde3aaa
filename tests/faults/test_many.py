"""F10: a server with very many people in one club is killed. They come back by themselves, all at once."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from clubroom.dba.pool import POOL_CONNECTIONS_MAX
from faults.audience import listening
from faults.client import Talk
from faults.conftest import Amount
from faults.crowd import writing
from faults.server import Server, serving
from house.pause import pause

TALK = Talk(
    between_s=(0.0, 6.0)
)  # of a writer; of all together a quarter, and each message is told thousands of times
HEARTBEAT = {"CLUBROOM_HEARTBEAT_MS": "25000"}
ACKS = 8
LIVE_S = 15.0
LOOK_S = 0.1
OURS = "select count(*) from pg_stat_activity where application_name = 'clubroom'"

Tell = Callable[[str], None]


@asynccontextmanager
async def counting(server: Server) -> AsyncIterator[list[int]]:
    """How many connections the server has to its database, again and again."""
    found: list[int] = []

    async def count() -> None:
        async with server.owner() as owner:
            while True:
                found.append(await owner.fetchval(OURS))
                await pause(LOOK_S)

    async with asyncio.TaskGroup() as tasks:
        counting = tasks.create_task(count())
        yield found
        counting.cancel()


async def test_everybody_is_back_soon_after_a_kill_and_nothing_is_lost(
    data: Path, amount: Amount, seed: int, tell: Tell
) -> None:
    now, rng = asyncio.get_running_loop().time, random.Random(seed)
    async with (
        serving(data, environment=HEARTBEAT) as server,
        writing(server, rng, talk=TALK) as crowd,
        listening(crowd, amount.listeners) as audience,
    ):
        await crowd.more_acks(ACKS)
        moment = now()
        await server.kill()
        await server.start()
        opened = now() - moment
        async with counting(server) as connections:
            took = await audience.all_live(moment)
        verdict = await crowd.settle()
        await audience.all_have(len(crowd.clients[0].diary.applied))
    tell(
        f"F10, {amount.listeners:,} devices: open again after {opened:.1f} s, all live after {took:.1f} s,"
        f" {max(connections)} database connections: {verdict}"
    )
    assert not verdict.faults
    assert audience.doubled == 0
    assert took < LIVE_S
    assert max(connections) <= POOL_CONNECTIONS_MAX
