"""What only a demo may do: move a log into the past. As the owner of the database, never as who serves."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import aiosql
import asyncpg

_queries = aiosql.from_path(
    Path(__file__).parent / "queries" / "demo.sql", "asyncpg", mandatory_parameters=False
)


async def move_into_the_past(owner_dsn: str, group: int, times: Sequence[datetime]) -> None:
    """Action n of the group happened at `times[n - 1]`. The times must rise, as those of every log do."""
    assert all(earlier < later for earlier, later in pairwise(times)), "a log's times rise"
    connection = await asyncpg.connect(owner_dsn)
    try:
        async with connection.transaction():
            await connection.execute(_queries.become_writer.sql)
            await _queries.move_into_the_past(connection, group_id=group, times=list(times))
            await _queries.memberships_with_their_logs(connection, group_id=group)
            await _queries.files_with_their_messages(connection, group_id=group)
            await _queries.edits_with_their_logs(connection, group_id=group)
    finally:
        await connection.close()
