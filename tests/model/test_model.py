"""F18: people, clubs, roles, rooms, conversations and posts; the model, the calls and the rows must agree."""

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from clubroom.app import settings as app
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.migrate import migrate
from house.databases import OWNER, another_database, connected, dsn
from model.clubs import Clubs
from model.machine import Disagreement
from model.rig import Rig, rigged
from model.running import Running
from model.seeds import QUICKLY_FOUND, SEEDS, Sow
from model.talk import Talk

LONG = os.environ.get("CLUBROOM_VERIFY") == "long"
SOUND, COPY = "sound", "spoiled"
RUNS, STEPS = (200, 51) if LONG else (10, 31)  # the first step is how all begin


ACTS = {
    "posts": 3, "posts_in_a_room": 6, "replies": 2, "edits": 1, "deletes": 2, "reacts": 3, "pins": 1,
    "reads": 2, "opens_a_conversation": 2, "blocks_somebody": 2,
    "comes": 2, "renames_themselves": 1, "leaves_for_good": 1,
    "creates_a_club": 1, "joins": 3, "goes": 2, "removes_somebody": 3,
    "guesses_a_code": 1, "asks_for_the_code": 1,
    "changes_a_role": 3, "defines_a_label": 1, "removes_a_label": 1, "labels_a_member": 2, "makes_a_code": 2,
    "revokes_a_code": 1, "resets_the_codes": 1, "keeps_somebody_out": 2, "lets_somebody_in_again": 1,
    "deletes_a_club": 0.3, "the_host_suspends_a_club": 1,
    "makes_a_room": 2, "adds_to_a_room": 8, "changes_a_room": 2, "changes_a_club": 3, "follows_a_room": 1,
}  # fmt: skip
"""How often, beside each other."""
SEEDED_RUNS = 60  # at most until a mistake is found
SOWN = SEEDS if LONG else {name: SEEDS[name] for name in QUICKLY_FOUND}


def runs(n: int, steps: int) -> settings:
    return settings(
        max_examples=n,
        stateful_step_count=steps,
        deadline=None,
        derandomize=not LONG,
        database=None,
        print_blob=True,
        report_multiple_bugs=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


class People(Clubs, Running, Talk):
    """Each step is one thing that somebody does, and a look at what came of it."""

    @rule(seed=st.integers(0, 2**32))
    def step(self, seed: int) -> None:
        dice = Random(f"{seed} {self.world.time}")  # Hypothesis likes to say the same number again
        [act] = dice.choices(list(ACTS), list(ACTS.values()))
        getattr(self, act)(dice)
        self.look(dice)


def over(rig: Rig) -> type[People]:
    """People whose server this is."""
    return type("Here", (People,), {"rig": rig})


@pytest.fixture
def rig(postgres: EmbeddedPostgres, settings: app.Settings) -> Iterator[Rig]:
    with rigged(postgres, settings) as made:
        yield made


def test_whatever_people_do_the_calls_and_the_rows_show_each_what_they_may_read(rig: Rig) -> None:
    run_state_machine_as_test(over(rig), settings=runs(RUNS, STEPS))
    said = ", ".join(f"{rig.counted[what]:,} {what}" for what in ("runs", "steps", "calls", "comparisons"))
    sys.stdout.write(f"F18: {said}, {rig.counted['disagreements']} disagreements\n")


@pytest.fixture(scope="module")
def sound(postgres: EmbeddedPostgres) -> Iterator[str]:
    """A database that is there to be copied and spoiled."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        url = runner.run(stack.enter_async_context(another_database(postgres, SOUND, OWNER)))
        runner.run(migrate(url))
        yield SOUND
        runner.run(stack.aclose())


@contextmanager
def spoiled(postgres: EmbeddedPostgres, settings: app.Settings, sound: str, sow: Sow) -> Iterator[Rig]:
    """A server over a copy with a mistake in it."""
    superuser = dsn(postgres, "postgres", "postgres")

    async def run(where: str, *statements: str) -> None:
        async with connected(where) as connection:
            for statement in statements:
                await connection.execute(statement)

    async def sown() -> None:
        async with connected(dsn(postgres, "postgres", COPY)) as connection:
            await sow(connection)

    asyncio.run(run(superuser, f"create database {COPY} template {sound} owner {OWNER}"))
    try:
        with rigged(postgres, settings, COPY) as rig:
            rig.wait(sown())
            yield rig
    finally:
        asyncio.run(run(superuser, f"drop database {COPY} with (force)"))


@pytest.mark.parametrize("sow", SOWN.values(), ids=SOWN.keys())
def test_a_mistake_in_the_sql_is_found_within_a_few_runs(
    postgres: EmbeddedPostgres, settings: app.Settings, sound: str, sow: Sow
) -> None:
    with spoiled(postgres, settings, sound, sow) as rig:
        with pytest.raises(Disagreement):
            run_state_machine_as_test(over(rig), settings=runs(SEEDED_RUNS, 50))
        sys.stdout.write(f"found in run {rig.counted['runs']}\n")
