"""How a client catches up: by socket after `hello`, or by HTTP.

A socket registers first, then reads the log, and comes into a room in a turn of the loop in which what it was
sent ends exactly where the room stands; where it does not, the log is scanned once more. So nothing falls
between replay and live, and nothing is sent twice.
"""

from collections.abc import Collection, Iterable
from itertools import islice
from typing import Protocol

import msgspec

from clubroom import wire
from clubroom.actions import Logged
from clubroom.claims import Claims
from clubroom.dba import reading
from clubroom.dba.pool import Database
from clubroom.errors import NotFound
from clubroom.notification.deliver import Hub, Receiver
from clubroom.notification.frames import frames

ROUNDS_MAX = 8


class Resuming(Receiver, Protocol):
    """A socket on its way in."""

    @property
    def id(self) -> str:
        """The connection's."""

    @property
    def heartbeat_s(self) -> float:
        """How often its client is asked to ping."""

    def send(self, payload: bytes) -> None:
        """One frame to this socket alone."""


class Start(msgspec.Struct):
    """What a client gets of its groups: `replay` from these cursors on, and `resets`."""

    readable: list[reading.Readable]
    replay: dict[int, int]
    resets: list[wire.Reset]

    @property
    def heads(self) -> dict[int, int]:
        """By group."""
        return {group.group: group.head for group in self.readable}


async def listed(db: Database, claims: Claims) -> set[int]:
    """The person's groups: from the token, asked of the database only if they did not fit in there."""
    return set(await reading.group_ids(db, claims.key)) if claims.more else set(claims.groups)


async def start(db: Database, epoch: str, claims: Claims, groups: Iterable[int], said: wire.Sync) -> Start:
    """Judges `groups` and those of the cursors in one query."""
    readable = await reading.readable_groups(db, claims.key, sorted({*groups, *said.cursors}))
    known = {group.group: group for group in readable}
    begin = Start(readable=readable, replay={}, resets=[])
    for group, seq in said.cursors.items():
        why = _why_reset(known.get(group), seq, foreign=said.epoch is not None and said.epoch != epoch)
        if why is not None:
            begin.resets.append(wire.Reset(group=group, why=why))
        elif seq < known[group].head:
            begin.replay[group] = seq
    return begin


def _why_reset(readable: reading.Readable | None, seq: int, *, foreign: bool) -> wire.ResetReason | None:
    if readable is None:
        return "closed"
    if foreign:
        return "epoch"
    if seq > readable.head:
        return "cursor"
    return "floor" if seq + 1 < readable.first else None


def welcome(begin: Start, connection: str, epoch: str, user: str, heartbeat_s: float) -> wire.Welcome:
    """The answer to `hello`."""
    groups = begin.readable[: wire.CURSORS_MAX]
    return wire.Welcome(
        connection=connection,
        epoch=epoch,
        heartbeat_ms=round(heartbeat_s * 1000),
        max_bytes=wire.FRAME_IN_BYTES_MAX,
        user=user,
        groups={group.group: group.head for group in groups},
        read={group.group: group.read for group in groups},
        more=len(begin.readable) > len(groups),
    )


class Entrance:
    """One socket on its way in. `sent` says how far each of its groups was sent; no others are entered."""

    def __init__(self, hub: Hub, db: Database, epoch: str, claims: Claims, receiver: Resuming) -> None:
        self.hub = hub
        self.db = db
        self.epoch = epoch
        self.claims = claims
        self.receiver = receiver
        self.sent: dict[int, int] = {}
        self.heads: dict[int, int] = {}
        self.expected: set[int] = set()
        self.budget = wire.ACTIONS_MAX
        self.seen = receiver.disturbed

    async def come_in(self, said: wire.Sync) -> None:
        """Welcome, replay, rooms, `live`. Raises Unavailable: the socket is then closed and comes again."""
        self.hub.enter(self.receiver)
        try:
            groups = await listed(self.db, self.claims)
            self._expect({*groups, *said.cursors})
            begin = await start(self.db, self.epoch, self.claims, groups, said)
            below = begin.heads.keys() - self.expected
            self._expect(below)
            self._note(begin.readable)
            self._welcome(begin)
            for reset in begin.resets:
                self.receiver.send(wire.encode(reset))
            self.heads = begin.heads
            self.sent = begin.heads | begin.replay
            await self._fill_rooms(begin.replay)
            await self._make_good(below)
        finally:
            self.hub.expected(self.expected)
        self.receiver.resuming = False
        self.receiver.send(wire.encode(wire.Live()))

    def _expect(self, groups: Iterable[int]) -> None:
        more = set(groups) - self.expected
        self.hub.expect(more)
        self.expected |= more

    def _note(self, readable: Iterable[reading.Readable]) -> None:
        self.hub.inheriting.update(group.group for group in readable if group.inherits)

    async def _make_good(self, groups: Collection[int]) -> None:
        """Groups that inherit are known only from what was read: their rooms were not kept from the
        beginning, and may lack what was committed in between.
        """
        if groups:
            self.hub.repair(await reading.group_heads(self.db, sorted(groups)))

    def _welcome(self, begin: Start) -> None:
        receiver = self.receiver
        said = welcome(begin, receiver.id, self.epoch, self.claims.user, receiver.heartbeat_s)
        receiver.send(wire.encode(said))

    async def _fill_rooms(self, lacking: dict[int, int]) -> None:
        for _ in range(ROUNDS_MAX):
            if lacking and not await self._replay(lacking):
                break
            if self._short():
                await self._judge_again()  # closed to them in between, and it has not been told yet
            while self._disturbed:
                await self._judge_again()
            # no await between the last judgement and this: whoever is cut from now on is cut by the room
            lacking = self._short()
            lacking |= {
                group: seq
                for group, seq in self._outside()
                if group not in lacking and not self.hub.attach(self.receiver, group, seq)
            }
            if not lacking:
                return
            for group in lacking:
                await self.hub.fill(group)
        await self._tell_behind()

    def _outside(self) -> list[tuple[int, int]]:
        """What it is to come into still, and how far that was sent."""
        return [(group, seq) for group, seq in self.sent.items() if group not in self.receiver.groups]

    def _short(self) -> dict[int, int]:
        """Where less was sent than there was when it was judged."""
        return {group: seq for group, seq in self._outside() if seq < self.heads[group]}

    async def _replay(self, cursors: dict[int, int]) -> bool:
        """Sends what follows the cursors; false when it is more than one connection is given."""
        entries = await reading.actions_after(self.db, self.claims.key, cursors, self.budget + 1)
        kept = within_budget(entries, self.budget, wire.ACTIONS_BYTES_MAX)
        self.budget -= len(kept)
        for group, run in runs(kept):
            for payload in frames(group, run):
                self.receiver.send(payload)
            self.sent[group] = run[-1].seq
        return len(kept) == len(entries)

    @property
    def _disturbed(self) -> bool:
        """A count, and not a mark that one takes away: several may enter one socket at once."""
        return self.seen != self.receiver.disturbed

    async def _judge_again(self) -> None:
        """A membership changed while this socket was on its way in: closed groups go, new ones come."""
        self.seen = self.receiver.disturbed  # before anything is read
        groups = {*await reading.group_ids(self.db, self.claims.key), *self.sent}
        self._expect(groups)
        readable = await reading.readable_groups(self.db, self.claims.key, sorted(groups))
        self.heads = {group.group: group.head for group in readable}
        self._expect(self.heads)
        self._note(readable)
        for group in self.sent.keys() - self.heads.keys():
            del self.sent[group]
            self.receiver.send(wire.encode(wire.Reset(group=group, why="closed")))
        self.sent = self.heads | self.sent

    async def _tell_behind(self) -> None:
        """Too far back, or the rooms move too fast: in as they stand; the client pulls what it lacks."""
        await self._judge_again()
        while self._disturbed:
            await self._judge_again()
        self._enter_behind(self.heads)

    async def enter_more(self) -> None:
        """A newer token names groups that this socket did not know of: into them, too."""
        try:
            await self._judge_again()
            while self._disturbed:
                await self._judge_again()
            self._enter_behind(self.heads)
        finally:
            self.hub.expected(self.expected)

    def _enter_behind(self, heads: dict[int, int]) -> None:
        heads = {  # where the room stands now: what was said since the reading does not come to this socket
            group: max(head, self.hub.head(group))
            for group, head in heads.items()
            if group not in self.receiver.groups
        }
        send_behind(self.hub, self.receiver, heads)
        for group, head in heads.items():
            self.hub.attach_behind(self.receiver, group, head)


def send_behind(hub: Hub, receiver: Resuming, heads: dict[int, int]) -> None:
    """Tells a socket how far its groups are, so that it pulls what it lacks."""
    for portion in portions(heads):
        receiver.send(wire.encode(wire.Behind(heads=portion)))
        hub.behind_count += 1


def portions(heads: dict[int, int]) -> list[dict[int, int]]:
    """As many heads as a frame holds."""
    items = iter(heads.items())
    return [dict(portion) for portion in iter(lambda: list(islice(items, wire.CURSORS_MAX)), [])]


def within_budget(entries: list[Logged], count: int, size: int) -> list[Logged]:
    """As many of the first entries as fit: `count` of them, `size` bytes."""
    for index, entry in enumerate(entries):
        size -= len(entry.body)
        if index >= count or size < 0:
            return entries[:index]
    return entries


def runs(entries: Iterable[Logged]) -> list[tuple[int, list[Logged]]]:
    """By group, in order."""
    found: dict[int, list[Logged]] = {}
    for entry in entries:
        found.setdefault(entry.group, []).append(entry)
    return list(found.items())


# --- by HTTP ----------------------------------------------------------------------------------------------


async def actions_page(db: Database, claims: Claims, group: int, after: int, limit: int) -> wire.ActionsPage:
    """What follows seq `after`. Raises NotFound."""
    readable = await reading.readable_groups(db, claims.key, [group])
    if not readable:
        raise NotFound
    entries = await reading.actions_after(db, claims.key, {group: after}, limit)
    return _page(group, after, within_budget(entries, limit, wire.ACTIONS_BYTES_MAX), readable[0].head)


async def sync(db: Database, epoch: str, claims: Claims, asked: wire.Sync) -> wire.Synced:
    """All cursors at once; what does not fit the budget is left to the next call or to `actions_page`."""
    begin = await start(db, epoch, claims, await listed(db, claims), asked)
    entries = (
        await reading.actions_after(db, claims.key, begin.replay, wire.ACTIONS_MAX) if begin.replay else []
    )
    kept = within_budget(entries, wire.ACTIONS_MAX, wire.ACTIONS_BYTES_MAX)
    return wire.Synced(
        epoch=epoch,
        heads=begin.heads,
        read={group.group: group.read for group in begin.readable},
        pages=[_page(group, begin.replay[group], run, begin.heads[group]) for group, run in runs(kept)],
        resets=begin.resets,
    )


def _page(group: int, after: int, entries: list[Logged], head: int) -> wire.ActionsPage:
    last = entries[-1].seq if entries else after
    return wire.ActionsPage(
        group=group,
        first=entries[0].seq if entries else after + 1,
        last=last,
        actions=[msgspec.Raw(entry.placed()) for entry in entries],
        more=bool(entries) and last < head,  # nothing: what there was is kept no longer
        head=max(head, last),
    )
