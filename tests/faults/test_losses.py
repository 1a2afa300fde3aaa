"""F8 and its kin: messages get lost on the way although they were sent, and connections break at any byte."""

import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from faults.client import JITTER
from faults.crowd import writing
from faults.server import HEARTBEAT_S, serving
from faults.sieve import Messages
from house.line import Line, to_port

SHARE = 0.3
ACKS = 60
BUSY_S = 1.0  # the machine
CUT_AT = (0, 4.3)  # as powers of ten: from the first byte on

Tell = Callable[[str], None]


class Loss:
    """Takes a share of all `actions`. `taken` counts them."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.share = SHARE
        self.taken = 0

    def takes(self, message: bytes) -> bool:
        takes = b'{"type":"actions"' in message[:30] and self.rng.random() < self.share
        self.taken += takes
        return takes


@asynccontextmanager
async def lying(line: Line) -> AsyncIterator[str]:
    """The address at which it carries."""
    await line.lay()
    yield f"http://127.0.0.1:{line.port}"
    await line.close()


async def test_lost_messages_are_found_missing_and_the_last_one_within_a_heartbeat(
    data: Path, seed: int, tell: Tell
) -> None:
    rng = random.Random(seed)
    loss = Loss(rng)
    async with serving(data) as server:
        line = Line(to_port(server.port))
        line.down.sieve = lambda: Messages(loss.takes)
        async with lying(line) as url, writing(server, rng, [[server.url], [url]]) as crowd:
            await crowd.more_acks(ACKS)
            meanwhile, loss.share = loss.taken, 1.0
            verdict = await crowd.settle()
    tell(f"F8: {loss.taken:,} messages taken away, the last missed after {crowd.tail_s:.1f} s: {verdict}")
    assert not verdict.faults
    assert 0 < meanwhile < loss.taken
    assert crowd.tail_s < JITTER[1] * HEARTBEAT_S + BUSY_S


async def test_connections_that_break_at_any_byte_lose_nothing(data: Path, seed: int, tell: Tell) -> None:
    rng = random.Random(seed)
    async with serving(data) as server:
        line = Line(to_port(server.port))
        line.up.cut_at = line.down.cut_at = lambda: int(10 ** rng.uniform(*CUT_AT))
        async with lying(line) as url, writing(server, rng, [[server.url], [url]]) as crowd:
            await crowd.more_acks(ACKS)
            line.up.cut_at = line.down.cut_at = None
            verdict = await crowd.settle()
            ends = sum(len(client.lived) for client in crowd.clients)
    tell(f"F8, lines that break at any byte: {ends} sockets ended: {verdict}")
    assert not verdict.faults
    assert ends
