"""The bus: servers of one database tell each other what has happened. It makes things fast, and nothing more.

What it carries is **news**: how far logs have moved, never what stands in them, and signals (typing,
presence, read pointers). A server that hears of a log reads the log; so **the bus may lose, repeat and
shuffle** as it likes. Lost heads are found by the repair poll, lost signals are lost.

`tell` never blocks and never raises: what waits is gathered, the newest head of a log replaces an older one,
and signals beyond a limit are dropped. `run` carries until it is cancelled, and outlives whatever the way
between the servers meets. A server does not hear its own news.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol

import msgspec

WHISPERS_MAX = 1_000
"""Signals that wait to be carried; more are dropped."""


class Whisper(msgspec.Struct, frozen=True, array_like=True):
    """A signal: its frame as JSON, for everybody in `group` except the person `but`, or for all devices of
    one `person`. People and groups are the database's numbers; 0 = none.
    """

    signal: msgspec.Raw
    group: int = 0
    but: int = 0
    person: int = 0


class News(msgspec.Struct, frozen=True):
    """What one server tells the others: the heads of logs that moved, and signals."""

    heads: dict[int, int] = {}
    whispers: list[Whisper] = []


Hear = Callable[[News], None]


class Bus(Protocol):
    """One server's end of it. `sent_count` says how many letters it has sent."""

    sent_count: int

    def tell(self, news: News) -> None:
        """To all other servers, soon."""

    async def run(self, hear: Hear) -> None:
        """Carries both ways until it is cancelled; what others tell is given to `hear`."""


class Gathered:
    """What waits to be told. The newest head of a log is all that matters of it."""

    def __init__(self) -> None:
        self.heads: dict[int, int] = {}
        self.whispers: list[Whisper] = []
        self._woken = asyncio.Event()

    def __bool__(self) -> bool:
        return bool(self.heads or self.whispers)

    def add(self, news: News) -> None:
        """Signals that find no room are dropped."""
        for group, head in news.heads.items():
            self.heads[group] = max(head, self.heads.get(group, 0))
        self.whispers += news.whispers[: WHISPERS_MAX - len(self.whispers)]
        self.wake()

    def wake(self) -> None:
        """Whoever waits shall look."""
        self._woken.set()

    async def wait(self) -> None:
        """Returns when something was added since the last time, or somebody was woken."""
        await self._woken.wait()
        self._woken.clear()

    def take(self, heads_max: int, whispers_max: int) -> News:
        """So many at most, the oldest first."""
        heads = {group: self.heads.pop(group) for group in list(self.heads)[:heads_max]}
        whispers, self.whispers = self.whispers[:whispers_max], self.whispers[whispers_max:]
        return News(heads, whispers)
