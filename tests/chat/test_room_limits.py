"""What one person can use up of a club, and of others' patience."""

from itertools import combinations

import pytest

from clubroom import errors, wire
from clubroom.dba import rooms
from house.person import Person
from house.server import House
from house.uuid7 import uuid7

FULL = (409, "full")


async def nothing(_: object) -> None:
    """F17 at the end is enough."""


async def made(house: House, person: Person, club: int, *, private: bool, most: int) -> int:
    """A room in a club where only so many fit."""
    who = house.process.tokens.verify(person.token).key
    new = wire.NewChannel(key=uuid7(), name="Rehearsals", private=private)
    return (await rooms.create_channel(house.process.db, who, club, new, channels_max=most)).group


async def test_a_private_room_that_everybody_left_takes_no_place_in_its_club(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    his = await ben.device()
    for _ in range(3):
        room = await made(house, ben, club, private=True, most=2)
        await ben.remove(room, ben.user)
        await his.until(lambda: len(his.log.get(room, [])) == 3)  # noqa: B023
        assert [action["type"] for action in his.log[room][-2:]] == ["channel_changed", "member_removed"]
        assert his.log[room][-2]["archived"]
    await made(house, ben, club, private=True, most=2)
    await made(house, ann, club, private=False, most=2)
    for person, private in ((ann, False), (ben, True)):
        with pytest.raises(errors.Full):
            await made(house, person, club, private=private, most=2)
    await ann.remove(club, ben.user)
    await made(house, ann, club, private=False, most=2)
    with pytest.raises(errors.Full):
        await made(house, ann, club, private=False, most=2)


async def test_a_member_has_only_so_many_rooms_of_their_own_and_whoever_runs_the_club_more(
    house: House,
) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    ann.changed = ben.changed = nothing
    private = await ben.channel(club, private=True)
    public = [await ben.channel(club) for _ in range(19)]
    path = f"/api/groups/{club}/channels"
    new = {"key": str(uuid7()), "name": "One more"}
    assert await ben.refused("POST", path, new) == FULL
    await ben.ok("PATCH", f"/api/groups/{public[0]}", {"archived": True})  # it stands there all the same
    assert await ben.refused("POST", path, new) == FULL
    await ben.remove(private, ben.user)
    await ben.ok("POST", path, new)
    assert await ben.refused("POST", path, new | {"key": str(uuid7())}) == FULL
    await cleo.channel(club)
    for _ in range(21):
        await ann.channel(club)


async def test_one_person_opens_only_so_many_conversations_a_day(house: House) -> None:
    _, [ann, *others] = await house.club(*(f"Person {n}" for n in range(16)))
    ann.changed = nothing
    pairs = list(combinations(others, 2))
    for pair in pairs[:100]:
        await ann.dm(*pair)
    one, two = pairs[100]
    refused = await ann.call("POST", "/api/dms", {"users": [one.user, two.user]})
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    assert 23 * 3_600_000 < refused.json()["retry_ms"] <= 24 * 3_600_000
    await ann.dm(*pairs[0])  # what is there is only found
    assert await one.dm(ann, two) == await ann.dm(one, two)


async def test_adding_somebody_to_a_public_room_does_not_override_what_they_decided(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    for room in (await ann.channel(club), await ann.channel(club, "Welcome", landing=True)):
        await ben.ok("PUT", f"/api/groups/{room}/follow", {"on": True})
        await ben.ok("PUT", f"/api/groups/{room}/follow", {"on": False})
        await ann.ok("POST", f"/api/groups/{room}/members", {"users": [ben.user]})
        assert not (await ben.entry(room))["followed"]
        await ben.ok("POST", f"/api/groups/{room}/members", {"users": [ben.user]})
        assert (await ben.entry(room))["followed"]
