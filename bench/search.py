"""How long it takes to find what was said in a long past, by HTTP, each time for somebody else."""

import random
from asyncio import to_thread
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle
from urllib.parse import urlencode

from bench.club import SECONDS_A_MESSAGE, Person, Town, said
from bench.figure import Figure, p95
from bench.reading import Reader
from bench.stage import Stage

SEARCHES = 200
WARM = 10
BAR_MS = 50.0
SEED = 19
RARE, PART = "zebrafish", "会議室"
Asked = Callable[[], dict[str, str | int]]


async def measure(stage: Stage) -> list[Figure]:
    """What is asked differs in each run; it is the same in each bench."""
    kinds = _kinds(stage, random.Random(SEED))  # noqa: S311 - words, not secrets
    runs: dict[str, list[float]] = {what: [] for what in kinds}
    people = cycle(stage.town.halls[0].people)
    for run in range(stage.effort.runs):
        stage.say(f"Searching, run {run + 1}")
        for what, ask in kinds.items():
            runs[what].append(await to_thread(_searches, stage, people, ask))
    among = f"among {stage.effort.messages:,} messages, 95th percentile"
    return [Figure(what=f"{what} {among}", unit="ms", runs=took, bar=BAR_MS) for what, took in runs.items()]


def _kinds(stage: Stage, chance: random.Random) -> dict[str, Asked]:
    town, filters = stage.town, cycle(_filters(stage, stage.town, chance))

    def word() -> str:
        return said(chance, 1)[0]

    return {
        "a word with a filter": lambda: {"q": word(), **next(filters)()},
        "a word": lambda: {"q": word()},
        "two words": lambda: {"q": " ".join(said(chance, 2))},
        "a rare word": lambda: {"q": RARE},
        "three characters of Chinese": lambda: {"q": PART, "in": town.halls[0].group},
    }


def _filters(stage: Stage, town: Town, chance: random.Random) -> list[Asked]:
    hall = town.halls[0]
    past_s = stage.effort.messages * SECONDS_A_MESSAGE

    def ago() -> str:
        return (datetime.now(UTC) - timedelta(seconds=chance.random() * past_s)).isoformat()

    return [
        lambda: {"from": chance.choice(hall.people).user},
        lambda: {"in": hall.group},
        lambda: {"club": hall.group, "before": ago()},
        lambda: {"after": ago()},
    ]


def _searches(stage: Stage, people: Iterator[Person], ask: Asked) -> float:
    """Milliseconds that 95 of 100 do not exceed. Nobody asks so often that they would have to wait."""
    hall, took = stage.town.halls[0], []
    connection = Reader(stage.server.port, "")
    for _ in range(WARM + SEARCHES):
        connection.become(stage.mint.token(next(people), hall.group))
        seconds, _ = connection.ask("GET", f"/api/search?{urlencode(ask())}")
        took.append(1_000 * seconds)
    return p95(took[WARM:])
