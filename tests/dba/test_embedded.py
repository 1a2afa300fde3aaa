"""The embedded PostgreSQL, started for real, in folders of its own, and ended in every bad way."""

import asyncio
import errno
import os
import signal
import time
from pathlib import Path

import asyncpg
import pytest
from embedded_rig import (
    Begin,
    Server,
    connected,
    read,
    runs,
    stranger,
    write,
)

from clubroom.dba.embedded import DataFolderInUse, EmbeddedError, EmbeddedPostgres, remove
from clubroom.dba.embedded.errors import from_os_error
from clubroom.dba.embedded.place import find_place
from clubroom.dba.embedded.postmaster import ask

pytest_plugins = ["embedded_fixtures"]


async def test_a_first_start_gives_a_database_with_two_roles_and_no_superuser(
    pg_fresh: Path, pg_begin: Begin
) -> None:
    postgres = pg_begin(pg_fresh)
    async with connected(postgres.owner_dsn) as owner:
        assert await owner.fetchval("SELECT current_user") == "clubroom_owner"
        assert await owner.fetchval("SHOW is_superuser") == "off"
        await owner.execute("CREATE ROLE somebody")
        await owner.execute("GRANT somebody TO clubroom_app")
        await owner.execute("CREATE TABLE kept (n int)")
    async with connected(postgres.app_dsn) as app:
        assert await app.fetchval("SELECT current_user") == "clubroom_app"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.fetch("SELECT n FROM kept")


async def test_the_extensions_and_the_locale_are_there_from_the_first_start(
    pg_fresh: Path, pg_begin: Begin
) -> None:
    async with connected(pg_begin(pg_fresh).app_dsn) as app:
        names = {row["extname"] for row in await app.fetch("SELECT extname FROM pg_extension")}
        assert names >= {"pg_trgm", "unaccent", "citext"}
        assert await app.fetchval("SELECT lower('ÄÖŁ')") == "äöł"
        assert await app.fetchval("SHOW server_encoding") == "UTF8"


async def test_what_is_committed_is_on_disk_before_the_answer(pg_fresh: Path, pg_begin: Begin) -> None:
    async with connected(pg_begin(pg_fresh).app_dsn) as app:
        for setting in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
            assert await app.fetchval(f"SHOW {setting}") == "on"
        assert await app.fetchval("SHOW listen_addresses") == ""


async def test_a_second_start_is_warm_and_finds_everything(pg_data: Path, pg_begin: Begin) -> None:
    first = pg_begin(pg_data)
    await write(first, "kept")
    first.stop()
    begun = time.monotonic()
    second = pg_begin(pg_data)
    took = time.monotonic() - begun
    assert await read(second) == ["kept"]
    assert took < 1.5  # 0.05 s where nothing else runs


async def test_no_text_of_a_message_ever_reaches_the_log(pg_data: Path, pg_begin: Begin) -> None:
    postgres = pg_begin(pg_data)
    async with connected(postgres.owner_dsn) as owner:
        await owner.execute("CREATE TABLE messages (text text PRIMARY KEY, n int CHECK (n > 0))")
        insert = "INSERT INTO messages (text, n) VALUES ($1, $2)"
        await owner.execute(insert, "top-secret", 1)
        for secret, number in (("top-secret", 1), ("top-secret too", 0)):
            with pytest.raises(asyncpg.IntegrityConstraintViolationError):
                await owner.execute(insert, secret, number)
        with pytest.raises(asyncpg.PostgresError):
            await owner.execute("SELECT 'top-secret'::int")
    postgres.stop()
    log = find_place(pg_data).log.read_text()
    assert "database system is shut down" in log
    assert "top-secret" not in log


async def test_the_postmaster_of_a_killed_server_is_adopted(pg_data: Path, pg_begin: Begin) -> None:
    killed = Server(pg_data)
    killed.kill()
    adopted = pg_begin(pg_data)
    assert adopted.pid == killed.postmaster
    await write(adopted, "still here")
    adopted.stop()
    assert not runs(killed.postmaster)


async def test_a_killed_postmaster_is_replaced_at_the_next_start(pg_data: Path, pg_begin: Begin) -> None:
    killed = Server(pg_data)
    async with connected(killed.app_dsn):
        os.kill(killed.postmaster, signal.SIGKILL)
        killed.kill()
        postgres = pg_begin(pg_data)
    assert postgres.pid != killed.postmaster
    await write(postgres, "on it goes")


async def test_children_that_outlive_a_killed_postmaster_are_ended(pg_data: Path, pg_begin: Begin) -> None:
    killed = Server(pg_data)
    async with connected(killed.app_dsn) as app:
        stubborn = await app.fetchval("SELECT pg_backend_pid()")
        os.kill(stubborn, signal.SIGSTOP)
        os.kill(killed.postmaster, signal.SIGKILL)
        killed.kill()
        await write(pg_begin(pg_data), "on it goes")
        assert not runs(stubborn)


async def test_a_stale_pid_file_that_names_a_stranger_is_cleared_away(pg_data: Path, pg_begin: Begin) -> None:
    pg_begin(pg_data).stop()
    place = find_place(pg_data)
    with stranger(place) as pid:
        place.pid_file.write_text(f"{pid}\n{place.cluster}\n0\n5432\n{place.sockets}\n\n\nready\n")
        (place.sockets / ".s.PGSQL.5432.lock").write_text(f"{pid}\n{place.cluster}\n")
        await write(pg_begin(pg_data), "not fooled")
        assert runs(pid)


async def test_a_postmaster_that_is_about_to_stop_is_waited_for(pg_data: Path, pg_begin: Begin) -> None:
    killed = Server(pg_data)
    killed.kill()
    async with connected(killed.app_dsn) as app:
        os.kill(killed.postmaster, signal.SIGTERM)  # it ends when the last connection does
        waiting = asyncio.create_task(asyncio.to_thread(pg_begin, pg_data))
        for _ in range(100):
            assert await app.fetchval("SELECT 1") == 1
            assert not waiting.done()
    assert (await waiting).pid != killed.postmaster


async def test_a_postmaster_that_is_just_ending_is_replaced(pg_data: Path, pg_begin: Begin) -> None:
    killed = Server(pg_data)
    killed.kill()
    os.kill(killed.postmaster, signal.SIGQUIT)  # its pid file says to the last that it is ready
    postmaster = await asyncio.to_thread(pg_begin, pg_data)
    assert postmaster.pid != killed.postmaster
    await write(postmaster, "on it goes")


async def test_a_postmaster_that_repairs_itself_is_waited_for(pg_data: Path, pg_begin: Begin) -> None:
    killed = Server(pg_data)
    async with connected(killed.app_dsn) as app:
        child = await app.fetchval("SELECT pg_backend_pid()")
        killed.kill()
        os.kill(child, signal.SIGKILL)  # then the postmaster ends its other children and begins anew
        adopted = await asyncio.to_thread(pg_begin, pg_data)
    assert adopted.pid == killed.postmaster
    await write(adopted, "on it goes")


def test_a_second_server_on_the_same_folder_is_told_who_holds_it(pg_fresh: Path) -> None:
    server = Server(pg_fresh)
    with pytest.raises(DataFolderInUse, match=f"in use by process {server.process.pid}") as refused:
        EmbeddedPostgres.start(pg_fresh, say=lambda line: None)
    server.stop()
    assert refused.value.pid == server.process.pid


async def test_two_data_folders_run_side_by_side(tmp_path: Path, pg_begin: Begin) -> None:
    folders = [tmp_path / "ours", tmp_path / "theirs"]
    ours, theirs = (pg_begin(folder) for folder in folders)
    await write(ours, "ours")
    await write(theirs, "theirs")
    assert (await read(ours), await read(theirs)) == (["ours"], ["theirs"])
    ours.stop()
    theirs.stop()


def test_a_first_start_that_was_cut_off_is_done_again(pg_data: Path, pg_begin: Begin) -> None:
    pg_begin(pg_data).stop()
    place = find_place(pg_data)
    unfinished = place.cluster.rename(place.home / "unfinished-1")
    pg_begin(pg_data).stop()
    assert not unfinished.exists()
    assert place.cluster.exists()


async def test_a_first_start_cut_off_before_the_database_was_made_is_done_again(
    pg_data: Path, pg_begin: Begin
) -> None:
    killed = Server(pg_data)
    killed.kill()
    ask(find_place(pg_data), "DROP DATABASE clubroom")
    await write(pg_begin(pg_data), "made after all")


async def test_watch_starts_a_killed_postmaster_again_and_ends_with_stop(pg_data: Path) -> None:
    said: list[str] = []
    back = asyncio.Event()

    def say(line: str) -> None:
        said.append(line)
        if line == "PostgreSQL is back.":
            back.set()

    postgres = EmbeddedPostgres.start(pg_data, say=say)
    watching = asyncio.create_task(postgres.watch())
    try:
        await write(postgres, "acknowledged")
        before = postgres.pid
        async with asyncio.timeout(10):
            os.kill(before, signal.SIGKILL)
            await back.wait()
        assert postgres.pid != before
        assert await read(postgres) == ["acknowledged"]
    finally:
        await asyncio.to_thread(postgres.stop)
    async with asyncio.timeout(5):
        await watching
    assert "PostgreSQL ended unexpectedly. Starting it again." in said


async def test_watch_notices_when_an_adopted_postmaster_is_killed(pg_data: Path) -> None:
    killed = Server(pg_data)
    killed.kill()
    back = asyncio.Event()
    postgres = EmbeddedPostgres.start(pg_data, say=lambda line: back.set() if "is back" in line else None)
    watching = asyncio.create_task(postgres.watch())
    try:
        await write(postgres, "acknowledged")
        async with asyncio.timeout(10):
            os.kill(killed.postmaster, signal.SIGKILL)
            await back.wait()
        assert await read(postgres) == ["acknowledged"]
    finally:
        await asyncio.to_thread(postgres.stop)
    async with asyncio.timeout(5):
        await watching


async def test_watch_keeps_trying_until_what_is_in_the_way_is_gone(pg_data: Path) -> None:
    told, back = asyncio.Event(), asyncio.Event()

    def say(line: str) -> None:
        (back if "is back" in line else told if "made by PostgreSQL 9" in line else asyncio.Event()).set()

    postgres = EmbeddedPostgres.start(pg_data, say=say)
    watching = asyncio.create_task(postgres.watch())
    try:
        version = find_place(pg_data).cluster / "PG_VERSION"
        right = version.read_text()
        version.write_text("9\n")
        os.kill(postgres.pid, signal.SIGKILL)
        async with asyncio.timeout(10):
            await told.wait()
        version.write_text(right)
        async with asyncio.timeout(10):
            await back.wait()
    finally:
        await asyncio.to_thread(postgres.stop)
    async with asyncio.timeout(5):
        await watching


def test_a_cluster_of_another_postgresql_is_refused_in_a_sentence(pg_data: Path, pg_begin: Begin) -> None:
    pg_begin(pg_data).stop()
    (find_place(pg_data).cluster / "PG_VERSION").write_text("17\n")
    with pytest.raises(EmbeddedError, match="was made by PostgreSQL 17, and this is 18"):
        pg_begin(pg_data)


def test_a_cluster_that_cannot_start_says_what_its_log_says(pg_data: Path, pg_begin: Begin) -> None:
    pg_begin(pg_data).stop()
    (find_place(pg_data).cluster / "global" / "pg_control").unlink()
    with pytest.raises(EmbeddedError, match=r"could not start .*could not open file|database system"):
        pg_begin(pg_data)


def test_removing_ends_an_abandoned_postmaster_and_leaves_nothing(pg_data: Path) -> None:
    killed = Server(pg_data)
    killed.kill()
    home = find_place(pg_data).home
    remove(pg_data)
    assert not runs(killed.postmaster)
    assert not home.exists()
    assert [path.name for path in pg_data.iterdir()] == ["lock"]


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "The disk is full: there is no room to write /data/lock."),
        (errno.EACCES, "There is no right to use /data/lock. Check who owns it."),
        (errno.EROFS, "The disk is read-only: /data/lock cannot be written."),
        (errno.ENOTDIR, "/data/lock: Not a directory."),
    ],
)
def test_what_the_system_refuses_is_said_in_plain_words(number: int, sentence: str) -> None:
    assert str(from_os_error(OSError(number, os.strerror(number), "/data/lock"), Path("/data"))) == sentence


async def test_no_setting_made_later_weakens_a_commit(pg_data: Path, pg_begin: Begin) -> None:
    postgres = pg_begin(pg_data)
    ask(find_place(pg_data), "ALTER SYSTEM SET fsync = off")
    postgres.stop()
    async with connected(pg_begin(pg_data).app_dsn) as app:
        assert await app.fetchval("SHOW fsync") == "on"
