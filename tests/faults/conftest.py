"""How much is asked, and the summary that docs/reliability.md quotes."""

import os
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from clubroom.dba.embedded import remove

_summary: list[str] = []


@dataclass(frozen=True)
class Amount:
    """How much of everything: two minutes' worth in `make test`, twenty in `make verify`."""

    server_kills: int = 12
    postmaster_kills: int = 3
    stops: int = 2
    races: int = 40
    database_losses: int = 1
    listeners: int = 300
    slow_acks: int = 600
    told_members: int = 16
    told_messages: int = 60
    told_kills: int = 1
    file_kills: int = 4
    store_faults: int = 3
    exact: int = 0  # 1 = speed is judged, too: on a machine that does nothing else


LONG = Amount(
    server_kills=300,
    postmaster_kills=30,
    stops=20,
    races=1_000,
    database_losses=4,
    listeners=2_000,
    slow_acks=5_000,
    told_members=50,
    told_messages=1_000,
    told_kills=12,
    file_kills=100,
    store_faults=50,
    exact=1,
)


@pytest.fixture
def amount() -> Amount:
    """CLUBROOM_AMOUNTS asks for more: `server_kills=1000 races=5000`."""
    usual = LONG if os.environ.get("CLUBROOM_VERIFY") == "long" else Amount()
    wanted = (each.partition("=") for each in os.environ.get("CLUBROOM_AMOUNTS", "").split())
    return replace(usual, **{name: int(count) for name, _, count in wanted})


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One data folder for one server after the other: making one takes longer than most tests. Every test has
    a club of its own in it.
    """
    folder = tmp_path_factory.mktemp("faults") / "data"
    yield folder
    remove(folder)


@pytest.fixture
def seed() -> int:
    """CLUBROOM_SEED repeats a schedule. (What the machine adds to it, nobody can repeat.)"""
    seed = int(os.environ.get("CLUBROOM_SEED") or random.randrange(1_000_000))
    sys.stdout.write(f"seed {seed}\n")  # shown when the test fails
    return seed


@pytest.fixture
def tell(seed: int) -> Callable[[str], None]:
    """One line for the summary."""
    return lambda line: _summary.append(f"{line} (seed {seed})")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _summary:
        terminalreporter.section("faults")
        for line in _summary:
            terminalreporter.write_line(line)
