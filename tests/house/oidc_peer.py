"""npm oidc-provider, a certified issuer, as a process of its own; locked in tests/peers/oidc."""

import asyncio
import fcntl
import os
import shutil
import subprocess
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from house.server import NO_AUTHORITIES

PEER = Path(__file__).parents[1] / "peers" / "oidc"
INSTALLED = PEER / "node_modules" / ".installed"
CLIENT, SECRET = "club", "a secret of client and issuer"
WAITING = PEER.parents[2] / ".cache" / "oidc-peer.lock"
READY_S = 60.0


class Peer:
    """Whatever name somebody types there is who they are."""

    def __init__(self, url: str) -> None:
        self.url = url

    async def told(self, **said: Any) -> None:
        """Who people are (`people`), who its client is (`client`), that it has new keys (`keys`)."""
        async with httpx.AsyncClient(verify=NO_AUTHORITIES, timeout=30) as http:
            answer = await http.post(f"{self.url}/control", json=said)
        assert answer.status_code == 204, answer.text

    async def serves(self, place: str) -> None:
        """For the club at this address."""
        client = {
            "client_id": CLIENT,
            "client_secret": SECRET,
            "redirect_uris": [f"{place}/signed-in"],
            "post_logout_redirect_uris": [f"{place}/"],
            "backchannel_logout_uri": f"{place}/api/issuer/logout",
            "backchannel_logout_session_required": True,
        }
        await self.told(client=client)

    async def person(self, sub: str, **claims: Any) -> None:
        """What it tells of somebody."""
        await self.told(people={sub: claims})


def install() -> None:
    """By npm and the lock file; once, until the lock changes. Of two runs at once one waits."""
    WAITING.parent.mkdir(exist_ok=True)
    with WAITING.open("w") as waiting:
        fcntl.flock(waiting, fcntl.LOCK_EX)
        _installed()


def _installed() -> None:
    lock = PEER / "package-lock.json"
    if INSTALLED.exists() and INSTALLED.stat().st_mtime >= lock.stat().st_mtime:
        return
    npm = shutil.which("npm")
    assert npm is not None, "npm comes with `make web`: .venv/bin must be in PATH"
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, cwd=PEER, check=True, stdout=subprocess.DEVNULL)
    INSTALLED.touch()


@asynccontextmanager
async def certified_issuer() -> AsyncIterator[Peer]:
    """Until the block ends."""
    await asyncio.to_thread(install)
    node = shutil.which("node")
    assert node is not None
    environment = {"PATH": os.environ["PATH"], "NODE_ENV": "test"}
    process = await asyncio.create_subprocess_exec(
        node, "--no-warnings", "server.mjs", cwd=PEER, env=environment, stdin=PIPE, stdout=PIPE
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(READY_S):
            line = ""
            while not line.startswith("http"):
                read = await process.stdout.readline()
                assert read, "it ended before it answered"
                line = read.decode().strip()
        yield Peer(line)
    finally:
        assert process.stdin is not None
        process.stdin.close()  # at which it ends: what `node` names may be one that has started another
        await process.wait()
