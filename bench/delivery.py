"""How fast a room hears, beside a server that does nothing but tell: in a flood, and when little is said."""

from bench.child import raw_server
from bench.figure import Figure, Reference
from bench.flood import flood, note
from bench.orders import Seat
from bench.stage import Stage

POSTERS = 8
FLOOD_BAR = 300_000
RAW_NAMED = 800_000.0
"""Deliveries a second of such a raw server on the machine on which the bars were set."""

POSTS_A_SECOND = 10
PACE_TIMES = 2
"""So many times longer than a flood: of eighty posts a single slow one would be the 99th percentile."""

PACE_RATIO_BAR = 3.0
RAW_GROUP = 1


async def measure(stage: Stage) -> list[Figure]:
    """Both servers hold as many sockets at once, and the runs take turns."""
    hall = stage.town.halls[0]
    async with raw_server() as port:
        await stage.crowds.open("raw", port, [Seat("", RAW_GROUP)] * len(hall.people))
        await stage.crowds.open("hall", stage.server.port, stage.mint.seats(hall))
        figures = [*await _flooded(stage), *await _paced(stage)]
        await stage.crowds.leave("hall")
        await stage.crowds.leave("raw")
    return figures


async def _flooded(stage: Stage) -> list[Figure]:
    raw, hall = [], []
    for run in range(stage.effort.runs):
        stage.say(f"Delivering, run {run + 1}")
        raw.append(await stage.crowds.flood("raw", POSTERS, stage.effort.seconds))
        hall.append(await flood(stage, "hall", POSTERS))
    limit = [one.deliveries / one.seconds for one in raw]
    return [
        Figure(
            what="deliveries/s, 1,000 sockets, 8 in flight", unit="/s",
            runs=[one.deliveries_a_second for one in hall], bar=FLOOD_BAR, at_least=True,
            reference=Reference(what="raw server", runs=limit, named=RAW_NAMED), note=note(hall),
        ),
        Figure(
            what="deliveries/s that the crowd could take", unit="/s", note="if it had a core to itself",
            runs=[one.deliveries / one.cpu_s for one in raw],
        ),
    ]  # fmt: skip


async def _paced(stage: Stage) -> list[Figure]:
    delays: dict[str, list[float]] = {"raw": [], "hall": []}
    for run in range(stage.effort.runs):
        stage.say(f"Delivering ten posts a second, run {run + 1}")
        for crowd, p99_ms in delays.items():
            posted = await stage.crowds.pace(crowd, POSTS_A_SECOND, PACE_TIMES * stage.effort.seconds)
            p99_ms.append(posted.delivery_ms[-1])
    return [
        Figure(
            what="p99 of delivery at 10 posts/s", unit="ms", runs=delays["hall"], ratio_bar=PACE_RATIO_BAR,
            reference=Reference(what="raw server", runs=delays["raw"]),
        )
    ]  # fmt: skip
