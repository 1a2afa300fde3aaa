"""Who is online here: told to the store and to the rooms, in one breath every two seconds.

Coming and going within one breath, as a reload does, is not told at all.
"""

from clubroom import wire
from clubroom.errors import Unavailable
from clubroom.notification.deliver import Hub
from clubroom.ports.presence import Presence

BREATH_S = 2.0
LEASE_S = 30.0
RENEW_S = 10.0
NAMED_MAX = 500
"""Rooms with more sockets than this hear a number, not names: n people coming would be told n times."""


class Watch:
    """Compares who has a socket here with what was told last."""

    def __init__(self, hub: Hub, presence: Presence) -> None:
        self.hub = hub
        self.presence = presence
        self.told: dict[int, tuple[str, frozenset[int]]] = {}
        self.renewed_at = float("-inf")

    async def breathe(self, now: float) -> None:
        """Once in BREATH_S. Raises Unavailable: then nothing counts as told."""
        if now - self.renewed_at >= RENEW_S:
            if not await self.presence.renew(LEASE_S):
                await self._name_everyone()
            self.renewed_at = now
        here = self._here()
        came, went = here.keys() - self.told.keys(), self.told.keys() - here.keys()
        if came or went:
            await self.presence.move(came, went)
        crowded: set[int] = set()
        for key in went:
            user, groups = self.told.pop(key)
            crowded |= self._tell(user, groups, on=False)
        for key, (user, groups) in here.items():
            known = self.told[key][1] if key in self.told else frozenset()
            crowded |= self._tell(user, groups - known, on=True)  # also in a room joined while here
        for group in crowded:
            await self._tell_count(group)
        self.told = here

    async def end(self) -> None:
        """The server stops."""
        self.renewed_at = float("-inf")
        try:
            await self.presence.leave()
        except Unavailable:
            return  # the lease runs out by itself

    async def _name_everyone(self) -> None:
        if self.told:
            await self.presence.move(self.told.keys(), ())

    def _here(self) -> dict[int, tuple[str, frozenset[int]]]:
        """Everybody who has come in, and the rooms they stand in."""
        here: dict[int, tuple[str, frozenset[int]]] = {}
        for key, receivers in self.hub.people.items():
            live = [receiver for receiver in receivers if not receiver.resuming]
            if live:
                groups = frozenset().union(*(receiver.groups for receiver in live))
                here[key] = (live[0].user, groups - self.hub.inheriting)
        return here

    def _tell(self, user: str, groups: frozenset[int], *, on: bool) -> set[int]:
        """Names one person in their rooms; gives out those that are too crowded for names."""
        crowded = set()
        for group in groups:
            room = self.hub.rooms.get(group)
            if room is None:
                continue
            if len(room.receivers) > NAMED_MAX:
                crowded.add(group)
            else:
                self.hub.signal(group, wire.Signal(kind="presence", group=group, user=user, on=on))
        return crowded

    async def _tell_count(self, group: int) -> None:
        """One number for everybody here, however many came: each server tells its own."""
        room = self.hub.rooms.get(group)
        if room is not None and room.receivers:
            n, _ = await self.presence.online(next(iter(room.receivers)).key, group, 0)
            self.hub.hint(group, wire.Signal(kind="count", group=group, n=n))
