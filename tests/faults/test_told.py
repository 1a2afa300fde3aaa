"""Who is told of what (F8, F13): what is explained is what phones, laptops and mailboxes recorded."""

import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from faults.conftest import Amount
from faults.server import Server, serving
from faults.told import Club
from house.certificate import issued
from house.push_receiver import Receiver, receiving

Tell = Callable[[str], None]
BETWEEN_S = 0.05


@asynccontextmanager
async def pushing(data: Path, folder: Path, fault: str = "plain") -> AsyncIterator[tuple[Server, Receiver]]:
    """A server whose pushes are recorded."""
    certificate = issued(folder)
    launcher = ("-m", "faults.pushing_server", str(certificate.pem), fault)
    async with receiving(certificate) as receiver, serving(data, launcher) as server:
        yield server, receiver


@asynccontextmanager
async def club(server: Server, receiver: Receiver, seed: int, members: int) -> AsyncIterator[Club]:
    made = Club(server, receiver, random.Random(seed))
    try:
        await made.gather(members)
        yield made
    finally:
        await made.disperse()


async def test_what_is_explained_is_what_phones_laptops_and_mailboxes_recorded(
    data: Path, tmp_path: Path, amount: Amount, seed: int, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    async with (
        pushing(data, tmp_path) as (server, receiver),
        club(server, receiver, seed, amount.told_members) as told,
    ):
        await told.come_and_go()
        kills = {amount.told_messages * n // (amount.told_kills + 1) for n in range(1, amount.told_kills + 1)}
        await told.talk(amount.told_messages, BETWEEN_S, partial(told.kill_at, kills))
        verdict = await told.settle()
    tell(f"F13: {amount.told_kills} kills, {amount.told_members} members, {verdict}")
    assert not verdict.faults, verdict.examples
    assert verdict.doubled <= amount.told_kills * amount.told_members
    assert {"pushed", "shown", "none", "read"} <= verdict.explained.keys()
