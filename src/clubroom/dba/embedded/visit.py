"""A look at the database of a data folder by somebody who does not serve it."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.embedded.errors import DataFolderInUse, from_os_error
from clubroom.dba.embedded.lock import DataFolderLock
from clubroom.dba.embedded.place import Place, find_place


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A database that can be asked. `server` says which process serves it; None = nobody does."""

    place: Place
    server: str | None

    @property
    def owner_dsn(self) -> str:
        """As in `EmbeddedPostgres`."""
        return self.place.dsn("clubroom_owner")

    @property
    def app_dsn(self) -> str:
        """As in `EmbeddedPostgres`."""
        return self.place.dsn("clubroom_app")


@contextlib.contextmanager
def visited(data: Path) -> Iterator[Visit | None]:
    """The database that runs, or is started until the block ends. None where there is none yet.

    Raises `EmbeddedError`.
    """
    data = data.resolve()
    started: EmbeddedPostgres | None = None
    visit: Visit | None = None
    try:
        place = _place_of(data)
        if place is not None:
            started, server = _start_or_share(data, place)
            visit = Visit(place=place, server=server)
    except OSError as error:
        raise from_os_error(error, data) from error
    try:
        yield visit
    finally:
        if started is not None:
            started.leave()


def _place_of(data: Path) -> Place | None:
    if not any((data / name).exists() for name in ("postgres", "postgres-location")):
        return None
    place = find_place(data)
    return place if place.cluster.exists() else None


def _start_or_share(data: Path, place: Place) -> tuple[EmbeddedPostgres | None, str | None]:
    try:
        lock = DataFolderLock.take(data)
    except DataFolderInUse as error:
        return None, error.holder
    try:
        return EmbeddedPostgres(place, lock, lambda _: None), None
    except BaseException:
        lock.release()
        raise
