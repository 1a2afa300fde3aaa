"""docs/bot.py was made from docs/protocol.md alone: a stranger's client, run against the real server."""

import asyncio
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from clubroom import wire
from clubroom.app.sockets import Socket
from house.device import Device
from house.server import House

BOT = Path(__file__).parents[2] / "docs" / "bot.py"
LINES_MAX = 60
PATIENCE_S = 20.0


@asynccontextmanager
async def bot(house: House, code: str) -> AsyncIterator[Process]:
    """Runs it as a stranger would."""
    process = await asyncio.create_subprocess_exec(sys.executable, BOT, house.url, code)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def pongs(device: Device, group: int) -> int:
    return [action.get("text") for action in device.actions(group)].count("pong")


async def come(device: Device, group: int, house: House) -> Socket:
    """Waits until the bot has joined and is live; its socket."""
    await device.until(lambda: [a for a in device.actions(group) if a.get("name") == "Echo"])
    [joined] = [a for a in device.actions(group) if a.get("name") == "Echo"]

    def live() -> list[Socket]:
        return [
            socket
            for socket in house.process.sockets.open.values()
            if socket.state.phase == "live" and socket.user == joined["user"]
        ]

    async with asyncio.timeout(PATIENCE_S):
        while not live():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return live()[0]


def test_the_bot_is_small_enough_to_be_read_at_once() -> None:
    assert len(BOT.read_text().splitlines()) <= LINES_MAX


async def test_a_bot_made_from_the_protocol_answers_each_ping_once_whatever_ends_its_connection(
    house: House,
) -> None:
    group, [ann] = await house.club("Ann")
    code = (await ann.ok("GET", f"/api/groups/{group}/code"))["code"]
    device = await ann.device()
    async with bot(house, code) as process:
        socket = await come(device, group, house)
        await device.post(group, "ping")
        await device.until(lambda: pongs(device, group) == 1)
        socket.connection.abort()
        await device.post(group, "ping")
        await device.post(group, "something else")
        await device.post(group, "ping")
        await device.until(lambda: pongs(device, group) == 3, PATIENCE_S)
        (await come(device, group, house)).connection.close(wire.Close.TOKEN)
        await device.post(group, "ping")
        await device.until(lambda: pongs(device, group) == 4, PATIENCE_S)
        (await come(device, group, house)).send(wire.encode(wire.Reset(group=group, why="epoch")))
        async with asyncio.timeout(PATIENCE_S):
            while pongs(device, group) == 4:  # what came before it has started afresh stays unanswered
                await device.post(group, "ping")
        (await come(device, group, house)).connection.close(wire.Close.ENDED)
        async with asyncio.timeout(PATIENCE_S):
            assert await process.wait() == 0, "told to stop, it stops"
