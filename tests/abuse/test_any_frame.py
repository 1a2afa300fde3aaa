"""F20: frames that nobody thought of, before hello, during the replay and after it, over many sockets."""

import asyncio
import logging
import os
import random
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode
from websockets.protocol import State

from abuse.made_up import Maker
from abuse.rig import new_address
from house.device import Device
from house.person import Person
from house.server import House

LONG = os.environ.get("CLUBROOM_VERIFY") == "long"
FRAMES = 100_000 if LONG else 10_000
SEED = random.randrange(2**32) if LONG else 20
VISITORS = 8
FRAMES_A_SOCKET = 60
FRAMES_AT_ONCE = 5
BEHIND = 20
ENDS = {1000, 1003, 1007, 1009, 4400, 4401, 4426}


class Visitor:
    """Somebody who sends whatever comes to mind, over one socket after the other."""

    def __init__(self, person: Person, real: dict[str, list[Any]], dice: random.Random) -> None:
        self.person = person
        self.person.sockets_at = person.sockets_at.replace("localhost", "127.0.0.1")
        self.address = (new_address(), 0)  # their own: of one, only so many may come in a second
        self.maker = Maker(dice, real | {"cursors": [{}, {"1": 10**6}, {"987654321": 0}]})
        self.dice = dice
        self.ends: Counter[int] = Counter()

    async def visit(self) -> int:
        """One socket, from its beginning to its end; how many frames it took."""
        device = await self.person.silent_device(local_addr=self.address)
        await self._begin(device)
        sent = 0
        while sent < FRAMES_A_SOCKET and device.connection.state is State.OPEN:
            self._say(device.connection, self.maker.message())
            sent += 1
            if sent % FRAMES_AT_ONCE == 0:
                await self._is_answered(device)
        await self._is_answered(device)
        await device.leave()
        self.person.devices.remove(device)
        assert device.close_code is not None
        self.ends[device.close_code] += 1
        self._remember(device)
        return sent

    def _remember(self, device: Device) -> None:
        """The next one comes back from not far behind: a long replay is no frame that nobody thought of."""
        for welcome in device.heard("welcome"):
            self.maker.real["cursors"][0] = {
                group: max(0, head - BEHIND) for group, head in welcome["groups"].items()
            }

    async def _begin(self, device: Device) -> None:
        """Some never say hello; of the others some are in the midst of it when they go on, some are live."""
        if self.dice.random() < 0.1:
            return
        cursors = self.dice.choice([{}, *self.maker.real["cursors"]])
        hello = {"version": 1, "token": self.person.token, "epoch": None, "cursors": cursors}
        await device.send(type="hello", **hello)
        if self.dice.random() < 0.5:
            await device.until(lambda: device.heard("live"))

    def _say(self, connection: ClientConnection, data: bytes) -> None:
        """Rarely as binary, sometimes in fragments."""
        opcode = Opcode.BINARY if self.dice.random() < 0.002 else Opcode.TEXT
        cut = self.dice.randrange(len(data) + 1) if self.dice.random() < 0.1 else len(data)
        connection.protocol.send_frame(Frame(opcode, data[:cut], fin=cut == len(data)))
        if cut < len(data):
            connection.protocol.send_frame(Frame(Opcode.CONT, data[cut:]))
        connection.send_data()

    async def _is_answered(self, device: Device) -> None:
        """Whatever it was told, it is not deaf."""
        pongs = len(device.heard("pong"))
        with suppress(ConnectionClosed):
            await device.send(type="ping")
        await device.until(lambda: len(device.heard("pong")) > pongs or device.close_code is not None)


async def test_frames_that_nobody_thought_of_break_nothing_and_leave_nothing_behind(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    club, people = await house.club("Ann", "Ben", *(f"Visitor {n}" for n in range(VISITORS)))
    ann, ben, *visitors = people
    before, descriptors = standing(house), open_descriptors(house)
    real: dict[str, list[Any]] = {
        "group": [club, *await ann.groups()],
        "id": [(await ann.post(club, "hello"))["id"]],
    }
    made = [
        Visitor(
            person, real | {"token": [*[person.token] * 30, ann.token, "x.y.z"]}, random.Random(SEED + number)
        )
        for number, person in enumerate(visitors)
    ]
    sent = 0
    while sent < FRAMES:
        sent += sum(await asyncio.gather(*(visitor.visit() for visitor in made)))
    ends = sum((visitor.ends for visitor in made), Counter[int]())
    sys.stdout.write(f"F20: {sent} frames (seed {SEED}); sockets ended with {dict(ends)}\n")
    assert ends.keys() <= ENDS
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
    await nothing_is_left(house, before, descriptors)
    hers, his = await ann.device(), await ben.device()
    ack = await hers.post(club, "still here")
    await his.until(lambda: his.actions(club))
    assert [action["seq"] for action in his.actions(club)] == [ack["seq"]]


async def nothing_is_left(house: House, before: dict[str, Any], descriptors: int) -> None:
    """The server hears of the end of the last socket a moment after its peer."""
    with suppress(TimeoutError):
        async with asyncio.timeout(5):
            while standing(house) != before or open_descriptors(house) > descriptors:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    assert standing(house) == before
    assert open_descriptors(house) <= descriptors, "fewer may be open: calls ended long ago"


def standing(house: House) -> dict[str, Any]:
    """Where a socket would be remembered that nobody ended."""
    process = house.process
    return {
        "sockets": set(process.sockets.open),
        "connections": {connection.id for connection in process.gateway.connections},
        "people": set(process.hub.people),
        "rooms": set(process.hub.rooms),
        "tasks": len(asyncio.all_tasks()),
    }


def open_descriptors(house: House) -> int:
    """Of this process, which is server and clients; but for the pool's, which come and go."""
    pool: int = house.process.db.pool.get_size()
    return len(list(Path("/proc/self/fd").iterdir())) - pool
