"""A figure: what was measured, in several runs, beside its bar and the machine's own limit."""

import statistics
from collections.abc import Sequence
from typing import Literal

import msgspec

Verdict = Literal["holds", "holds here", "missed", ""]


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """What this machine can do at most, measured in the same runs. `named` is what it was when the bars were
    set; None where they do not depend on it.
    """

    what: str
    runs: list[float]
    named: float | None = None

    @property
    def share(self) -> float:
        """How much of what was named this machine does; 1 where nothing was named."""
        return median(self.runs) / self.named if self.named else 1.0


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """`bar` is the least where `at_least`, else the most; so is `ratio_bar` for the ratio. None = only told.
    Each run stands beside the run of the reference with the same index.
    """

    what: str
    unit: str
    runs: list[float]
    bar: float | None = None
    ratio_bar: float | None = None
    at_least: bool = False
    reference: Reference | None = None
    note: str = ""

    @property
    def median(self) -> float:
        """Of the runs."""
        return median(self.runs)

    @property
    def ratio(self) -> float | None:
        """Figure by reference: the median of the runs' own ratios, so that both had the same weather."""
        if self.reference is None:
            return None
        return median([mine / its for mine, its in zip(self.runs, self.reference.runs, strict=True)])

    @property
    def verdict(self) -> Verdict:
        """`holds here`: missed, but by no more than this machine is slower than the one of the bars. A ratio
        has no such excuse.
        """
        if self.bar is None and self.ratio_bar is None:
            return ""
        if not self._reaches(self.ratio, self.ratio_bar):
            return "missed"
        if self._reaches(self.median, self.bar):
            return "holds"
        assert self.bar is not None
        share = min(1.0, self.reference.share) if self.reference is not None and self.at_least else 1.0
        return "holds here" if self._reaches(self.median, self.bar * share) else "missed"

    def _reaches(self, value: float | None, bar: float | None) -> bool:
        if bar is None:
            return True
        assert value is not None, "a bar for a ratio needs a reference"
        return value >= bar if self.at_least else value <= bar


def median(values: Sequence[float]) -> float:
    """The one in the middle."""
    return statistics.median(values)


def p95(values: Sequence[float]) -> float:
    """The value that 95 of 100 do not exceed."""
    return sorted(values)[-(-len(values) * 95 // 100) - 1]


def p99(values: Sequence[float]) -> float:
    """The value that 99 of 100 do not exceed."""
    return sorted(values)[-(-len(values) * 99 // 100) - 1]
