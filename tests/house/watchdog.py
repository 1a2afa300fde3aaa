"""A test that hangs, or its tidying up, ends the run with its name and with what every task waits for.

The limit of a test inside its loop cannot help where the loop itself waits: in the end of a fixture, in a
thread, in a task that goes on after it was cancelled.
"""

import asyncio
import faulthandler
import gc
import os
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

HANGS = 3
BARKS = Path(".cache/reports")
"""Where what hung is written down too, for the end of the whole run to repeat."""


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
        try:
            faulthandler.dump_traceback(self.out)
            for task in unfinished():
                task.print_stack(file=self.out)
        except Exception:  # noqa: BLE001 (whatever it is, the run must end)
            traceback.print_exc(file=self.out)
        finally:
            print(f"\n{why}", file=self.out, flush=True)
            note(why)
            os._exit(HANGS)


def note(why: str) -> None:
    """The reason, and what each thread was doing, into a file of this process."""
    BARKS.mkdir(parents=True, exist_ok=True)
    with (BARKS / f"hang-{os.getpid()}.txt").open("w") as file:
        print(why, file=file, flush=True)
        faulthandler.dump_traceback(file)


def unfinished() -> list[asyncio.Task[object]]:
    """Of all loops: the one that hangs need not be running.

    Asked by type: `isinstance` would follow a weak proxy whose object is gone, and raise.
    """
    return [one for one in gc.get_objects() if issubclass(type(one), asyncio.Task) and not one.done()]
