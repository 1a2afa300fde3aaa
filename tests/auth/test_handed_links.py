"""A sign-in link that an admin hands to a member: as good as being that person, so for hardly anybody."""

import httpx

from house.authenticator import passkey_of
from house.person import Person
from house.server import PASSWORD, House
from house.uuid7 import uuid7

NOT_HERE, NOT_YOU = (404, "not_found"), (403, "forbidden")


def path(group: int, who: Person) -> str:
    return f"/api/groups/{group}/members/{who.user}/sign-in-link"


async def handed(by: Person, group: int, to: Person) -> str:
    return httpx.URL((await by.ok("POST", path(group, to)))["url"]).fragment


async def test_an_owner_lets_a_member_back_in_who_lost_their_phone(house: House) -> None:
    group, [ann, ben] = await house.club("Ann", "Ben")
    await ben.post(group, "mine")
    phone = await ben.device()
    secret = await handed(ann, group, ben)
    own = next(one["group"] for one in (await ben.me())["groups"] if one["kind"] == "self")
    await phone.until(lambda: phone.actions(own))
    told = phone.actions(own)[-1]
    assert (told["type"], told["by"], told["group"]) == ("sign_in_link_handed", ann.user, group)
    async with house.http() as http:
        opened = await http.post("/api/sessions", json={"link": secret})
        assert (opened.status_code, opened.json()["user"]) == (201, ben.user)
        assert (await http.post("/api/sessions", json={"link": secret})).status_code == 401
    assert secret not in str(await ben.actions(own))


async def test_a_member_who_can_help_themselves_is_not_helped(house: House) -> None:
    group, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    await ben.ok("PUT", "/api/me/sign-in", {"email": f"{uuid7()}@example.org", "password": PASSWORD})
    await passkey_of(cleo)
    for other in (ben, cleo):
        assert await ann.refused("POST", path(group, other)) == NOT_YOU


async def test_members_hand_out_nothing_and_outsiders_learn_nothing(house: House) -> None:
    group, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    eve = await house.person("Eve", with_email=True)
    assert await ben.refused("POST", path(group, cleo)) == NOT_YOU
    assert await eve.refused("POST", path(group, cleo)) == NOT_HERE
    assert await ann.refused("POST", path(group, eve)) == NOT_HERE
    assert await ann.refused("POST", path(group, ann)) == NOT_YOU
    for strange in ("u_nobody", "%00", "x" * 300):
        refused = await ann.refused("POST", f"/api/groups/{group}/members/{strange}/sign-in-link")
        assert refused == NOT_HERE


async def test_nobody_gets_by_it_into_a_club_that_they_do_not_run(house: House) -> None:
    """Mallory makes a club and lures Ben in: by a link she would be him in the chess club, too."""
    chess, [ann, ben] = await house.club("Ann", "Ben")
    mallory = await house.person("Mallory", with_email=True)
    made = await mallory.create_club("Free beer")
    await ben.join(made["code"])
    assert await mallory.refused("POST", path(made["group"], ben)) == NOT_YOU
    assert await ann.refused("POST", path(chess, ben)) == NOT_YOU  # nor Ann into hers
    await ben.remove(made["group"], ben.user)
    assert await handed(ann, chess, ben)


async def test_a_removed_member_gets_no_link_and_a_room_gives_none(house: House) -> None:
    group, [ann, ben] = await house.club("Ann", "Ben")
    room = await ann.channel(group, "Dusk", private=True)
    await ann.ok("POST", f"/api/groups/{room}/members", {"users": [ben.user]})
    assert await ann.refused("POST", path(room, ben)) == NOT_HERE
    await ann.remove(group, ben.user)
    assert await ann.refused("POST", path(group, ben)) == NOT_HERE


async def test_what_was_handed_out_is_closed_when_the_person_signs_out_elsewhere(house: House) -> None:
    group, [ann, ben] = await house.club("Ann", "Ben")
    secret = await handed(ann, group, ben)
    await ben.ok("DELETE", "/api/sessions/others")  # they were told, and do not want it
    async with house.http() as http:
        assert (await http.post("/api/sessions", json={"link": secret})).status_code == 401


async def signs_in(house: House, secret: str) -> int:
    async with house.http() as http:
        return (await http.post("/api/sessions", json={"link": secret})).status_code


async def test_it_opens_nothing_once_they_can_help_themselves(house: House) -> None:
    group, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    of_ben, of_cleo = await handed(ann, group, ben), await handed(ann, group, cleo)
    await ben.ok("PUT", "/api/me/sign-in", {"email": f"{uuid7()}@example.org", "password": PASSWORD})
    await passkey_of(cleo)
    assert [await signs_in(house, secret) for secret in (of_ben, of_cleo)] == [401, 401]


async def test_it_opens_nothing_once_they_are_in_a_club_that_the_other_does_not_run(house: House) -> None:
    group, [ann, ben] = await house.club("Ann", "Ben")
    secret = await handed(ann, group, ben)
    eve = await house.person("Eve", with_email=True)
    made = await eve.create_club("Go club")
    await ben.join(made["code"])
    assert await signs_in(house, secret) == 401


async def test_it_is_no_way_back_for_whoever_made_it_and_was_removed(house: House) -> None:
    group, [ann, ben] = await house.club("Ann", "Ben")
    mallory = await house.person("Mallory", with_email=True)
    new = {"key": str(uuid7()), "role": "admin"}
    await mallory.join((await ann.ok("POST", f"/api/groups/{group}/codes", new))["code"])
    secret = await handed(mallory, group, ben)
    await ann.remove(group, mallory.user)
    assert await signs_in(house, secret) == 401
    assert await signs_in(house, await handed(ann, group, ben)) == 201
