"""F14: a member is removed while they post, by socket and by HTTP, and while another device of theirs enters;
in every second race they are kept out, too, and in some of them what they wrote is deleted at the same time.

Each race is in the club itself or in a public room of it, whose members are the club's. What a removal
promises is read off the log alone: behind a `member_removed` there is no message of theirs until they are
back, and none of their sockets hears of the group.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, fields

from faults.crowd import club, person
from faults.diary import Action
from faults.server import HEARTBEAT_S, Server
from house.device import Device
from house.pause import pause
from house.person import Json, Person
from house.uuid7 import uuid7

POSTS_BEFORE_MAX = 4
POSTS_MAX = 60
RACE_S = 30.0


@dataclass
class Outcome:
    """`met`: races in which somebody was acknowledged first and refused then. The last three have to be 0."""

    races: int = 0
    met: int = 0
    acked: int = 0
    lost: int = 0
    stored_behind_cut: int = 0
    heard_behind_cut: int = 0

    def __str__(self) -> str:
        return ", ".join(
            f"{getattr(self, each.name):,} {each.name.replace('_', ' ')}" for each in fields(self)
        )


class Races:
    """One club: its owner, somebody who always stays, and the one who comes and goes."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.outcome = Outcome()
        self._blocked = False
        self.acks: dict[str, int] = {}

    async def come(self, server: Server, stack: AsyncExitStack) -> None:
        """Once."""
        self.owner, made = await club(server, stack)
        self.club: int = made["group"]
        self.code: str = made["code"]
        self.groups = [self.club, await self.owner.channel(self.club)]
        self.group = self.club
        self.stays = await person(server, "Ben", stack)
        self.goes = await person(server, "Cleo", stack)
        await self.stays.join(self.code)

    async def race(self) -> None:
        """One removal. Fresh sockets, so that no limit of an old one stands in the way."""
        if self._blocked:
            await self.owner.ok("DELETE", f"/api/groups/{self.club}/blocks/{self.goes.user}")
        await self.goes.join(self.code)
        self._blocked = self.rng.random() < 0.5
        self.group = self.rng.choice(self.groups)
        here, coming = await self.goes.device(), await self.goes.silent_device()
        self._live = [here]
        self._posted = asyncio.Event()
        self._removed = False
        acked: list[Json] = []
        self._wanted = self.rng.randint(0, POSTS_BEFORE_MAX)
        head, epoch = here.cursors[self.group], here.heard("welcome")[0]["epoch"]
        cursors = {self.group: max(0, head - self.rng.randint(0, 20))}
        runners: list[Callable[[], Awaitable[object]]] = [
            self._remove,
            lambda: self._post(self.goes, acked, here),
            lambda: self._post(self.goes, acked, here),
            lambda: self._post(self.goes, acked, None),
            lambda: self._post(self.stays, [], None),
            lambda: self._arrive(coming, cursors, epoch),
        ]
        self.rng.shuffle(runners)
        async with asyncio.timeout(RACE_S):
            async with self._beating():
                await asyncio.gather(*(run() for run in runners))
            await self._judge(head, acked, [here, coming])
        for device in (here, coming):
            await device.leave()
        self.goes.devices.clear()

    # --- at once ---

    async def _remove(self) -> None:
        if self._wanted:
            await self._posted.wait()
        erase = self.rng.choice(("", "", "?erase=day"))
        if self._blocked:
            await self.owner.ok("PUT", f"/api/groups/{self.club}/blocks/{self.goes.user}{erase}")
        else:
            await self.owner.ok("DELETE", f"/api/groups/{self.club}/members/{self.goes.user}{erase}")
        self._removed = True

    async def _post(self, who: Person, acked: list[Json], device: Device | None) -> None:
        """Until it is refused; whoever stays, until the other is gone."""
        for number in range(POSTS_MAX):
            answer = await self._post_once(who, f"{len(acked)}, {number}", device)
            if "seq" not in answer:
                assert answer["code"] == "not_found", answer
                return
            acked.append(answer)
            if who is self.goes and len(acked) >= self._wanted:
                self._posted.set()
            if who is self.stays and self._removed:
                return

    async def _post_once(self, who: Person, text: str, device: Device | None) -> Json:
        """The ack, or why it is refused. Without a device it goes by HTTP."""
        while True:
            name = uuid7()
            if device is not None:
                answer = await device.post(self.group, text, name)
            else:
                path, asked = f"/api/messages/{name}", {"group": self.group, "text": text}
                answer = (await who.http.put(path, headers=who.headers, json=asked)).json()
            if answer.get("code") != "rate_limited":
                return answer
            await pause(answer["retry_ms"] / 1_000)

    async def _arrive(self, device: Device, cursors: dict[int, int], epoch: str) -> None:
        """The other device resumes at about the moment of the cut."""
        if self._wanted:
            await self._posted.wait()
        await device.hello(self.goes.token, cursors, epoch)
        self._live.append(device)

    @asynccontextmanager
    async def _beating(self) -> AsyncIterator[None]:
        """Every live device says that it is there: one that only listens, or waits, would be sent away."""
        over = asyncio.Event()

        async def beat() -> None:
            while not over.is_set():
                for device in list(self._live):
                    await _answered(device)
                with suppress(TimeoutError):
                    async with asyncio.timeout(HEARTBEAT_S / 2):
                        await over.wait()

        beats = asyncio.create_task(beat())
        try:
            yield
        finally:
            over.set()
            await beats

    # --- afterwards ---

    async def _judge(self, begun_at: int, acked: list[Json], devices: list[Device]) -> None:
        """What is posted now must not arrive; a pong that comes after it proves that it did not."""
        await self._post_once(self.stays, "after the cut", None)
        log = await self.owner.actions(self.group, after=begun_at)
        cut = max(action["seq"] for action in log if _ends(action, self.goes.user))
        self.outcome.stored_behind_cut += sum(
            action["seq"] > cut and action.get("author") == self.goes.user for action in log
        )
        for device in devices:
            await _answered(device)
            heard = [action for action in device.actions(self.group) if action["seq"] > cut]
            self.outcome.heard_behind_cut += len(heard)
        assert (await self.goes.refused("GET", f"/api/groups/{self.group}/actions"))[1] == "not_found"
        self.outcome.races += 1
        self.outcome.met += bool(acked)
        self.outcome.acked += len(acked)
        self.acks |= {answer["id"]: answer["seq"] for answer in acked}

    async def judge_logs(self) -> Outcome:
        """All of them, once all races are over."""
        logs = [await self.owner.actions(group) for group in self.groups]
        stored = {one["id"]: one["seq"] for log in logs for one in log if one["type"] == "message_posted"}
        self.outcome.lost = sum(stored.get(name) != seq for name, seq in self.acks.items())
        return self.outcome


async def _answered(device: Device) -> None:
    pongs = len(device.heard("pong"))
    await device.send(type="ping")
    await device.until(lambda: len(device.heard("pong")) > pongs)


def _ends(action: Action, user: str) -> bool:
    return bool(action["type"] == "member_removed" and action["user"] == user)


async def hold_races(server: Server, rng: random.Random, times: int) -> Outcome:
    """One after the other."""
    async with AsyncExitStack() as stack:
        races = Races(rng)
        await races.come(server, stack)
        for _ in range(times):
            await races.race()
        return await races.judge_logs()
