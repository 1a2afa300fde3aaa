"""Work that no request waits for: each job in a loop of its own, in every server, as long as it serves.

A job does a bounded piece of work, in transactions of its own, and says whether more waits. Several servers
run the same jobs at once: a job takes what it works on with `FOR UPDATE SKIP LOCKED`, or under a lock of the
database.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

from clubroom.errors import Unavailable

log = logging.getLogger(__name__)

ROUND_S = 0.5
FAILED_S = 5.0  # after an error: whatever it was, it will hardly be gone at once

Job = Callable[[], Awaitable[bool]]
"""Does a piece of work; True = more waits, come again at once."""


class Worker:
    """Call `run` once; cancel it to stop. Jobs by their names, which stand in the log when one fails."""

    def __init__(
        self, jobs: Mapping[str, Job], *, round_s: float = ROUND_S, failed_s: float = FAILED_S
    ) -> None:
        self.jobs = dict(jobs)
        self.round_s = round_s
        self.failed_s = failed_s
        self.failed_count = 0

    async def run(self) -> None:
        """Until it is cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for name, job in self.jobs.items():
                tasks.create_task(self._again(name, job), name=f"worker: {name}")

    async def _again(self, name: str, job: Job) -> None:
        while True:
            wait_s = self.round_s
            try:
                if await job():
                    wait_s = 0.0
            except Unavailable:
                wait_s = self.failed_s  # the database is away: nothing new
            except Exception:
                self.failed_count += 1
                log.exception("The job %s failed.", name)
                wait_s = self.failed_s
            await asyncio.sleep(wait_s)
