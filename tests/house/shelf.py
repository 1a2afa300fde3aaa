"""What is kept for searching, looked at from behind."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from clubroom.dba.embedded import EmbeddedPostgres
from house.within import within

WAIT_S = 10.0
BEHIND = (
    "select exists (select from search_marks m join groups g on g.id = m.group_id where g.head > m.to_seq)"
)
ENTRIES = (
    "select message_id, group_id, seq, author, sent_at, has_link, said from message_search"
    " where group_id = any($1) order by message_id"
)


class Shelf:
    """A look behind the calls: what is kept for searching."""

    def __init__(self, sql: asyncpg.Connection) -> None:
        self.sql = sql

    async def filled(self, seconds: float = WAIT_S) -> None:
        """Whatever was said until now can be found."""
        async with within(seconds, "what was said could be found"):
            while await self.sql.fetchval(BEHIND):  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    async def entries(self, *groups: int) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await self.sql.fetch(ENTRIES, list(groups))]


@asynccontextmanager
async def on_shelf(postgres: EmbeddedPostgres) -> AsyncIterator[Shelf]:
    """With the rights of whoever writes it."""
    settings = {"role": "clubroom_writer", "search_path": "clubroom"}
    connection = await asyncpg.connect(postgres.owner_dsn, server_settings=settings)
    try:
        yield Shelf(connection)
    finally:
        await connection.close()
