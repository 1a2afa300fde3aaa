"""Who has a place at an event and who waits, worked out from its log and nothing else."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Places:
    """`places` by label; those of None are for everybody. What is wrong is in `faults`."""

    places: dict[str | None, int]
    held: dict[str, tuple[str | None, int]] = field(default_factory=dict)
    offered: set[str] = field(default_factory=set)
    line: dict[str, tuple[str | None, int]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def free(self, label: str | None) -> int:
        return self.places[label] - sum(n for of, n in self.held.values() if of == label)

    def first(self, label: str | None) -> str | None:
        return next((user for user, (of, _) in self.line.items() if of == label), None)

    def hear(self, action: dict[str, Any]) -> None:
        """One answer, as it stands from here on."""
        user, label, n, to = (
            action["user"],
            action.get("label"),
            1 + action.get("guests", 0),
            action["standing"],
        )
        first, had = self.first(label), self.held.pop(user, None)
        waited = self.line.pop(user, None) if to != "waiting" else self.line.get(user)
        self.offered.discard(user)
        if to == "waiting":
            self.line[user] = (label, n)  # with another number it keeps its place
            if waited is None and first is None and self.free(label) >= n:
                self.faults.append(f"{action['seq']}: waits, and there is a place")
        elif to in ("in", "offered"):
            if had is None and first not in (None, user):
                self.faults.append(f"{action['seq']}: before whoever waited longer")
            if self.free(label) < n:
                self.faults.append(f"{action['seq']}: more than there are")
            self.held[user] = (label, n)
            self.offered |= {user} if to == "offered" else set()

    def end(self) -> None:
        """Nobody waits for what is free."""
        waiting = [first for label in self.places if (first := self.first(label)) is not None]
        self.faults += [
            f"{user} waits" for user in waiting if self.free(self.line[user][0]) >= self.line[user][1]
        ]
