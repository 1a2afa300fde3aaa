"""What commits left to be handed to sockets that are held elsewhere (see 0058_forwards.sql)."""

from collections.abc import Collection

import msgspec

from clubroom.dba.pool import Database


class Forward(msgspec.Struct, frozen=True):
    """The actions `first` to `last` of a group."""

    id: int
    group: int
    first: int
    last: int


async def take(db: Database, n: int, *, lease_s: int, of: Collection[int] | None = None) -> list[Forward]:
    """Up to `n` that nobody has in hand, the oldest first, of these groups or of all. They are the caller's
    until the lease is over.
    """
    groups = None if of is None else list(of)
    rows = await db.read("take_forwards", gs=groups, n=n, lease_seconds=lease_s)
    taken = [Forward(row["id"], row["group_id"], row["first"], row["last"]) for row in rows]
    return sorted(taken, key=lambda one: one.id)


async def close(db: Database, ids: Collection[int]) -> None:
    """They were handed on."""
    await db.read("close_forwards", ids=list(ids))


async def forget(db: Database, n: int) -> bool:
    """A piece of what is too old to be of use; whether there may be more."""
    return bool(await db.read("forget_forwards", n=n))


async def tellings_wait(db: Database, within_s: int) -> bool:
    """Whether within so many seconds somebody is to be told of something."""
    return bool(await db.read("tellings_wait", within_seconds=within_s))
