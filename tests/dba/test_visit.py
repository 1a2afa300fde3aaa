"""Whoever only looks at an embedded database leaves it as it was."""

from pathlib import Path

from embedded_rig import Begin, Server, connected, read, runs, write

from clubroom.dba.embedded.place import find_place
from clubroom.dba.embedded.visit import visited

pytest_plugins = ["embedded_fixtures"]


def contents(folder: Path) -> list[str]:
    return sorted(str(path) for path in folder.rglob("*"))


def test_where_there_is_no_database_none_is_made(tmp_path: Path) -> None:
    with visited(tmp_path / "data") as visit:
        assert visit is None
    (tmp_path / "data").mkdir()
    with visited(tmp_path / "data") as visit:
        assert visit is None
    assert contents(tmp_path) == [str(tmp_path / "data")]


async def test_one_that_nobody_serves_is_started_for_the_look_and_stopped_again(
    pg_fresh: Path, pg_begin: Begin
) -> None:
    postgres = pg_begin(pg_fresh)
    await write(postgres, "kept")
    postgres.stop()
    with visited(pg_fresh) as visit:
        assert visit is not None
        assert visit.server is None
        pid = int(visit.place.pid_file.read_text().splitlines()[0])
        assert await read(visit) == ["kept"]  # type: ignore[arg-type]
    assert not runs(pid)
    pg_begin(pg_fresh)  # and the folder is free


async def test_one_that_a_server_uses_is_shared_and_runs_on(pg_data: Path) -> None:
    server = Server(pg_data)
    with visited(pg_data) as visit:
        assert visit is not None
        assert visit.server == f"process {server.process.pid}"
        assert await answering(visit.owner_dsn) == server.postmaster
    assert runs(server.postmaster)
    server.stop()


async def test_one_that_a_killed_server_left_running_is_left_running(pg_data: Path) -> None:
    server = Server(pg_data)
    server.kill()
    with visited(pg_data) as visit:
        assert visit is not None
        assert visit.server is None
        assert await answering(visit.owner_dsn) == server.postmaster
    assert runs(server.postmaster)
    assert int(find_place(pg_data).pid_file.read_text().splitlines()[0]) == server.postmaster
    Server(pg_data).stop()  # whoever serves next takes it over
    assert not runs(server.postmaster)


async def answering(dsn: str) -> int:
    """The postmaster of whoever answers there."""
    async with connected(dsn) as connection:
        backend = await connection.fetchval("select pg_backend_pid()")
        return parent_of(backend)


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
