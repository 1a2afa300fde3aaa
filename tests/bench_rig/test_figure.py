"""Figures are judged as their table says."""

import pytest

from bench.figure import Figure, Reference, Verdict, median, p99
from bench.report import number, table


def figure(
    *runs: float, bar: float | None = 100, its: float = 1_000, ratio_bar: float | None = None
) -> Figure:
    """At least 100 where the machine's limit was 1,000."""
    reference = Reference(what="limit", runs=[its] * len(runs), named=1_000)
    return Figure(
        what="x", unit="/s", runs=list(runs), bar=bar, at_least=True, reference=reference, ratio_bar=ratio_bar
    )


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (figure(100), "holds"),
        (figure(99), "missed"),
        (figure(50, 100, 900), "holds"),
        (figure(99, its=500), "holds here"),
        (figure(49, its=500), "missed"),
        (figure(99, its=2_000), "missed"),
        (figure(100, ratio_bar=0.1), "holds"),
        (figure(100, ratio_bar=0.2), "missed"),
        (figure(1, bar=None), ""),
    ],
)
def test_a_figure_holds_at_its_bar_or_at_the_machines_share_of_it(found: Figure, verdict: Verdict) -> None:
    assert found.verdict == verdict


def test_at_most_is_judged_the_other_way_round() -> None:
    assert Figure(what="x", unit="ms", runs=[5], bar=5).verdict == "holds"
    assert Figure(what="x", unit="ms", runs=[5.1], bar=5).verdict == "missed"


def test_a_ratio_is_that_of_runs_beside_each_other() -> None:
    reference = Reference(what="limit", runs=[1, 10, 100])
    found = Figure(what="x", unit="ms", runs=[2, 30, 100], ratio_bar=2, reference=reference)
    assert found.ratio == 2
    assert found.verdict == "holds"


def test_the_99th_percentile_is_what_one_in_a_hundred_exceeds() -> None:
    hundred = [float(value) for value in range(1, 101)]
    assert p99(hundred) == 99
    assert p99([*hundred, 101.0]) == 100
    assert p99([7.0]) == 7
    assert median(hundred) == 50.5


def test_a_table_has_straight_columns_and_plain_numbers() -> None:
    lines = list(table([("what", "n"), ("posts", number(1234.5)), ("p99", number(0.0123))]))
    assert lines == ["| what  | n      |", "|-------|--------|", "| posts | 1,234  |", "| p99   | 0.0123 |"]
