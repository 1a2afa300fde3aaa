"""Makes the events of the demo's choir, and what people say to them, by the verbs that serve everybody."""

import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from clubroom import wire
from clubroom.actions.events import Answer
from clubroom.app.demo.agenda import NOTES, Plan, Turn, zone_here
from clubroom.app.demo.furnish import MOMENT
from clubroom.app.demo.people import ME
from clubroom.app.demo.uuid7 import uuid7
from clubroom.chat.events import door, events
from clubroom.chat.messages import Messages, post_message
from clubroom.claims import Claims
from clubroom.dba import events as stored
from clubroom.dba import reading
from clubroom.dba.demo import move_into_the_past

SEED = 31
ANSWERED_WITHIN = timedelta(days=7)
LATEST_BEFORE = timedelta(hours=1)
WITH_A_NOTE = 0.12
Doing = Callable[[datetime], Awaitable[None]]
Act = tuple[datetime, Doing]


class Gatherer:
    """`claims` by key of who has signed up; `owner` runs the club, whose members are `keys`."""

    def __init__(
        self,
        chat: Messages,
        claims: Mapping[str, Claims],
        owner: str,
        keys: Sequence[str],
        owner_dsn: str,
        end: datetime,
    ) -> None:
        self.chat = chat
        self.claims = claims
        self.owner = owner
        self.keys = keys
        self.owner_dsn = owner_dsn
        self.end = end
        self.rng = random.Random(SEED)  # noqa: S311 - a story, not a secret
        self.made: list[tuple[Plan, UUID, int, datetime]] = []

    async def make(self, club: int, plan: Plan, at: datetime) -> None:
        """With its card in the club, which is one action in its log."""
        name = uuid7(at.timestamp(), self.rng)
        new = wire.NewEvent(
            group=club, zone=zone_here(self.end), host=self.claims[self.owner].user, **plan.says
        )
        made = await events.create_event(self.chat, self.claims[self.owner], name, new)
        self.made.append((plan, name, made.group, at))

    async def fill(self) -> None:
        """What was said to all of them and in their chats, at its times; and who came."""
        for plan, event, group, at in self.made:
            acts: list[Act] = [(at, self._cancelling(event, key)) for key in plan.cancelled]
            acts += [one for turn in plan.turns for one in self._answers(plan, turn, event, at)]
            acts += [self._message(group, *line) for line in plan.said]
            times = [at]
            for when, act in sorted(acts, key=lambda one: one[0]):
                times.append(max(when, times[-1] + MOMENT))
                await act(times[-1])
            for turn in plan.turns:
                await self._tick(turn, event)
            await self._read(group)
            await move_into_the_past(self.owner_dsn, group, [one.astimezone(UTC) for one in times])

    # --- what is said ---

    def _answers(self, plan: Plan, turn: Turn, event: UUID, made: datetime) -> list[Act]:
        """Whoever comes, may come, and cannot, in the week before it, as far as that is past."""
        until = self.end if turn.start is None else min(self.end, turn.start - LATEST_BEFORE)
        since = made if turn.start is None else max(made, until - ANSWERED_WITHIN)
        mine = plan.mine.get(turn.key)
        others = self.rng.sample([key for key in self.keys if key != ME], len(self.keys) - 1)
        said: list[tuple[str, Answer]] = []
        kinds: list[tuple[Answer, int]] = [("going", turn.going), ("maybe", turn.maybe), ("no", turn.no)]
        for kind, count in kinds:
            said += [(others.pop(), kind) for _ in range(min(count, len(others)))]
        said += [(key, kind) for kind, keys in turn.said.items() for key in keys]
        if not turn.said:
            self.rng.shuffle(said)
        if mine is not None:
            said.insert(len(said) * 4 // 5, (ME, mine))
        whens = sorted(since + (until - since) * self.rng.random() for _ in said)
        return [
            (when, self._answering(event, turn.key, key, kind))
            for when, (key, kind) in zip(whens, said, strict=True)
        ]

    def _answering(self, event: UUID, at: str, key: str, kind: Answer) -> Doing:
        note = self.rng.choice(NOTES) if self.rng.random() < WITH_A_NOTE else ""
        who = self.claims[key].key

        async def act(when: datetime) -> None:
            moment = when.astimezone(UTC)
            await stored.answer(self.chat.database, who, event, at, kind, note=note, moment=moment)

        return act

    def _cancelling(self, event: UUID, at: str) -> Doing:
        async def act(_: datetime) -> None:
            await events.cancel_event(self.chat, self.claims[self.owner], event, at)

        return act

    def _message(self, group: int, days: int, hour: str, key: str, text: str) -> Act:
        async def act(when: datetime) -> None:
            await post_message(self.chat, self.claims[key], group, uuid7(when.timestamp(), self.rng), text)

        day = self.end.date() - timedelta(days=days)
        return datetime.combine(day, time.fromisoformat(hour)), act

    # --- who came ---

    async def _tick(self, turn: Turn, event: UUID) -> None:
        """As it was ticked at the door, in the first minutes."""
        if not turn.came or turn.start is None:
            return
        who = self.claims[self.owner]
        there = [
            one for one in (await door.door(self.chat, who, event, turn.key)).people if one.standing == "in"
        ]
        arrived = self.rng.sample(there, len(there) * turn.came // 100)
        over = turn.start + timedelta(hours=1) < self.end
        ticks = [
            wire.Tick(user=one.user, came=one in arrived, at=self._arrives(turn.start))
            for one in there
            if over or one in arrived
        ]
        await door.tick(self.chat, who, event, wire.PutDoor(key=turn.key, ticks=ticks))

    def _arrives(self, start: datetime) -> str:
        return (start + timedelta(minutes=self.rng.randint(-20, 12))).astimezone(UTC).isoformat()

    async def _read(self, group: int) -> None:
        """Nothing of it is new to anybody."""
        heads = await reading.group_heads(self.chat.database, [group])
        moves = {(self.claims[key].key, group): heads[group] for key in self.keys}
        await reading.move_read_pointers(self.chat.database, moves)
