"""Images and documents in messages: told in the log with the message, shown to who reads it, gone with it."""

import asyncio
from typing import Any

import pytest

from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.pushing import said
from house.databases import connected
from house.files import asked, brought, leave_for_good, seen
from house.pause import pause
from house.person import Json, Person
from house.pictures import image
from house.server import House
from house.uuid7 import uuid7
from house.within import within

PDF = "application/pdf"
SCORE = b"%PDF-1.7\n% sheet music"
UNKNOWN = (404, "not_found")
UNFIT = (400, "invalid_field")


def message(group: int, *files: str, text: str = "", alt: str = "On the steps") -> Json:
    return {"group": group, "text": text, "images": [{"id": file, "alt": alt} for file in files]}


async def posted(person: Person, group: int, *files: str, text: str = "", **said: Any) -> str:
    """Its id."""
    name = str(uuid7())
    await person.ok("PUT", f"/api/messages/{name}", message(group, *files, text=text, **said))
    return name


async def told(person: Person, group: int, name: str) -> Json:
    """What the log says of a message."""
    log = await person.actions(group)
    [found] = [one for one in log if one["type"] == "message_posted" and one["id"] == name]
    return found


async def test_a_message_tells_of_its_images_wherever_it_is_read(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    photo = await brought(house.blobs, ann, club, image(size=(3000, 1500)))
    score = await brought(house.blobs, ann, club, SCORE, PDF, name="Ave verum.pdf")
    device = await ben.device()
    name = str(uuid7())
    await ann.ok("PUT", f"/api/messages/{name}", {
        "group": club, "text": "for Sunday",
        "images": [{"id": score["id"]}, {"id": photo["id"], "alt": "On the steps"}],
    })  # fmt: skip
    expected = [
        {"id": score["id"], "kind": "document", "name": "Ave verum.pdf", "length": len(SCORE)},
        {
            "id": photo["id"], "kind": "image", "alt": "On the steps", "width": 2048, "height": 1024,
            "placeholder": photo["placeholder"],
        },
    ]  # fmt: skip
    await device.until(lambda: device.actions(club))
    heard = device.actions(club)[-1]
    assert (heard["text"], heard["images"]) == ("for Sunday", expected)
    assert (await told(ben, club, name))["images"] == expected
    assert (await ben.message(name))["images"] == expected
    assert (await ben.page(club))["messages"][-1]["images"] == expected
    assert (await ben.snapshot(club))["messages"][-1]["images"] == expected
    links = await seen(ben, photo["id"], score["id"])
    assert house.blobs.at(links[score["id"]]["original"]) == SCORE
    assert links[photo["id"]]["screen"]


async def test_search_finds_them_with_their_images(house: House) -> None:
    club, [ann] = await house.club("Ann")
    photo = await brought(house.blobs, ann, club)
    await posted(ann, club, photo["id"], text="quicksilver")
    async with within(20, "the message was found"):
        while not (found := (await ann.ok("GET", "/api/search?q=quicksilver"))["messages"]):
            await pause(0.1)
    assert found[0]["images"][0]["id"] == photo["id"]


async def test_an_image_needs_no_words_and_words_may_go_and_come(house: House) -> None:
    club, [ann] = await house.club("Ann")
    photo = await brought(house.blobs, ann, club)
    name = await posted(ann, club, photo["id"])
    for text in ("now with words", ""):
        await ann.ok("PATCH", f"/api/messages/{name}", {"text": text})
        found = await ann.message(name)
        assert (found["text"], found["images"][0]["id"]) == (text, photo["id"])
        assert (await told(ann, club, name))["images"] == found["images"]
    plain = (await ann.post(club, "words"))["id"]
    assert await ann.refused("PATCH", f"/api/messages/{plain}", {"text": ""}) == (400, "invalid_text")
    assert await ann.refused("PUT", f"/api/messages/{uuid7()}", {"group": club, "text": ""}) == (
        400,
        "invalid_text",
    )


async def test_by_socket_it_is_the_same(house: House) -> None:
    club, [ann] = await house.club("Ann")
    photo = await brought(house.blobs, ann, club)
    device = await ann.device()
    name = str(uuid7())
    await device.send(type="post", id=name, **message(club, photo["id"]))
    await device.until(lambda: device.heard("ack"))
    assert (await ann.message(name))["images"][0]["id"] == photo["id"]


async def test_sent_again_it_is_stored_once_also_when_it_is_gone(house: House) -> None:
    club, [ann] = await house.club("Ann")
    photo = await brought(house.blobs, ann, club)
    name, said = str(uuid7()), message(club, photo["id"])
    answers = await asyncio.gather(*(ann.ok("PUT", f"/api/messages/{name}", said) for _ in range(10)))
    assert sorted(one["duplicate"] for one in answers) == [False] + [True] * 9
    other = said | {"images": [{"id": photo["id"], "alt": "something else"}]}
    assert await ann.refused("PUT", f"/api/messages/{name}", other) == (409, "id_conflict")
    await ann.ok("DELETE", f"/api/messages/{name}")
    assert (await ann.ok("PUT", f"/api/messages/{name}", said))["duplicate"]
    await house.blobs.clear_of(photo["id"])
    assert (await ann.ok("PUT", f"/api/messages/{name}", said))["duplicate"]


async def test_deleted_it_is_gone_from_the_log_the_links_and_the_store(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    photo = await brought(house.blobs, ben, club)
    name = await posted(ben, club, photo["id"], alt="a secret")
    assert await seen(ann, photo["id"])
    await ann.ok("DELETE", f"/api/messages/{name}")
    for person in (ann, ben):
        assert await seen(person, photo["id"]) == {}
        assert "images" not in await person.message(name)
        assert "secret" not in str(await person.actions(club))
    await house.blobs.clear_of(photo["id"])


async def test_only_ones_own_ready_files_of_this_room_can_be_named_and_once(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    room = await ann.channel(club)
    mine = await brought(house.blobs, ann, club)
    theirs = await brought(house.blobs, ben, club)
    elsewhere = await brought(house.blobs, ann, room)
    avatar = await brought(house.blobs, ann, None, purpose="avatar")
    waiting = await asked(ann, club, 100)
    dropped = await brought(house.blobs, ann, club)
    await ann.ok("DELETE", f"/api/files/{dropped['id']}")
    before = (await ann.snapshot(club))["seq"]
    for file in (theirs, elsewhere, avatar, waiting, dropped, {"id": str(uuid7())}):
        for files in ([file["id"]], [mine["id"], file["id"]]):
            assert await ann.refused("PUT", f"/api/messages/{uuid7()}", message(club, *files)) == UNFIT
    assert (
        await ann.refused("PUT", f"/api/messages/{uuid7()}", message(club, mine["id"], mine["id"])) == UNFIT
    )
    many = [str(uuid7()) for _ in range(11)]
    assert await ann.refused("PUT", f"/api/messages/{uuid7()}", message(club, *many)) == UNFIT
    long = message(club, mine["id"], alt="x" * 501)
    assert await ann.refused("PUT", f"/api/messages/{uuid7()}", long) == (400, "text_too_long")
    unsafe = message(club, mine["id"], alt="x\u202e")
    assert await ann.refused("PUT", f"/api/messages/{uuid7()}", unsafe) == (400, "invalid_text")
    assert (await ann.snapshot(club))["seq"] == before
    await posted(ann, club, mine["id"])
    assert await ann.refused("PUT", f"/api/messages/{uuid7()}", message(club, mine["id"])) == UNFIT
    assert await ann.refused("DELETE", f"/api/files/{mine['id']}") == (403, "forbidden")


async def test_a_stranger_learns_nothing_of_a_room_by_naming_files(house: House) -> None:
    """Abuse 4."""
    club, [ann, ben] = await house.club("Ann", "Ben")
    photo, later = await brought(house.blobs, ben, club), await brought(house.blobs, ben, club)
    await posted(ben, club, photo["id"])
    xenia = await house.person("Xenia")
    assert await seen(xenia, photo["id"]) == {}
    assert await xenia.refused("PUT", f"/api/messages/{uuid7()}", message(club, photo["id"])) == UNKNOWN
    await ann.remove(club, ben.user)
    assert await seen(ben, photo["id"], later["id"]) == {}
    assert await ben.refused("PUT", f"/api/messages/{uuid7()}", message(club, later["id"])) == UNKNOWN
    assert await seen(ann, photo["id"])


async def test_of_many_at_once_one_message_gets_an_image(house: House) -> None:
    club, [ann] = await house.club("Ann")
    photo = await brought(house.blobs, ann, club)
    calls = [ann.call("PUT", f"/api/messages/{uuid7()}", message(club, photo["id"])) for _ in range(8)]
    plain = [ann.call("PUT", f"/api/messages/{uuid7()}", {"group": club, "text": f"{n}"}) for n in range(8)]
    answers = await asyncio.gather(*calls, *plain)
    assert sorted(answer.status_code for answer in answers[:8]) == [201] + [400] * 7
    assert {answer.status_code for answer in answers[8:]} == {201}
    page = (await ann.page(club))["messages"]
    assert sum("images" in one for one in page) == 1
    assert len(page) == 9


async def test_newcomers_see_no_images_of_what_they_may_not_read(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    room = await ann.channel(club, "Board", private=True)
    photo = await brought(house.blobs, ann, room)
    await posted(ann, room, photo["id"])
    assert await seen(ben, photo["id"]) == {}
    await ann.ok("POST", f"/api/groups/{room}/members", {"users": [ben.user], "history": False})
    assert await seen(ben, photo["id"]) == {}
    newer = await brought(house.blobs, ann, room)
    await posted(ann, room, newer["id"])
    assert set(await seen(ben, photo["id"], newer["id"])) == {newer["id"]}


async def test_what_one_message_says_of_its_images_fits_into_a_frame(house: House) -> None:
    club, [ann] = await house.club("Ann")
    files = [await brought(house.blobs, ann, club, SCORE, PDF, name="\U0001f3bc" * 90) for _ in range(10)]
    said = message(club, *(file["id"] for file in files), alt="\U0001f3bc" * 500)
    assert await ann.refused("PUT", f"/api/messages/{uuid7()}", said) == (400, "text_too_long")
    device = await ann.device()
    name = await posted(ann, club, *(file["id"] for file in files), text="\U0001f3bc" * 4_000, alt="")
    await device.until(lambda: device.actions(club))
    assert device.actions(club)[-1]["id"] == name


@pytest.mark.parametrize("how", ["erase", "trim"])
async def test_whatever_takes_a_message_takes_its_images(
    house: House, postgres: EmbeddedPostgres, how: str
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    photo = await brought(house.blobs, ben, club)
    name = await posted(ben, club, photo["id"])
    if how == "erase":
        await leave_for_good(ben, "Ben", messages=True)
    else:
        async with connected(postgres.owner_dsn) as owner:
            await owner.execute("set role clubroom_writer; set search_path = clubroom")
            head = await owner.fetchval("select head from groups where id = $1", club)
            await owner.execute("select _forget_until($1, $2, true)", club, head)
        assert await ann.refused("GET", f"/api/messages/{name}") == UNKNOWN
    await house.blobs.clear_of(photo["id"])
    assert await seen(ann, photo["id"]) == {}


async def test_who_is_told_in_words_alone_is_told_what_is_to_be_seen(house: House) -> None:
    club, [ann] = await house.club("Ann")
    photo = await brought(house.blobs, ann, club)
    score = await brought(house.blobs, ann, club, SCORE, PDF, name="Ave verum.pdf")
    for file, text in (
        (photo["id"], ""),
        (score["id"], ""),
        ((await brought(house.blobs, ann, club))["id"], "look"),
    ):
        await posted(ann, club, file, text=text)
    places = [(club, one["seq"]) for one in (await ann.page(club))["messages"]]
    told = await said(house.process.db, places)
    assert [told[place].text for place in places] == ["🖼 On the steps", "📎 Ave verum.pdf", "look"]
