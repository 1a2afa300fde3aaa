"""The figures as a table for people, and as JSON for whatever compares them."""

from collections.abc import Iterator

import msgspec

from bench.figure import Figure, Reference, median
from bench.machine import Machine
from bench.server import RAISED

TAKEN_MAX = 0.1
HEADS = ("what", "bar", "median (least–most)", "reference", "ratio", "")


class Row(msgspec.Struct, frozen=True):
    """A figure with what follows from it."""

    figure: Figure
    median: float
    ratio: float | None
    verdict: str


class Report(msgspec.Struct, frozen=True):
    """All of one run of the bench. `took_s` is how long it took."""

    made_at: str
    machine: Machine
    raised: dict[str, str]
    rows: list[Row]
    took_s: float


def report(figures: list[Figure], machine: Machine, made_at: str, took_s: float) -> Report:
    """Judged."""
    rows = [Row(one, one.median, one.ratio, one.verdict) for one in figures]
    return Report(made_at, machine, RAISED, rows, took_s)


def told(made: Report) -> Iterator[str]:
    """Lines."""
    yield from _weather(made.machine)
    yield "Raised for this: " + ", ".join(f"{name}={value}" for name, value in made.raised.items())
    yield ""
    yield from table([HEADS, *(_cells(row.figure) for row in made.rows)])
    yield ""
    yield from (f"* {row.figure.what}: {row.figure.note}" for row in made.rows if row.figure.note)
    yield from _slowness([row.figure.reference for row in made.rows if row.figure.reference is not None])


def _weather(machine: Machine) -> Iterator[str]:
    yield (
        f"{machine.processor}, {machine.cores} cores, {machine.memory_gb} GB, {machine.system}, "
        f"{machine.file_system}; 8 KiB are on disk after {machine.flush_ms} ms"
    )
    if machine.taken > TAKEN_MAX:
        yield f"Others took {machine.taken:.0%} of the machine before it began: it can do more than this."


def _slowness(references: list[Reference]) -> Iterator[str]:
    """Where the machine is slower than the one on which the bars were set."""
    for one in {one.what: one for one in references if one.named is not None}.values():
        here, named = median(one.runs), one.named or 0.0
        words = f"* {one.what}: {number(here)} here, {number(named)} where the bars were set"
        slower = f", so this machine is slower: {one.share:.0%}. `holds here` = at least this much of the bar"
        yield words + (slower if one.share < 1 else "")


def _cells(figure: Figure) -> tuple[str, ...]:
    reference = figure.reference
    return (
        figure.what,
        _bars(figure),
        _spread(figure.runs, figure.unit),
        "" if reference is None else f"{reference.what}: {_spread(reference.runs, figure.unit)}",
        "" if figure.ratio is None else f"× {number(figure.ratio)}",
        figure.verdict,
    )


def _bars(figure: Figure) -> str:
    sign = "≥" if figure.at_least else "≤"
    bars = [] if figure.bar is None else [f"{sign} {number(figure.bar)} {figure.unit}"]
    bars += [] if figure.ratio_bar is None else [f"{sign} {number(figure.ratio_bar)} ×"]
    return ", ".join(bars)


def _spread(runs: list[float], unit: str) -> str:
    return f"{number(median(runs))} {unit} ({number(min(runs))}–{number(max(runs))})"


def table(rows: list[tuple[str, ...]]) -> Iterator[str]:
    """Markdown that also reads well as it is."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    yield lines[0]
    yield "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    yield from lines[1:]


def number(value: float) -> str:
    """Three digits that count."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
