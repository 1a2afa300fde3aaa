"""What an idle socket costs: the memory of the process that serves, before and after they came, divided."""

import asyncio

from bench.figure import Figure
from bench.machine import resident_bytes
from bench.orders import Seat
from bench.server import serving
from bench.stage import Stage

WARM_SOCKETS = 200
"""They come and go first, so that what the first sockets make once is not counted."""

CALM_S = 5.0
"""Then everybody has been told who is here."""

BAR_KB = 15.0


async def measure(stage: Stage) -> list[Figure]:
    """Each run has a server that nobody has used before. The stage's own must have ended."""
    grown = []
    for run in range(stage.effort.runs):
        stage.say(f"Holding idle sockets, run {run + 1}")
        async with serving(stage.server.data) as server:
            grown.append(await _grown(stage, server.pid, server.port))
    what = f"an idle socket, of {len(_seats(stage)):,}"
    return [Figure(what=what, unit="KB", runs=grown, bar=BAR_KB)]


async def _grown(stage: Stage, pid: int, port: int) -> float:
    """Kilobytes (of 1,000 bytes) for each."""
    seats = _seats(stage)
    await stage.crowds.open("first", port, seats[:WARM_SOCKETS])
    await stage.crowds.leave("first")
    await asyncio.sleep(CALM_S)
    before = resident_bytes(pid)
    await stage.crowds.open("idle", port, seats)
    await asyncio.sleep(CALM_S)
    after = resident_bytes(pid)
    await stage.crowds.leave("idle")
    return (after - before) / len(seats) / 1_000


def _seats(stage: Stage) -> list[Seat]:
    return stage.mint.seats(*stage.town.halls)
