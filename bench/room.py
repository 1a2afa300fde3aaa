"""One group as the crowd knows it: what was posted, and that everybody heard it all, once and in order."""

from typing import NamedTuple

import msgspec

KNOWN_MAX = 10_000


class Wrong(Exception):
    """What the server did cannot be: a hole, a double, a stranger's message, a refusal."""


class Heard(NamedTuple):
    """One `actions` frame: its first and last seq, and when each of its messages was posted."""

    first: int
    last: int
    posted_at: list[float]


class _Action(msgspec.Struct):
    seq: int
    id: str


class _Actions(msgspec.Struct):
    group: int
    first: int = msgspec.field(name="from")
    last: int = msgspec.field(name="to")
    actions: list[_Action]


_decode = msgspec.json.Decoder(_Actions).decode


class Room:
    """Every socket of a room is sent the same bytes, so each frame is read once, and then `known` by them."""

    def __init__(self, group: int) -> None:
        self.group = group
        self.sockets = 0
        self.posted: dict[str, float] = {}  # by id, when it was written
        self.placed: dict[str, int] = {}  # by id, the seq under which it was heard
        self.acked: dict[str, int] = {}  # by id, the seq that the author was told
        self.deliveries = 0
        self.known: dict[bytes, Heard] = {}

    def begin(self) -> None:
        """A run: what was before is judged already."""
        self.posted, self.placed, self.acked, self.deliveries = {}, {}, {}, 0

    def hear(self, heard: Heard, cursor: int) -> None:
        """A socket that had heard up to `cursor` was sent this. Raises Wrong."""
        if heard.first != cursor + 1:
            raise Wrong(f"after {cursor} of group {self.group} came {heard.first}")
        self.deliveries += heard.last - cursor

    def read(self, frame: bytes, head: int) -> Heard:
        """A frame of actions whose payload begins at `head`. Raises Wrong."""
        heard = self.known.get(frame)
        if heard is None:
            if len(self.known) >= KNOWN_MAX:
                self.known.clear()
            heard = self.known[frame] = self._checked(_decode(frame[head:]))
        return heard

    @property
    def complete(self) -> bool:
        """Everything that was posted is acknowledged, and every socket heard it."""
        return len(self.acked) == len(self.posted) and self.deliveries == len(self.posted) * self.sockets

    def check(self) -> None:
        """At the end of a run: authors and hearers were told the same. Raises Wrong."""
        if self.placed != self.acked:
            raise Wrong(f"group {self.group}: what was acknowledged is not what was heard")

    def _checked(self, frame: _Actions) -> Heard:
        if frame.group != self.group:
            raise Wrong(f"a socket of group {self.group} heard group {frame.group}")
        if [action.seq for action in frame.actions] != list(range(frame.first, frame.last + 1)):
            raise Wrong(f"group {self.group}: a frame has a hole between {frame.first} and {frame.last}")
        for action in frame.actions:
            if action.id not in self.posted or self.placed.setdefault(action.id, action.seq) != action.seq:
                raise Wrong(f"group {self.group}: {action.id} was never posted, or stands twice")
        return Heard(frame.first, frame.last, [self.posted[action.id] for action in frame.actions])
