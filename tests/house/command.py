"""`clubroom serve` as a process of its own, and every line it says."""

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

READY_S = 30.0
STOP_S = 30.0
OPEN = re.compile(r"Clubroom is open: (https?://[\w.:-]+)")


class Served:
    """A server that was started by the command. `said` is complete when the block has ended."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.url = ""
        self.said: list[str] = []
        self._open = asyncio.Event()

    async def listen(self) -> None:
        """Until it has ended."""
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self.said.append(line.decode().rstrip("\n"))
            if found := OPEN.search(self.said[-1]):
                self.url = found[1]
                self._open.set()
        self._open.set()

    async def opened(self) -> None:
        """When it serves."""
        async with asyncio.timeout(READY_S):
            await self._open.wait()
        assert self.url, "\n".join(self.said)


@asynccontextmanager
async def served(**environment: str) -> AsyncIterator[Served]:
    """With these settings and no others, until the block ends; then it is stopped in order."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CLUBROOM_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "clubroom.app", "serve", env=kept | environment, stdout=PIPE, stderr=STDOUT
    )
    server = Served(process)
    listening = asyncio.create_task(server.listen())
    try:
        await server.opened()
        yield server
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(STOP_S):
            assert await process.wait() == 0, "\n".join(server.said)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await listening
