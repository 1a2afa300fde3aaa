"""F12: the clocks of two servers of three are an hour wrong. Only the database's clock counts."""

import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from clubroom.wire import Close
from faults.crowd import writing
from faults.server import Server, serving, serving_beside
from house.line import Line, Streams, to_port

FAKETIME = "usr/lib/*/faketime/libfaketime.so.1"
MOVES = 4
ACKS = 25
FAR_OFF = timedelta(minutes=5)

Tell = Callable[[str], None]


def wrong_by(hours: str) -> dict[str, str]:
    """The environment of a server whose clock is wrong; what measures how long something takes is right."""
    library = next(Path("/").glob(FAKETIME), None)
    assert library is not None, "This needs Debian's package libfaketime."
    return {"LD_PRELOAD": str(library), "FAKETIME": hours, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


@asynccontextmanager
async def three_clocks(data: Path) -> AsyncIterator[list[Server]]:
    """One database, three servers. The first has the right time, as the database has."""
    async with (
        serving(data) as right,
        serving_beside(right, "fast", **wrong_by("+1h")) as fast,
        serving_beside(right, "slow", **wrong_by("-1h")) as slow,
    ):
        yield [right, fast, slow]


async def test_clocks_that_are_an_hour_wrong_change_nothing(data: Path, seed: int, tell: Tell) -> None:
    begun, rng = datetime.now(UTC), random.Random(seed)
    async with three_clocks(data) as servers, AsyncExitStack() as stack:

        async def to_any(near: Streams) -> Streams:
            return await to_port(rng.choice(servers).port)(near)

        line = Line(to_any)
        await line.lay()
        stack.push_async_callback(line.close)
        async with writing(servers[0], rng, [[f"http://127.0.0.1:{line.port}"]]) as crowd:
            for _ in range(MOVES):
                await crowd.more_acks(ACKS)
                for client in crowd.clients:
                    await client.refresh()  # with a token of any of the servers …
                line.reset()  # … everybody goes to any of them
            verdict = await crowd.settle()
            log = await crowd.clients[0].person.actions(crowd.clients[0].group)
            codes = sum((client.codes for client in crowd.clients), Counter[int]())
    tell(f"F12, one clock an hour fast, one an hour slow: {verdict}")
    assert not verdict.faults
    assert codes[Close.TOKEN] == 0, "a token of one server is as good at the others"
    moments = [datetime.fromisoformat(action["at"]) for action in log]
    assert moments == sorted(moments)
    assert begun - FAR_OFF < moments[0] <= moments[-1] < begun + FAR_OFF
