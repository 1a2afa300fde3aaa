"""What was tried is kept for as long as it is counted, and no longer."""

import asyncpg
import msgspec
import pytest

from auth.coding import WRONG
from auth.rig import Rig
from clubroom.auth import clubs
from clubroom.auth.limits import Limits, network
from clubroom.auth.room import Auth
from clubroom.dba import attempts
from clubroom.errors import InvalidCode


def patient(rig: Rig) -> Auth:
    limits = Limits(wrong_codes_an_address_an_hour=1_000)
    return msgspec.structs.replace(
        rig.auth, settings=msgspec.structs.replace(rig.auth.settings, limits=limits)
    )


async def test_attempts_whose_hour_is_over_are_forgotten(rig: Rig, writer: asyncpg.Connection) -> None:
    await writer.execute("delete from attempts")
    auth = patient(rig)
    for _ in range(15):
        with pytest.raises(InvalidCode):
            await clubs.preview_club(WRONG, rig.peer, auth)
    assert await writer.fetchval("select count(*) from attempts") == 15
    rig.clock.move(hours=2)
    with pytest.raises(InvalidCode):
        await clubs.preview_club(WRONG, rig.peer, auth)
    assert await writer.fetchval("select count(*) from attempts") == 1


async def test_attempts_are_forgotten_when_their_hour_is_over_though_nobody_tries_more(
    rig: Rig, writer: asyncpg.Connection
) -> None:
    async def kept() -> list[str]:
        rows = await writer.fetch(
            "select kind from attempts where whom = $1 order by kind", network(rig.peer)
        )
        return [row["kind"] for row in rows]

    for _ in range(3):
        with pytest.raises(InvalidCode):
            await clubs.preview_club(WRONG, rig.peer, rig.auth)
    rig.clock.move(minutes=30)
    assert await clubs.shown_club(WRONG, rig.peer, rig.auth) is None
    while await attempts.forget(rig.auth.db, 2, moment=rig.clock.moment()):
        continue
    assert await kept() == ["code_from"] * 3 + ["link_from"]
    rig.clock.move(minutes=31)
    while await attempts.forget(rig.auth.db, 2, moment=rig.clock.moment()):
        continue
    assert await kept() == ["link_from"]
