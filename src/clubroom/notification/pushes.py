"""The job that sends what is to be pushed: takes what is due, puts it into words, hands it to the push port.

Between the call and the mark it may be killed: then the push goes out once more when its lease is over, with
the same topic, so that it takes the place of the first. One device that does not answer holds up no other.
"""

import asyncio
import hashlib
import logging
import random
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import msgspec

from clubroom.dba import pushing, reminders
from clubroom.dba.pool import Database, rfc3339
from clubroom.dba.pushing import Closed, Said, Waiting
from clubroom.dba.reminders import Told
from clubroom.errors import Unavailable
from clubroom.notification import push_words
from clubroom.ports.push import Kind, NotPushed, Push, Pusher

log = logging.getLogger(__name__)

UNDER_WAY_MAX = 200
CALLS_AT_ONCE_MAX = 100  # on the line, as many as it has connections
TAKEN_AT_ONCE_MAX = 200  # reading more of them would hold up whoever is here
BEGUN_AT_ONCE = 10  # in one turn of the loop
LEASE_S = 60  # longer than all that are under way take, SEND_S each
GOOD_S = 24 * 3_600  # what is older tells nobody anything new
WAITS_S = (5, 30, 120, 600, 1_800, 3_600)  # after the first try, the second …; then as the last
ROUND_S = 0.2
FINISH_S = 5.0

RANDOM = random.SystemRandom()
Place = tuple[int, int]


class Pushing:
    """Call it again as long as it says True; `finish` before the database is closed."""

    def __init__(
        self,
        db: Database,
        pushers: Mapping[Kind, Pusher],
        *,
        moment: Callable[[], datetime | None] = lambda: None,
    ) -> None:
        self.db = db
        self.pushers = pushers
        self.moment = moment
        self.went: Counter[str] = Counter()  # by outcome
        self._calls = asyncio.Semaphore(CALLS_AT_ONCE_MAX)
        self._under_way: set[asyncio.Task[None]] = set()
        self._closed: list[Closed] = []
        self._again: list[tuple[int, float, str]] = []

    async def __call__(self) -> bool:
        """Sends what is due, as far as there is room, and writes down what has come back."""
        room = min(TAKEN_AT_ONCE_MAX, UNDER_WAY_MAX - len(self._under_way))
        taken = []
        if room:
            taken = await pushing.take(self.db, room, lease_s=LEASE_S, good_s=GOOD_S, moment=self.moment())
        if taken:
            await self._begin(taken)
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=ROUND_S)
        await self._settle()
        return bool(taken or self._under_way)

    async def _begin(self, taken: Collection[Waiting]) -> None:
        """Asks once for what all of them tell."""
        places = {(one.group, one.seq) for one in taken if one.kind == "message"}
        events = {one.id for one in taken if one.kind == "event"}
        called = {one.user for one in taken if one.calls or one.kind == "read"}
        telling = Telling(
            said=await pushing.said(self.db, places) if places else {},
            told=await reminders.told(self.db, events) if events else {},
            badges=await self._badges(called),
        )
        for number, one in enumerate(taken):
            if number % BEGUN_AT_ONCE == 0:
                await asyncio.sleep(0)  # whoever is here hears what is said now
            task = asyncio.create_task(self._send(one, telling), name="push")
            self._under_way.add(task)
            task.add_done_callback(self._done)

    async def _badges(self, people: Collection[int]) -> dict[int, int]:
        """A number that is not known is left as it stands: what is said goes out all the same."""
        if not people:
            return {}
        try:
            return await pushing.badges(self.db, people)
        except Unavailable:
            log.warning("What calls people was not counted in time. Their pushes go without the number.")
            return {}

    async def come_to_rest(self) -> None:
        """Waits a little for what is on its way; what is not back by then goes out once more. Raises
        Unavailable.
        """
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=FINISH_S)
        for task in self._under_way:
            task.cancel()
        await self._settle()

    async def finish(self) -> None:
        """As `come_to_rest`, and for good."""
        try:
            await self.come_to_rest()
        finally:
            for pusher in self.pushers.values():
                await pusher.close()

    def _done(self, task: asyncio.Task[None]) -> None:
        """Where it failed by a mistake of ours, the push comes again when its lease is over."""
        self._under_way.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("A push failed.", exc_info=error)

    async def _settle(self) -> None:
        """Raises Unavailable, and keeps what it could not write."""
        closed, again = list(self._closed), list(self._again)
        if closed:
            await pushing.close(self.db, closed, moment=self.moment())
            del self._closed[: len(closed)]
        if again:
            await pushing.postpone(self.db, again, moment=self.moment())
            del self._again[: len(again)]

    async def _send(self, one: Waiting, telling: "Telling") -> None:
        push = _made(one, telling)
        if push is None:
            self._close(one, "gone")
            return
        pusher = self.pushers.get(one.target.kind)
        if pusher is None:
            self._close(one, "failed", "unserved")
            return
        try:
            async with self._calls:
                await pusher.send(push)
        except NotPushed as error:
            await self._refused(one, error)
        else:
            self._close(one, "pushed")

    async def _refused(self, one: Waiting, error: NotPushed) -> None:
        if error.gone:
            await pushing.forget_address(self.db, one.target.address)
            self._close(one, "gone", error.code)
            return
        wait_s = max(error.retry_s or 0.0, WAITS_S[min(one.tries, len(WAITS_S)) - 1])
        now = self.moment() or datetime.fromtimestamp(self.db.clock(), UTC)
        if error.permanent or (now - one.made_at).total_seconds() + wait_s > GOOD_S:
            self._close(one, "failed", error.code)
        else:
            self._again.append((one.id, wait_s * RANDOM.uniform(1.0, 1.5), error.code))
            self.went["again"] += 1

    def _close(self, one: Waiting, outcome: str, reason: str | None = None) -> None:
        self._closed.append(Closed(one.id, one.seq, outcome, reason))
        self.went[outcome] += 1


class Telling(msgspec.Struct, frozen=True):
    """What pushes that were taken together tell: of messages, of events, and how much calls each person."""

    said: Mapping[Place, Said]
    told: Mapping[int, Told]
    badges: Mapping[int, int]


def _made(one: Waiting, telling: Telling) -> Push | None:
    """None = there is nothing to say any more."""
    if (told := telling.told.get(one.id)) is not None:
        return _of_an_event(one, told)
    if one.kind == "test":
        title, body = push_words.test(one.language)
        return _push(one, "test", title=title, body=body)
    badge = telling.badges.get(one.user)
    if one.kind == "read":
        return _push(one, f"g{one.group}", badge=badge, withdraw=True)
    words = telling.said.get((one.group, one.seq))
    if words is None:
        return None
    return _push(
        one,
        f"g{one.group}",
        {"message": str(words.message), "at": rfc3339(words.sent_at), "silent": str(int(one.silent))},
        title=push_words.title(words),
        body=push_words.body(words, one.language),
        badge=badge if one.calls else None,
    )


def _of_an_event(one: Waiting, told: Told) -> Push:
    """The newest of an occurrence takes the place of those before it."""
    which = hashlib.sha256((told.key or "").encode()).hexdigest()[:8]
    more = {"what": told.what, "event": str(told.event)}
    if told.key is not None:
        more["key"] = told.key
    return _push(
        one,
        f"e{one.group}-{which}",
        more,
        title=push_words.event_title(told, one.language),
        body=push_words.event_body(told, one.language),
    )


def _push(one: Waiting, topic: str, more: Mapping[str, str] = MappingProxyType({}), **what: Any) -> Push:
    return Push(
        target=one.target,
        topic=topic,
        ttl_s=GOOD_S,
        urgency="normal" if one.kind == "read" else "high",
        data={"kind": one.kind, "group": str(one.group), "seq": str(one.seq), **more},
        **what,
    )
