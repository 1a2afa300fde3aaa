"""Members of whom the club knows a name and perhaps an address, and nobody has signed in as yet."""

from typing import Any

import asyncpg
import pytest

from auth.invited import (
    FORBIDDEN,
    SHUT,
    UNKNOWN,
    address,
    comes,
    invite,
    listed,
    member,
    one,
    secret_of,
    turned_away,
)
from clubroom.dba.embedded import EmbeddedPostgres
from house.databases import connected
from house.person import Json, Person
from house.server import House
from house.uuid7 import uuid7


async def managed(who: Person, club: int, name: str = "Ben", **said: Any) -> tuple[int, str]:
    """A member without a device: the invitation, and who it is."""
    made = await invite(
        who, club, {"name": name, "email": address(name)}, as_members=True, send=False, **said
    )
    invitation = int(made["rows"][0]["invitation"])
    return invitation, (await one(who, club, invitation))["user"]


async def label(who: Person, club: int, name: str) -> str:
    made = str(uuid7())
    await who.ok("PUT", f"/api/groups/{club}/labels/{made}", {"name": name})
    return made


async def of_type(who: Person, group: int, kind: str) -> list[Json]:
    return [action for action in await who.actions(group) if action["type"] == kind]


async def test_they_are_members_at_once_and_shown_as_such(house: House) -> None:
    club, [ann, cleo] = await house.club("Ann", "Cleo")
    tenor = await label(ann, club, "tenor")
    _, ben = await managed(ann, club, labels=[tenor])
    for who in (ann, cleo):
        shown = member(await who.snapshot(club), ben)
        assert shown == {
            "user": ben,
            "name": "Ben",
            "role": "member",
            "left": False,
            "labels": [tenor],
            "managed": True,
        }
    joined = [a for a in await of_type(cleo, club, "member_joined") if a["user"] == ben]
    assert [(a["managed"], a["by"]) for a in joined] == [(True, ann.user)]
    code = (await ann.ok("GET", f"/api/groups/{club}/code"))["code"]
    async with house.http() as http:
        outside = await http.post("/api/clubs/preview", json={"code": code})
    assert outside.json()["members"] == 3
    assert (await ann.ok("GET", f"/api/groups/{club}/online"))["users"] == []


async def test_the_link_makes_the_account_their_own(house: House) -> None:
    club, [ann] = await house.club("Ann")
    board = await ann.channel(club, "Board", private=True)
    invitation, user = await managed(ann, club)
    await ann.ok("POST", f"/api/groups/{board}/members", {"users": [user]})
    secret = await secret_of(ann, club, invitation)
    async with house.http() as http:
        shown = await http.post("/api/invitations/preview", json={"secret": secret})
    assert (shown.json()["managed"], shown.json()["name"]) == (True, "Ben")
    ben = await comes(house, secret, name="Benny")
    assert ben.user == user
    assert (await ben.me())["name"] == "Benny"
    for group in (club, board):
        assert member(await ann.snapshot(group), user) == {
            "user": user,
            "name": "Benny",
            "role": "member",
            "left": False,
        }
        assert [a["user"] for a in await of_type(ann, group, "person_arrived")] == [user]
        assert [a["name"] for a in await of_type(ann, group, "person_renamed")] == ["Benny"]
    await ben.post(board, "Here I am")
    assert await turned_away(house, secret) == SHUT
    entry = await one(ann, club, invitation)
    assert (entry["state"], entry["user"]) == ("came", user)
    assert await ann.dm(ben)


async def test_an_account_of_ones_own_takes_over_what_they_carried(house: House) -> None:
    club, [ann] = await house.club("Ann")
    tenor, board = await label(ann, club, "tenor"), await label(ann, club, "board")
    invitation, stood_there = await managed(ann, club, labels=[tenor])
    await ann.ok("PUT", f"/api/groups/{club}/members/{stood_there}/labels", {"labels": [tenor, board]})
    benny = await house.person("Benny")
    secret = await secret_of(ann, club, invitation)
    came = await benny.ok("POST", "/api/invitations/accept", {"secret": secret})
    assert came["user"] == benny.user
    snapshot = await ann.snapshot(club)
    assert sorted(member(snapshot, benny.user)["labels"]) == sorted([tenor, board])
    assert member(snapshot, stood_there)["left"]
    assert (await one(ann, club, invitation))["user"] == benny.user
    assert [a["by"] for a in await of_type(ann, club, "member_removed")] == [stood_there]


async def test_what_somebody_carries_already_keeps_nobody_out(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    labels = [await label(ann, club, f"label {i}") for i in range(22)]
    await ann.ok("PUT", f"/api/groups/{club}/members/{ben.user}/labels", {"labels": labels[:19]})
    made = await invite(ann, club, {"name": "Ben", "labels": labels[19:]})
    secret = await secret_of(ann, club, made["rows"][0]["invitation"])
    await ben.ok("POST", "/api/invitations/accept", {"secret": secret})
    carried = member(await ann.snapshot(club), ben.user)["labels"]
    assert len(carried) == 20
    assert set(labels[:19]) <= set(carried)


async def test_nobody_writes_to_them_alone_and_strangers_learn_nothing(house: House) -> None:
    club, [ann] = await house.club("Ann")
    _, user = await managed(ann, club)
    xenia = await house.person("Xenia")
    assert await ann.refused("POST", "/api/dms", {"users": [user]}) == FORBIDDEN
    assert await xenia.refused("POST", "/api/dms", {"users": [user]}) == UNKNOWN


async def test_they_never_run_a_club(house: House, postgres: EmbeddedPostgres) -> None:
    club, [ann] = await house.club("Ann")
    _, user = await managed(ann, club)
    promote = (
        "update memberships set role = $3 where group_id = $1"
        " and user_id = (select id from users where sub = $2)"
    )
    for role in ("admin", "owner"):
        assert await ann.refused("PUT", f"/api/groups/{club}/members/{user}/role", {"role": role})
        async with connected(postgres.owner_dsn, role="clubroom_writer", search_path="clubroom") as writer:
            with pytest.raises(asyncpg.PostgresError, match="forbidden"):
                await writer.execute(promote, club, user, role)
    assert member(await ann.snapshot(club), user)["role"] == "member"


async def test_a_room_is_handed_on_to_somebody_who_is_there(house: House) -> None:
    club, [ann, cleo] = await house.club("Ann", "Cleo")
    room = await ann.channel(club, "Board", private=True)
    _, user = await managed(ann, club)
    for each in (user, cleo.user):
        await ann.ok("POST", f"/api/groups/{room}/members", {"users": [each]})
    await ann.remove(room, ann.user)
    assert member(await cleo.snapshot(room), cleo.user)["role"] == "owner"


async def test_whoever_runs_the_club_renames_them_as_long_as_they_are_not_here(house: House) -> None:
    club, [ann, cleo] = await house.club("Ann", "Cleo")
    invitation, user = await managed(ann, club)
    path = f"/api/groups/{club}/managed/{user}"
    for _ in range(2):
        await ann.ok("PUT", path, {"name": "Benjamin"})
    assert [a["name"] for a in await of_type(cleo, club, "person_renamed")] == ["Benjamin"]
    assert (await one(ann, club, invitation))["name"] == "Benjamin"
    xenia = await house.person("Xenia")
    assert await cleo.refused("PUT", path, {"name": "x"}) == FORBIDDEN
    assert await xenia.refused("PUT", path, {"name": "x"}) == UNKNOWN
    assert await ann.refused("PUT", f"/api/groups/{club}/managed/{cleo.user}", {"name": "x"}) == FORBIDDEN
    for stranger in (xenia.user, "u_nobody", "x" * 256):
        assert await ann.refused("PUT", f"/api/groups/{club}/managed/{stranger}", {"name": "x"}) == UNKNOWN
    assert await ann.refused("PUT", path, {"name": " "}) == (400, "invalid_text")
    await comes(house, await secret_of(ann, club, invitation))
    assert await ann.refused("PUT", path, {"name": "x"}) == FORBIDDEN


async def test_with_the_member_the_invitation_goes(house: House) -> None:
    club, [ann] = await house.club("Ann")
    invitation, user = await managed(ann, club)
    secret = await secret_of(ann, club, invitation)
    assert await ann.refused("DELETE", f"/api/groups/{club}/invitations/{invitation}") == FORBIDDEN
    await ann.remove(club, user)
    entry = await one(ann, club, invitation)
    assert (entry["state"], entry["email"]) == ("withdrawn", None)
    assert await turned_away(house, secret) == SHUT
    assert (await ann.ok("GET", f"/api/groups/{club}/contacts"))["contacts"] == []


async def test_where_their_mail_goes_only_who_runs_the_club_sees(house: House) -> None:
    club, [ann, cleo] = await house.club("Ann", "Cleo")
    invitation, user = await managed(ann, club)
    email = (await one(ann, club, invitation))["email"]
    path = f"/api/groups/{club}/contacts"
    assert (await ann.ok("GET", path))["contacts"] == [{"user": user, "visible_to": "admins", "email": email}]
    assert (await cleo.ok("GET", path))["contacts"] == []
    assert email not in str(await cleo.snapshot(club)) + str(await cleo.actions(club))


async def test_the_same_list_twice_makes_nobody_twice(house: House) -> None:
    club, [ann] = await house.club("Ann")
    people = [{"name": "Ben", "email": address()}, {"name": "Cleo"}]
    for _ in range(2):
        await invite(ann, club, *people, as_members=True, send=False)
    names = [each["name"] for each in (await ann.snapshot(club))["members"]]
    assert sorted(names) == ["Ann", "Ben", "Cleo"]
    assert (await listed(ann, club))["waiting"] == 2


@pytest.mark.parametrize("here", [False, True])
async def test_only_who_runs_the_club_acts_for_them(
    house: House, postgres: EmbeddedPostgres, here: bool
) -> None:
    club, [ann, cleo] = await house.club("Ann", "Cleo")
    xenia = await house.person("Xenia")
    invitation, user = await managed(ann, club)
    if here:
        await comes(house, await secret_of(ann, club, invitation))
    asks = (
        "select _acts_for((select id from users where sub = $1), (select id from users where sub = $2), $3)"
    )
    async with connected(postgres.owner_dsn, role="clubroom_writer", search_path="clubroom") as writer:
        told = {
            (who.user, whom): await writer.fetchval(asks, who.user, whom, club)
            for who in (ann, cleo, xenia)
            for whom in (user, cleo.user)
        }
    assert [pair for pair, may in told.items() if may] == ([] if here else [(ann.user, user)])
