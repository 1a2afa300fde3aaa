"""Whoever runs the place: its clubs from outside, how large all of it is, how long messages are kept."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import msgspec

from clubroom import wire
from clubroom.dba.migrate import CHECKS, SEARCH_PATH
from clubroom.dba.pool import Database, guarded


class Measured(msgspec.Struct, frozen=True):
    """As the database sees the place."""

    keep_days: int | None
    clubs: int
    people: int
    database_bytes: int
    messages_bytes: int
    search_bytes: int
    undelivered: list[wire.Undelivered]


class KnownHost(msgspec.Struct, frozen=True):
    """Somebody who runs the place."""

    user: str
    name: str
    email: str | None


async def is_host(db: Database, who: int) -> bool:
    """Whether somebody runs this place."""
    return bool(await db.read("is_host", who=who))


async def clubs(db: Database, who: int, find: str, before: int, n: int) -> list[wire.HostedClub]:
    """The newest first. Raises NotFound for whoever is no host."""
    rows = await db.read("host_clubs", who=who, find=find, before=before, n=n)
    return [msgspec.json.decode(row["host_clubs"], type=wire.HostedClub) for row in rows]


async def suspend_club(db: Database, who: int, club: int, *, suspend: bool) -> None:
    """Or opens it again. Raises NotFound."""
    await db.command("suspend_club", who=who, club=club, suspend=suspend)


async def measured(db: Database, who: int) -> Measured:
    """How large it all is. Raises NotFound."""
    return msgspec.json.decode(await db.read("host_place", who=who), type=Measured)


async def keep_messages(db: Database, who: int, days: int | None) -> None:
    """For so many days; None = for ever. Raises NotFound."""
    await db.command("keep_messages", who=who, days=days)


# --- by the command line, as the owner of the database ----------------------------------------------------


@asynccontextmanager
async def _owner(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(dsn, server_settings={"search_path": SEARCH_PATH})
    try:
        async with guarded():
            yield connection
    finally:
        await connection.close()


async def add_host(dsn: str, known_as: str) -> str | None:
    """By address or user id; their name, or None for nobody."""
    async with _owner(dsn) as connection:
        name: str | None = await CHECKS.add_host(connection, known_as=known_as)
        return name


async def remove_host(dsn: str, known_as: str) -> str | None:
    """Their name, or None for whoever is no host."""
    async with _owner(dsn) as connection:
        name: str | None = await CHECKS.remove_host(connection, known_as=known_as)
        return name


async def hosts(dsn: str) -> list[KnownHost]:
    """In the order in which they came."""
    async with _owner(dsn) as connection:
        return [
            KnownHost(row["sub"], row["name"], row["email"]) async for row in CHECKS.list_hosts(connection)
        ]


async def all_clubs(dsn: str) -> AsyncIterator[wire.HostedClub]:
    """The newest first."""
    async with _owner(dsn) as connection:
        before = wire.SEQ_MAX
        while True:
            found = [
                msgspec.json.decode(row["club"], type=wire.HostedClub)
                async for row in CHECKS.list_clubs(connection, before=before, n=wire.PAGE_MAX)
            ]
            for club in found:
                yield club
            if len(found) < wire.PAGE_MAX:
                return
            before = found[-1].group


async def suspend_as_owner(dsn: str, club: int, *, suspend: bool) -> None:
    """Servers that run find it in the logs within two seconds. Raises NotFound."""
    async with _owner(dsn) as connection:
        await CHECKS.suspend_as_owner(connection, club=club, suspend=suspend)
