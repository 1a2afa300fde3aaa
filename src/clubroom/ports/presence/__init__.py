"""Presence: the set of who is online, shared by all servers.

A **lease per server, not per connection**: a server says who came to it and who went, and renews its lease
well before `ttl_s` is over. When it dies without a word its people are offline once the lease has run out.
A person is online while at least one server with a valid lease names them.

How somebody is here (`State`) each server says of its own sockets. Taken together somebody is not to be seen
as soon as one server says so, and else idle only where all say so: `together`.

Everything may be lost (presence is no promise); after a loss `renew` answers false, and the server names all
its people again. What is said while there is no lease is of no effect.

Raises Unavailable when the store does not answer, within 2 s where it is a store of its own.
"""

from collections.abc import Collection, Iterable, Mapping
from enum import IntEnum
from typing import Protocol

import msgspec


class State(IntEnum):
    """How somebody is here. The numbers are written into the store."""

    LOOKING = 0  # at least one of their devices shows a room
    IDLE = 1
    HIDDEN = 2  # not to be seen: neither named nor counted, and here all the same


class Online(msgspec.Struct, frozen=True):
    """`n` are online; `users` names some, and `idle` those of them who show no room on any device."""

    n: int
    users: list[str]
    idle: list[str]


class Presence(Protocol):
    """Who is online. People are the database's numbers, groups too."""

    async def renew(self, ttl_s: float) -> bool:
        """Keep this server's lease; false when it had run out or never was: name everyone again."""

    async def move(self, came: Mapping[int, State], went: Collection[int]) -> dict[int, State]:
        """These people came to this server, or are here otherwise than before; those left it. Answers how
        those of both stand whom **other** servers name: whoever went is gone only if nobody does.
        """

    async def leave(self) -> None:
        """This server ends: nobody is online here from now on."""

    async def here(self) -> set[int]:
        """Everybody who is online, also who is not to be seen: for whoever decides who is told otherwise."""

    async def online(self, who: int, group: int, limit: int) -> Online:
        """How many of a group are online, and up to `limit` of their user ids. NotFound to outsiders."""

    async def close(self) -> None:
        """Gives back what it holds open; nothing is asked of it any more."""


def together(states: Iterable[State]) -> State:
    """What several servers say of one person."""
    said = set(states)
    return State.HIDDEN if State.HIDDEN in said else min(said)
