"""Many light devices in the club of a crowd, each at an address of its own."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from faults.crowd import Crowd, person
from faults.listener import Listener
from house.pause import pause
from house.within import within

DEVICES_A_PERSON = 8
JOINING_AT_ONCE = 20
ARRIVE_S = 5.0  # nobody comes to a club in the same moment as two thousand others
PATIENCE_S = 60.0
LOOK_S = 0.05

Heard = Callable[[str], None]


class Audience:
    """All of them. They listen from `arrive` on."""

    def __init__(self, crowd: Crowd, heard: Heard) -> None:
        self.crowd = crowd
        self.heard = heard
        self.listeners: list[Listener] = []

    async def join(self, count: int, stack: AsyncExitStack) -> None:
        """So many devices, of an eighth as many people."""
        owner, group = self.crowd.clients[0].person, self.crowd.clients[0].group
        code = (await owner.ok("GET", f"/api/groups/{group}/code"))["code"]
        turns = asyncio.Semaphore(JOINING_AT_ONCE)

        async def one(number: int) -> None:
            async with turns:
                who = await person(self.crowd.server, f"Listener {number}", stack)
                await who.join(code)
            for device in range(min(DEVICES_A_PERSON, count - number * DEVICES_A_PERSON)):
                address = f"127.{1 + number // 250}.{1 + number % 250}.{1 + device}"
                rng = random.Random(self.crowd.rng.random())
                self.listeners.append(Listener(who, group, address, rng, self.heard))

        async with asyncio.TaskGroup() as joining:
            for number in range(-(-count // DEVICES_A_PERSON)):
                joining.create_task(one(number))

    async def arrive(self, tasks: asyncio.TaskGroup) -> list[asyncio.Task[None]]:
        """In no hurry. All are live in the end."""
        begun = asyncio.get_running_loop().time()
        listening = [tasks.create_task(self._arrive(listener)) for listener in self.listeners]
        await self.all_live(begun)
        return listening

    async def _arrive(self, listener: Listener) -> None:
        await pause(listener.rng.uniform(0, ARRIVE_S * len(self.listeners) / 2_000))
        await listener.listen()

    async def all_live(self, since: float) -> float:
        """Those who came to be live after this moment count: after how many seconds the last of them was."""
        async with within(PATIENCE_S, "every listener was live"):
            while not all(listener.live_since > since for listener in self.listeners):
                await pause(LOOK_S)
        return max(listener.live_since for listener in self.listeners) - since

    async def all_have(self, head: int) -> None:
        """Up to this place in the log."""
        async with within(PATIENCE_S, "every listener had everything"):
            while not all(listener.cursor >= head for listener in self.listeners):
                await pause(LOOK_S)

    @property
    def codes(self) -> Counter[int]:
        """How their sockets ended so far."""
        return sum((listener.codes for listener in self.listeners), Counter())

    @property
    def doubled(self) -> int:
        """Actions that came twice over one socket."""
        return sum(listener.doubled for listener in self.listeners)


@asynccontextmanager
async def listening(crowd: Crowd, count: int, heard: Heard = lambda _: None) -> AsyncIterator[Audience]:
    """So many listeners, all live, until the block ends."""
    async with AsyncExitStack() as stack:
        audience = Audience(crowd, heard)
        await audience.join(count, stack)
        async with asyncio.TaskGroup() as tasks:
            listening = await audience.arrive(tasks)
            yield audience
            for task in listening:
                task.cancel()
