"""`wrangler dev`, which runs the worker in Cloudflare's own runtime, in front of `clubroom serve`."""

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from clubroom.app.settings import DIST
from clubroom.fe.pages import Operator
from deploy.cloudflare import edge
from faults.server import free_port
from house.server import NO_AUTHORITIES
from house.within import within

FOLDER = Path(edge.__file__).parent
SECRET = "what-only-the-edge-of-the-tests-knows"
READY_S = 60.0
STOP_S = 20.0
ALONE = {
    "WRANGLER_SEND_METRICS": "false",
    "WRANGLER_SEND_ERROR_REPORTS": "false",
    "WRANGLER_HIDE_BANNER": "true",  # with it goes the look for a newer version
    "CLOUDFLARE_CF_FETCH_ENABLED": "false",
    "CI": "1",
}
"""Nothing of it leaves this computer."""


@dataclass
class Ports:
    """All on loopback."""

    edge: int = field(default_factory=free_port)
    origin: int = field(default_factory=free_port)
    files: int = field(default_factory=free_port)
    inspector: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        """Where people are."""
        return f"http://localhost:{self.edge}"

    @property
    def origin_url(self) -> str:
        """Where nobody looks but the edge."""
        return f"http://127.0.0.1:{self.origin}"

    @property
    def files_url(self) -> str:
        """Where images and files are."""
        return f"http://localhost:{self.files}"

    def settings(self, data: Path) -> dict[str, str]:
        """Of the server behind the edge."""
        return {
            "PORT": str(self.origin),
            "HOST": "127.0.0.1",
            "PUBLIC_URL": self.url,
            "CLUBROOM_DATA": str(data),
            "CLUBROOM_EDGE_SECRET": SECRET,
            "CLUBROOM_FILES_PORT": str(self.files),
            "CLUBROOM_FILES_URL": self.files_url,
            "CLUBROOM_LINK_PREVIEWS": "off",
            "CLUBROOM_ACCOUNTS_AN_HOUR": "1000",
        }


@asynccontextmanager
async def edge_before(ports: Ports, scratch: Path, **variables: str) -> AsyncIterator[list[str]]:
    """Serves at `ports.url` until the block ends; every line that it says."""
    told = {"ORIGIN": ports.origin_url, "CLUBROOM_EDGE_SECRET": SECRET} | variables
    edge.assemble(DIST, FOLDER / "dist", ports.files_url, Operator(), ports.url)
    process = await asyncio.create_subprocess_exec(
        FOLDER / "node_modules/.bin/wrangler",
        "dev",
        *("--ip", "127.0.0.1", "--port", str(ports.edge), "--inspector-port", str(ports.inspector)),
        *(part for name, value in told.items() for part in ("--var", f"{name}:{value}")),
        *("--persist-to", str(scratch), "--show-interactive-dev-session=false"),
        cwd=FOLDER, env=os.environ | ALONE, stdin=DEVNULL, stdout=PIPE, stderr=STDOUT, start_new_session=True,
    )  # fmt: skip
    said: list[str] = []
    listening = asyncio.create_task(_hear(process, said))
    try:
        await _answers(ports.url, process, said)
        yield said
    finally:
        await _ended(process)
        await listening


async def _hear(process: Process, said: list[str]) -> None:
    assert process.stdout is not None
    async for line in process.stdout:
        said.append(line.decode().rstrip("\n"))


async def _answers(url: str, process: Process, said: list[str]) -> None:
    async with httpx.AsyncClient(verify=NO_AUTHORITIES) as http, within(READY_S, "the edge answers"):
        while not await _serves(http, url):
            assert process.returncode is None, "\n".join(said)
            await asyncio.sleep(0.05)


async def _serves(http: httpx.AsyncClient, url: str) -> bool:
    with suppress(httpx.TransportError):
        return (await http.get(f"{url}/sw.js")).status_code == 200
    return False


async def _ended(process: Process) -> None:
    """With the runtime that it has started."""
    if process.returncode is None:
        process.terminate()
    try:
        async with asyncio.timeout(STOP_S):
            await process.wait()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
