"""A test that hangs, or its tidying up, ends the run with its name and with what every task waits for.

The limit of a test inside its loop cannot help where the loop itself waits: in the end of a fixture, in a
thread, in a task that goes on after it was cancelled.
"""

import asyncio
import faulthandler
import gc
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

HANGS = 3


class Watchdog:
    """Writes to where the output of tests is not caught."""

    def __init__(self, stderr: int) -> None:
        self.out: TextIO = os.fdopen(os.dup(stderr), "w")

    @contextmanager
    def watching(self, name: str, seconds: float) -> Iterator[None]:
        """Ends the process with status 3, unless what is done here is done within so many seconds."""
        clock = self.start(name, seconds)
        yield
        clock.cancel()

    def start(self, name: str, seconds: float) -> threading.Timer:
        """The same without an end."""
        clock = threading.Timer(seconds, self.bark, [f"{name} hangs: not done after {seconds:.0f} s"])
        clock.daemon = True
        clock.start()
        return clock

    def bark(self, why: str) -> None:
        """All that is known of what waits; the reason last, where whoever looks will look first."""
        faulthandler.dump_traceback(self.out)
        for task in unfinished():
            task.print_stack(file=self.out)
        print(f"\n{why}", file=self.out, flush=True)
        os._exit(HANGS)


def unfinished() -> list[asyncio.Task[object]]:
    """Of all loops: the one that hangs need not be running."""
    return [one for one in gc.get_objects() if isinstance(one, asyncio.Task) and not one.done()]
