"""docs/bot.py was written from docs/protocol.md alone: a stranger's client, run against the real server."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from house.device import Device
from house.person import Person
from house.server import House

BOT = Path(__file__).parents[2] / "docs" / "bot.py"


@asynccontextmanager
async def bot(house: House, code: str) -> AsyncIterator[None]:
    """Runs it as a stranger would."""
    process = await asyncio.create_subprocess_exec(sys.executable, BOT, house.url, code)
    try:
        yield
        assert process.returncode is None, "the bot has ended by itself"
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def said(device: Device, group: int, text: str) -> int:
    return [action.get("text") for action in device.actions(group)].count(text)


def cut(house: House, stays: Person) -> None:
    """Every socket but this person's ends without a word."""
    for socket in list(house.process.sockets.open.values()):
        if socket.user != stays.user:
            socket.connection.abort()


async def test_a_bot_written_from_the_protocol_joins_answers_and_comes_back(house: House) -> None:
    group, [ann] = await house.club("Ann")
    code = (await ann.ok("GET", f"/api/groups/{group}/code"))["code"]
    device = await ann.device()
    async with bot(house, code):
        await device.until(lambda: said(device, group, "hello") == 1)
        await device.post(group, "ping")
        await device.until(lambda: said(device, group, "pong") == 1)
        cut(house, ann)
        await ann.post(group, "ping")
        await ann.post(group, "something else")
        await ann.post(group, "ping")
        await device.until(lambda: said(device, group, "pong") == 3)
    assert said(device, group, "hello") == 1
