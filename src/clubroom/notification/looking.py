"""Which rooms people have before their eyes, and how far each has come there: told to the database once in a
round, so that whichever server decides who is told of a message knows what was shown here.

It needs no lease: that somebody had a message before their eyes stays true, whatever becomes of this server.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Protocol

Seen = dict[int, dict[int, int]]
"""group → person → the newest seq that one of their devices had when it showed the group."""
Tell = Callable[[Mapping[int, Mapping[int, int]]], Awaitable[None]]


class Showing(Protocol):
    """A socket, as far as it matters here."""

    @property
    def key(self) -> int:
        """Whose it is."""

    @property
    def groups(self) -> set[int]:
        """What it may hear."""

    @property
    def watching(self) -> frozenset[int]:
        """What it shows."""

    @property
    def got(self) -> dict[int, int]:
        """How far it has come."""


class Looking:
    """Compares what sockets show with what was told last."""

    def __init__(self, sockets: Callable[[], Iterable[Showing]], tell: Tell) -> None:
        self.sockets = sockets
        self.tell = tell
        self.told: Seen = {}

    async def round(self) -> None:
        """Tells what has changed. Raises Unavailable: then nothing counts as told."""
        seen = self._seen()
        moved: Seen = {group: people for group, people in seen.items() if self.told.get(group) != people}
        moved |= {group: {} for group in self.told.keys() - seen.keys()}
        if moved:
            await self.tell(moved)
        self.told = seen

    def _seen(self) -> Seen:
        seen: Seen = {}
        for socket in self.sockets():
            for group in socket.watching & socket.groups:
                seq = socket.got.get(group, 0)
                people = seen.setdefault(group, {})
                people[socket.key] = max(seq, people.get(socket.key, 0))
        return seen
