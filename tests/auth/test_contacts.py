"""Members say how they are reached, to whom, for one club; and take it back."""

import pytest

from auth.invited import UNKNOWN
from clubroom.dba.embedded import EmbeddedPostgres
from house.databases import connected
from house.person import Json, Person
from house.server import House

MAIL, PHONE = "ben@example.org", "+49 (30) 123-45 67"


async def contacts(who: Person, club: int) -> list[Json]:
    found: list[Json] = (await who.ok("GET", f"/api/groups/{club}/contacts"))["contacts"]
    return found


async def shares(who: Person, club: int, visible_to: str | None, **said: str) -> None:
    await who.ok("PUT", f"/api/groups/{club}/contact", said | {"visible_to": visible_to})


async def test_each_decides_who_sees_how_they_are_reached(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    for visible_to, seers in (("admins", [ann, ben]), ("members", [ann, ben, cleo]), (None, [])):
        await shares(ben, club, visible_to, email=MAIL, phone=PHONE, note="Evenings")
        for who in (ann, ben, cleo):
            expected = {
                "user": ben.user,
                "visible_to": visible_to,
                "email": MAIL,
                "phone": PHONE,
                "note": "Evenings",
            }
            assert await contacts(who, club) == ([expected] if who in seers else [])


async def test_when_everybody_came_is_told_to_those_who_keep_the_list(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    path = f"/api/groups/{club}/contacts"
    assert set((await ann.ok("GET", path))["since"]) == {ann.user, ben.user}
    assert (await ben.ok("GET", path))["since"] == {}


async def test_it_stands_in_no_log_and_in_no_other_club(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    other = (await ann.create_club("Go club"))["group"]
    await ben.join((await ann.ok("GET", f"/api/groups/{other}/code"))["code"])
    await shares(ben, club, "members", phone=PHONE)
    assert await contacts(ann, other) == []
    for group in await ann.groups():
        assert PHONE not in str(await ann.actions(group)) + str(await ann.snapshot(group))


async def test_with_the_membership_it_goes(house: House, postgres: EmbeddedPostgres) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    for who in (ben, cleo):
        await shares(who, club, "members", email=MAIL)
    await ann.remove(club, ben.user)
    await cleo.remove(club, cleo.user)
    assert await contacts(ann, club) == []
    async with connected(postgres.owner_dsn, role="clubroom_writer", search_path="clubroom") as writer:
        assert await writer.fetchval("select count(*) from contacts where group_id = $1", club) == 0


async def test_strangers_see_nothing_and_say_nothing(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    await shares(ben, club, "members", email=MAIL)
    xenia = await house.person("Xenia")
    assert await xenia.refused("GET", f"/api/groups/{club}/contacts") == UNKNOWN
    assert await xenia.refused("PUT", f"/api/groups/{club}/contact", {"visible_to": "members"}) == UNKNOWN
    room = await ann.channel(club)
    for who in (ann, ben):
        assert await who.refused("GET", f"/api/groups/{room}/contacts") == UNKNOWN


async def test_nothing_said_is_nothing_kept(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    await shares(ben, club, "members", email=MAIL)
    await shares(ben, club, "members", email=" ", phone="")
    assert await contacts(ann, club) == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"email": "ben"}, "invalid_field"),
        ({"phone": "call me"}, "invalid_field"),
        ({"phone": "1" * 41}, "invalid_field"),
        ({"phone": "=1+1"}, "invalid_field"),
        ({"note": "x" * 201}, "text_too_long"),
        ({"note": "\u202e"}, "invalid_text"),
        ({"visible_to": "everybody"}, "invalid_field"),
    ],
)
async def test_what_cannot_be_is_refused(house: House, said: Json, code: str) -> None:
    club, [_, ben] = await house.club("Ann", "Ben")
    path = f"/api/groups/{club}/contact"
    assert await ben.refused("PUT", path, {"visible_to": "members"} | said) == (400, code)
