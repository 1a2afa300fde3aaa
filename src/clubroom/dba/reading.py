"""What is read from the log and its projections. Each query judges membership itself."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from clubroom.actions import Logged
from clubroom.dba.pool import Database, logged, rfc3339


class Readable(msgspec.Struct, frozen=True):
    """A group that a person may read: its head, the first seq open to them, their read pointer. One that
    `inherits` has the members of the group above it.
    """

    group: int
    head: int
    first: int
    read: int
    inherits: bool = False


async def epoch(db: Database) -> str:
    """Which database this is; another one after a restore."""
    return str(await db.read("installation_epoch"))


async def database_now(db: Database) -> datetime:
    """The database's clock, which all servers share; `db.clock` goes by it from now on."""
    now: datetime = await db.read("database_now")
    db.clock.told(now)
    return now


async def readable_groups(db: Database, who: int, groups: Sequence[int]) -> list[Readable]:
    """Those of `groups` that `who` may read, by id."""
    rows = await db.read("readable_groups", who=who, groups=list(groups))
    return [
        Readable(row["group_id"], row["head"], row["first"], row["read"], row["inherits"]) for row in rows
    ]


async def group_ids(db: Database, who: int) -> list[int]:
    """All groups of a person: only for a token that could not list them."""
    return [row["group_ids"] for row in await db.read("group_ids", who=who)]


async def actions_after(db: Database, who: int, cursors: Mapping[int, int], n: int) -> list[Logged]:
    """Actions after each cursor, by group and seq, at most `n` in all."""
    rows = await db.read("actions_after", who=who, groups=list(cursors), after=list(cursors.values()), n=n)
    return [Logged(row["group_id"], row["seq"], rfc3339(row["at"]), row["body"]) for row in rows]


async def log_after(db: Database, group: int, after: int, n: int) -> list[Logged]:
    """What follows `after` in one log. For the servers themselves: nobody is judged."""
    return [logged(row) for row in await db.read("log_after", group_id=group, after=after, n=n)]


async def group_heads(db: Database, groups: Sequence[int]) -> dict[int, int]:
    """Where logs stand. For the servers themselves: nobody is judged."""
    return {row["group_id"]: row["head"] for row in await db.read("group_heads", groups=list(groups))}


async def messages_before(db: Database, who: int, group: int, before: int, n: int) -> list[str]:
    """JSON of `wire.Message`, newest first. Raises NotFound."""
    rows = await db.read("messages_before", who=who, group_id=group, before=before, n=n)
    return [row["messages_before"] for row in rows]


async def messages_from(db: Database, who: int, group: int, first: int, n: int) -> list[str]:
    """JSON of `wire.Message`, oldest first. Raises NotFound."""
    rows = await db.read("messages_from", who=who, group_id=group, first=first, n=n)
    return [row["messages_from"] for row in rows]


async def snapshot(db: Database, who: int, group: int, since: int, n: int) -> str:
    """JSON of `wire.Snapshot`. Raises NotFound."""
    return str(await db.read("snapshot", who=who, group_id=group, since=since, n=n))


async def my_groups(db: Database, who: int) -> list[str]:
    """JSON of `wire.GroupEntry`, by id."""
    return [row["my_groups"] for row in await db.read("my_groups", who=who)]


async def move_read_pointer(db: Database, who: int, group: int, seq: int) -> int:
    """Moves forward only; where it stands now. Raises NotFound."""
    return int(await db.read("move_read_pointer", who=who, group_id=group, seq=seq))


async def move_read_pointer_back(db: Database, who: int, group: int, seq: int) -> int:
    """To an earlier place, by hand; where it stands now. Raises NotFound."""
    return int(await db.read("move_read_pointer_back", who=who, group_id=group, seq=seq))


async def move_read_pointers(
    db: Database, moves: Mapping[tuple[int, int], int]
) -> list[tuple[int, int, int]]:
    """Many at once, {(user, group): seq}; answers (user, group, seq) of those that moved."""
    rows = await db.read(
        "move_read_pointers",
        users=[user for user, _ in moves],
        groups=[group for _, group in moves],
        seqs=list(moves.values()),
    )
    return [(row["user_id"], row["group_id"], row["seq"]) for row in rows]
