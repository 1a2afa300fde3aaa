"""`clubroom host`, `clubroom clubs` and `clubroom suspend`, beside a server that runs."""

import asyncio
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import Callable
from pathlib import Path

import pytest

from clubroom.chat.files.marking import marker_of
from clubroom.dba import reading
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.pool import Database
from clubroom.ports.blobs.folder import Folder
from house.device import Device
from house.server import House


async def clubroom(*arguments: str, dsn: str, **more: str) -> tuple[int, str]:
    """Status, and what it said. `more` settings."""
    command = [sys.executable, "-m", "clubroom.app", *arguments]
    environment = {"DATABASE_URL": dsn, "CLUBROOM_SECRET": "0" * 64, "PATH": "/usr/bin", **more}
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=PIPE, stderr=STDOUT)
    said, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode().strip()


@pytest.fixture
def dsn(postgres: EmbeddedPostgres) -> str:
    return postgres.owner_dsn


async def test_whoever_owns_the_database_says_who_runs_the_place(house: House, dsn: str) -> None:
    hilda = await house.person("Hilda", with_email=True)
    email = (await hilda.me())["email"]
    assert await clubroom("host", "add", email.upper(), dsn=dsn) == (0, "Hilda runs this place from now on.")
    assert (await hilda.me())["host"]
    assert f"{hilda.user}  Hilda  {email}" in (await clubroom("host", "list", dsn=dsn))[1]
    assert await clubroom("host", "remove", hilda.user, dsn=dsn) == (0, "Hilda runs this place no more.")
    assert not (await hilda.me())["host"]
    for arguments in (["add", "nobody@example.org"], ["remove", hilda.user], ["add"]):
        status, said = await clubroom("host", *arguments, dsn=dsn)
        assert (status, said.startswith("clubroom: ")) == (1, True)


def told_last(device: Device, club: int, *, on: bool) -> Callable[[], bool]:
    return lambda: [action["on"] for action in device.actions(club)][-1:] == [on]


async def test_a_club_is_suspended_from_the_command_line_before_the_eyes_of_its_members(
    house: House, dsn: str
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    await ann.post(club, "said in confidence")
    device = await ben.device()
    status, said = await clubroom("clubs", dsn=dsn)
    line = next(line for line in said.splitlines() if line.split()[0] == str(club))
    assert status == 0
    assert "2 members" in line
    assert "1 messages" in line
    assert "Chess club" in line
    assert "confidence" not in said
    for arguments, on in ((["suspend", str(club)], True), (["suspend", str(club), "--off"], False)):
        assert (await clubroom(*arguments, dsn=dsn))[0] == 0
        await device.until(told_last(device, club, on=on))
    assert (await clubroom("suspend", str(10**12), dsn=dsn))[0] == 1


async def test_whoever_owns_the_database_says_that_the_files_belong_to_it(
    dsn: str, database: Database, tmp_path: Path
) -> None:
    folder = Folder(tmp_path / "files", b"s" * 32, "http://localhost")
    assert await marker_of(folder) is None
    status, said = await clubroom("adopt-files", dsn=dsn, CLUBROOM_DATA=str(tmp_path))
    assert (status, "belong to this database now" in said) == (0, True)
    marker = await marker_of(folder)
    assert marker is not None
    assert marker.epoch == await reading.epoch(database)
    await folder.close()
    (tmp_path / "files" / "marker@").unlink()
    (tmp_path / "files" / "marker@" / "in the way").mkdir(parents=True)
    status, said = await clubroom("adopt-files", dsn=dsn, CLUBROOM_DATA=str(tmp_path))
    assert (status, said.startswith("clubroom: The store")) == (1, True)
