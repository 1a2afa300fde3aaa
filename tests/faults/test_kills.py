"""F1, F2, F3: processes are killed and stopped under load, and nothing that was acknowledged is lost."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import cycle
from pathlib import Path

import asyncpg

from clubroom.dba.pool import spoken
from clubroom.errors import Unavailable
from faults.check import Verdict
from faults.conftest import Amount
from faults.crowd import Crowd, p95, writing
from faults.server import Server, serving, serving_beside
from house.pause import pause

FIRST_ACK_S = 20.0  # the bar is 10 s on a machine that does nothing else
MOVED_S = 42.0
STOPPED_S = (0.3, 3.0)
ACKS_BETWEEN = (10, 80)
FAULTS_A_CROWD = 150  # then it is judged and another comes, so that nobody's diary fills the memory

Tell = Callable[[str], None]


async def under_load(crowd: Crowd) -> float:
    """Until a random moment of the work; that moment. A message has just gone out, and the fault meets it on
    its way in, at any stage of the commit, or on its way back.
    """
    await crowd.more_acks(crowd.rng.randint(*ACKS_BETWEEN))
    await crowd.until(lambda: any(client.waits for client in crowd.clients), "somebody sent a message")
    await pause(crowd.rng.uniform(0, 0.02))
    return asyncio.get_running_loop().time()


@asynccontextmanager
async def one_server(data: Path) -> AsyncIterator[list[Server]]:
    async with serving(data) as server:
        yield [server]


@asynccontextmanager
async def two_servers(data: Path) -> AsyncIterator[list[Server]]:
    """On one database."""
    async with serving(data) as first, serving_beside(first, "second") as second:
        yield [first, second]


async def withstand(
    house: AbstractAsyncContextManager[list[Server]],
    seed: int,
    times: int,
    befall: Callable[[Server, Crowd], Awaitable[object]],
) -> tuple[Verdict, list[float]]:
    """The same fault again and again, of any of the servers: what came of it, and how long each writer waited
    each time, in seconds. `befall` returns when nothing hinders the server any more.
    """
    rng, verdict, waits = random.Random(seed), Verdict(), []
    async with house as servers:
        doors = [[server.url for server in servers]]
        for begun in range(0, times, FAULTS_A_CROWD):
            async with writing(servers[0], rng, doors) as crowd:
                for _ in range(min(FAULTS_A_CROWD, times - begun)):
                    moment = await under_load(crowd)
                    await befall(rng.choice(servers), crowd)
                    await crowd.everyone_acked_since(asyncio.get_running_loop().time())
                    waits += crowd.waits(moment)
                verdict += await crowd.settle()
    return verdict, waits


async def test_kills_of_one_of_two_servers_lose_nothing(
    data: Path, amount: Amount, seed: int, tell: Tell
) -> None:
    async def kill(server: Server, _: Crowd) -> None:
        await server.kill()
        await server.start()

    verdict, waits = await withstand(two_servers(data), seed, amount.server_kills, kill)
    tell(f"F1: {amount.server_kills} kills, two servers: {verdict}; p95 to first ack {p95(waits):.1f} s")
    assert not verdict.faults  # how long a new process takes to start is the machine's affair


async def test_kills_of_postgresql_lose_nothing(data: Path, amount: Amount, seed: int, tell: Tell) -> None:
    async def kill(server: Server, _: Crowd) -> None:
        killed = server.kill_postmaster()
        await server.says("PostgreSQL is back.")
        assert server.postmaster != killed

    verdict, waits = await withstand(one_server(data), seed, amount.postmaster_kills, kill)
    tell(f"F2: {amount.postmaster_kills} kills of PostgreSQL: {verdict}; p95 to first ack {p95(waits):.1f} s")
    assert not verdict.faults
    assert p95(waits) < FIRST_ACK_S


def test_a_connection_that_postgresql_left_halfway_means_try_again() -> None:
    """asyncpg's word for a connection over which the last error has come and the end has not."""
    halfway = asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress")
    assert isinstance(spoken(halfway), Unavailable)


async def test_what_is_stopped_for_a_while_goes_on_and_nothing_is_lost(
    data: Path, amount: Amount, seed: int, tell: Tell
) -> None:
    database = cycle((False, True))

    async def stop(server: Server, crowd: Crowd) -> None:
        with server.stopped(server.database_pids if next(database) else [server.pid]):
            await pause(crowd.rng.uniform(*STOPPED_S))

    verdict, waits = await withstand(one_server(data), seed, amount.stops, stop)
    tell(f"F3: {amount.stops} stops of server and database: {verdict}; longest wait {max(waits):.1f} s")
    assert not verdict.faults
    assert max(waits) < MOVED_S
