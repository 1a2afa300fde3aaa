"""What one wants to be told of a group: all, what calls one, or nothing; one's own affair, or the club's."""

import pytest

from house.person import Json, Person
from house.server import PASSWORD, House

FORBIDDEN = (403, "forbidden")
UNKNOWN = (404, "not_found")


async def choose(person: Person, group: int, level: str | None) -> None:
    await person.ok("PUT", f"/api/groups/{group}/level", {"level": level})


async def own(person: Person) -> tuple[int, list[Json]]:
    """One's own log, and what it says of levels."""
    group = next(one["group"] for one in (await person.me())["groups"] if one["kind"] == "self")
    return group, [each for each in await person.actions(group) if each["type"] == "level_changed"]


async def test_a_level_is_told_to_ones_own_devices_alone_and_once(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    before = len(await ann.actions(club))
    other = await ben.device()
    assert (await ben.entry(club))["level"] is None
    for _ in range(2):
        await choose(ben, club, "mentions")
    for _ in range(2):
        await choose(ben, club, None)
    notes, said = await own(ben)
    assert [(each["group"], each.get("level")) for each in said] == [(club, "mentions"), (club, None)]
    await other.until(lambda: [x["type"] for x in other.actions(notes)].count("level_changed") == 2)
    await choose(ben, club, "nothing")
    assert (await ben.entry(club))["level"] == "nothing"
    assert (await ann.entry(club))["level"] is None
    assert len(await ann.actions(club)) == before


async def test_with_the_membership_of_a_club_the_levels_of_it_and_its_rooms_are_over(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    open_room, closed = await ann.channel(club, "Plans"), await ann.channel(club, "Board", private=True)
    talk, add = await ann.dm(ben), {"users": [ben.user]}
    await ann.ok("POST", f"/api/groups/{closed}/members", add)
    for group in (club, open_room, closed, talk):
        await choose(ben, group, "nothing")
    await ann.remove(club, ben.user)
    await ben.join((await ann.ok("GET", f"/api/groups/{club}/code"))["code"])
    await ann.ok("POST", f"/api/groups/{closed}/members", add)
    levels = [(await ben.entry(group))["level"] for group in (club, open_room, closed, talk)]
    assert levels == [None, None, None, "nothing"]


async def test_what_a_club_says_by_itself_its_owners_and_admins_decide(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    await ben.ok("PUT", "/api/me/sign-in", {"email": f"{ben.user}@example.org", "password": PASSWORD})
    await ann.ok("PUT", f"/api/groups/{club}/members/{ben.user}/role", {"role": "admin"})
    device = await cleo.device()
    await ben.ok("PATCH", f"/api/groups/{club}", {"default_level": "mentions"})
    await device.until(lambda: any(x["type"] == "club_changed" for x in device.actions(club)))
    assert device.actions(club)[-1]["default_level"] == "mentions"
    assert (await cleo.entry(club))["default_level"] == "mentions"
    record = (await ann.ok("GET", f"/api/groups/{club}/audit"))["entries"][0]
    assert record["what"] == "club_changed"
    assert record["details"] == {"default_level": [None, "mentions"]}
    assert await cleo.refused("PATCH", f"/api/groups/{club}", {"default_level": None}) == FORBIDDEN
    room = await ann.channel(club)
    assert await ann.refused("PATCH", f"/api/groups/{room}", {"default_level": "nothing"}) == FORBIDDEN


async def test_of_what_one_does_not_read_or_hears_only_from_oneself_there_is_no_level(house: House) -> None:
    club, [_, ben] = await house.club("Ann", "Ben")
    xenia = await house.person("Xenia")
    notes, _ = await own(ben)
    asked = {"level": "nothing"}
    assert await xenia.refused("PUT", f"/api/groups/{club}/level", asked) == UNKNOWN
    assert await ben.refused("PUT", f"/api/groups/{2**62}/level", asked) == UNKNOWN
    assert await ben.refused("PUT", f"/api/groups/{notes}/level", asked) == FORBIDDEN


@pytest.mark.parametrize("wrong", [{"level": "loud"}, {"level": ""}, {"level": 1}, {}], ids=str)
async def test_a_level_that_is_none_is_refused(house: House, wrong: Json) -> None:
    club, [ann] = await house.club("Ann")
    assert await ann.refused("PUT", f"/api/groups/{club}/level", wrong) == (400, "invalid_field")
    assert (await ann.entry(club))["level"] is None
