"""What is decided for a club: by whom, who hears of it, and what it changes."""

import pytest

from house.person import Json, Person
from house.server import House
from house.uuid7 import uuid7

FORBIDDEN = (403, "forbidden")
UNKNOWN = (404, "not_found")
INVALID = (400, "invalid_field")
ALL: Json = {
    "name": "Kammerchor",
    "time_zone": "Europe/Berlin",
    "language": "de",
    "sign": "🎶",
    "colour": 7,
    "history": "month",
    "members_invite": True,
    "announce": True,
    "joining_paused": True,
    "rooms_by_admins": True,
    "events_by_members": True,
    "dms_off": True,
    "default_level": "mentions",
}


async def change(person: Person, group: int, **to: object) -> None:
    await person.ok("PATCH", f"/api/groups/{group}", to)


def look(entry: Json) -> Json:
    return {name: entry[name] for name in ALL}


async def test_whatever_an_owner_decides_everybody_hears_and_reads_alike(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    device = await ben.device()
    before = look(await ben.entry(club))
    await change(ann, club, **ALL)
    await device.until(lambda: device.actions(club))
    said = device.actions(club)[-1]
    assert (said["type"], said["by"], look(said)) == ("club_changed", ann.user, ALL)
    assert look(await ben.entry(club)) == look(await ben.snapshot(club)) == ALL
    await change(ann, club, **before)  # null takes a value away again
    assert look(await ben.entry(club)) == before
    await change(ann, club, **before)
    assert len(device.actions(club)) == 2  # what changes nothing is told to nobody


async def test_the_admins_room_is_called_as_its_club(house: House) -> None:
    club, [ann] = await house.club("Ann")
    admins = next(entry["group"] for entry in (await ann.me())["groups"] if entry["kind"] == "admins")
    await change(ann, club, name="Chess and tea club")
    assert (await ann.entry(admins))["name"] == (await ann.snapshot(admins))["name"] == "Chess and tea club"
    assert (await ann.actions(admins))[-1]["type"] == "group_renamed"


async def test_members_decide_nothing_and_strangers_find_nothing(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    xenia = await house.person("Xenia")
    for field, value in ALL.items():
        assert await ben.refused("PATCH", f"/api/groups/{club}", {field: value}) == FORBIDDEN
        assert await xenia.refused("PATCH", f"/api/groups/{club}", {field: value}) == UNKNOWN
    notes = next(entry["group"] for entry in (await ann.me())["groups"] if entry["kind"] == "self")
    assert await ann.refused("PATCH", f"/api/groups/{notes}", {"name": "x"}) == FORBIDDEN
    assert await ann.refused("PATCH", f"/api/groups/{club}", {"description": "x"}) == FORBIDDEN


@pytest.mark.parametrize(
    "wrong",
    [
        {"time_zone": "Berlin"},
        {"time_zone": "../../etc/passwd"},
        {"language": "deutsch, bitte"},
        {"colour": 12},
        {"colour": -1},
        {"colour": None},
        {"name": None},
        {"history": "some"},
        {"default_level": "loud"},
        {"sign": "abcd"},
        {"sign": ""},
        {"sign": "🎶🎶"},
        {"sign": "a\0"},
        {"sign": "<b>"},
        {},
        {"landing": True, "dms_off": True},
    ],
    ids=str,
)
async def test_what_no_club_can_be_is_refused(house: House, wrong: Json) -> None:
    club, [ann] = await house.club("Ann")
    assert await ann.refused("PATCH", f"/api/groups/{club}", wrong) == INVALID


async def test_a_sign_is_one_emoji_or_a_few_letters(house: House) -> None:
    club, [ann] = await house.club("Ann")
    for typed, kept in (("❤", "❤️"), (" SVL ", "SVL"), ("1a", "1a"), ("室内", "室内"), ("👩🏽‍🚒", "👩🏽‍🚒")):
        await change(ann, club, sign=typed)
        assert (await ann.entry(club))["sign"] == kept


async def test_where_only_announcements_are_made_members_read_the_chat_of_all(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    await change(ann, club, announce=True)
    assert await ben.refused("PUT", f"/api/messages/{uuid7()}", {"group": club, "text": "why?"}) == FORBIDDEN
    assert not (await ben.entry(club))["may_post"]
    await ann.post(club, "The hall is closed")
    await change(ann, club, announce=False)
    await ben.post(club, "at last")
