"""What stands around the Hub in its tests: people who listen, and a log that is complete."""

import json
from typing import Any

from clubroom import wire
from clubroom.actions import Logged
from clubroom.notification.deliver import Hub
from clubroom.ports.gateway import Frame

AT = "2027-01-15T08:00:00.000000Z"
CLUB = 42


class Ear:
    """A socket that remembers what it heard. `deaf_after` frames it leaves while it is written to."""

    def __init__(self, key: int, *, resuming: bool = False) -> None:
        self.key = key
        self.user = f"user {key}"
        self.groups: set[int] = set()
        self.resuming = resuming
        self.disturbed = 0
        self.watches = True
        self.payloads: list[bytes] = []
        self.leaves: Hub | None = None
        self.called = False

    def look_below(self) -> None:
        """Nothing is below here."""

    def come_again(self) -> None:
        self.called = True

    def deliver(self, frame: Frame) -> None:
        self.payloads.append(frame)
        if self.leaves is not None:
            self.leaves.leave(self)

    hint = deliver

    @property
    def frames(self) -> list[dict[str, Any]]:
        return [json.loads(payload) for payload in self.payloads]

    def seqs(self, group: int = CLUB) -> list[int]:
        """In the order they were heard; a frame says truly what is in it."""
        heard: list[int] = []
        for frame in self.frames:
            if frame["type"] == "actions" and frame["group"] == group:
                seqs = [action["seq"] for action in frame["actions"]]
                assert seqs == list(range(frame["from"], frame["to"] + 1))
                heard += seqs
        return heard


class Log:
    """The logs of all groups, as PostgreSQL keeps them."""

    def __init__(self) -> None:
        self.groups: dict[int, list[Logged]] = {}
        self.asked: list[tuple[int, int]] = []

    def append(
        self,
        group: int = CLUB,
        text: str = "hello",
        *,
        joined: int | None = None,
        cut: int | None = None,
        closes: bool = False,
    ) -> Logged:
        log = self.groups.setdefault(group, [])
        body = b'{"type":"message_posted","text":%s}' % json.dumps(text).encode()
        log.append(Logged(group, len(log) + 1, AT, body, joined, cut, closes=closes))
        return log[-1]

    def many(self, count: int, group: int = CLUB) -> list[Logged]:
        return [self.append(group, f"number {n}") for n in range(count)]

    def head(self, group: int = CLUB) -> int:
        return len(self.groups.get(group, []))

    async def fetch(self, group: int, after: int, n: int) -> list[Logged]:
        self.asked.append((group, after))
        return self.groups.get(group, [])[after : after + n]


def hub_over(log: Log) -> Hub:
    return Hub(Frame, log.fetch)


def come_in(hub: Hub, log: Log, key: int, *groups: int) -> Ear:
    """Live in these groups (the club), at their heads."""
    ear = Ear(key)
    hub.enter(ear)
    for group in groups or (CLUB,):
        assert hub.attach(ear, group, log.head(group))
    return ear


def signal() -> wire.Signal:
    return wire.Signal(kind="typing", group=CLUB, user="ann")
