"""F22: the harness itself is tested. Each of these servers has a fault, and each fault is found."""

import asyncio
import os
import random
import signal
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from functools import partial
from pathlib import Path

import pytest

from faults import seeded
from faults.check import Verdict, check
from faults.crowd import PATIENCE_S, Crowd, writing
from faults.races import hold_races
from faults.server import Server, serving
from faults.sql_seeds import (
    COUNTED_PRESENCE,
    EVER_A_MEMBER,
    FROM_A_SEQUENCE,
    IN_ONE_STATEMENT,
    JUDGED,
    SET_ONLINE,
    THE_SEQUENCE,
    WRITTEN_IS_SHOWN,
    sown,
)
from faults.test_kills import under_load
from faults.test_told import club, pushing
from house.pause import pause
from house.within import within

FOUND_S = 30.0
KILLS_MIN = 5  # on a machine so busy that they take longer
SETTLED_S = 3.0
RACES = 20
LAST_WORDS_MAX = 30
COMMITS_WAIT_S = 20.0
LOOKS_EVERY_S = 0.01
WAITING = (
    "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and application_name = 'clubroom'"
)
RACES_WITH_A_CACHE = 2

TOLD_MEMBERS, TOLD_MESSAGES, TOLD_BETWEEN_S = 8, 18, 0.1
IN_SQL = {
    "counted_presence": (SET_ONLINE, COUNTED_PRESENCE, "late"),
    "written_is_shown": (JUDGED, WRITTEN_IS_SHOWN, "missed"),
}

Tell = Callable[[str], None]
Kill = Callable[[Server, Crowd], Awaitable[None]]


async def kill_between_commit_and_ack(server: Server, crowd: Crowd) -> None:
    """A commit waits for a lock of ours; the server is stopped, the lock is let go, and what was committed
    meanwhile nobody tells its author.
    """
    async with server.owner() as sql:
        async with sql.transaction():
            await sql.execute("select from clubroom.groups where id = $1 for update", crowd.clients[0].group)
            async with within(COMMITS_WAIT_S, "a commit waits"):
                while not await sql.fetchval(WAITING):
                    await pause(LOOKS_EVERY_S)
            os.kill(server.pid, signal.SIGSTOP)
        async with within(COMMITS_WAIT_S, "all that waited is committed"):
            while await sql.fetchval(WAITING):
                await pause(LOOKS_EVERY_S)
    await server.kill()


async def kill_at_any_point(server: Server, _: Crowd) -> None:
    await server.kill()


async def hunt(server: Server, rng: random.Random, sought: str, kill: Kill) -> tuple[Verdict, float]:
    """Kills until the fault shows: the verdict, and how long it took in seconds."""
    clock = asyncio.get_running_loop().time
    begun, took, kills = clock(), 0.0, 0
    while took < FOUND_S or kills < KILLS_MIN:
        async with writing(server, rng) as crowd:
            await under_load(crowd)
            await kill(server, crowd)
            await server.start()
            verdict = await crowd.settle(SETTLED_S)
        took, kills = clock() - begun, kills + 1
        if sought in verdict.faults:
            return verdict, took
    raise AssertionError(f"not found in {kills} kills; the last verdict: {verdict}")


def shown(verdict: Verdict) -> str:
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in verdict.faults.items())


@pytest.mark.parametrize(
    ("fault", "shows_as", "kill"),
    [
        ("ack_before_commit", "lost", kill_at_any_point),
        ("no_send_key", "stored_twice", kill_between_commit_and_ack),
    ],
    ids=["ack_before_commit", "no_send_key"],
)
async def test_a_fault_sown_into_the_server_is_found(
    fault: str, shows_as: str, kill: Kill, data: Path, seed: int, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fault in seeded.FAULTS
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    async with serving(data, ("-m", "faults.seeded", fault)) as server:
        verdict, took = await hunt(server, random.Random(seed), shows_as, kill)
    tell(f"F22: {fault} was found in {took:.1f} s as {shown(verdict)}")


async def test_places_from_a_sequence_are_found(data: Path, seed: int, tell: Tell) -> None:
    """PostgreSQL is killed once. What was taken and not committed is then empty for good, with up to 32 more
    places that a SEQUENCE takes in advance. (Commits that come out of order clients make good by themselves:
    they apply what follows, and read on until it does.)
    """
    async with (
        serving(data) as server,
        writing(server, random.Random(seed)) as crowd,
        sown(server, FROM_A_SEQUENCE, THE_SEQUENCE),
    ):
        await under_load(crowd)
        server.kill_postmaster()
        await server.says("PostgreSQL is back.")
        await under_load(crowd)
        verdict = await crowd.settle(SETTLED_S)
    tell(f"F22: places from a SEQUENCE were found after a kill as {shown(verdict)}")
    assert verdict.holes
    assert verdict.missing


async def test_membership_judged_in_one_statement_with_the_lock_is_found(
    data: Path, seed: int, tell: Tell
) -> None:
    async with serving(data) as server, sown(server, IN_ONE_STATEMENT):
        outcome = await hold_races(server, random.Random(seed), RACES)
    tell(f"F22: membership judged in one statement with the lock: {outcome}")
    assert outcome.stored_behind_cut


async def test_membership_that_is_read_once_and_kept_is_found(
    data: Path, seed: int, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    launcher = ("-m", "faults.seeded", "cached_membership")
    async with serving(data, launcher) as server, sown(server, EVER_A_MEMBER):
        outcome = await hold_races(server, random.Random(seed), RACES_WITH_A_CACHE)
    tell(f"F22: membership that is read once and kept: {outcome}")
    assert outcome.stored_behind_cut
    assert outcome.heard_behind_cut


async def test_a_bus_that_alone_carries_what_is_heard_is_found(
    data: Path, seed: int, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hole shows when the next message comes, so one message at a time is posted, and nothing after it."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    launcher = ("-m", "faults.seeded", "payload_only_bus")
    async with (
        serving(data, launcher) as here,
        serving(data.with_name("deaf"), launcher, beside=here) as there,
        writing(here, random.Random(seed), [[here.url], [there.url]]) as crowd,
    ):
        await under_load(crowd)
        crowd.finished.set()
        async with within(PATIENCE_S, "the writers finished"):
            await asyncio.gather(*crowd.written.values())
        author, posted = crowd.clients[0], 0
        while posted < LAST_WORDS_MAX and await everybody_has_heard(crowd):
            await author.post(f"last word {posted}")
            posted += 1
        log = await author.person.actions(author.group)
        verdict = check(log, [client.diary for client in crowd.clients])
    tell(f"F22: a bus that alone carries was found after {posted} last words as {shown(verdict)}")
    assert verdict.missing


@pytest.mark.parametrize("fault", ["counted_presence", "written_is_shown", "marked_before_the_call"])
async def test_a_fault_in_who_is_told_is_found(
    fault: str, data: Path, tmp_path: Path, seed: int, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has left counts as here; what was written counts as shown; what is taken counts as sent."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    launcher = fault if fault == "marked_before_the_call" else "plain"
    async with pushing(data, tmp_path, launcher) as (server, receiver), AsyncExitStack() as sowing:
        if fault in IN_SQL:
            name, edits, _ = IN_SQL[fault]
            await sowing.enter_async_context(sown(server, edits, name=name))
        async with club(server, receiver, seed, TOLD_MEMBERS) as told:
            if fault == "counted_presence":
                await told.come_and_go()
            for laptop in [each.laptop for each in told.members if each.laptop]:
                laptop.asleep = fault == "written_is_shown"
            kills = {TOLD_MESSAGES // 3, 2 * TOLD_MESSAGES // 3} if launcher == fault else set()
            await told.talk(TOLD_MESSAGES, TOLD_BETWEEN_S, partial(told.kill_at, kills))
            verdict = await told.settle()
    tell(f"F22: {fault.replace('_', ' ')} was found: {verdict}")
    assert (IN_SQL[fault][2] if fault in IN_SQL else "missed") in verdict.faults


async def everybody_has_heard(crowd: Crowd) -> bool:
    """All that was acknowledged to the first of them; a sound server makes good what was lost in 2.2 s."""
    head = max(seq for seq, _ in crowd.clients[0].diary.acked.values())
    with suppress(AssertionError):
        await crowd.until(lambda: crowd.all_have(head), "everybody heard the last word", SETTLED_S)
    return crowd.all_have(head)
