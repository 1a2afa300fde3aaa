"""Who is online, where nothing of ours lives between two frames: the lease is one connection's (contract:
ports/presence), long, and renewed by its heartbeat. Nobody is told who comes and goes: each time it would be
a call for everybody who is there. Whoever shows a room asks who is online once a minute.
"""

import logging
from collections.abc import Awaitable, Callable

from clubroom.claims import Claims
from clubroom.dba import profiles
from clubroom.dba.pool import Database
from clubroom.errors import Unavailable
from clubroom.ports.presence import Presence, State

LEASE_S = 600.0

log = logging.getLogger(__name__)

Of = Callable[[str], Presence]
"""The part of one connection."""


class RemotePresence:
    """Presence is no promise: a store that is away is logged. Whether somebody looks is not told here."""

    def __init__(self, db: Database, of: Of) -> None:
        self.db = db
        self.of = of

    async def came(self, connection: str, claims: Claims) -> None:
        """It is live."""
        await _quietly(self._named(connection, claims))

    async def heard(self, connection: str, claims: Claims) -> None:
        """Its heartbeat. Whoever wishes to be unseen since is, from now on."""
        await _quietly(self._named(connection, claims))

    async def went(self, connection: str) -> None:
        """It is gone."""
        await _quietly(self.of(connection).leave())

    async def _named(self, connection: str, claims: Claims) -> None:
        store = self.of(connection)
        await store.renew(LEASE_S)
        hides = await profiles.invisible_of(self.db, [claims.key])
        await store.move({claims.key: State.HIDDEN if hides else State.LOOKING}, ())


async def _quietly(work: Awaitable[None]) -> None:
    try:
        await work
    except Unavailable:
        log.warning("Who is online could not be told.")
