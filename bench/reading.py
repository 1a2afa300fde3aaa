"""How long a page of a long past takes, and catching up in many groups at once, by HTTP as clients do."""

import http.client
import random
from asyncio import to_thread
from time import perf_counter
from typing import Any

import msgspec

from bench.club import HALL_PEOPLE, LAGS_BEHIND, Town
from bench.figure import Figure, Reference, median
from bench.stage import Stage

PAGE = 50
PAGES = 300
SYNCS = 50
WARM = 20
"""The first calls are not counted: the server is warm."""

FIRST_PLACE = 2 * HALL_PEOPLE
"""Before it people come in; from there on every action is a message."""

PAGE_BAR_MS, SYNC_BAR_MS = 5.0, 100.0
SEED = 60
APP = "clubroom_app"
PAGE_SQL = "select * from messages_before($1, $2, $3, $4)"


class Reader:
    """One person's connection, kept open."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}

    def become(self, token: str) -> None:
        """Somebody else, over the same connection."""
        self._headers["authorization"] = f"Bearer {token}"

    def ask(self, method: str, path: str, body: Any = None) -> tuple[float, Any]:
        """Seconds until the whole answer is here, and the answer."""
        data = None if body is None else msgspec.json.encode(body)
        begun = perf_counter()
        self._connection.request(method, path, data, self._headers)
        response = self._connection.getresponse()
        said = response.read()
        took = perf_counter() - begun
        assert response.status == 200, said
        return took, msgspec.json.decode(said)


async def measure(stage: Stage) -> list[Figure]:
    """The places are other ones in each run; they are the same in each bench."""
    town, mint, chance = stage.town, stage.mint, random.Random(SEED)  # noqa: S311 - places, not secrets
    hall = town.halls[0]
    pages, sql, syncs, health = [], [], [], []
    for run in range(stage.effort.runs):
        stage.say(f"Reading, run {run + 1}")
        places = [chance.randint(FIRST_PLACE, stage.effort.messages) for _ in range(WARM + PAGES)]
        reader = Reader(stage.server.port, mint.token(hall.people[0], hall.group))
        pages.append(await to_thread(_pages, reader, hall.group, places))
        sql.append(await _pages_by_sql(stage, places))
        reader = Reader(stage.server.port, mint.token(town.traveller, *town.cursors))
        syncs.append(await to_thread(_syncs, reader, town))
        health.append(await to_thread(_health, reader))
    least = Reference(what="GET /api/health", runs=health)
    return [
        Figure(
            what=f"a page of 50 among {stage.effort.messages:,} messages", unit="ms", runs=pages,
            bar=PAGE_BAR_MS, reference=least,
        ),
        Figure(what="the same, its SQL alone", unit="ms", runs=sql),
        Figure(what="sync of 200 groups", unit="ms", runs=syncs, bar=SYNC_BAR_MS, reference=least),
    ]  # fmt: skip


def _pages(reader: Reader, group: int, places: list[int]) -> float:
    """Median milliseconds; each page is the right one."""
    took = []
    for before in places:
        seconds, page = reader.ask("GET", f"/api/groups/{group}/messages?before={before}&limit={PAGE}")
        assert [one["seq"] for one in page["messages"]] == list(range(before - PAGE, before)), before
        took.append(1_000 * seconds)
    return median(took[WARM:])


async def _pages_by_sql(stage: Stage, places: list[int]) -> float:
    """The query of such a page, over the driver that the server uses."""
    hall, took = stage.town.halls[0], []
    async with stage.server.connection(APP) as sql:
        for before in places:
            begun = perf_counter()
            rows = await sql.fetch(PAGE_SQL, hall.people[0].key, hall.group, before, PAGE + 1)
            took.append(1_000 * (perf_counter() - begun))
            assert len(rows) == PAGE + 1, before
    return median(took[WARM:])


def _syncs(reader: Reader, town: Town) -> float:
    """Median milliseconds; each brings what was missed, of every group."""
    took = []
    for _ in range(WARM + SYNCS):
        seconds, synced = reader.ask("POST", "/api/sync", {"cursors": town.cursors, "epoch": None})
        missed = {page["group"]: [one["seq"] for one in page["actions"]] for page in synced["pages"]}
        assert missed == {
            group: list(range(seq + 1, seq + 1 + LAGS_BEHIND)) for group, seq in town.cursors.items()
        }
        took.append(1_000 * seconds)
    return median(took[WARM:])


def _health(reader: Reader) -> float:
    """Median milliseconds of a call that does nothing."""
    return median([1_000 * reader.ask("GET", "/api/health")[0] for _ in range(PAGES)])
