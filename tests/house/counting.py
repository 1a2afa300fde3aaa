"""Counts what functions do for each thing that a client says or asks: what is sent out, how often the
database is asked, and how long they compute. `clubroom cost` is made of these figures.

Everything is said one after the other, so that each call is alone, first with few online and then with many:
what grows with those who hear it is told from what does not.
"""

import asyncio
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from statistics import fmean, median
from typing import Any
from unittest.mock import patch

import msgspec

from clubroom.app.aws import function
from clubroom.app.aws.function import Function
from clubroom.dba import pool
from clubroom.ports.gateway.aws import ManagementApi
from clubroom.ports.waking.sqs import QueueBell
from house.device import Device
from house.functions import Event, Functions, Handler
from house.person import Person
from house.uuid7 import uuid7
from house.within import within

MINUTE = {"source": "aws.events"}
ASKED = {"tokens": "renew", "online": "who is online", "me": "me", "snapshot": "snapshot"}
TEXT = "Shall we meet on Thursday at eight?"
COUNTED = ("posts", "posted_bytes", "transactions", "wakes", "later_wakes", "answered_bytes")
Sample = dict[str, float]


class Tally:
    """`samples` by what a call was for. Each function runs in a thread of its own, and counts there."""

    def __init__(self) -> None:
        self.samples: dict[tuple[str, str], list[Sample]] = defaultdict(list)
        self.others = 0  # who is online beside whoever acts
        self.counting = False
        self._here = threading.local()

    def count(self, name: str, n: int = 1) -> None:
        """In the thread of a function."""
        self._here.counts[name] += n

    def call(self, service: str, handler: Handler, event: Event) -> Any:
        """One call, counted under what it was for."""
        self._here.counts = dict.fromkeys(COUNTED, 0)
        self._here.known = getattr(self._here, "known", set())
        begun = time.thread_time()
        answer = handler(event, None)
        took = {
            "cpu_ms": (time.thread_time() - begun) * 1000,
            "others": self.others,
        }
        if isinstance(answer, dict):
            self.count("answered_bytes", len(answer.get("body") or ""))
        kind = kind_of(event)
        if self.counting and kind in self._here.known:  # the first of a kind prepares what the others use
            self.samples[kind, service].append(self._here.counts | took)
        self._here.known.add(kind)
        return answer


class Counted:
    """Stands for a handler."""

    def __init__(self, tally: Tally, service: str, made: Callable[[], Handler]) -> None:
        self.tally, self.service = tally, service
        self.handler = made()
        self.function: Function = getattr(self.handler, "function")  # noqa: B009 - its type does not say so

    def __call__(self, event: Event, _: Any) -> Any:
        return self.tally.call(self.service, self.handler, event)


def kind_of(event: Event) -> str:
    """What a call is for: a frame's type, a moment of a socket, or what HTTP asks; "" = nothing of these."""
    about = event.get("requestContext", {})
    if about.get("eventType") == "MESSAGE":
        return str(msgspec.json.decode(event["body"])["type"])
    if "eventType" in about:
        return str(about["eventType"]).lower()
    if "rawPath" not in event:
        return "wake" if "Records" in event else "sweep"
    return ASKED.get(event["rawPath"].rsplit("/", 1)[-1], "")


@contextmanager
def counting(house: Functions) -> Iterator[Tally]:
    """Every call of the house until the block ends. No function may have been called before."""
    tally = Tally()
    transaction, post, wake = pool._transaction, ManagementApi.post, QueueBell.wake

    def counted_transaction(*what: Any) -> Any:
        tally.count("transactions")
        return transaction(*what)

    async def counted_post(gateway: ManagementApi, connection: str, payload: bytes) -> bool:
        tally.count("posts")
        tally.count("posted_bytes", len(payload))
        return await post(gateway, connection, payload)

    async def counted_wake(bell: QueueBell, after_s: int = 0) -> None:
        tally.count("later_wakes" if after_s else "wakes")
        await wake(bell, after_s)

    for service, one in house.api.functions.items():
        assert not one.all, "a function was called before"
        one.made = made_counted(tally, service, one.made)
    house.api.unhurried = True  # else it would be chance whether whoever wrote hands on, or the worker
    with ExitStack() as stack:
        for where, name, instead in (
            (pool, "_transaction", counted_transaction),
            (ManagementApi, "post", counted_post),
            (QueueBell, "wake", counted_wake),
            (function, "LOOK_S", -1.0),  # calls of one instance are seldom closer than that
        ):
            stack.enter_context(patch.object(where, name, instead))
        yield tally


def made_counted(tally: Tally, service: str, made: Callable[[], Handler]) -> Callable[[], Handler]:
    """Each instance of a function is counted from its first call on."""
    return lambda: Counted(tally, service, made)


# --- a conversation ---------------------------------------------------------------------------------------


class Talk:
    """People who say each thing that a client can say, one after the other."""

    def __init__(self, house: Functions, tally: Tally, club: int, people: list[Person]) -> None:
        self.house, self.tally, self.club, self.people = house, tally, club, people
        self.devices: list[Device] = []
        self.connections: list[str] = []
        self.showing = 0  # of them, in the order in which they came

    async def held(self, rounds: int, few: int) -> None:
        """With `few` online, then with all of them, until the last has left. `rounds` is at most `few`, and
        with it at most all: nobody types twice, for that would be dropped.
        """
        assert rounds <= few <= len(self.people) - rounds
        for n, person in enumerate(self.people):
            self.tally.others = n
            await self.come(person)
            if n + 1 in (few, len(self.people)):
                await self.show()
                for who in range(rounds):
                    await self.round(n - who)
        for n, device in reversed([*enumerate(self.devices)]):
            self.tally.others = n
            await self.go(device)

    async def go(self, device: Device) -> None:
        """Until the function has heard of it."""
        sockets, over = self.house.gateway.sockets, asyncio.Event()
        closed = sockets.closed

        async def told_closed(connection: str) -> None:
            await closed(connection)
            over.set()

        with patch.object(sockets, "closed", told_closed):
            await device.leave()
            async with within(10, "the function heard that a socket is closed"):
                await over.wait()
        await self.house.settled()

    async def come(self, person: Person) -> None:
        for path in ("/api/me", f"/api/groups/{self.club}/snapshot"):
            await person.ok("GET", path)
        device = await person.silent_device()
        await self.house.settled()
        await device.hello(person.token)
        await self.house.settled()
        self.devices.append(device)
        self.connections.append([*self.house.gateway.open][-1])

    async def show(self) -> None:
        """Everybody who is here the room: that somebody types is told to those who do."""
        for who in range(self.showing, len(self.devices)):
            await self.say(who, type="watch", group=self.club, on=True)
        self.showing = len(self.devices)

    async def round(self, who: int) -> None:
        """A message, which is typed, told, got and read; and what time alone brings."""
        device, person = self.devices[who], self.people[who]
        await self.say(who, type="typing", group=self.club)
        acks = len(device.heard("ack"))
        await self.say(who, type="post", group=self.club, id=str(uuid7()), text=TEXT)
        await device.until(lambda: len(device.heard("ack")) > acks)
        seq = device.heard("ack")[-1]["seq"]
        await self.say(who, type="got", **{str(self.club): seq})
        await self.say(who, type="read", group=self.club, seq=seq)
        await self.say(who, type="ping")
        await person.renew()
        await self.say(who, type="token", token=person.token)
        await person.ok("GET", f"/api/groups/{self.club}/online")
        await self.house.api.functions["worker"](MINUTE)
        await self.house.settled()

    async def say(self, who: int, **frame: Any) -> None:
        """One frame, as the gateway hands it on; all that comes of it is over then."""
        await self.house.gateway.sockets.frame(self.connections[who], msgspec.json.encode(frame))
        await self.house.settled()


# --- what it comes to -------------------------------------------------------------------------------------


def figures(tally: Tally) -> dict[str, dict[str, Any]]:
    """By kind of call: its function, and of each count (what is always, what each other online adds)."""
    return {
        kind: {"function": of}
        | {name: line(samples, name) for name in COUNTED}
        | {"transactions": transactions(of, samples), "cpu_ms": cpu_ms(samples)}
        for (kind, of), samples in sorted(tally.samples.items())
        if kind
    }


def line(samples: list[Sample], name: str) -> list[float]:
    """By least squares. Neither is less than nothing."""
    x, y = fmean(one["others"] for one in samples), fmean(one[name] for one in samples)
    spread = sum((one["others"] - x) ** 2 for one in samples)
    slope = sum((one["others"] - x) * (one[name] - y) for one in samples) / spread if spread else 0.0
    each = max(0.0, round(slope, 2))
    return [max(0.0, round(y - each * x, 2)), each]


def transactions(of: str, samples: list[Sample]) -> list[float]:
    """Only the worker looks at each who is online. Others have at most as many as when all is loaded that a
    function may need: then it looks for ended sessions of each part of it.
    """
    if of == "worker":
        return line(samples, "transactions")
    return [max(one["transactions"] for one in samples), 0.0]


def cpu_ms(samples: list[Sample]) -> list[float]:
    """Only what sends to each other is believed to grow with them: the rest is how busy this machine was."""
    if any(line(samples, "posts")[1:]):
        return line(samples, "cpu_ms")
    return [round(median(one["cpu_ms"] for one in samples), 2), 0.0]
