"""Live delivery: an action is encoded once and written once to every socket of its group.

Each room (the sockets of one group) remembers the head it has delivered. What is published next must follow
it; what is older is dropped, and a gap is read from the log, so that whatever is lost or doubled between a
commit and here, every socket hears every action once and in order. Who may hear is decided by the log alone:
`joined`, `cut` and `closes` of the actions let sockets in and out, exactly at their place.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Protocol

import msgspec

from clubroom import wire
from clubroom.actions import Logged
from clubroom.errors import Unavailable
from clubroom.notification.frames import frames
from clubroom.ports.bus import News, Whisper
from clubroom.ports.gateway import Frame

GAP_ACTIONS = 500
GAP_RETRY_S = 0.5
ENDED_MAX = 10_000

Fetch = Callable[[int, int, int], Awaitable[list[Logged]]]
"""(group, after, n) → what follows `after` in the log of `group`."""


class Receiver(Protocol):
    """A socket as delivery sees it."""

    groups: set[int]  # kept by Hub: the rooms it stands in
    resuming: bool  # in no room by itself before its replay is done
    disturbed: int  # counted up by Hub: a membership changed, whoever judged before it judges again

    @property
    def key(self) -> int:
        """Whose it is, by the database's number."""

    @property
    def user(self) -> str:
        """Whose it is, as every edge knows them."""

    @property
    def watches(self) -> bool:
        """Whether any room is on its screen."""

    def deliver(self, frame: Frame) -> None:
        """Actions. Never blocks, never raises; whoever reads too slowly is told later what it lacks."""

    def hint(self, frame: Frame) -> None:
        """A signal: dropped for whoever has enough to read already."""

    def look_below(self) -> None:
        """It was let into a group: there may be others that everybody hears who hears this one."""

    def come_again(self) -> None:
        """It cannot be let in in the order of the log any more: it ends, and its client comes back."""


class Room:
    """The sockets of one group, and how far they have heard."""

    __slots__ = ("filling", "gap", "head", "receivers", "waiting")

    def __init__(self) -> None:
        self.head: int | None = None  # None = somebody is about to come in; nothing was heard yet
        self.receivers: set[Receiver] = set()
        self.waiting = 0  # resuming sockets that want this room kept
        self.filling = False
        self.gap = False  # something was published that does not follow the head


class Hub:
    """All rooms and all sockets of one server. Plain calls in the loop's thread."""

    def __init__(self, framed: Callable[[bytes], Frame], fetch: Fetch) -> None:
        self.framed = framed
        self.fetch = fetch
        self.rooms: dict[int, Room] = {}
        self.people: dict[int, set[Receiver]] = {}
        self.hidden: set[int] = set()  # of the people: for others they are not here
        self.inheriting: set[int] = set()  # of the rooms: who is in them is told in the group above
        self.ended: dict[int, None] = {}  # groups that nobody hears anything of any more, the latest of them
        self.carry: Callable[[News], None] = _nowhere
        self._fills: set[asyncio.Task[None]] = set()
        self.delivered_count = self.fills_count = self.behind_count = self.heard_count = 0

    # --- sockets come and go ---

    def enter(self, receiver: Receiver) -> None:
        """Before anything is read for it: from now on changes of membership reach it."""
        self.people.setdefault(receiver.key, set()).add(receiver)

    def leave(self, receiver: Receiver) -> None:
        """Out of everything. Safe to call twice."""
        for group in list(receiver.groups):
            self._detach(receiver, group)
        mine = self.people.get(receiver.key)
        if mine is not None:
            mine.discard(receiver)
            if not mine:
                del self.people[receiver.key]

    def start_afresh(self) -> None:
        """The database was restored: everybody leaves in this turn of the loop, and how far rooms have heard
        says nothing any more. Those that stay are kept by whoever is on their way in.
        """
        for receiver in [one for mine in self.people.values() for one in mine]:
            self.leave(receiver)
        for room in self.rooms.values():
            room.head = None
        self.ended.clear()

    def expect(self, groups: Iterable[int]) -> None:
        """Keeps these rooms while a socket replays: what is published meanwhile moves their heads."""
        for group in groups:
            self.rooms.setdefault(group, Room()).waiting += 1

    def expected(self, groups: Iterable[int]) -> None:
        """The other half of `expect`."""
        for group in groups:
            self.rooms[group].waiting -= 1
            self._forget(group)

    def attach(self, receiver: Receiver, group: int, sent: int) -> bool:
        """Into the room, if what it was sent ends exactly where the room stands; in one turn of the loop.
        Whoever has left meanwhile is done.
        """
        if self._has_left(receiver):
            return True
        room = self.rooms.setdefault(group, Room())
        if room.head is None:
            room.head = sent
        if room.head != sent:
            return False
        room.receivers.add(receiver)
        receiver.groups.add(group)
        return True

    def attach_behind(self, receiver: Receiver, group: int, head: int) -> None:
        """Into the room as it stands; the client was told `head` and pulls what it lacks."""
        if self._has_left(receiver):
            return
        room = self.rooms.setdefault(group, Room())
        if room.head is None:
            room.head = head
        room.receivers.add(receiver)
        receiver.groups.add(group)

    def _has_left(self, receiver: Receiver) -> bool:
        return receiver not in self.people.get(receiver.key, ())

    def head(self, group: int) -> int:
        """How far the room has heard; 0 for a room that nobody is in."""
        room = self.rooms.get(group)
        return room.head or 0 if room is not None else 0

    # --- what happened ---

    def committed(self, entries: Sequence[Logged]) -> None:
        """What this server has written: to its sockets, and its heads to the other servers."""
        self.carry(News({entry.group: entry.seq for entry in entries}))
        self.publish(entries)

    def publish(self, entries: Sequence[Logged]) -> None:
        """Committed actions, of any groups, in the order of their logs."""
        for group, run in groupby(entries, key=_group):
            if not self._publish(group, list(run)):
                self._fill_later(group)

    def signal(self, group: int, signal: wire.Signal, *, but: int = 0) -> None:
        """To everybody in the room except the person `but`, on every server. May be lost."""
        self._whisper(Whisper(msgspec.Raw(wire.encode(signal)), group=group, but=but))

    def signal_person(self, key: int, signal: wire.Signal) -> None:
        """To every device of one person, on every server. May be lost."""
        self._whisper(Whisper(msgspec.Raw(wire.encode(signal)), person=key))

    def hint(self, group: int, signal: wire.Signal) -> None:
        """To everybody in the room who is here. May be lost."""
        self._hint(Whisper(msgspec.Raw(wire.encode(signal)), group=group))

    def hear(self, news: News) -> None:
        """What another server tells."""
        self.heard_count += 1
        self.repair(news.heads)
        for whisper in news.whispers:
            self._hint(whisper)

    def _whisper(self, whisper: Whisper) -> None:
        self._hint(whisper)
        self.carry(News(whispers=[whisper]))

    def _hint(self, whisper: Whisper) -> None:
        room = self.rooms.get(whisper.group)
        receivers = room.receivers if room is not None else self.people.get(whisper.person, ())
        if receivers:
            frame = self.framed(bytes(whisper.signal))
            for receiver in receivers:
                if receiver.key != whisper.but:
                    receiver.hint(frame)

    def repair(self, heads: Mapping[int, int]) -> None:
        """Where the log is further than a room has heard, the room is filled: whatever got lost on the way
        between a commit and here is made good.
        """
        for group, head in heads.items():
            room = self.rooms.get(group)
            if room is not None and room.head is not None and room.head < head:
                self._fill_later(group)

    async def fill(self, group: int) -> None:
        """Reads what the room lacks from the log and publishes it."""
        while (room := self.rooms.get(group)) is not None and room.head is not None:
            after = room.head
            entries = await self.fetch(group, after, GAP_ACTIONS)
            if room.head is None or room.head < after:
                return  # the database was restored meanwhile
            if entries and entries[0].seq > after + 1:
                room.head = max(room.head, entries[0].seq - 1)  # trimmed: clients see the gap, and fetch anew
            self._publish(group, entries)
            if len(entries) < GAP_ACTIONS:
                return

    async def close(self) -> None:
        """Ends what is being filled."""
        for task in self._fills:
            task.cancel()
        await asyncio.gather(*self._fills, return_exceptions=True)

    # --- inside ---

    def _publish(self, group: int, entries: list[Logged]) -> bool:
        """False = something is missing before them."""
        if group in self.ended:
            return True
        room = self.rooms.get(group)
        if room is None:
            room = self._open_for_newcomers(group, entries)
            if room is None:
                return True
        if room.head is None:
            room.head = entries[0].seq - 1 if entries else 0
        self._call_late_ones(group, [entry for entry in entries if entry.seq <= room.head])
        entries = [entry for entry in entries if entry.seq > room.head]
        if not entries:
            return True
        if entries[0].seq != room.head + 1:
            return False
        self._deliver(group, room, entries)
        self._forget(group)
        return True

    def _call_late_ones(self, group: int, told: list[Logged]) -> None:
        """A room that was empty is opened by whichever joining is published first. Whoever joined before that
        one and is published after it was not let in at their place. Nor need be whoever was removed since.
        """
        removed = {entry.cut: entry.seq for entry in told}
        for entry in told:
            gone = removed.get(entry.joined, 0) > entry.seq
            for receiver in () if gone else tuple(self.people.get(entry.joined or 0, ())):
                if group not in receiver.groups and not receiver.resuming:
                    receiver.come_again()

    def _open_for_newcomers(self, group: int, entries: list[Logged]) -> Room | None:
        """A room that nobody is in is opened by an action that lets in somebody who is here."""
        for entry in entries:
            if entry.joined is not None and entry.joined in self.people:
                room = self.rooms[group] = Room()
                room.head = entry.seq - 1
                return room
        return None

    def _deliver(self, group: int, room: Room, entries: list[Logged]) -> None:
        """Entries that follow the head. A change of membership ends one stretch and begins the next."""
        room.waiting += 1  # it may be empty for a moment, and is still the same room after it
        stretch: list[Logged] = []
        for entry in entries:
            if entry.joined is not None:
                self._send(room, group, stretch)
                stretch = []
                self._let_in(entry.joined, room, group)
            stretch.append(entry)
            if entry.cut is not None:
                self._send(room, group, stretch)
                stretch = []
                self._let_out(entry.cut, group)
            if entry.opens is not None:
                self._open_below(entry.opens, room)
            if entry.closes:
                self._send(room, group, stretch)
                stretch = []
                self._let_all_out(room, group)
        self._send(room, group, stretch)
        room.head = entries[-1].seq
        room.waiting -= 1

    def _send(self, room: Room, group: int, entries: list[Logged]) -> None:
        if not entries or not room.receivers:
            return
        self.delivered_count += len(entries) * len(room.receivers)
        for payload in frames(group, entries):
            frame = self.framed(payload)
            for receiver in tuple(room.receivers):  # a slow one may leave while it is written to
                receiver.deliver(frame)

    def _let_in(self, key: int, room: Room, group: int) -> None:
        for receiver in self.people.get(key, ()):
            if receiver.resuming:
                receiver.disturbed += 1
            else:
                room.receivers.add(receiver)
                receiver.groups.add(group)
                receiver.look_below()

    def _open_below(self, group: int, room: Room) -> None:
        """A new group that inherits from this one: whoever stands here stands there, too, from its first."""
        self.inheriting.add(group)
        for receiver in room.receivers:
            self.attach_behind(receiver, group, 0)
        self._disturb_resuming()

    def _let_all_out(self, room: Room, group: int) -> None:
        """Whoever stands here has heard the last of it; whoever is on their way in judges again. What is told
        of it once more opens it for nobody.
        """
        self.ended[group] = None
        if len(self.ended) > ENDED_MAX:
            del self.ended[next(iter(self.ended))]
        for receiver in tuple(room.receivers):
            receiver.disturbed += 1
            self._detach(receiver, group)
        self._disturb_resuming()

    def _disturb_resuming(self) -> None:
        for receivers in self.people.values():
            for receiver in receivers:
                if receiver.resuming:
                    receiver.disturbed += 1

    def _let_out(self, key: int, group: int) -> None:
        for receiver in self.people.get(key, ()):
            receiver.disturbed += 1
            self._detach(receiver, group)

    def _detach(self, receiver: Receiver, group: int) -> None:
        receiver.groups.discard(group)
        room = self.rooms.get(group)
        if room is not None:
            room.receivers.discard(receiver)
            self._forget(group)

    def _forget(self, group: int) -> None:
        room = self.rooms.get(group)
        if room is not None and not room.receivers and not room.waiting and not room.filling:
            del self.rooms[group]
            self.inheriting.discard(group)

    def _fill_later(self, group: int) -> None:
        room = self.rooms[group]
        room.gap = True  # also while it is filled: what is read just now may end before this
        if room.filling:
            return
        room.filling = True
        self.fills_count += 1
        task = asyncio.create_task(self._fill(group, room), name=f"fill {group}")
        self._fills.add(task)
        task.add_done_callback(self._fills.discard)

    async def _fill(self, group: int, room: Room) -> None:
        try:
            while room.gap:
                room.gap = False
                if not await self._filled(group):
                    room.gap = True
                    await asyncio.sleep(GAP_RETRY_S)
        finally:
            room.filling = False
            self._forget(group)

    async def _filled(self, group: int) -> bool:
        try:
            await self.fill(group)
        except Unavailable:
            return False
        return True


def _nowhere(_: News) -> None:
    """This server is alone."""


def _group(entry: Logged) -> int:
    return entry.group
