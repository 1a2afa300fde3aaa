"""Presence in PostgreSQL, in unlogged tables: the default (contract: ports/presence)."""

from collections.abc import Collection
from datetime import timedelta

from clubroom.dba.pool import Database


class PostgresPresence:
    """One server's part of who is online."""

    def __init__(self, database: Database, server: str) -> None:
        self.database = database
        self.server = server

    async def renew(self, ttl_s: float) -> bool:
        """See the contract."""
        return bool(
            await self.database.read("renew_server", server=self.server, ttl=timedelta(seconds=ttl_s))
        )

    async def move(self, came: Collection[int], went: Collection[int]) -> None:
        """See the contract."""
        await self.database.read("set_online", server=self.server, came=list(came), went=list(went))

    async def leave(self) -> None:
        """See the contract."""
        await self.database.read("leave_server", server=self.server)

    async def online(self, who: int, group: int, limit: int) -> tuple[int, list[str]]:
        """See the contract."""
        row = await self.database.read("online_members", who=who, group_id=group, n=limit)
        return row["total"], list(row["users"])
