"""Who is online, where nothing of ours lives between two frames: the lease is one connection's (contract:
ports/presence), long, and renewed by its heartbeat. What is told goes out when it happens, not in breaths.
"""

import logging
from collections.abc import Awaitable, Callable

import msgspec

from clubroom import wire
from clubroom.claims import Claims
from clubroom.dba import connections, profiles
from clubroom.dba.pool import Database
from clubroom.errors import Unavailable
from clubroom.notification.presence import NAMED_MAX
from clubroom.notification.resume import listed
from clubroom.ports.bus import Whisper
from clubroom.ports.presence import Presence, State

LEASE_S = 600.0

log = logging.getLogger(__name__)

Of = Callable[[str], Presence]
"""The part of one connection."""
Tell = Callable[[Whisper], Awaitable[None]]


class RemotePresence:
    """`tell` carries a signal to its sockets. Presence is no promise: a store that is away is logged. Whether
    somebody looks is not told here: each change would be a call for each who is there.
    """

    def __init__(self, db: Database, of: Of, tell: Tell) -> None:
        self.db = db
        self.of = of
        self.tell = tell

    async def came(self, connection: str, claims: Claims) -> None:
        """It is live."""
        await _quietly(self._came(connection, claims))

    async def heard(self, connection: str, claims: Claims) -> None:
        """Its heartbeat. Whoever wishes to be unseen since is, from now on."""
        await _quietly(self._heard(connection, claims))

    async def went(self, connection: str, claims: Claims) -> None:
        """It is gone."""
        await _quietly(self._went(connection, claims))

    async def _came(self, connection: str, claims: Claims) -> None:
        store, mine = self.of(connection), await self._standing(claims)
        await store.renew(LEASE_S)
        others = (await store.move({claims.key: mine}, ())).get(claims.key)
        if mine is State.LOOKING and others is None:
            await self._tell(claims, on=True)

    async def _heard(self, connection: str, claims: Claims) -> None:
        known = await self.of(connection).renew(LEASE_S)
        mine = await self._standing(claims)
        if not known or mine is State.HIDDEN:
            await self.of(connection).move({claims.key: mine}, ())

    async def _went(self, connection: str, claims: Claims) -> None:
        store = self.of(connection)
        others = await store.move({}, [claims.key])
        await store.leave()
        if claims.key not in others and await self._standing(claims) is State.LOOKING:
            await self._tell(claims, on=False)

    async def _standing(self, claims: Claims) -> State:
        hides = await profiles.invisible_of(self.db, [claims.key])
        return State.HIDDEN if hides else State.LOOKING

    async def _tell(self, claims: Claims, *, on: bool) -> None:
        """Names one person in their rooms; rooms that are too crowded for names hear a number."""
        for group in sorted(await listed(self.db, claims)):
            there = await connections.in_group(self.db, group)
            if all(who == claims.key for _, who in there):
                continue
            signal = wire.Signal(kind="presence", group=group, user=claims.user, on=on)
            if len(there) > NAMED_MAX:
                online = await self.of("").online(claims.key, group, 0)
                signal = wire.Signal(kind="count", group=group, n=online.n)
            await self.tell(Whisper(msgspec.Raw(wire.encode(signal)), group=group, but=claims.key))


async def _quietly(work: Awaitable[None]) -> None:
    try:
        await work
    except Unavailable:
        log.warning("Who is online could not be told.")
