"""A run that hangs ends, and says where."""

import subprocess
import sys
from pathlib import Path

from house.watchdog import HANGS

HANGING = """
import asyncio, weakref
from house.watchdog import Watchdog

class Gone: pass
gone = Gone()
proxy = weakref.proxy(gone)  # asked what it is, it raises
del gone

async def waits_for_nobody():
    await asyncio.Event().wait()

async def main():
    waiting = asyncio.create_task(waits_for_nobody())
    with Watchdog(2).watching("a test of that name", 0.5):
        await waiting

asyncio.run(main())
"""


def test_whatever_hangs_is_ended_and_named_though_something_dead_lies_about(tmp_path: Path) -> None:
    tests = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", HANGING], cwd=tmp_path, env={"PYTHONPATH": str(tests)},
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert done.returncode == HANGS, done.stderr
    assert "waits_for_nobody" in done.stderr
    assert done.stderr.rstrip().endswith("a test of that name hangs: not done after 0 s")
    (written,) = (tmp_path / ".cache/reports").glob("hang-*.txt")
    assert written.read_text().startswith("a test of that name hangs")
