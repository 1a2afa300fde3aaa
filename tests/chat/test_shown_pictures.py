"""Pictures of people and clubs, covers of events: who may set and see them, what becomes of the file."""

import asyncio
from functools import partial

import pytest

from clubroom.chat.files.showing import AVATARS_A_PERSON_A_DAY
from clubroom.dba import club_life
from house.device import Device
from house.events import made
from house.files import asked, brought, seen
from house.pause import pause
from house.person import Json, Person
from house.pictures import opened
from house.server import PASSWORD, House
from house.uuid7 import uuid7
from house.within import within

UNKNOWN = (404, "not_found")
FORBIDDEN = (403, "forbidden")
UNFIT = (400, "invalid_field")


async def picture(house: House, person: Person, group: int | None, purpose: str) -> str:
    """A file of theirs that is ready to be shown."""
    file = await brought(house.blobs, person, group, purpose=purpose)
    assert file["state"] == "ready", file
    return str(file["id"])


async def runs_it_too(owner: Person, club: int, person: Person) -> None:
    await person.ok("PUT", "/api/me/sign-in", {"email": f"{uuid7()}@example.org", "password": PASSWORD})
    await owner.ok("PUT", f"/api/groups/{club}/members/{person.user}/role", {"role": "admin"})


async def put_avatar(house: House, person: Person) -> str:
    file = await picture(house, person, None, "avatar")
    await person.ok("PUT", "/api/me/avatar", {"file": file})
    return file


async def avatar_of(viewer: Person, group: int, user: str) -> str | None:
    """As the state of a group tells it."""
    snapshot = await viewer.ok("GET", f"/api/groups/{group}/snapshot")
    avatars: dict[str, str | None] = {one["user"]: one.get("avatar") for one in snapshot["members"]}
    return avatars[user]


async def is_deleted(house: House, file: str) -> None:
    """From the store, by the worker."""
    async with within(30, "the store is clear of the file"):
        while [key for key in house.blobs.kept if file in key]:
            await pause(0.05)


def pictured(device: Device, group: int) -> list[Json]:
    return [one for one in device.actions(group) if one["type"] == "person_pictured"]


async def test_a_new_picture_is_told_live_in_every_group_that_one_is_in(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    dm = await ben.dm(ann)
    await ben.renew()
    device = await ben.device()
    file = await put_avatar(house, ann)
    for group in (club, dm):
        await device.until(partial(pictured, device, group))
        assert pictured(device, group)[-1]["avatar"] == file
        assert await avatar_of(ben, group, ann.user) == file
    own = next(e["group"] for e in (await ann.me())["groups"] if e["kind"] == "self")
    assert await avatar_of(ann, own, ann.user) == file
    link = (await seen(ben, file))[file]
    assert [opened(house.blobs.at(link[size])).size for size in ("thumb", "screen")] == [(96, 96), (480, 480)]


async def test_the_picture_before_goes_from_the_store_and_the_last_one_when_it_is_removed(
    house: House,
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    device = await ben.device()
    first = await put_avatar(house, ann)
    second = await put_avatar(house, ann)
    assert await seen(ben, first) == {}
    await is_deleted(house, first)
    assert await avatar_of(ben, club, ann.user) == second
    for _ in range(2):
        await ann.ok("DELETE", "/api/me/avatar")
    await device.until(lambda: len(pictured(device, club)) == 3)
    assert "avatar" not in pictured(device, club)[-1]
    assert await avatar_of(ben, club, ann.user) is None
    await is_deleted(house, second)


async def test_what_is_shown_already_is_shown_again_without_a_word(house: House) -> None:
    club, [ann] = await house.club("Ann")
    file = await put_avatar(house, ann)
    head = (await ann.ok("GET", f"/api/groups/{club}/snapshot"))["seq"]
    await ann.ok("PUT", "/api/me/avatar", {"file": file})
    assert (await ann.ok("GET", f"/api/groups/{club}/snapshot"))["seq"] == head
    assert await ann.refused("DELETE", f"/api/files/{file}") == FORBIDDEN


async def test_whoever_comes_later_brings_their_picture_and_whoever_leaves_takes_it_along(
    house: House,
) -> None:
    club, [ann] = await house.club("Ann")
    dora = await house.person("Dora")
    file = await put_avatar(house, dora)
    assert await seen(ann, file) == {}
    device = await ann.device()
    await dora.join((await ann.ok("GET", f"/api/groups/{club}/code"))["code"])
    await device.until(lambda: [a for a in device.actions(club) if a["type"] == "member_joined"])
    assert device.actions(club)[-1]["avatar"] == file
    assert await avatar_of(ann, club, dora.user) == file
    assert await seen(ann, file)
    await ann.remove(club, dora.user)
    assert await avatar_of(ann, club, dora.user) is None
    assert await seen(ann, file) == {}
    assert await seen(dora, file), "it is theirs still"


async def test_with_the_account_its_picture_goes_and_what_a_club_shows_stays(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    await runs_it_too(ann, club, ben)
    avatar = await put_avatar(house, ben)
    unused = await picture(house, ben, None, "avatar")
    of_club = await picture(house, ben, club, "picture")
    await ben.ok("PUT", f"/api/groups/{club}/picture", {"file": of_club})
    left = await ben.http.post(
        "/api/me/deletion", headers=ben.headers, json={"password": PASSWORD, "messages": False}
    )
    assert left.is_success, left.text
    assert await avatar_of(ann, club, ben.user) is None
    assert list(await seen(ann, avatar, unused, of_club)) == [of_club]
    for file in (avatar, unused):
        await is_deleted(house, file)


@pytest.mark.parametrize("wrong", ["another's", "of a message", "not ready", "nobody's", "dropped"])
async def test_no_other_file_becomes_a_picture(house: House, wrong: str) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    event, chat = await made(ann, club)
    calls = {
        "avatar": ("/api/me/avatar", None),
        "picture": (f"/api/groups/{club}/picture", club),
        "cover": (f"/api/events/{event}/cover", chat),
    }
    await runs_it_too(ann, club, ben)
    for purpose, (path, group) in calls.items():
        if wrong == "another's":
            file = await picture(house, ben, group, purpose)
        elif wrong == "of a message":
            file = await picture(house, ann, club, "message")
        elif wrong == "not ready":
            file = (await asked(ann, group, 100, purpose=purpose))["id"]
        elif wrong == "dropped":
            file = await picture(house, ann, group, purpose)
            await ann.ok("DELETE", f"/api/files/{file}")
        else:
            file = str(uuid7())
        assert await ann.refused("PUT", path, {"file": file}) == UNFIT


async def test_a_file_is_shown_only_where_it_was_brought_for(house: House) -> None:
    club, [ann] = await house.club("Ann")
    other = (await ann.create_club("Other"))["group"]
    avatar, of_club = await picture(house, ann, None, "avatar"), await picture(house, ann, club, "picture")
    assert await ann.refused("PUT", f"/api/groups/{other}/picture", {"file": of_club}) == UNFIT
    assert await ann.refused("PUT", f"/api/groups/{club}/picture", {"file": avatar}) == UNFIT
    assert await ann.refused("PUT", "/api/me/avatar", {"file": of_club}) == UNFIT


async def test_only_who_runs_a_club_gives_it_a_picture(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    xenia = await house.person("Xenia")
    room = await ann.channel(club, "Plans")
    await runs_it_too(ann, club, cleo)
    file = await picture(house, ann, club, "picture")
    for person, refusal in ((ben, FORBIDDEN), (xenia, UNKNOWN)):
        assert await person.refused("PUT", f"/api/groups/{club}/picture", {"file": file}) == refusal
        assert await person.refused("DELETE", f"/api/groups/{club}/picture") == refusal
    assert await ann.refused("PUT", f"/api/groups/{room}/picture", {"file": file}) == FORBIDDEN
    device = await ben.device()
    await ann.ok("PUT", f"/api/groups/{club}/picture", {"file": file})
    await device.until(
        lambda: device.actions(club)[-1:] and device.actions(club)[-1]["type"] == "club_changed"
    )
    assert device.actions(club)[-1]["picture"] == file
    entry = next(e for e in (await ben.me())["groups"] if e["group"] == club)
    assert entry["picture"] == file
    assert await seen(ben, file)
    assert await seen(xenia, file) == {}
    await cleo.ok("DELETE", f"/api/groups/{club}/picture")
    [last, first] = (await ann.ok("GET", f"/api/groups/{club}/audit"))["entries"][:2]
    assert (first["what"], first["by"]["user"], first["details"]) == (
        "club_changed", ann.user, {"picture": [None, file]}
    )  # fmt: skip
    assert (last["by"]["user"], last["details"]) == (cleo.user, {"picture": [file, None]})
    await is_deleted(house, file)


async def test_only_who_may_change_an_event_gives_it_a_cover(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    xenia = await house.person("Xenia")
    event, group = await made(ann, club)
    path = f"/api/events/{event}/cover"
    file = await picture(house, ann, group, "cover")
    for person, refusal in ((ben, FORBIDDEN), (xenia, UNKNOWN)):
        assert await person.refused("PUT", path, {"file": file}) == refusal
        assert await person.refused("DELETE", path) == refusal
    device = await cleo.device()
    await ann.ok("PUT", path, {"file": file})
    await device.until(lambda: "event_covered" in [a["type"] for a in device.actions(group)])
    cover = device.actions(group)[-1]["cover"]
    assert (cover["id"], cover["width"], cover["height"]) == (file, 639, 213)
    look = (await cleo.ok("GET", f"/api/groups/{group}/snapshot"))["event"]
    entry = next(e for e in (await cleo.me())["groups"] if e["group"] == group)
    assert look["cover"] == entry["event"]["cover"] == cover
    assert await seen(cleo, file)
    assert await seen(xenia, file) == {}
    await ann.ok("DELETE", path)
    assert (await cleo.ok("GET", f"/api/groups/{group}/snapshot"))["event"]["cover"] is None
    await is_deleted(house, file)


async def test_a_cancelled_event_keeps_its_cover_or_loses_it_and_gets_no_other(house: House) -> None:
    club, [ann] = await house.club("Ann")
    event, group = await made(ann, club)
    path = f"/api/events/{event}/cover"
    first, second = [await picture(house, ann, group, "cover") for _ in range(2)]
    await ann.ok("PUT", path, {"file": first})
    await ann.ok("DELETE", f"/api/events/{event}")
    assert await ann.refused("PUT", path, {"file": second}) == (409, "answers_closed")
    await ann.ok("DELETE", path)


async def test_with_a_club_its_picture_and_the_covers_of_its_events_go(house: House) -> None:
    club, [ann] = await house.club("Ann")
    event, group = await made(ann, club)
    of_club = await picture(house, ann, club, "picture")
    cover = await picture(house, ann, group, "cover")
    await ann.ok("PUT", f"/api/groups/{club}/picture", {"file": of_club})
    await ann.ok("PUT", f"/api/events/{event}/cover", {"file": cover})
    await ann.ok("DELETE", f"/api/groups/{club}", {"name": (await ann.entry(club))["name"]})
    assert await seen(ann, of_club, cover) == {}
    while await club_life.erase_deleted(house.process.db, 100, grace_s=0):
        pass
    for file in (of_club, cover):
        await is_deleted(house, file)


async def test_pictures_are_changed_twenty_times_a_day_and_removed_at_any_time(house: House) -> None:
    ann = await house.person("Ann")
    files = [await picture(house, ann, None, "avatar") for _ in range(AVATARS_A_PERSON_A_DAY + 1)]
    for file in files[:-1]:
        await ann.ok("PUT", "/api/me/avatar", {"file": file})
    assert await ann.refused("PUT", "/api/me/avatar", {"file": files[-1]}) == (429, "rate_limited")
    await ann.ok("DELETE", "/api/me/avatar")


async def test_pictures_that_come_at_once_leave_one(house: House) -> None:
    club, [ann] = await house.club("Ann")
    files = [await picture(house, ann, None, "avatar") for _ in range(4)]
    await asyncio.gather(*(ann.ok("PUT", "/api/me/avatar", {"file": file}) for file in files))
    last = await avatar_of(ann, club, ann.user)
    assert list(await seen(ann, *files)) == [last]
