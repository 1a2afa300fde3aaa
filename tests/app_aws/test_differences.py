"""What differs between one process and functions, row by row as `house/differences.py` says it: shown at
both, or told why not.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, cast

import pytest
from msgspec import structs

from clubroom.app.aws.work import AGAIN_S
from clubroom.app.remote_sockets import LIVES_S
from clubroom.app.settings import Settings
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.pool import Database
from clubroom.notification.decision import REMOTE_WAIT_S, WAIT_S
from clubroom.notification.session import LEAVING_MS, begin
from house.device import Device
from house.differences import DIFFERENCES, HEARTBEAT_S, Difference
from house.functions import Functions
from house.person import Person
from house.server import House
from house.venues import venue_at

TEMPLATE = (Path(__file__).parents[2] / "deploy/aws/serverless.yml").read_text()
SWEEP_S = 60  # at most, until the clock comes
GATEWAY_ENDS_S = 2 * 60 * 60
MARGIN_S = 4 * 60
Probe = Callable[[Difference, House, Functions], Awaitable[None]]

# What cannot be shown in a few lines.
NOT_PROBED = {
    "frames of one socket": "that they may is no promise; the rig of functions shuffles them in every test",
    "somebody who vanished is shown as online": "the gateway's own clock, of ten minutes",
}


@pytest.fixture(scope="module")
async def one_process(
    postgres: EmbeddedPostgres, database: Database, settings: Settings
) -> AsyncIterator[House]:
    usual = structs.replace(settings, heartbeat_ms=Settings(data=settings.data, secret=b"").heartbeat_ms)
    async with venue_at("local", postgres, database, usual) as house:
        yield house


@pytest.fixture(scope="module")
async def functions(
    postgres: EmbeddedPostgres, database: Database, settings: Settings
) -> AsyncIterator[Functions]:
    """With the heartbeat that is deployed."""
    told = re.search(r'^    CLUBROOM_HEARTBEAT_MS: \$\{env:CLUBROOM_HEARTBEAT_MS, "(\d+)"\}', TEMPLATE, re.M)
    assert told is not None
    deployed = structs.replace(settings, heartbeat_ms=int(told[1]))
    async with venue_at("functions", postgres, database, deployed) as house:
        yield cast("Functions", house)


def signals(device: Device, kind: str) -> list[dict[str, Any]]:
    return [frame for frame in device.heard("signal") if frame["kind"] == kind]


async def refused(house: House) -> Device:
    """A device whose token is none, at its end."""
    ann = await house.person("Ann")
    device = await ann.silent_device()
    await device.send(type="hello", version=1, token="none", epoch=None, cursors={})
    assert await device.closed() == 4401
    return device


async def watching(house: House) -> tuple[int, Person, Person, Device]:
    """Ann shows the room of a club in which Ben is, too."""
    club, [ann, ben] = await house.club("Ann", "Ben")
    hers = await ann.device()
    await hers.send(type="watch", group=club, on=True)
    await hers.send(type="ping")
    await hers.until(lambda: hers.heard("pong"))
    return club, ann, ben, hers


# --- row by row -------------------------------------------------------------------------------------------


async def close_code(row: Difference, here: House, there: Functions) -> None:
    one = await refused(here)
    assert (one.connection.close_code, one.heard("error")) == (4401, [])
    other = await refused(there)
    assert other.heard("error") == [{"type": "error", "code": "4401"}]
    assert other.connection.close_code == 1000


async def comes_and_goes(row: Difference, here: House, there: Functions) -> None:
    _, _, ben, hers = await watching(here)
    await ben.device()
    await hers.until(lambda: [s for s in signals(hers, "presence") if s["user"] == ben.user and s["on"]])
    club, ann, ben, hers = await watching(there)
    await ben.device()
    await there.settled()
    assert ben.user in (await ann.ok("GET", f"/api/groups/{club}/online"))["users"]
    assert signals(hers, "presence") == []


async def away(row: Difference, here: House, there: Functions) -> None:
    _, _, ben, hers = await watching(here)
    await ben.device()
    await hers.until(
        lambda: [s for s in signals(hers, "presence") if s["user"] == ben.user and s.get("idle")]
    )
    club, ann, ben, _ = await watching(there)
    await ben.device()
    await there.settled()
    online = await ann.ok("GET", f"/api/groups/{club}/online")
    assert ben.user in online["users"]
    assert online["idle"] == []


async def typing(row: Difference, here: House, there: Functions) -> None:
    for house in (here, there):
        club, [ann, ben, cem] = await house.club("Ann", "Ben", "Cem")
        hers, shows, elsewhere = await ann.device(), await ben.device(), await cem.device()
        await shows.send(type="watch", group=club, on=True)
        await shows.send(type="ping")
        await shows.until(lambda shows=shows: shows.heard("pong"))  # type: ignore[misc]
        if house is there:
            await there.settled()
        await hers.send(type="typing", group=club)
        await shows.until(lambda shows=shows: signals(shows, "typing"))  # type: ignore[misc]
        if house is here:
            await elsewhere.until(lambda elsewhere=elsewhere: signals(elsewhere, "typing"))  # type: ignore[misc]
        else:
            await there.settled()
            assert signals(elsewhere, "typing") == []


async def lifetime(row: Difference, here: House, there: Functions) -> None:
    assert begin(0.0).leaves_at is None
    assert row.there == "two hours; the client changes over before"
    assert LIVES_S[1] + SWEEP_S + LEAVING_MS / 1000 + MARGIN_S <= GATEWAY_ENDS_S


async def heartbeat(row: Difference, here: House, there: Functions) -> None:
    for house, told in ((here, row.here), (there, row.there)):
        ann = await house.person("Ann")
        device = await ann.silent_device()
        welcome = await device.hello(ann.token)
        assert told == f"every {welcome['heartbeat_ms'] // 1000} s"
    assert row.there == f"every {HEARTBEAT_S} s"


async def push(row: Difference, here: House, there: Functions) -> None:
    assert (row.here, row.there) == (f"after {WAIT_S} s", f"after {REMOTE_WAIT_S} s")
    club, [ann, ben] = await there.club("Ann", "Ben")
    await ben.device()
    there.api.wakes.clear()
    await ann.post(club, "are you there?")
    await there.settled()
    assert AGAIN_S in there.api.wakes
    assert REMOTE_WAIT_S < AGAIN_S <= REMOTE_WAIT_S + 1


async def untold(row: Difference, here: House, there: Functions) -> None:
    """Whoever was killed before it woke the worker is as if the queue were deaf."""
    assert '- schedule: { rate: ["rate(1 minute)"] }' in TEMPLATE
    club, [ann, ben] = await there.club("Ann", "Ben")
    his = await ben.device()
    await there.settled()
    there.api.deaf = True
    await ann.post(club, "before the end")
    await there.settled()
    there.api.deaf = False
    assert his.actions(club) == []
    await there.sweep()
    await his.until(lambda: his.actions(club))


PROBES: dict[str, Probe] = {
    "a socket's close code": close_code,
    "who comes and goes": comes_and_goes,
    "who is here and shows no room": away,
    "that somebody types": typing,
    "how long a socket lives": lifetime,
    "heartbeat": heartbeat,
    "who is told by push, if they seem to be here and got nothing": push,
    "an action that a killed server committed and did not tell": untold,
}


def test_each_row_is_shown_or_it_is_told_why_not() -> None:
    assert [row.what for row in DIFFERENCES if row.what not in NOT_PROBED] == list(PROBES)
    assert NOT_PROBED.keys() <= {row.what for row in DIFFERENCES}


@pytest.mark.parametrize("what", PROBES)
async def test_it_is_as_the_row_says(what: str, one_process: House, functions: Functions) -> None:
    [row] = [row for row in DIFFERENCES if row.what == what]
    try:
        await PROBES[what](row, one_process, functions)
    finally:
        await asyncio.gather(one_process.everyone_leaves(), functions.everyone_leaves())
        await functions.settled()
