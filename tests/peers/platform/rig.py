"""A platform on one computer: it builds as the buildpack for Python does, and runs what Procfile says."""

import asyncio
import os
import re
import shutil
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from faults.server import free_port
from house.server import NO_AUTHORITIES
from house.within import within
from peers.clean_copy import clean_copy, fresh_environment, ran

LINE = re.compile(r"([A-Za-z0-9_-]+):\s*(.+)")
READY_S = 60.0
STOP_S = 10.0
"""Heroku kills after 30."""


@dataclass
class Slug:
    """An app that was built, and what its Procfile says, by type of process."""

    folder: Path
    environment: dict[str, str]
    procfile: dict[str, str]

    @classmethod
    def build(cls, scratch: Path) -> "Slug":
        """Packages first, then the app's own hook."""
        folder = clean_copy(scratch / "app")
        python = scratch / "python"
        environment = fresh_environment(scratch / "home", python / "bin")
        ran([sys.executable, "-m", "venv", str(python)], scratch, environment)
        pip = ["python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-cache-dir"]
        ran([*pip, "-r", "requirements.txt"], folder, environment)
        ran([str(folder / "bin" / "post_compile")], folder, environment)
        return cls(folder, environment, parsed((folder / "Procfile").read_text()))

    def forget(self) -> None:
        """What the disk of a platform does at each start."""
        shutil.rmtree(self.folder / "data", ignore_errors=True)

    async def release(self, settings: Mapping[str, str]) -> tuple[int, str]:
        """Status and words of the phase between building and serving."""
        process = await self._begin("release", settings)
        said, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, said.decode()

    @asynccontextmanager
    async def web(self, settings: Mapping[str, str]) -> AsyncIterator["Dyno"]:
        """Until the block ends, or somebody stops it."""
        self.forget()
        port = free_port()
        process = await self._begin("web", {**settings, "PORT": str(port), "DYNO": "web.1"})
        dyno = Dyno(process, f"http://127.0.0.1:{port}")
        listening = asyncio.create_task(dyno.listen())
        try:
            await dyno.answers()
            yield dyno
            if process.returncode is None:
                await dyno.stop()
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await listening

    async def _begin(self, kind: str, settings: Mapping[str, str]) -> Process:
        """As platforms do: by a shell."""
        return await asyncio.create_subprocess_exec(
            "bash", "-c", self.procfile[kind],
            cwd=self.folder, env={**self.environment, **settings},
            stdout=PIPE, stderr=STDOUT, start_new_session=True,
        )  # fmt: skip


class Dyno:
    """A process that serves."""

    def __init__(self, process: Process, url: str) -> None:
        self.process = process
        self.url = url
        self.said: list[str] = []

    async def listen(self) -> None:
        """Until it has ended."""
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self.said.append(line.decode().rstrip("\n"))

    async def answers(self) -> None:
        """When it serves."""
        async with httpx.AsyncClient(verify=NO_AUTHORITIES) as http, within(READY_S, "the app answers"):
            while not await self._answers(http):
                assert self.process.returncode is None, "\n".join(self.said)
                await asyncio.sleep(0.05)

    async def _answers(self, http: httpx.AsyncClient) -> bool:
        with suppress(httpx.TransportError):
            return (await http.get(f"{self.url}/api/health")).status_code == 200
        return False

    async def stop(self) -> None:
        """SIGTERM to all there is; it has to end by itself."""
        os.killpg(self.process.pid, signal.SIGTERM)
        async with within(STOP_S, "the app ends"):
            assert await self.process.wait() == 0, "\n".join(self.said)


def parsed(procfile: str) -> dict[str, str]:
    """Type and command, line by line."""
    found = [LINE.fullmatch(line) for line in procfile.splitlines() if line.strip()]
    return {line[1]: line[2] for line in found if line is not None}
