"""One's name, time zone and language, and who learns of it."""

import pytest

from house.server import House


async def test_a_new_name_is_told_wherever_somebody_is_or_was(house: House) -> None:
    group, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    room = await ann.channel(group, "Dusk", private=True)
    await ann.ok("POST", f"/api/groups/{room}/members", {"users": [ben.user]})
    talk = await ann.dm(ben)
    socket = await ann.device()
    await ben.ok("PATCH", "/api/me", {"name": "  Benjamin "})
    await socket.until(lambda: any(one["type"] == "person_renamed" for one in socket.actions(group)))
    for one in (group, room, talk):
        names = {member["user"]: member["name"] for member in (await ann.snapshot(one))["members"]}
        assert names[ben.user] == "Benjamin"
        assert (await ann.actions(one))[-1]["type"] == "person_renamed"
    assert (await ann.entry(talk))["people"] == [{"user": ben.user, "name": "Benjamin"}]
    me = await ben.me()
    assert me["name"] == "Benjamin"
    assert next(one["name"] for one in me["groups"] if one["kind"] == "self") == "Benjamin"
    await cleo.remove(group, cleo.user)
    await cleo.ok("PATCH", "/api/me", {"name": "Cleopatra"})  # who left is still named by what they wrote
    names = {member["user"]: member["name"] for member in (await ann.snapshot(group))["members"]}
    assert names[cleo.user] == "Cleopatra"


async def test_the_same_name_again_is_no_news(house: House) -> None:
    group, [ann] = await house.club("Ann")
    before = len(await ann.actions(group))
    await ann.ok("PATCH", "/api/me", {"name": "Ann"})
    assert len(await ann.actions(group)) == before


async def test_time_zone_and_language_are_told_to_ones_own_devices_alone(house: House) -> None:
    group, [ann] = await house.club("Ann")
    own = (await ann.groups())[-1] if (await ann.entry((await ann.groups())[-1]))["kind"] == "self" else None
    own = own or next(one["group"] for one in (await ann.me())["groups"] if one["kind"] == "self")
    before = len(await ann.actions(group))
    await ann.ok("PATCH", "/api/me", {"time_zone": "Europe/Berlin", "language": "de"})
    me = await ann.me()
    assert (me["time_zone"], me["language"]) == ("Europe/Berlin", "de")
    told = (await ann.actions(own))[-1]
    assert (told["type"], told["time_zone"], told["language"]) == ("profile_changed", "Europe/Berlin", "de")
    assert len(await ann.actions(group)) == before
    await ann.ok("PATCH", "/api/me", {"time_zone": "", "language": ""})
    me = await ann.me()
    assert (me["time_zone"], me["language"]) == (None, None)


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({}, (400, "invalid_field")),
        ({"name": " "}, (400, "invalid_text")),
        ({"name": "x" * 61}, (400, "text_too_long")),
        ({"name": "A\u202enn"}, (400, "invalid_text")),
        ({"time_zone": "Europe/Nowhere"}, (400, "invalid_field")),
        ({"time_zone": "../../etc/passwd"}, (400, "invalid_field")),
        ({"language": "fr"}, (400, "invalid_field")),
        ({"email": "a@example.org"}, (400, "unknown_field")),
    ],
)
async def test_what_cannot_be_is_refused(
    house: House, said: dict[str, str], refusal: tuple[int, str]
) -> None:
    ann = await house.person("Ann")
    assert await ann.refused("PATCH", "/api/me", said) == refusal
    assert (await ann.me())["name"] == "Ann"


async def test_nobody_changes_their_name_without_end(house: House) -> None:
    ann = await house.person("Ann")
    for n in range(20):
        await ann.ok("PATCH", "/api/me", {"name": f"Ann {n}"})
    assert await ann.refused("PATCH", "/api/me", {"name": "Ann"}) == (429, "rate_limited")
    await ann.ok("PATCH", "/api/me", {"language": "de"})
