"""Where the set of who is online is kept: in the database, or in a Redis when the host names one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from clubroom.app.settings import SettingError, Settings
from clubroom.auth.keys import place_name
from clubroom.dba.pool import Database
from clubroom.dba.presence import PostgresPresence, members_of_those
from clubroom.ports.presence import Presence
from clubroom.ports.presence.redis_server import RedisServer

MISSING = "REDIS_URL needs one more package. This brings it: .venv/bin/uv pip install '.[redis]'"


def presence_of(settings: Settings, db: Database, server: str) -> Presence:
    """For one server, by a name that no other has. Raises SettingError."""
    if settings.redis is None:
        return PostgresPresence(db, server)
    with brought_along():
        from clubroom.ports.presence.redis import RedisPresence  # noqa: PLC0415
    return RedisPresence(settings.redis, place_name(settings.secret), server, partial(members_of_those, db))


def presence_by_connection(settings: Settings, db: Database) -> Callable[[str], Presence]:
    """Where a lease is one connection's and not a server's: the part of each. Raises SettingError."""
    if settings.redis is None:
        return partial(PostgresPresence, db)
    with brought_along():
        from clubroom.ports.presence.redis import RedisPresence  # noqa: PLC0415
    whole = RedisPresence(settings.redis, place_name(settings.secret), "", partial(members_of_those, db))
    return whole.beside


async def reach(server: RedisServer) -> None:
    """Raises SettingError, or Unavailable when it does not answer."""
    with brought_along():
        from clubroom.ports.presence.redis import greet  # noqa: PLC0415
    await greet(server)


@contextmanager
def brought_along() -> Iterator[None]:
    """Only whoever has a Redis needs its client library, so it is not installed for everybody."""
    try:
        yield
    except ModuleNotFoundError:
        raise SettingError(MISSING) from None
