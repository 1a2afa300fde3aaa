"""A club's own emotes: who makes them, of which files, what they are called, and what stays without them."""

import asyncio
from uuid import UUID

import pytest

from clubroom import errors
from clubroom.dba import club_emotes, place
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.pool import Database
from house.databases import connected
from house.emotes import own_emote
from house.files import asked, brought, seen
from house.pause import pause
from house.person import Json, Person
from house.pictures import image, moving, opened
from house.server import PASSWORD, House
from house.uuid7 import uuid7
from house.within import within

FORBIDDEN = (403, "forbidden")
UNKNOWN = (404, "not_found")
WRONG = (400, "invalid_field")
TAKEN = (409, "name_taken")
FULL = (409, "full")


def path(club: int, file: str) -> str:
    return f"/api/groups/{club}/emotes/{file}"


async def ready(house: House, person: Person, club: int) -> str:
    """A picture of which one may be made."""
    return str((await brought(house.blobs, person, club, moving(), "image/gif", purpose="emote"))["id"])


async def becomes(owner: Person, club: int, other: Person, role: str) -> None:
    await other.ok("PUT", "/api/me/sign-in", {"email": f"{uuid7()}@example.org", "password": PASSWORD})
    await owner.ok("PUT", f"/api/groups/{club}/members/{other.user}/role", {"role": role})


async def emotes(person: Person, club: int) -> list[Json]:
    return list((await person.snapshot(club))["club_emotes"])


async def last(person: Person, club: int) -> Json:
    found = (await person.actions(club))[-1]
    return {key: value for key, value in found.items() if key not in ("seq", "at")}


async def test_an_emote_is_made_seen_by_all_named_anew_and_removed(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    party = await ready(house, ann, club)
    assert await seen(ben, party) == {}
    await ann.ok("PUT", path(club, party), {"name": "party"})
    assert await emotes(ben, club) == [{"file": party, "name": "party"}]
    assert await last(ben, club) == {
        "type": "club_emote_defined", "file": party, "name": "party", "by": ann.user,
    }  # fmt: skip
    moved = opened(house.blobs.at((await seen(ben, party))[party]["screen"]))
    assert getattr(moved, "n_frames", 1) == 5
    head = (await ben.snapshot(club))["seq"]
    await ann.ok("PUT", path(club, party), {"name": "party"})
    assert (await ben.snapshot(club))["seq"] == head  # the same again changes nothing
    ahead = await own_emote(house, ann, club, "aha")
    await ann.ok("PUT", path(club, party), {"name": "feast"})
    assert await emotes(ben, club) == [{"file": ahead, "name": "aha"}, {"file": party, "name": "feast"}]
    await ann.ok("DELETE", path(club, party))
    assert await emotes(ben, club) == [{"file": ahead, "name": "aha"}]
    assert await last(ben, club) == {"type": "club_emote_removed", "file": party, "by": ann.user}
    assert await ann.refused("DELETE", path(club, party)) == UNKNOWN
    assert await seen(ben, party) == await seen(ann, party) == {}
    assert await ann.refused("PUT", path(club, party), {"name": "feast"}) == WRONG  # its picture is gone
    await house.blobs.clear_of(party)
    told = [
        (one["what"], one["details"]) for one in (await ann.ok("GET", f"/api/groups/{club}/audit"))["entries"]
    ]
    assert told[:4] == [
        ("emote_removed", {"name": "feast"}),
        ("emote_renamed", {"name": "feast", "was": "party"}),
        ("emote_made", {"name": "aha"}),
        ("emote_made", {"name": "party"}),
    ]


async def test_who_is_online_has_it_at_once(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    device = await ben.device()
    party = await own_emote(house, ann, club, "party")
    await device.until(lambda: any(one["type"] == "club_emote_defined" for one in device.actions(club)))
    await ann.ok("DELETE", path(club, party))
    await device.until(lambda: device.actions(club)[-1]["type"] == "club_emote_removed")


async def test_only_whoever_runs_the_club_makes_them_and_to_others_it_does_not_exist(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    xenia = await house.person("Xenia")
    room = await ann.channel(club)
    dm = await ann.dm(ben)
    party = await own_emote(house, ann, club, "party")
    for person, answer in ((ben, FORBIDDEN), (xenia, UNKNOWN)):
        assert await person.refused("PUT", path(club, party), {"name": "mine"}) == answer
        assert await person.refused("PUT", path(club, str(uuid7())), {"name": "mine"}) == answer
        assert await person.refused("DELETE", path(club, party)) == answer
    for group in (room, dm, (await ann.groups())[0]):
        assert await ann.refused("PUT", path(group, party), {"name": "mine"}) == FORBIDDEN
    other = (await ann.create_club("Go club"))["group"]
    assert await ann.refused("PUT", path(other, party), {"name": "mine"}) == WRONG
    assert await ann.refused("DELETE", path(other, party)) == UNKNOWN
    assert await emotes(ann, club) == [{"file": party, "name": "party"}]
    await becomes(ann, club, ben, "admin")
    await ben.ok("PUT", path(club, party), {"name": "fete"})  # also one that another made
    await own_emote(house, ben, club, "party")


async def test_an_emote_is_made_of_a_picture_that_is_for_it(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    await becomes(ann, club, ben, "admin")
    other = (await ann.create_club("Go club"))["group"]
    refused = await brought(house.blobs, ann, club, b"GIF89a and no more", "image/gif", purpose="emote")
    assert refused["state"] == "refused"
    files = {
        "of a message": (await brought(house.blobs, ann, club, image()))["id"],
        "an avatar": (await brought(house.blobs, ann, None, image(), purpose="avatar"))["id"],
        "of another club": await ready(house, ann, other),
        "somebody else's": await ready(house, ben, club),
        "not there yet": (await asked(ann, club, moving(), "image/gif", purpose="emote"))["id"],
        "no good": refused["id"],
        "nothing": str(uuid7()),
    }
    for why, file in files.items():
        assert await ann.refused("PUT", path(club, file), {"name": "party"}) == WRONG, why
    assert await emotes(ann, club) == []


async def test_a_bomb_of_frames_is_refused_with_a_word(house: House) -> None:
    club, [ann] = await house.club("Ann")
    bomb = await brought(house.blobs, ann, club, moving("GIF", 121, (16, 16)), "image/gif", purpose="emote")
    assert (bomb["state"], bomb["refused"]) == ("refused", "too_many_frames")


async def test_no_two_emotes_of_a_club_are_called_alike(house: House) -> None:
    club, [ann] = await house.club("Ann")
    other = (await ann.create_club("Go club"))["group"]
    party, second = await own_emote(house, ann, club, "party"), await ready(house, ann, club)
    await own_emote(house, ann, other, "party")
    assert await ann.refused("PUT", path(club, second), {"name": "party"}) == TAKEN
    await ann.ok("PUT", path(club, second), {"name": "party_2"})
    assert await ann.refused("PUT", path(club, second), {"name": "party"}) == TAKEN
    await ann.ok("DELETE", path(club, party))
    await ann.ok("PUT", path(club, second), {"name": "party"})


@pytest.mark.parametrize(
    "name", ["", "x", "Party", "x" * 33, "a b", "a-b", ":ab:", "ab\n", "ä" * 3, "🎉🎉", "a\0b", "<b>", "٣٣"]
)
async def test_names_are_small_letters_digits_and_lines(name: str, house: House) -> None:
    club, [ann] = await house.club("Ann")
    file = await ready(house, ann, club)
    assert await ann.refused("PUT", path(club, file), {"name": name}) == WRONG
    await ann.ok("PUT", path(club, file), {"name": "x" * 32})
    await ann.ok("PUT", path(club, file), {"name": "a_1"})


async def test_a_club_has_so_many_and_no_more(house: House, database: Database) -> None:
    club, [ann] = await house.club("Ann")
    files = [await ready(house, ann, club) for _ in range(3)]
    key = house.process.tokens.verify(ann.token).key
    for n, file in enumerate(files[:2]):
        await ann.ok("PUT", path(club, file), {"name": f"party_{n}"})
    with pytest.raises(errors.Full):
        await club_emotes.define(database, key, club, UUID(files[2]), "party", emotes_max=2)
    # another name is no other one
    await club_emotes.define(database, key, club, UUID(files[0]), "feast", emotes_max=2)


async def test_a_reaction_is_of_an_emote_that_the_club_has(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    room, dm = await ann.channel(club), await ann.dm(ben)
    other = (await ann.create_club("Go club"))["group"]
    party = await own_emote(house, ann, club, "party")
    names = {}
    for group in (club, room, dm, other, (await ann.groups())[0]):
        names[group] = str((await ann.post(group, "hello :party:"))["id"])
    for group in (club, room):
        await ann.react(names[group], ":party:")
        await ann.react(names[group], ":party:")
        await ben.react(names[group], ":party:")
        assert (await ann.message(names[group]))["emotes"] == [
            {"emote": ":party:", "users": sorted([ann.user, ben.user])}
        ]
        assert await ann.refused("PUT", f"/api/messages/{names[group]}/emotes/:feast:") == WRONG
        await ben.react(names[group], ":party:", on=False)
    for group in names.keys() - {club, room}:
        assert await ann.refused("PUT", f"/api/messages/{names[group]}/emotes/:party:") == WRONG
    for typed in (":Party:", "party", ":party", "::", ":p:", ":party:party:", ":party::"):
        assert await ann.refused("PUT", f"/api/messages/{names[club]}/emotes/{typed}") == WRONG
    await ann.ok("DELETE", path(club, party))
    kept = [{"emote": ":party:", "users": [ann.user]}]
    assert (await ben.message(names[club]))["emotes"] == kept  # it counts on under its name
    assert (await ben.message(names[club]))["text"] == "hello :party:"
    await ann.react(names[club], ":party:")  # said already
    assert await ben.refused("PUT", f"/api/messages/{names[club]}/emotes/:party:") == WRONG
    await ann.react(names[club], ":party:", on=False)
    assert "emotes" not in await ben.message(names[club])


async def test_own_ones_count_among_the_kinds_of_a_message(house: House) -> None:
    club, [ann] = await house.club("Ann")
    await own_emote(house, ann, club, "party")
    name = str((await ann.post(club, "hello"))["id"])
    for code in range(0x1F600, 0x1F600 + 20):
        await ann.react(name, chr(code))
    assert await ann.refused("PUT", f"/api/messages/{name}/emotes/:party:") == FULL


async def test_a_reaction_and_the_end_of_its_emote_come_one_after_the_other(
    house: House, postgres: EmbeddedPostgres
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    party = await own_emote(house, ann, club, "party")
    room = await ann.channel(club)
    name = str((await ann.post(room, "hello"))["id"])
    async with connected(postgres.owner_dsn) as owner:
        removing = owner.transaction()
        await removing.start()
        who = house.process.tokens.verify(ann.token).key
        await owner.execute("select clubroom.remove_club_emote($1, $2, $3)", who, club, UUID(party))
        reacting = asyncio.create_task(ben.refused("PUT", f"/api/messages/{name}/emotes/:party:"))
        async with within(10, "the reaction waits for it"):
            while not await owner.fetchval("select exists (select 1 from pg_locks where not granted)"):
                await pause(0.01)
        assert not reacting.done()
        await removing.commit()
        assert await reacting == WRONG
    assert "emotes" not in await ann.message(name)


async def test_what_nobody_made_an_emote_of_goes_and_what_is_one_stays(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    party, unused = await own_emote(house, ann, club, "party"), await ready(house, ann, club)
    assert await ann.refused("DELETE", f"/api/files/{party}") == FORBIDDEN  # it is shown
    await ann.ok("DELETE", f"/api/files/{unused}")
    await house.blobs.clear_of(unused)
    await becomes(ann, club, ben, "owner")
    left = await ann.http.post("/api/me/deletion", json={"password": PASSWORD}, headers=ann.headers)
    assert left.is_success, left.text
    assert await emotes(ben, club) == [{"file": party, "name": "party"}]
    assert party in await seen(ben, party)


async def test_where_the_club_is_suspended_none_is_made(house: House, postgres: EmbeddedPostgres) -> None:
    club, [ann] = await house.club("Ann")
    file, party = await ready(house, ann, club), await own_emote(house, ann, club, "party")
    hilda = await house.person("Hilda")
    await place.add_host(postgres.owner_dsn, hilda.user)
    await hilda.ok("PATCH", f"/api/host/clubs/{club}", {"suspended": True})
    assert await ann.refused("PUT", path(club, file), {"name": "feast"}) == FORBIDDEN
    assert await ann.refused("DELETE", path(club, party)) == FORBIDDEN
