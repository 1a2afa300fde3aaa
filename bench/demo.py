"""How long whoever only wants to look waits for a lively club: `clubroom demo` on an empty folder."""

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from pathlib import Path

from bench.figure import Figure
from bench.server import FOREIGN, OPEN, STOP_S
from clubroom.dba.embedded import remove

PORT = 18_500
PATIENCE_S = 300.0
BAR_S = 40.0


async def measure(folder: Path, runs: int) -> list[Figure]:
    """Each on a folder of its own, which is gone afterwards."""
    took = [await _opened(folder / f"demo-{run}") for run in range(runs)]
    return [Figure(what="a demo club is made and open", unit="s", runs=took, bar=BAR_S)]


async def _opened(data: Path) -> float:
    """Seconds from the command to the link."""
    kept = {name: value for name, value in os.environ.items() if name not in {*FOREIGN, "DISPLAY"}}
    begun = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "clubroom.app", "demo",
        env=kept | {"CLUBROOM_DATA": str(data), "HOST": "127.0.0.1", "PORT": str(PORT)},
        stdin=DEVNULL, stdout=PIPE, stderr=STDOUT,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not (line := (await process.stdout.readline()).decode()).startswith(OPEN):
                assert line, "The demo ended."
        return time.perf_counter() - begun
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        async with asyncio.timeout(STOP_S):
            await process.communicate()
        remove(data)
