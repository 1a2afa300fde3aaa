"""F6 in small: a database that hangs without a word makes its server blind, and the server says so."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from clubroom.app import beat
from clubroom.app.settings import DIST, Settings
from clubroom.dba.embedded import EmbeddedPostgres, remove
from clubroom.dba.migrate import migrate
from clubroom.dba.pool import Database
from clubroom.fe import joining
from clubroom.wire import Close
from house.server import running

WRONG = "0000-0000-0000"


@contextmanager
def stopped(postmaster: int) -> Iterator[None]:
    """All processes of a PostgreSQL stand still."""
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(postmaster)], capture_output=True, check=True)
    pids = [postmaster, *map(int, listed.stdout.split())]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


async def test_a_server_whose_database_hangs_sends_its_sockets_away_and_opens_links_to_join(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beat, "BLIND_S", 2.0)  # the ten seconds of the product, shortened
    monkeypatch.setattr(joining, "WAITS_S", 0.5)
    postgres = EmbeddedPostgres.start(tmp_path / "data", say=lambda _: None)
    try:
        await migrate(postgres.owner_dsn)
        db = await Database.open(postgres.app_dsn)
        async with running(db, msgspec.structs.replace(settings, web=DIST)) as house, house.http() as http:
            club, [ann] = await house.club("Ann")
            device = await ann.device()
            with stopped(postgres.pid):
                async with asyncio.timeout(2):  # the connection alone would wait for 12 s
                    page = await http.get(f"/join/{WRONG}")
                assert (page.status_code, "<!--club--><!--/club-->" in page.text) == (200, True)
                assert await device.closed(within_s=8) == Close.BLIND
            back = await ann.device()
            assert "seq" in await back.post(club, "it is back")
            await house.everyone_leaves()
        await db.close()
    finally:
        postgres.stop()
        remove(tmp_path / "data")
