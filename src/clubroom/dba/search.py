"""What was said, found again (docs/decisions/0022-search-in-windows.md)."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from clubroom.dba.pool import Database

Filled = Literal["more", "done", "idle"]
Has = Literal["link", "image", "file"]
FILLED_AT_ONCE = 500
WINDOW_MESSAGES = 4_096


class Place(msgspec.Struct, frozen=True):
    """Where a page of hits ended: a moment, and the message at it."""

    at: datetime
    message: UUID


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a hit is: all of these. None = whatever it may be. `author` is a user id, `words` are as typed,
    each to be found anywhere; `has` = what lies with it, each of these."""

    words: list[str] | None = None
    author: str | None = None
    club: int | None = None
    room: int | None = None
    after: datetime | None = None
    before: datetime | None = None
    has: frozenset[Has] = frozenset()


async def search_messages(
    db: Database, who: int, asked: Asked, beyond: Place | None, n: int
) -> tuple[str, Place | None]:
    """JSON of a list of `wire.Message`, the newest first, at most `n`; where to go on, unless that was all.

    Raises NotFound (a club or a room that `who` may not read).
    """
    row = await db.read(
        "search_messages",
        who=who,
        words=asked.words,
        author=asked.author,
        club=asked.club,
        room=asked.room,
        after=asked.after,
        before=asked.before,
        has=list(asked.has),
        cursor_at=beyond.at if beyond else None,
        cursor_id=beyond.message if beyond else None,
        n=n,
    )
    place = Place(row["cursor_at"], row["cursor_id"]) if row["cursor_at"] is not None else None
    return row["page"], place


async def fill_search(db: Database) -> Filled:
    """Some of what was said since the last time. For the worker."""
    state: Filled = await db.read("fill_search", most=FILLED_AT_ONCE, window_size=WINDOW_MESSAGES)
    return state


async def seq_at(db: Database, who: int, group: int, moment: datetime) -> int:
    """The seq of the first message at `moment` or after it, else of the last one. Raises NotFound."""
    return int(await db.read("seq_at", who=who, group_id=group, moment=moment))
