"""Presence in PostgreSQL, in unlogged tables: the default (contract: ports/presence). And, wherever the set
is kept, who of those online is in a group.
"""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from clubroom.dba.pool import Database
from clubroom.ports.presence import Online, State


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

    async def move(self, came: Mapping[int, State], went: Collection[int]) -> dict[int, State]:
        """See the contract."""
        rows = await self.database.read(
            "set_online", server=self.server, came=list(came), states=list(came.values()), went=list(went)
        )
        return {row["user_id"]: State(row["state"]) for row in rows}

    async def leave(self) -> None:
        """See the contract."""
        await self.database.read("leave_server", server=self.server)

    async def here(self) -> set[int]:
        """See the contract."""
        return set(await self.database.read("online_people"))

    async def online(self, who: int, group: int, limit: int) -> Online:
        """See the contract."""
        return _online(await self.database.read("online_members", who=who, group_id=group, n=limit))

    async def close(self) -> None:
        """See the contract. The connections are the database's."""


async def members_of_those(
    database: Database, who: int, group: int, people: Mapping[int, State], limit: int
) -> Online:
    """Of these people those who are in a group, the first `limit` of them by name. NotFound to outsiders."""
    quiet = [key for key, state in people.items() if state is State.IDLE]
    return _online(
        await database.read(
            "members_of_those", who=who, group_id=group, people=list(people), quiet=quiet, n=limit
        )
    )


def _online(row: Any) -> Online:
    return Online(n=row["total"], users=list(row["users"]), idle=list(row["idle"]))
