"""F6: one of two servers loses its database without a word, and somebody on it is removed meanwhile."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from clubroom.dba.embedded.place import PORT
from clubroom.wire import Close
from faults.conftest import Amount
from faults.crowd import Crowd, person, writing
from faults.server import Server, serving, serving_beside
from house.device import Device, Frame
from house.line import Line, to_path
from house.person import Person

AWAY_S = 12.0
ACKS = 40

Tell = Callable[[str], None]


@asynccontextmanager
async def near_and_far(data: Path) -> AsyncIterator[tuple[Server, Server, Line]]:
    """Two servers on one database. The second has it at the end of a line."""
    async with serving(data) as near, AsyncExitStack() as stack:
        line = Line(to_path(near.place.sockets / f".s.PGSQL.{PORT}"))
        await line.lay()
        stack.push_async_callback(line.close)
        url = f"postgresql://clubroom_owner@127.0.0.1:{line.port}/clubroom"
        own = {"DATABASE_URL": url, "CLUBROOM_HEARTBEAT_MS": "25000"}  # nobody leaves for another reason
        far = await stack.enter_async_context(serving_beside(near, "far", **own))
        yield near, far, line


class Removed:
    """Somebody with a device on the far server, who is removed over the near one."""

    async def come(self, near: Server, far: Server, crowd: Crowd, stack: AsyncExitStack) -> None:
        self.owner = crowd.clients[0].person
        self.group = crowd.clients[0].group
        self.person = await person(near, "Ben", stack)
        code = await self.owner.ok("GET", f"/api/groups/{self.group}/code")
        await self.person.join(code["code"])
        self.far = far
        self.device = await self._arrive({})

    async def go(self) -> None:
        await self.owner.remove(self.group, self.person.user)

    async def heard_behind_the_cut(self) -> int:
        """On the device that was there, and on one that comes back."""
        back = await self._arrive({self.group: self.device.cursors[self.group]})
        removals = [each for each in await self.owner.actions(self.group) if _removes(each, self.person)]
        heard = [*self.device.actions(self.group), *back.actions(self.group)]
        assert [reset["why"] for reset in back.heard("reset")] == ["closed"]
        await back.leave()
        return sum(action["seq"] > removals[0]["seq"] for action in heard)

    async def _arrive(self, cursors: dict[int, int]) -> Device:
        device = await Device.open(self.far.url)
        await device.hello(self.person.token, cursors)
        return device


def _removes(action: Frame, who: Person) -> bool:
    return bool(action["type"] == "member_removed" and action["user"] == who.user)


async def lose_database(near: Server, far: Server, seed: int, loss: "Loss") -> tuple[str, float]:
    """Half of a crowd is on each server. What came of it, and after how many seconds the far half was sent
    away.
    """
    async with (
        writing(near, random.Random(seed), [[near.url], [far.url]]) as crowd,
        AsyncExitStack() as stack,
    ):
        removed = Removed()
        await removed.come(near, far, crowd, stack)
        await crowd.more_acks(ACKS)
        loss.begin()
        moment = asyncio.get_running_loop().time()
        await removed.go()
        away = [client for client in crowd.clients if client.url == far.url]
        assert await removed.device.closed(within_s=AWAY_S) == Close.BLIND
        await crowd.until(lambda: all(client.codes[Close.BLIND] for client in away), "all were sent away")
        took = max(next(end for _, end in client.lived if end > moment) for client in away) - moment
        loss.end()
        await crowd.everyone_acked_since(asyncio.get_running_loop().time())
        heard = await removed.heard_behind_the_cut()
        verdict = await crowd.settle()
    assert not verdict.faults
    assert heard == 0
    assert took < AWAY_S
    return str(verdict), took


class Loss:
    """The line to the database does not carry, in one of four ways."""

    def __init__(self, line: Line, how: str) -> None:
        self.line = line
        self.how = how

    def begin(self) -> None:
        match self.how:
            case "both ways":
                self.line.hold()
            case "answers":
                self.line.down.hold()
            case "questions":
                self.line.up.hold()
            case "connections":  # only new connections will be carried again
                self.line.forget()
                self.line.refuses = True

    def end(self) -> None:
        self.line.let_go()
        self.line.refuses = False


LOSSES = ["both ways", "answers", "connections", "questions"]


async def test_a_server_that_loses_its_database_sends_everybody_away_and_goes_on_when_it_is_back(
    data: Path, amount: Amount, seed: int, tell: Tell
) -> None:
    async with near_and_far(data) as (near, far, line):
        for how in LOSSES[: amount.database_losses]:
            verdict, took = await lose_database(near, far, seed, Loss(line, how))
            tell(f"F6, a server lost its database ({how}): all sent away after {took:.1f} s: {verdict}")
