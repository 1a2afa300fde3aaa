"""Who is online here and to be seen: told to the store and to the rooms, in one breath every two seconds.

Coming and going within one breath, as a reload does, is not told at all. Nor is a screen that shows no room
for a moment, as between two rooms: idle is who showed none at two breaths in a row.
"""

from collections.abc import Awaitable, Callable, Collection

import msgspec

from clubroom import wire
from clubroom.errors import Unavailable
from clubroom.notification.deliver import Hub, Receiver
from clubroom.ports.presence import Presence, State, together

BREATH_S = 2.0
LEASE_S = 30.0
RENEW_S = 10.0
NAMED_MAX = 500
"""Rooms with more sockets than this hear a number, not names: n people coming would be told n times."""


Hidden = Callable[[Collection[int]], Awaitable[set[int]]]
"""Who of these people does not want to be seen."""


class Told(msgspec.Struct, frozen=True):
    """How somebody is here, and in which rooms they are seen: in none who is hidden."""

    user: str
    groups: frozenset[int]
    state: State


class Watch:
    """Compares who has a socket here with what was told last."""

    def __init__(self, hub: Hub, presence: Presence, hidden: Hidden) -> None:
        self.hub = hub
        self.presence = presence
        self.hidden = hidden
        self.told: dict[int, Told] = {}
        self.unwatching: set[int] = set()
        self.renewed_at = float("-inf")

    async def breathe(self, now: float) -> None:
        """Once in BREATH_S. Raises Unavailable: then nothing counts as told, and the lease is looked at first
        when the store answers again.
        """
        try:
            await self._renew(now)
            self.hub.hidden = await self.hidden(self.hub.people) if self.hub.people else set()
            here = self._here()
            came = {key: one.state for key, one in here.items() if self._is_news(key, one)}
            went = self.told.keys() - here.keys()
            elsewhere = await self.presence.move(came, went) if came or went else {}
        except Unavailable:
            self.renewed_at = float("-inf")
            raise
        crowded: set[int] = set()
        for key in [*went, *came]:
            crowded |= self._tell_of(key, here.get(key), elsewhere.get(key))
        self.told = here
        for group in crowded:
            await self._tell_count(group)

    async def end(self) -> None:
        """The server stops."""
        self.renewed_at = float("-inf")
        try:
            await self.presence.leave()
        except Unavailable:
            return  # the lease runs out by itself
        finally:
            await self.presence.close()

    async def _renew(self, now: float) -> None:
        if now - self.renewed_at >= RENEW_S:
            if not await self.presence.renew(LEASE_S) and self.told:
                await self.presence.move({key: one.state for key, one in self.told.items()}, ())
            self.renewed_at = now

    def _here(self) -> dict[int, Told]:
        """Everybody who has come in, and the rooms they are seen in."""
        here: dict[int, Told] = {}
        before, self.unwatching = self.unwatching, set()
        for key, receivers in self.hub.people.items():
            live = [receiver for receiver in receivers if not receiver.resuming]
            if not live:
                continue
            if not any(receiver.watches for receiver in live):
                self.unwatching.add(key)
            idle = key in before and key in self.unwatching
            here[key] = self._standing(key, live, State.IDLE if idle else State.LOOKING)
        return here

    def _standing(self, key: int, live: list[Receiver], state: State) -> Told:
        if key in self.hub.hidden:
            return Told(live[0].user, frozenset(), State.HIDDEN)
        groups = frozenset().union(*(receiver.groups for receiver in live))
        return Told(live[0].user, groups - self.hub.inheriting, state)

    def _is_news(self, key: int, one: Told) -> bool:
        known = self.told.get(key)
        return known is None or known.state is not one.state or not one.groups <= known.groups

    def _tell_of(self, key: int, now: Told | None, other: State | None) -> set[int]:
        """What is new of one person, whatever other servers say of them, too; also in a room joined while
        here. Gives out the rooms that are too crowded for names and hear a new number.
        """
        before = self.told.get(key)
        said = {one.state for one in (now,) if one is not None} | ({other} if other is not None else set())
        state = together(said) if said else State.HIDDEN
        known = before.groups if before is not None else frozenset()
        groups = now.groups if now is not None else frozenset()
        if before is not None and now is not None and before.state is now.state:
            return self._tell(now.user, groups - known, state)
        shown = now or before
        assert shown is not None
        crowded = self._tell(shown.user, groups or known, state)
        return crowded - (known & groups)  # who only looks away is counted as before

    def _tell(self, user: str, groups: frozenset[int], state: State) -> set[int]:
        """Names one person in these rooms; gives out those that are too crowded for names."""
        crowded = set()
        for group in groups:
            room = self.hub.rooms.get(group)
            if room is None:
                continue
            if len(room.receivers) > NAMED_MAX:
                crowded.add(group)
            else:
                on, idle = state is not State.HIDDEN, True if state is State.IDLE else None
                self.hub.signal(group, wire.Signal(kind="presence", group=group, user=user, on=on, idle=idle))
        return crowded

    async def _tell_count(self, group: int) -> None:
        """One number for everybody here, however many came: each server tells its own."""
        room = self.hub.rooms.get(group)
        if room is not None and room.receivers:
            online = await self.presence.online(next(iter(room.receivers)).key, group, 0)
            self.hub.hint(group, wire.Signal(kind="count", group=group, n=online.n))
