"""The end of a club, told over both gateways: our own, and one that holds the sockets elsewhere."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import pytest

from clubroom.app.settings import Settings
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.migrate import migrate
from clubroom.dba.pool import Database
from house.api_gateway import Weather, elsewhere
from house.device import Device
from house.server import House, running


@pytest.fixture(params=["local", "remote"])
async def venue(
    request: pytest.FixtureRequest, postgres: EmbeddedPostgres, settings: Settings
) -> AsyncIterator[House]:
    await migrate(postgres.owner_dsn)
    db = await Database.open(postgres.app_dsn)
    place: AbstractAsyncContextManager[House] = (
        running(db, settings) if request.param == "local" else elsewhere(db, settings, Weather(late_s=0.03))
    )
    async with place as house:
        yield house
        await house.everyone_leaves()
    await db.close()


def has_ended(device: Device, group: int) -> Callable[[], bool]:
    return lambda: "club_deleted" in [action["type"] for action in device.log.get(group, ())]


async def test_whoever_is_in_a_club_hears_its_end_in_every_room_and_whoever_is_not_hears_none(
    venue: House,
) -> None:
    club, [ann, ben, cleo] = await venue.club("Ann", "Ben", "Cleo")
    his, outside = await ben.device(), await cleo.device()
    public, private = await ann.channel(club), await ann.channel(club, private=True)
    await ann.ok("POST", f"/api/groups/{private}/members", {"users": [ben.user]})
    await cleo.remove(club, cleo.user)
    await outside.until(lambda: [a for a in outside.actions(club) if a["type"] == "member_removed"])
    for group in (club, public, private):
        await ann.post(group, "before")
    await ann.ok("DELETE", f"/api/groups/{club}", {"name": "Chess club"})
    for group in (club, public, private):
        await his.until(has_ended(his, group))
        assert [a.get("text") or a["type"] for a in his.log[group]][-2:] == ["before", "club_deleted"]
    await outside.send(type="ping")
    await outside.until(lambda: outside.heard("pong"))
    heard = [a["type"] for group in (club, public, private) for a in outside.actions(group)]
    assert "club_deleted" not in heard
    assert "message_posted" not in heard
