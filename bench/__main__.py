"""`make bench`: measures, prints a table, writes .cache/bench.json. It ends by itself, and leaves nothing."""

import argparse
import asyncio
import signal
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bench import delivery, demo, memory, pictures, posting, reading, screens, search, telling
from bench.figure import Figure
from bench.machine import machine
from bench.report import report, told
from bench.stage import Effort, staged
from clubroom.dba.embedded import remove

CACHE = Path(__file__).parents[1] / ".cache"
BENCH_S = 1_800
RUNS, SECONDS, MESSAGES = 3, 8.0, 1_000_000


def main() -> int:
    """0 if every bar is reached."""
    asked = _parser().parse_args()
    signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGINT))  # stopped is stopped: tidy up all the same
    begun = time.monotonic()
    CACHE.mkdir(exist_ok=True)
    found = machine(CACHE)
    figures = asyncio.run(_bench(Effort(asked.runs, asked.seconds, asked.messages)))
    made = report(figures, found, f"{datetime.now(UTC):%Y-%m-%d}", round(time.monotonic() - begun))
    (CACHE / "bench.json").write_bytes(msgspec.json.format(msgspec.json.encode(made)))
    print("\n".join(["", *told(made), f"It took {made.took_s:.0f} s."]))
    return int(any(row.verdict == "missed" for row in made.rows))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help=f"how often each figure is measured ({RUNS})")
    parser.add_argument("--seconds", type=float, default=SECONDS, help=f"how long a run takes ({SECONDS:g})")
    parser.add_argument(
        "--messages", type=int, default=MESSAGES, help=f"how many a page is read among ({MESSAGES:,})"
    )
    return parser


async def _bench(effort: Effort) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="bench-", dir=CACHE) as folder:
        data = Path(folder) / "data"
        try:
            async with asyncio.timeout(BENCH_S):
                async with staged(data, effort, say) as stage:
                    figures = await posting.measure(stage)
                    figures += await delivery.measure(stage)
                    figures += await reading.measure(stage)
                    figures += await search.measure(stage)
                    figures += await telling.measure(stage)
                    figures += await pictures.measure(stage)
                    figures += await screens.measure(stage)
                    await stage.server.stop()
                    figures += await memory.measure(stage)
                figures += await demo.measure(Path(folder), effort.runs)
                return figures
        finally:
            remove(data)


def say(line: str) -> None:
    """What is going on."""
    print(f"  {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
