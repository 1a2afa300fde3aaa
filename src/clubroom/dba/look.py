"""A database seen from outside by its owner, before anything is changed: how it stands to this program."""

import contextlib
import time
from collections.abc import AsyncIterator

import asyncpg
import msgspec

from clubroom.dba.migrate import CHECKS, ROLES, SEARCH_PATH, digests

CONNECT_S = 5.0


class Look(msgspec.Struct, frozen=True):
    """What was seen. The clock there is `clock_s` ahead of ours. Of migrations `pending` have not run,
    `changed` read otherwise now, `unknown` are not ours. `roles` are those of our two that it has; with
    `two_roles` the owner may be either.
    """

    version: str
    clock_s: float
    is_empty: bool
    pending: list[str]
    changed: list[str]
    unknown: list[str]
    roles: list[str]
    two_roles: bool


async def look(dsn: str) -> Look:
    """Reads only. Raises whatever keeps from it: see `checks.reaching`."""
    async with _connected(dsn) as connection:
        asked_at = time.time()
        row = await CHECKS.outside(connection, roles=list(ROLES))
        clock_s = row["now"].timestamp() - (asked_at + time.time()) / 2
        applied = await _applied(connection) if row["has_migrations"] else {}
    ours = digests()
    return Look(
        version=row["version"],
        clock_s=clock_s,
        is_empty=not row["has_migrations"],
        pending=[name for name in ours if name not in applied],
        changed=[name for name in ours if applied.get(name, ours[name]) != ours[name]],
        unknown=[name for name in applied if name not in ours],
        roles=row["roles"],
        two_roles=row["two_roles"],
    )


async def _applied(connection: asyncpg.Connection) -> dict[str, str]:
    return {row["name"]: row["digest"] async for row in CHECKS.applied_migrations(connection)}


@contextlib.asynccontextmanager
async def _connected(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    settings = {"search_path": SEARCH_PATH, "default_transaction_read_only": "on"}
    connection = await asyncpg.connect(
        dsn, timeout=CONNECT_S, command_timeout=CONNECT_S, server_settings=settings
    )
    try:
        yield connection
    finally:
        await connection.close(timeout=CONNECT_S)
