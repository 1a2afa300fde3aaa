"""The checker. It knows the protocol and nothing of the server: the log, and what each client was told."""

from collections import Counter
from dataclasses import dataclass, fields
from itertools import pairwise

from faults.diary import Action, Diary


@dataclass
class Verdict:
    """In actions; from `lost` on all have to be 0. `repeated`: stored, but the ack never came, so it was sent
    again. `misplaced`: not where its ack said.
    """

    acked: int = 0
    repeated: int = 0
    delivered: int = 0
    lost: int = 0
    misplaced: int = 0
    stored_twice: int = 0
    never_written: int = 0
    holes: int = 0
    missing: int = 0
    doubled: int = 0
    misordered: int = 0
    author_order_broken: int = 0
    unanswered: int = 0
    reset: int = 0

    @property
    def faults(self) -> dict[str, int]:
        """Those that are not 0."""
        counts = {each.name: getattr(self, each.name) for each in fields(self)[3:]}
        return {name: count for name, count in counts.items() if count}

    def __add__(self, other: "Verdict") -> "Verdict":
        return Verdict(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    def __str__(self) -> str:
        return ", ".join(
            f"{getattr(self, each.name):,} {each.name.replace('_', ' ')}" for each in fields(self)
        )


def check(log: list[Action], diaries: list[Diary]) -> Verdict:
    """Judges a whole log, and everybody who wrote into it or heard it, when all is quiet."""
    found = Verdict()
    posted = [action for action in log if action["type"] == "message_posted"]
    stored = {action["id"]: action for action in posted}
    seqs = [action["seq"] for action in log]
    texts = Counter((action["author"], action["text"]) for action in posted)
    found.stored_twice = len(posted) - min(len(stored), len(texts))
    found.holes = max(seqs, default=0) - len(set(seqs))
    found.misordered = sum(later <= earlier for earlier, later in pairwise(seqs))
    written = {name for diary in diaries for name in diary.written}
    found.never_written = len(stored.keys() - written)
    for diary in diaries:
        _check_author(diary, stored, found)
        _check_reader(diary, log, found)
    return found


def _check_author(diary: Diary, stored: dict[str, Action], found: Verdict) -> None:
    found.acked += len(diary.acked)
    found.repeated += diary.repeated
    found.misplaced += diary.contradicted
    for name, ack in diary.acked.items():
        there = stored.get(name)
        found.lost += there is None
        if there is not None:
            said = (there["seq"], there["at"], there["author"], there["text"])
            found.misplaced += said != (*ack, diary.author, diary.written[name])
    places = [stored[name]["seq"] for name in diary.written if name in stored]
    found.author_order_broken += sum(later <= earlier for earlier, later in pairwise(places))


def _check_reader(diary: Diary, log: list[Action], found: Verdict) -> None:
    """What it applied has to be the log, byte for byte as JSON can tell."""
    found.delivered += len(diary.applied)
    found.doubled += diary.doubled
    found.unanswered += diary.unanswered
    found.reset += diary.reset
    applied = Counter(action["seq"] for action in diary.applied)
    found.doubled += applied.total() - len(applied)
    found.missing += len({action["seq"] for action in log} - applied.keys())
    if not found.missing and not found.doubled:
        found.misordered += sum(mine != theirs for mine, theirs in zip(diary.applied, log, strict=False))
        found.misordered += abs(len(diary.applied) - len(log))
