"""Clubroom as osls deploys it, from the real zip, into ministack: a house of functions, one call each."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from clubroom.app.settings import VARIABLES, Settings
from house.device import Device
from house.ministack import KEYS, REGION, TOP, Ministack, ministack
from house.patient import PatientDevice
from house.person import Person
from house.server import House

AWS = TOP / "deploy/aws"
ZIP = TOP / ".cache/aws/here.zip"
OSLS = AWS / "node_modules/.bin/osls"
STAGE = "live"
STACK = f"clubroom-{STAGE}"
# What functions are not told, each with the reason.
NOT_TOLD = {
    "PORT": "nothing listens",
    "HOST": "nothing listens",
    "CLUBROOM_DATA": "no disk lasts",
    "CLUBROOM_DISK_IS_EPHEMERAL": "it would ask for a bucket; without one a club can talk all the same",
    "CLUBROOM_FILES_PORT": "files are served by the bucket",
    "CLUBROOM_FILES_URL": "files are served by the bucket",
    "CLUBROOM_METRICS_TOKEN": "each function would tell of itself alone; AWS counts calls, errors and time",
    "CLUBROOM_APNS": "it names a file, and the zip has no keys",
    "CLUBROOM_FCM": "it names a file, and the zip has no keys",
}
DEPLOY_S = 300.0
HANDSHAKE_S = 60.0
HERE = f"{sys.version_info[0]}.{sys.version_info[1]}"


class FarDevice(PatientDevice):
    """One that waits for functions to start."""

    @classmethod
    async def open(cls, url: str, **options: Any) -> Device:
        return await super().open(url, **{"open_timeout": HANDSHAKE_S} | options)


class Deployed(House):
    """`peer` stands for AWS. There is no process that one could reach into."""

    def __init__(self, peer: Ministack, outputs: dict[str, str]) -> None:
        sockets = outputs["ServiceEndpointWebsocket"].partition("//")[2].partition(".")[0]
        super().__init__(None, f"{peer.url}/_aws/execute-api/{outputs['HttpApiId']}/$default")  # type: ignore[arg-type]
        self.peer = peer
        self.sockets_at = f"{peer.url}/_aws/execute-api/{sockets}/{STAGE}"

    async def person(self, name: str = "Ann", *, with_email: bool = False) -> Person:
        person = await super().person(name, with_email=with_email)
        person.sockets_at, person.kind = self.sockets_at, FarDevice
        return person

    async def sweep(self) -> None:
        """What the schedule does each minute."""
        await self.peer.invoke(f"{STACK}-worker", {"source": "aws.events"})


@asynccontextmanager
async def deployed(dsn: str, settings: Settings, **environment: str) -> AsyncIterator[Deployed]:
    """Deploys, with the database at `dsn`, which is migrated; gone when the block ends."""
    await packaged()
    async with ministack() as peer:
        said = {
            "DATABASE_URL": dsn,
            "CLUBROOM_DATABASE_IS_DURABLE": "1",
            "CLUBROOM_SECRET": settings.secret.hex(),
            "PUBLIC_URL": peer.url,
            "CLUBROOM_ACCOUNTS_AN_HOUR": str(settings.accounts_an_hour),
            "CLUBROOM_POSTS_A_SECOND": str(settings.posts_a_second),
            "CLUBROOM_LINK_PREVIEWS": "off",
            **dict.fromkeys(UNSET, ""),
        }
        for name, value in IN_THE_STORE.items():
            await peer.put_parameter(f"/clubroom/{STAGE}/{name}", value)
        await _deploy(peer, said | environment)
        yield Deployed(peer, await peer.outputs(STACK))


IN_THE_STORE = {"edge-secret": "which-only-the-edge-knows"}
# Whatever this machine's environment says. The edge's secret stands in the parameter store.
UNSET = VARIABLES - {
    "DATABASE_URL", "PUBLIC_URL", "CLUBROOM_SECRET", "CLUBROOM_DATABASE_IS_DURABLE",
    "CLUBROOM_ACCOUNTS_AN_HOUR", "CLUBROOM_POSTS_A_SECOND", "CLUBROOM_LINK_PREVIEWS",
    "CLUBROOM_HEARTBEAT_MS", "CLUBROOM_EDGE_SECRET",
}  # fmt: skip


async def packaged() -> None:
    """The zip for this very machine, unless it is there and nothing is newer."""
    newest = max(path.stat().st_mtime for path in _goes_in())
    if not ZIP.exists() or ZIP.stat().st_mtime < newest:
        platform = f"{os.uname().machine}-manylinux_2_34"
        command: list[str | Path] = [
            sys.executable,
            AWS / "package.py",
            "--platform",
            platform,
            "--python",
            HERE,
            "--out",
            ZIP,
        ]
        await _run(command, dict(os.environ))


def _goes_in() -> list[Path]:
    folders = [TOP / "src/clubroom", TOP / "web/dist"]
    found = [path for folder in folders for path in folder.rglob("*") if "__pycache__" not in path.parts]
    return [*found, TOP / "requirements/run.txt", TOP / "requirements/dev.txt", AWS / "package.py"]


async def _deploy(peer: Ministack, said: dict[str, str]) -> None:
    assert OSLS.exists(), "make deploy/aws/node_modules/.installed"
    await _run(
        [OSLS, "deploy", "--stage", STAGE],
        {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(peer.log.parent),
            **KEYS,
            **said,
            "AWS_ENDPOINT_URL": peer.url,
            "CLUBROOM_AWS_REGION": REGION,
            "CLUBROOM_AWS_RUNTIME": f"python{HERE}",
            "CLUBROOM_AWS_ARCHITECTURE": os.uname().machine.replace("aarch64", "arm64"),
            "CLUBROOM_AWS_ZIP": str(ZIP),
            "SLS_TELEMETRY_DISABLED": "1",
            "SLS_NOTIFICATIONS_MODE": "off",
        },
    )


async def _run(command: list[str | Path], environment: dict[str, str]) -> None:
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stdout=PIPE, stderr=STDOUT, cwd=AWS
    )
    async with asyncio.timeout(DEPLOY_S):
        said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
