"""Folders for the embedded PostgreSQL, and a way to begin in them that ends with the test."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from embedded_rig import Begin, remove_if_there

from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.embedded.place import find_place, make_data_folder


@pytest.fixture
def pg_fresh(tmp_path: Path) -> Iterator[Path]:
    """A data folder that was never used, below one that is closed to everybody else, as a home is."""
    yield tmp_path / "data"
    remove_if_there(tmp_path / "data")


@pytest.fixture(scope="session")
def pg_made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cluster as a first start and a stop leave it."""
    folder = tmp_path_factory.mktemp("made") / "data"
    EmbeddedPostgres.start(folder, say=lambda line: None).stop()
    yield find_place(folder).cluster
    remove_if_there(folder)


@pytest.fixture
def pg_data(pg_fresh: Path, pg_made: Path) -> Path:
    """A data folder that was used before: a copy, which is faster than a first start."""
    make_data_folder(pg_fresh)
    subprocess.run(["cp", "-a", pg_made, find_place(pg_fresh).cluster], check=True)
    return pg_fresh


@pytest.fixture
def pg_open_folder() -> Iterator[Path]:
    """A folder that every user may pass through."""
    folder = Path(tempfile.mkdtemp(prefix="clubroom-test-"))
    folder.chmod(0o755)
    yield folder
    for path in folder.iterdir():
        remove_if_there(path)
    shutil.rmtree(folder)


@pytest.fixture
def pg_begin() -> Iterator[Begin]:
    """Start PostgreSQL in a folder; it is stopped and deleted when the test ends."""
    started: list[tuple[EmbeddedPostgres, Path]] = []

    def begin_in(folder: Path) -> EmbeddedPostgres:
        postgres = EmbeddedPostgres.start(folder, say=lambda line: None)
        started.append((postgres, folder))
        return postgres

    yield begin_in
    for postgres, _ in started:
        postgres.stop()
    for _, folder in started:
        remove_if_there(folder)
