"""Sockets that a gateway elsewhere holds: their sessions between two frames, and who hears what."""

from uuid import UUID

import msgspec

from clubroom.dba.pool import Database

PORTION = 1_000


class Kept(msgspec.Struct, frozen=True):
    """A session as it was stored. `ended` = its device was signed out since."""

    version: int
    state: bytes
    ended: bool


class Hearer(msgspec.Struct, frozen=True):
    """A connection that hears the actions `first` to `last`."""

    connection: str
    first: int
    last: int


async def open_connection(db: Database, connection: str, state: bytes) -> None:
    """A socket that has said nothing yet; opening it again changes nothing."""
    await db.read("open_connection", connection=connection, state=state)


async def load(db: Database, connection: str) -> Kept | None:
    """None when it is gone."""
    row = await db.read("load_connection", connection=connection)
    return Kept(row["version"], row["state"], row["ended"]) if row is not None else None


async def save(
    db: Database, connection: str, seen: int, state: bytes, who: int | None, device: UUID | None
) -> bool:
    """Over the version that was seen; false when another frame of this socket was quicker."""
    return bool(
        await db.read(
            "save_connection", connection=connection, seen=seen, state=state, who=who, device=device
        )
    )


async def drop(db: Database, connection: str) -> None:
    """It is gone."""
    await db.read("drop_connection", connection=connection)


async def portion_after(db: Database, connection: str) -> list[str]:
    """Up to PORTION of all, by id, after this one ("" = from the first)."""
    rows = await db.read("all_connections", after=connection, n=PORTION)
    return [row["all_connections"] for row in rows]


async def of_person(db: Database, who: int) -> list[str]:
    """The oldest first."""
    return [row["connections_of"] for row in await db.read("connections_of", who=who)]


async def hearing(db: Database, group: int, first: int, last: int) -> list[Hearer]:
    """Who hears the actions `first` to `last` of a group, and which: the log says it, not the clock."""
    rows = await db.read("connections_hearing", group_id=group, first=first, last=last)
    return [Hearer(row["connection"], row["from_seq"], row["to_seq"]) for row in rows]


async def showing(db: Database, group: int) -> list[tuple[str, int]]:
    """(connection, user) of everybody who has it before their eyes now."""
    rows = await db.read("connections_showing", group_id=group)
    return [(row["connection"], row["user_id"]) for row in rows]
