"""F12: the clocks of two servers of three are an hour wrong. Only the database's clock counts."""

import random
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from faults.crowd import writing
from faults.server import serving, serving_beside

FAKETIME = "/usr/lib/*/faketime/libfaketime.so.1"
ACKS = 120
CLOSE = timedelta(minutes=5)

Tell = Callable[[str], None]


def wrong_by(hours: str) -> dict[str, str]:
    """The environment of a server whose clock is wrong; what measures how long something takes is right."""
    library = next(Path("/").glob(FAKETIME.lstrip("/")), None)
    assert library is not None, "This needs Debian's package libfaketime."
    return {"LD_PRELOAD": str(library), "FAKETIME": hours, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


async def test_clocks_that_are_an_hour_wrong_change_nothing(data: Path, seed: int, tell: Tell) -> None:
    begun = datetime.now(UTC)
    async with AsyncExitStack() as stack:
        right = await stack.enter_async_context(serving(data))
        fast = await stack.enter_async_context(serving_beside(right, "fast", **wrong_by("+1h")))
        slow = await stack.enter_async_context(serving_beside(right, "slow", **wrong_by("-1h")))
        doors = [[right.url, fast.url, slow.url], [fast.url, slow.url], [slow.url, right.url]]
        async with writing(right, random.Random(seed), doors) as crowd:
            await crowd.more_acks(ACKS)
            for server in (right, fast, slow):
                await server.kill()
                await server.start()
            verdict = await crowd.settle()
            log = await crowd.clients[0].person.actions(crowd.clients[0].group)
    tell(f"F12: {verdict}")
    assert not verdict.faults
    moments = [datetime.fromisoformat(action["at"]) for action in log]
    assert moments == sorted(moments)
    assert all(begun - CLOSE < moment < begun + CLOSE for moment in moments)
