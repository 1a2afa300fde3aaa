"""Images and documents: who may bring them, what is looked at, and who may see them."""

from uuid import uuid4

import pytest

from clubroom import wire
from clubroom.chat.files.asking import safe_name
from clubroom.dba.files import Wanted, ask
from clubroom.errors import DayFull, SpaceFull, UploadsOpen
from house.files import asked, brought, judged, seen
from house.person import Json, Person
from house.pictures import GPS, huge_png, image, moving, opened, told_where
from house.server import House
from house.uuid7 import uuid7

PDF = "application/pdf"
SCORE = b"%PDF-1.7\n% sheet music"
UNKNOWN = (404, "not_found")
FORBIDDEN = (403, "forbidden")


def new(group: int | None, **said: object) -> Json:
    wanted = {"id": str(uuid7()), "purpose": "message", "type": "image/jpeg", "length": 100}
    return wanted | ({} if group is None else {"group": group}) | said


async def test_a_photo_comes_by_quarantine_and_is_told_of_nothing_but_its_pixels(house: House) -> None:
    club, [ann] = await house.club("Ann")
    data = told_where()
    file = await asked(ann, club, data)
    assert (file["state"], file["kind"], file["length"]) == ("asked", "image", len(data))
    upload = file["upload"]
    assert house.blobs.put(upload["url"], {"content-type": "image/png"}, data) == 403
    assert house.blobs.put(upload["url"], upload["headers"], data + b"x") == 403
    assert house.blobs.put(upload["url"], upload["headers"], data) == 200
    await ann.ok("POST", f"/api/files/{file['id']}/uploaded")
    ready = await judged(ann, file["id"])
    assert (ready["state"], ready["width"], ready["height"]) == ("ready", 480, 640)
    link = (await seen(ann, file["id"]))[file["id"]]
    for size in ("thumb", "screen"):
        made = house.blobs.at(link[size])
        assert opened(made).format == "WEBP"
        assert GPS not in made
    assert not [key for key in house.blobs.kept if key.startswith("q/") and file["id"] in key]


async def test_every_step_may_be_repeated(house: House) -> None:
    club, [ann] = await house.club("Ann")
    data = image()
    first = new(club, length=len(data))
    asked_once = await ann.ok("POST", "/api/files", first)
    again = await ann.ok("POST", "/api/files", first)
    assert asked_once["upload"]["url"] != again["upload"]["url"]
    assert await ann.refused("POST", f"/api/files/{first['id']}/uploaded") == (409, "not_uploaded")
    assert house.blobs.put(again["upload"]["url"], again["upload"]["headers"], data) == 200
    for _ in range(2):
        assert (await ann.ok("POST", f"/api/files/{first['id']}/uploaded"))["state"] != "asked"
    ready = await judged(ann, first["id"])
    assert await ann.ok("POST", f"/api/files/{first['id']}/uploaded") == ready
    assert await ann.ok("POST", "/api/files", first) == ready
    for other in ({"length": 101}, {"type": "image/png"}, {"purpose": "cover"}):
        assert await ann.refused("POST", "/api/files", first | other) == (409, "id_conflict")


async def test_hostile_files_are_refused_with_a_word(house: House) -> None:
    club, [ann] = await house.club("Ann")
    hostile = {
        "wrong_type": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/png"),
        "too_many_pixels": (huge_png(50_000, 50_000), "image/png"),
        "broken": (image()[:200], "image/jpeg"),
    }
    for code, (data, kind) in hostile.items():
        file = await brought(house.blobs, ann, club, data, kind)
        assert (file["state"], file["refused"]) == ("refused", code)
        assert await seen(ann, file["id"]) == {}
        assert not [key for key in house.blobs.kept if file["id"] in key]
    page = await brought(house.blobs, ann, club, b"<html>", PDF)
    assert (page["state"], page["refused"]) == ("refused", "wrong_type")


async def test_what_the_store_holds_must_be_what_was_asked_for(house: House) -> None:
    club, [ann] = await house.club("Ann")
    file = await asked(ann, club, 100)
    await house.blobs.write(f"q/{file['id']}", b"x" * 99, type="image/jpeg")
    told = await ann.ok("POST", f"/api/files/{file['id']}/uploaded")
    assert (told["state"], told["refused"]) == ("refused", "not_as_asked")


@pytest.mark.parametrize("kind", sorted(wire.DOCUMENT_TYPES))
async def test_documents_are_kept_as_they_are_and_downloaded_by_a_safe_name(house: House, kind: str) -> None:
    begins = {"application/pdf": b"%PDF-", "audio/midi": b"MThd", "text/plain": b"words", "text/csv": b"a;b"}
    begins["application/vnd.recordare.musicxml+xml"] = b"<?xml"
    club, [ann] = await house.club("Ann")
    data = begins.get(kind, b"PK\x03\x04") + b" and the rest"
    file = await brought(house.blobs, ann, club, data, kind, name="../../etc/Score no. 3.exe")
    assert (file["state"], file["kind"]) == ("ready", "document")
    assert file["name"] == f"Score no. 3.{wire.DOCUMENT_TYPES[kind]}"
    link = (await seen(ann, file["id"]))[file["id"]]
    assert sorted(link) == ["id", "original", "until"]
    assert link["original"].endswith(f"?name={file['name']}")
    assert house.blobs.at(link["original"]) == data


def test_names_of_documents_have_no_path_and_end_in_what_they_are() -> None:
    names = {
        "..": "file.pdf",
        "": "file.pdf",
        "C:\\x\\Minutes.pdf": "Minutes.pdf",
        "a\u202efdp.exe": "file.pdf",
        'w"<b>.html': "w  b.pdf",
        "x\0": "file.pdf",
        "y" * 500: "y" * 96 + ".pdf",
    }
    assert {name: safe_name(name, PDF) for name in names} == names


async def test_limits_are_told_in_numbers_before_anything_is_uploaded(house: House) -> None:
    club, [ann] = await house.club("Ann")
    for said, limit in (
        ({"length": 20_000_001}, 20_000_000),
        ({"length": 25_000_001, "type": PDF}, 25_000_000),
        ({"length": 300_000, "type": "image/gif", "purpose": "emote"}, 256 * 1024),
    ):
        response = await ann.call("POST", "/api/files", new(club, **said))
        problem = response.json()
        assert (response.status_code, problem["code"], problem["limit"]) == (413, "file_too_large", limit)
    wrong = {
        "image/svg+xml": "message",
        "text/html": "message",
        "image/jpeg": "emote",
        PDF: "cover",
        "image/avif": "message",
    }
    for kind, purpose in wrong.items():
        said = new(club, type=kind, purpose=purpose)
        assert await ann.refused("POST", "/api/files", said) == (415, "file_type")
    for unfit in (new(club, length=0), new(club, length=-1), new(club, id=str(uuid4())), new(None)):
        assert await ann.refused("POST", "/api/files", unfit) == (400, "invalid_field")


async def test_the_limits_of_a_person_and_of_a_club_hold_also_at_once(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    ann_key, ben_key = (house.process.tokens.verify(each.token).key for each in (ann, ben))
    db = house.process.db

    async def one_more(who: int, group: int | None = club, **limits: int) -> wire.File:
        wanted = Wanted(
            id=uuid7(), group=group, purpose="message" if group else "avatar", kind="image",
            type="image/png", name="", length=10,
        )  # fmt: skip
        return await ask(db, who, wanted, wire.FileLimits(**limits))

    await one_more(ann_key)
    with pytest.raises(UploadsOpen) as caught:
        await one_more(ann_key, open=1)
    assert (caught.value.limit, caught.value.used) == (1, 1)
    with pytest.raises(DayFull) as day:
        await one_more(ann_key, day_bytes=19)
    assert (day.value.limit, day.value.used) == (19, 10)
    await one_more(ann_key, day_bytes=20)
    with pytest.raises(SpaceFull) as space:
        await one_more(ben_key, club_bytes=29)
    assert (space.value.limit, space.value.used) == (29, 20)
    await one_more(ben_key, club_bytes=30)
    await one_more(ben_key, None, own_bytes=10)
    with pytest.raises(SpaceFull):
        await one_more(ben_key, None, own_bytes=19)


async def test_a_stranger_and_whoever_may_not_write_bring_nothing(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    xenia = await house.person("Xenia")
    quiet = await ann.channel(club, "News", announce=True)
    board = await ann.channel(club, "Board", private=True)
    assert await xenia.refused("POST", "/api/files", new(club)) == UNKNOWN
    assert await ben.refused("POST", "/api/files", new(quiet)) == FORBIDDEN
    assert await ben.refused("POST", "/api/files", new(board)) == UNKNOWN
    assert await ben.refused("POST", "/api/files", new(club, purpose="picture")) == FORBIDDEN
    assert await ben.refused("POST", "/api/files", new(club, purpose="emote", type="image/png")) == FORBIDDEN
    assert await ann.refused("POST", "/api/files", new(quiet, purpose="picture")) == (400, "invalid_field")
    file = await brought(house.blobs, ann, club)
    for person in (ben, xenia):
        for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/uploaded")):
            assert await person.refused(method, f"/api/files/{file['id']}{path}") == UNKNOWN
        assert await person.refused("POST", "/api/files", new(club, id=file["id"])) in (
            (409, "id_conflict"),
            UNKNOWN,
        )
        assert await seen(person, file["id"]) == {}


async def test_whoever_was_removed_gets_no_address_from_then_on(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    file = await brought(house.blobs, ben, club)
    waiting = await uploaded_by(house, ben, club)
    assert await seen(ben, file["id"])
    await ann.remove(club, ben.user)
    assert await seen(ben, file["id"]) == {}
    assert await ben.refused("POST", "/api/files", new(club)) == UNKNOWN
    assert await ben.refused("POST", f"/api/files/{waiting}/uploaded") == UNKNOWN


async def uploaded_by(house: House, person: Person, group: int) -> str:
    """In the store, and not said to be."""
    file = await asked(person, group, image())
    house.blobs.put(file["upload"]["url"], file["upload"]["headers"], image())
    return str(file["id"])


async def test_what_is_dropped_is_gone_at_once_and_soon_from_the_store(house: House) -> None:
    club, [ann] = await house.club("Ann")
    file = await brought(house.blobs, ann, club)
    await ann.ok("DELETE", f"/api/files/{file['id']}")
    assert await seen(ann, file["id"]) == {}
    assert await ann.refused("GET", f"/api/files/{file['id']}") == UNKNOWN
    assert await ann.refused("DELETE", f"/api/files/{file['id']}") == UNKNOWN
    await house.blobs.clear_of(file["id"])


async def test_an_emote_is_small_and_an_avatar_square(house: House) -> None:
    club, [ann] = await house.club("Ann")
    emote = await brought(house.blobs, ann, club, moving(), "image/gif", purpose="emote")
    avatar = await brought(house.blobs, ann, None, image(size=(900, 600)), purpose="avatar")
    assert (emote["state"], emote["width"]) == ("ready", 64)
    assert (avatar["state"], avatar["width"], avatar["height"]) == ("ready", 512, 512)
    links = await seen(ann, emote["id"], avatar["id"])
    assert opened(house.blobs.at(links[emote["id"]]["thumb"])).size == (64, 64)
    assert getattr(opened(house.blobs.at(links[emote["id"]]["screen"])), "n_frames", 1) == 5
    assert opened(house.blobs.at(links[avatar["id"]]["thumb"])).size == (96, 96)


async def test_at_most_a_hundred_addresses_at_once(house: House) -> None:
    ann = await house.person("Ann")
    for ids in ([], [str(uuid7()) for _ in range(101)]):
        assert await ann.refused("POST", "/api/files/links", {"ids": ids}) == (400, "invalid_field")
    assert await ann.ok("POST", "/api/files/links", {"ids": [str(uuid7())]}) == {"links": []}


async def test_who_runs_a_club_sees_what_it_has_in_the_store(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    room = await ann.channel(club)
    await brought(house.blobs, ben, room)
    await brought(house.blobs, ben, club, SCORE, PDF)
    await brought(house.blobs, ben, await ben.dm(ann))
    usage = await ann.ok("GET", f"/api/groups/{club}/files/usage")
    assert (usage["images"], usage["documents"], usage["documents_bytes"]) == (1, 1, len(SCORE))
    assert usage["used"] == usage["images_bytes"] + usage["documents_bytes"]
    assert usage["limit"] == 20_000_000_000
    assert await ben.refused("GET", f"/api/groups/{club}/files/usage") == FORBIDDEN
    assert await ann.refused("GET", f"/api/groups/{room}/files/usage") == UNKNOWN
    assert await (await house.person()).refused("GET", f"/api/groups/{club}/files/usage") == UNKNOWN


async def test_a_store_that_is_away_loses_nothing(house: House) -> None:
    club, [ann] = await house.club("Ann")
    data = image()
    file = await asked(ann, club, data)
    house.blobs.put(file["upload"]["url"], file["upload"]["headers"], data)
    house.blobs.away = True
    try:
        assert await ann.refused("POST", f"/api/files/{file['id']}/uploaded") == (503, "unavailable")
    finally:
        house.blobs.away = False
    await ann.ok("POST", f"/api/files/{file['id']}/uploaded")
    assert (await judged(ann, file["id"]))["state"] == "ready"
