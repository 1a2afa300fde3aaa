"""The bench's own processes: the crowd, and the raw server."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

import msgspec

from bench.orders import Answer, Failed, Flood, Leave, Left, Open, Opened, Order, Pace, Posted, Seat

ANSWER_BYTES_MAX = 1024 * 1024
STOP_S = 10.0
T = TypeVar("T", Opened, Posted, Left)


class NoFigure(Exception):
    """The crowd found that something is wrong."""


class Crowds:
    """The load generator. Sockets to one server go by one name."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def open(self, crowd: str, port: int, seats: list[Seat]) -> Opened:
        """See bench/orders.py."""
        return await self._ask(Open(crowd, port, seats), Opened)

    async def flood(self, crowd: str, posters: int, seconds: float) -> Posted:
        """See bench/orders.py."""
        return await self._ask(Flood(crowd, posters, seconds), Posted)

    async def pace(self, crowd: str, posts_a_second: float, seconds: float) -> Posted:
        """See bench/orders.py."""
        return await self._ask(Pace(crowd, posts_a_second, seconds), Posted)

    async def leave(self, crowd: str) -> None:
        """See bench/orders.py."""
        await self._ask(Leave(crowd), Left)

    async def _ask(self, order: Order, kind: type[T]) -> T:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(msgspec.json.encode(order) + b"\n")
        await self._process.stdin.drain()
        line = await self._process.stdout.readline()
        if not line:
            raise NoFigure("The crowd ended.")
        answer = msgspec.json.decode(line, type=Answer)
        if isinstance(answer, Failed):
            raise NoFigure(answer.why)
        assert isinstance(answer, kind)
        return answer


@asynccontextmanager
async def crowds() -> AsyncIterator[Crowds]:
    """Until the block ends."""
    async with _child("bench.crowd") as process:
        yield Crowds(process)


@asynccontextmanager
async def raw_server() -> AsyncIterator[int]:
    """The port of one, until the block ends."""
    async with _child("bench.raw") as process:
        assert process.stdout is not None
        yield int(await process.stdout.readline())


@asynccontextmanager
async def _child(module: str) -> AsyncIterator[Process]:
    """It ends when its input does, also if we are killed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, stdin=PIPE, stdout=PIPE, limit=ANSWER_BYTES_MAX
    )
    try:
        yield process
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            async with asyncio.timeout(STOP_S):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
