"""F1, F2, F3: processes are killed and stopped under load, and nothing that was acknowledged is lost."""

import asyncio
import random
import signal
from collections.abc import Callable
from pathlib import Path

from faults.client import pause
from faults.conftest import Amount
from faults.crowd import Crowd, p95, writing
from faults.server import Server, serving

FIRST_ACK_S = 20.0  # the bar is 10 s on a machine that does nothing else
MOVED_S = 42.0
ACKS_BETWEEN = (20, 200)


async def under_load(crowd: Crowd) -> float:
    """Until a random moment of the work; that moment. A few milliseconds more, so that a fault meets every
    stage of a commit and not always the moment after an answer.
    """
    await crowd.more_acks(crowd.rng.randint(*ACKS_BETWEEN))
    await pause(crowd.rng.uniform(0, 0.02))
    return asyncio.get_running_loop().time()


async def kill_server(server: Server, crowd: Crowd, times: int) -> list[float]:
    """With `kill -9`, then started again on the same folder. The waits of the writers, in seconds."""
    waits: list[float] = []
    for _ in range(times):
        moment = await under_load(crowd)
        await server.kill()
        await server.start()
        await crowd.everyone_acked_since(moment + 0.05)
        waits += crowd.waits(moment)
    return waits


async def test_ten_kills_of_the_server_lose_nothing(
    data: Path, amount: Amount, seed: int, tell: Callable[[str], None]
) -> None:
    async with serving(data) as server, writing(server, random.Random(seed)) as crowd:
        waits = await kill_server(server, crowd, amount.server_kills)
        verdict = await crowd.settle()
    tell(
        f"F1: {amount.server_kills} kills of the server: {verdict}; "
        f"p95 to first ack {p95(waits):.1f} s, seed {seed}"
    )
    assert not verdict.faults
    assert p95(waits) < FIRST_ACK_S


async def test_a_kill_of_postgresql_loses_nothing(
    data: Path, amount: Amount, seed: int, tell: Callable[[str], None]
) -> None:
    waits: list[float] = []
    async with serving(data) as server, writing(server, random.Random(seed)) as crowd:
        for _ in range(amount.postmaster_kills):
            moment = await under_load(crowd)
            killed = server.kill_postmaster()
            await crowd.everyone_acked_since(moment + 0.05)
            await crowd.more_acks(ACKS_BETWEEN[1])
            assert server.postmaster != killed
            waits += crowd.waits(moment)
        verdict = await crowd.settle()
    tell(
        f"F2: {amount.postmaster_kills} kills of PostgreSQL: {verdict}; "
        f"p95 to first ack {p95(waits):.1f} s, seed {seed}"
    )
    assert not verdict.faults
    assert p95(waits) < FIRST_ACK_S


async def test_a_stopped_server_goes_on_and_nothing_is_lost(
    data: Path, amount: Amount, seed: int, tell: Callable[[str], None]
) -> None:
    waits: list[float] = []
    async with serving(data) as server, writing(server, random.Random(seed)) as crowd:
        for _ in range(amount.stops):
            moment = await under_load(crowd)
            server.tell(signal.SIGSTOP)
            await pause(crowd.rng.uniform(0.3, 3))
            server.tell(signal.SIGCONT)
            await crowd.everyone_acked_since(asyncio.get_running_loop().time())
            waits += crowd.waits(moment)
        verdict = await crowd.settle()
    tell(
        f"F3: {amount.stops} stops of the server: {verdict}; "
        f"longest without an ack {max(waits):.1f} s, seed {seed}"
    )
    assert not verdict.faults
    assert max(waits) < MOVED_S
