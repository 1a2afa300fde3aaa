"""What only root can show of the embedded PostgreSQL: it never runs as root itself."""

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from embedded_rig import (
    SERVER,
    Begin,
    connected,
    copy_wheel,
    program_of,
    remove_if_there,
    server_with,
    user_of,
    write,
)

from clubroom.dba.embedded import EmbeddedError
from clubroom.dba.embedded.place import find_place

pytest_plugins = ["embedded_fixtures"]


@pytest.mark.root
async def test_root_with_a_closed_home_keeps_its_rights_and_gets_a_database(
    tmp_path: Path, pg_begin: Begin
) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    folder = home / "data"
    postgres = pg_begin(folder)
    await write(postgres, "works")
    elsewhere = Path((folder / "postgres-location").read_text().strip())
    assert elsewhere.is_relative_to("/var/lib/clubroom")
    assert home.stat().st_mode & 0o777 == 0o700
    assert user_of(f"/proc/{postgres.pid}") == user_of(elsewhere) != 0
    postgres.stop()


@pytest.mark.root
async def test_root_uses_copied_binaries_when_its_environment_is_closed(tmp_path: Path) -> None:
    closed = tmp_path / "site-packages"
    copy_wheel(closed)
    server = server_with(closed, tmp_path / "data", 0)
    try:
        assert program_of(server.postmaster).is_relative_to("/var/lib/clubroom")
    finally:
        server.stop()
        remove_if_there(tmp_path / "data")


@pytest.mark.root
async def test_root_keeps_the_database_in_a_folder_that_others_may_enter(
    pg_open_folder: Path, pg_begin: Begin
) -> None:
    postgres = pg_begin(pg_open_folder / "data")
    await write(postgres, "inside")
    assert (pg_open_folder / "data" / "postgres" / "cluster").exists()
    assert not (pg_open_folder / "data" / "postgres-location").exists()
    postgres.stop()


@pytest.mark.root
async def test_a_folder_with_a_long_path_still_gets_a_socket(pg_open_folder: Path, pg_begin: Begin) -> None:
    deep = pg_open_folder / ("long" * 30) / "with a blank"
    deep.mkdir(parents=True)
    (deep.parent).chmod(0o755)
    postgres = pg_begin(deep / "data")
    await write(postgres, "reached")
    place = find_place(deep / "data")
    assert str(place.sockets).startswith(f"/tmp/clubroom-{place.account.pw_uid}-")  # noqa: S108
    assert place.sockets.stat().st_mode & 0o777 == 0o700
    postgres.stop()


@pytest.mark.root
def test_a_data_folder_that_root_moved_still_finds_its_database(tmp_path: Path, pg_begin: Begin) -> None:
    pg_begin(tmp_path / "data").stop()
    home = find_place(tmp_path / "data").home
    moved = (tmp_path / "data").rename(tmp_path / "moved")
    pg_begin(moved).stop()
    assert find_place(moved).home == home


@pytest.mark.root
def test_a_copy_of_a_data_folder_does_not_share_its_database(
    tmp_path: Path, pg_data: Path, pg_begin: Begin
) -> None:
    pg_begin(pg_data).stop()
    copy = shutil.copytree(pg_data, tmp_path / "copy")
    with pytest.raises(EmbeddedError, match="is a copy of"):
        pg_begin(copy)


@pytest.mark.root
def test_a_database_that_is_gone_is_never_replaced_by_an_empty_one(pg_data: Path, pg_begin: Begin) -> None:
    pg_begin(pg_data).stop()
    home = find_place(pg_data).home
    aside = home.rename(home.with_name("aside-for-a-test"))
    try:
        with pytest.raises(EmbeddedError, match="that is gone"):
            pg_begin(pg_data)
    finally:
        aside.rename(home)


@pytest.mark.root
def test_a_location_that_is_not_ours_is_not_followed(pg_fresh: Path, pg_begin: Begin) -> None:
    pg_fresh.mkdir()
    location = pg_fresh / "postgres-location"
    location.write_text("/etc\n")
    with pytest.raises(EmbeddedError, match="no place of Clubroom's"):
        pg_begin(pg_fresh)
    location.unlink()


@pytest.mark.root
async def test_a_normal_user_has_everything_in_the_data_folder(pg_open_folder: Path) -> None:
    nobody = pwd.getpwnam("nobody").pw_uid
    copy_wheel(pg_open_folder / "site-packages")
    folder = pg_open_folder / "data"
    folder.mkdir()
    os.chown(folder, nobody, nobody)
    server = server_with(pg_open_folder / "site-packages", folder, nobody)
    try:
        assert user_of(f"/proc/{server.postmaster}") == user_of(folder / "postgres" / "cluster") == nobody
        async with connected(server.app_dsn) as app:  # root may; the kernel says who asks
            assert await app.fetchval("SELECT 1") == 1
    finally:
        server.stop()


@pytest.mark.root
def test_a_folder_without_rights_is_refused_in_a_sentence(pg_open_folder: Path) -> None:
    nobody = pwd.getpwnam("nobody").pw_uid
    asked = subprocess.run(
        [sys.executable, "-c", SERVER, pg_open_folder / "data", str(nobody)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "refused: There is no right to use" in asked.stderr


@pytest.mark.root
def test_a_full_disk_is_said_in_a_sentence(pg_open_folder: Path, pg_begin: Begin) -> None:
    small = pg_open_folder / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m,mode=755", "tmpfs", small], check=True)
    try:
        with pytest.raises(EmbeddedError, match="the disk is full"):
            pg_begin(small / "data")
    finally:
        subprocess.run(["umount", small], check=True)
