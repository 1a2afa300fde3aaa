"""Counting how long or how many, without I/O and without a library: whoever measures reads it at any time."""

from bisect import bisect_left

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Bounds for whatever somebody waits for."""


class Histogram:
    """How many values lay up to each of `bounds` and above the one before, and their `sum`.

    `counts` has one more than `bounds`: what lay beyond all of them.
    """

    __slots__ = ("bounds", "counts", "sum")

    def __init__(self, *bounds: float) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.sum = 0.0

    def observe(self, value: float) -> None:
        """One more."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.sum += value
