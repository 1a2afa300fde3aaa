"""Quiet from a group: for a while or for good, one's own affair, over with the membership."""

from datetime import UTC, datetime, timedelta

import pytest

from clubroom import wire
from clubroom.dba import rooms
from clubroom.dba.pool import Database
from house.person import Json, Person
from house.server import House

FORBIDDEN = (403, "forbidden")
UNKNOWN = (404, "not_found")


async def muted(person: Person, group: int) -> Json | None:
    mute: Json | None = (await person.entry(group))["mute"]
    return mute


async def mute(person: Person, group: int, for_s: int | None) -> None:
    await person.ok("PUT", f"/api/groups/{group}/mute", {"for_s": for_s})


async def own_log(person: Person) -> tuple[int, list[Json]]:
    own = next(one["group"] for one in (await person.me())["groups"] if one["kind"] == "self")
    said = await person.actions(own)
    return own, [each for each in said if each["type"] in ("group_muted", "group_unmuted")]


async def test_quiet_for_good_is_told_to_ones_own_devices_alone_and_once(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    before = len(await ann.actions(club))
    other = await ben.device()
    assert await muted(ben, club) is None
    for _ in range(2):
        await mute(ben, club, None)
    assert await muted(ben, club) == {"until": None}
    own, said = await own_log(ben)
    assert [(each["type"], each["group"]) for each in said] == [("group_muted", club)]
    assert "until" not in said[0]
    await other.until(lambda: any(each["type"] == "group_muted" for each in other.actions(own)))
    assert await muted(ann, club) is None
    assert len(await ann.actions(club)) == before
    for _ in range(2):
        await mute(ben, club, 0)
    assert await muted(ben, club) is None
    assert [each["type"] for each in (await own_log(ben))[1]] == ["group_muted", "group_unmuted"]


async def test_quiet_for_a_while_ends_by_itself(house: House, database: Database) -> None:
    club, [_, ben] = await house.club("Ann", "Ben")
    now = datetime.now(UTC)
    await mute(ben, club, 3_600)
    told = await muted(ben, club)
    assert told
    ends = datetime.fromisoformat(told["until"])
    assert timedelta(minutes=59) < ends - now < timedelta(minutes=61)
    assert (await own_log(ben))[1][-1]["until"] == told["until"]
    await rooms.mute_group(
        database, house.process.tokens.verify(ben.token).key, club, 3_600, moment=now - timedelta(minutes=61)
    )
    assert await muted(ben, club) is None


async def test_a_room_and_a_conversation_are_muted_each_for_itself(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    room, talk = await ann.channel(club, "Plans"), await ann.dm(ben)
    for group in (room, talk):
        await mute(ben, group, None)
    assert [await muted(ben, group) is not None for group in (club, room, talk)] == [False, True, True]


async def test_with_the_membership_of_a_club_the_quiet_from_it_and_its_rooms_is_over(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    open_room, closed = await ann.channel(club, "Plans"), await ann.channel(club, "Board", private=True)
    add = {"users": [ben.user], "history": True}
    await ann.ok("POST", f"/api/groups/{closed}/members", add)
    for group in (club, open_room, closed):
        await mute(ben, group, None)
    await ann.remove(club, ben.user)
    code = (await ann.ok("GET", f"/api/groups/{club}/code"))["code"]
    await ben.join(code)
    await ann.ok("POST", f"/api/groups/{closed}/members", add)
    assert [await muted(ben, group) for group in (club, open_room, closed)] == [None] * 3


async def test_what_one_does_not_read_or_hears_only_from_oneself_cannot_be_muted(house: House) -> None:
    club, [_, ben] = await house.club("Ann", "Ben")
    xenia = await house.person("Xenia")
    own, _ = await own_log(ben)
    asked = {"for_s": None}
    assert await xenia.refused("PUT", f"/api/groups/{club}/mute", asked) == UNKNOWN
    assert await ben.refused("PUT", f"/api/groups/{own}/mute", asked) == FORBIDDEN
    assert await ben.refused("PUT", f"/api/groups/{2**62}/mute", asked) == UNKNOWN


@pytest.mark.parametrize("for_s", [-1, wire.MUTED_SECONDS_MAX + 1, 1.5, "3600", True])
async def test_a_time_that_cannot_be_is_refused(house: House, for_s: object) -> None:
    club, [ann] = await house.club("Ann")
    assert await ann.refused("PUT", f"/api/groups/{club}/mute", {"for_s": for_s}) == (400, "invalid_field")
    assert await ann.refused("PUT", f"/api/groups/{club}/mute", {}) == (400, "invalid_field")
    assert await muted(ann, club) is None
