"""Presence: the set of who is online, shared by all servers.

A **lease per server, not per connection**: a server says who came to it and who went, and renews its lease
well before `ttl_s` is over. When it dies without a word its people are offline once the lease has run out.
A person is online while at least one server with a valid lease names them. Everything may be lost (presence
is no promise); after a loss `renew` answers false, and the server names all its people again.

Raises Unavailable when the store does not answer.
"""

from collections.abc import Collection
from typing import Protocol


class Presence(Protocol):
    """Who is online. People are the database's numbers, groups too."""

    async def renew(self, ttl_s: float) -> bool:
        """Keep this server's lease; false when it had run out or never was: name everyone again."""

    async def move(self, came: Collection[int], went: Collection[int]) -> None:
        """These people came to this server, those left it."""

    async def leave(self) -> None:
        """This server ends: nobody is online here from now on."""

    async def online(self, who: int, group: int, limit: int) -> tuple[int, list[str]]:
        """How many of a group are online, and up to `limit` of their user ids. NotFound to outsiders."""
