"""The bus's contract (ports/bus), told to every adapter."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import asyncpg
import msgspec
import pytest

from clubroom.dba.bus import CHANNEL, NotifyBus
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.migrate import migrate
from clubroom.dba.pool import Database
from clubroom.ports.bus import WHISPERS_MAX, Bus, News, Whisper
from clubroom.ports.bus.in_process import Air, InProcessBus

PATIENCE_S = 10.0


class End:
    """One server's end, and what it has heard."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self.heads: list[tuple[int, int]] = []
        self.whispers: list[Whisper] = []
        self._changed = asyncio.Event()

    def hear(self, news: News) -> None:
        self.heads += news.heads.items()
        self.whispers += news.whispers
        self._changed.set()

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not holds():
                self._changed.clear()
                await self._changed.wait()

    async def knows(self, other: "End") -> None:
        """Both ends carry: what one says last, the other has heard."""
        async with asyncio.timeout(PATIENCE_S):
            while (0, 1) not in self.heads:
                other.bus.tell(News({0: 1}))
                await asyncio.sleep(0.01)
        self.heads.clear()


@pytest.fixture(params=["in_process", "notify"])
async def ends(request: pytest.FixtureRequest, postgres: EmbeddedPostgres) -> AsyncIterator[list[End]]:
    """Three servers on one bus."""
    if request.param == "in_process":
        air = Air()
        async with carried([End(InProcessBus(air)) for _ in range(3)]) as found:
            yield found
        return
    await migrate(postgres.owner_dsn)
    database = await Database.open(postgres.app_dsn)
    async with carried([End(NotifyBus(database, f"server {n}")) for n in range(3)]) as found:
        yield found
    await database.close()


@asynccontextmanager
async def carried(ends: list[End]) -> AsyncIterator[list[End]]:
    tasks = [asyncio.create_task(end.bus.run(end.hear)) for end in ends]
    for end in ends[1:]:
        await ends[0].knows(end)
        await end.knows(ends[0])
    for end in ends:
        end.heads.clear()
    yield ends
    for task in tasks:
        task.cancel()
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(error, asyncio.CancelledError) for error in ended), ended


def whisper(n: int, size: int = 0) -> Whisper:
    signal = {"type": "signal", "kind": "typing", "group": n, "user": "x" * size}
    return Whisper(msgspec.Raw(msgspec.json.encode(signal)), group=n, but=7)


async def test_what_one_tells_all_others_hear_and_itself_not(ends: list[End]) -> None:
    one, two, three = ends
    one.bus.tell(News({42: 7}))
    for other in (two, three):
        await other.until(lambda other=other: (42, 7) in other.heads)  # type: ignore[misc]
    two.bus.tell(News({43: 1}))
    await one.until(lambda: (43, 1) in one.heads)
    assert (42, 7) not in one.heads


async def test_of_what_waits_only_the_newest_head_of_a_log_matters(ends: list[End]) -> None:
    one, two, _ = ends
    for head in (1, 2, 3, 2):
        one.bus.tell(News({42: head}))
    one.bus.tell(News({43: 1}))
    await two.until(lambda: (43, 1) in two.heads)
    assert [head for group, head in two.heads if group == 42] == [3]


async def test_a_thousand_logs_that_move_at_once_are_all_told(ends: list[End]) -> None:
    one, two, _ = ends
    great = 2**63 - 1
    one.bus.tell(News({great - n: great - n for n in range(1_000)}))
    await two.until(lambda: len(two.heads) == 1_000)
    assert dict(two.heads) == {great - n: great - n for n in range(1_000)}


async def test_signals_arrive_as_they_were_said_and_too_many_are_dropped(ends: list[End]) -> None:
    one, two, _ = ends
    said = [whisper(n, size=n) for n in range(WHISPERS_MAX + 5)]
    one.bus.tell(News(whispers=said))
    one.bus.tell(News({42: 1}, [whisper(5_000)]))
    await two.until(lambda: len(two.whispers) == WHISPERS_MAX)
    one.bus.tell(News(whispers=[whisper(9)]))
    await two.until(lambda: len(two.whispers) == WHISPERS_MAX + 1)
    heard = [(bytes(w.signal), w.group, w.but, w.person) for w in two.whispers]
    assert heard == [(bytes(w.signal), w.group, w.but, w.person) for w in [*said[:WHISPERS_MAX], whisper(9)]]


async def test_an_end_that_is_cut_off_and_strange_letters_do_not_end_it(
    ends: list[End], postgres: EmbeddedPostgres
) -> None:
    one, two, _ = ends
    stranger = await asyncpg.connect(postgres.owner_dsn)
    await stranger.execute("select pg_notify($1, $2)", CHANNEL, '{"of": "another version"}')
    await stranger.execute("select pg_notify($1, $2)", CHANNEL, "no JSON")
    cut = await stranger.fetchval(
        "select count(pg_terminate_backend(pid)) from pg_stat_activity"
        " where application_name = 'clubroom' and query like '%pg_notify%' and pid <> pg_backend_pid()"
    )
    await stranger.close()
    assert cut or isinstance(one.bus, InProcessBus)
    await two.knows(one)
    await one.knows(two)
