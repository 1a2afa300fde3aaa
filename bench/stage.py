"""What every measurement stands on: the server, the town, the crowd, and how much is to be done."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from bench.child import Crowds, crowds
from bench.club import Mint, Town, make_town, mint
from bench.server import Server, serving


class Effort(msgspec.Struct, frozen=True):
    """How much is done. The least of all that may be called a result are three runs."""

    runs: int
    seconds: float
    messages: int


class Stage(msgspec.Struct, frozen=True):
    """The server may be another one later; town and crowd stay."""

    server: Server
    town: Town
    mint: Mint
    crowds: Crowds
    effort: Effort
    say: Callable[[str], None]


@asynccontextmanager
async def staged(data: Path, effort: Effort, say: Callable[[str], None]) -> AsyncIterator[Stage]:
    """Until the block ends."""
    async with serving(data) as server, crowds() as crowd:
        say(f"Making a town with {effort.messages:,} messages")
        town = await make_town(server, effort.messages)
        yield Stage(server, town, await mint(server), crowd, effort, say)
