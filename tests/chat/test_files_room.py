"""What lies in the store is told: how much room there is, what takes it, and what is one's own."""

import io
import json
import zipfile

from house.files import asked, brought, seen
from house.person import Json, Person
from house.pictures import image
from house.server import House
from house.uuid7 import uuid7

PDF = "application/pdf"
SCORE = b"%PDF-1.7\n% sheet music"
LONG = b"%PDF-1.7\n" + b"%" * 20_000
UNKNOWN = (404, "not_found")


async def posted(person: Person, group: int, file: Json, alt: str = "") -> str:
    name = str(uuid7())
    said = {"group": group, "text": "look", "images": [{"id": file["id"], "alt": alt}]}
    await person.ok("PUT", f"/api/messages/{name}", said)
    return name


async def admin(house: House, owner: Person, club: int, name: str) -> Person:
    made = await owner.ok("POST", f"/api/groups/{club}/codes", {"key": str(uuid7()), "role": "admin"})
    person = await house.person(name, with_email=True)
    await person.join(made["code"])
    return person


async def room_of(person: Person, group: int | None = None) -> Json:
    return await person.ok("GET", "/api/files/room" + (f"?group={group}" if group else ""))


# --- room -------------------------------------------------------------------------------------------------


async def test_one_is_told_what_one_may_still_bring_before_one_brings_it(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    two = await ann.dm(ben)
    assert await room_of(ann, club) == {
        "open": 0, "open_limit": 20, "day_used": 0, "day_limit": 500_000_000, "used": 0,
        "limit": 20_000_000_000,
    }  # fmt: skip
    await brought(house.blobs, ann, club, SCORE, PDF)
    await asked(ann, two, 1_000)
    mine, theirs = await room_of(ann, club), await room_of(ben, club)
    assert (mine["open"], mine["day_used"], mine["used"]) == (1, len(SCORE) + 1_000, len(SCORE))
    assert (theirs["open"], theirs["day_used"], theirs["used"]) == (0, 0, len(SCORE))
    for own in (await room_of(ann), await room_of(ann, two)):
        assert (own["used"], own["limit"]) == (1_000, 1_000_000_000)


async def test_the_room_of_a_club_is_told_to_its_people_alone(house: House) -> None:
    club, [ann] = await house.club("Ann")
    private = await ann.channel(club, "Board", private=True)
    xenia = await house.person("Xenia")
    for group in (club, private, 2**40):
        assert await xenia.refused("GET", f"/api/files/room?group={group}") == UNKNOWN
    assert await ann.refused("GET", "/api/files/room?group=board") == (400, "invalid_field")


# --- what takes it ----------------------------------------------------------------------------------------


async def test_who_runs_a_club_sees_its_largest_files_and_deletes_them_with_their_message(
    house: House,
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    long = await brought(house.blobs, ben, club, LONG, PDF, name="All parts.pdf")
    photo = await brought(house.blobs, ben, club, image(size=(64, 64)))
    first, second = await posted(ben, club, long, "For the choir"), await posted(ben, club, photo, "Our boat")
    largest = (await ann.ok("GET", f"/api/groups/{club}/files/usage"))["largest"]
    assert [one["id"] for one in largest] == [long["id"], photo["id"]]
    expected = {
        "id": long["id"], "kind": "document", "purpose": "message", "bytes": len(LONG), "user": ben.user,
        "by_name": "Ben", "name": "All parts.pdf", "alt": "For the choir", "group": club, "message": first,
    }  # fmt: skip
    assert largest[0] == expected | {"at": largest[0]["at"]}
    await ann.ok("DELETE", f"/api/messages/{first}")
    usage = await ann.ok("GET", f"/api/groups/{club}/files/usage")
    assert [one["message"] for one in usage["largest"]] == [second]
    assert usage["documents_bytes"] == 0


async def test_of_a_room_that_one_is_not_in_one_sees_how_much_and_whose(house: House) -> None:
    club, [ann, cleo] = await house.club("Ann", "Cleo")
    ben = await admin(house, ann, club, "Ben")
    private = await ben.channel(club, "Surprise", private=True)
    hidden = await brought(house.blobs, ben, private, LONG, PDF, name="Surprise for Ann.pdf")
    await posted(ben, private, hidden, "A secret")
    draft = await brought(house.blobs, cleo, club, SCORE, PDF, name="Not said yet.pdf")
    told = await ann.ok("GET", f"/api/groups/{club}/files/usage")
    assert [(one["id"], one["user"]) for one in told["largest"]] == [
        (hidden["id"], ben.user), (draft["id"], cleo.user),
    ]  # fmt: skip
    for one in told["largest"]:
        assert one.keys() == {"id", "kind", "purpose", "bytes", "at", "user", "by_name"}
    [own, _] = (await ben.ok("GET", f"/api/groups/{club}/files/usage"))["largest"]
    assert (own["name"], own["group"]) == ("Surprise for Ann.pdf", private)


async def test_no_more_than_twenty_are_told(house: House) -> None:
    club, [ann] = await house.club("Ann")
    for n in range(22):
        await brought(house.blobs, ann, club, SCORE + b"." * n, PDF)
    largest = (await ann.ok("GET", f"/api/groups/{club}/files/usage"))["largest"]
    assert [one["bytes"] for one in largest] == [len(SCORE) + n for n in range(21, 1, -1)]


# --- what is one's own ------------------------------------------------------------------------------------


async def test_one_takes_along_what_one_brought_with_addresses_that_open_it(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    two = await ben.dm(ann)
    score = await brought(house.blobs, ben, club, SCORE, PDF, name="Ave verum.pdf")
    photo = await brought(house.blobs, ben, two)
    gone = await brought(house.blobs, ben, club)
    theirs = await brought(house.blobs, ann, club)
    said = await posted(ben, two, photo, "Our boat")
    await posted(ann, club, theirs, "Anns secret")
    await ben.ok("DELETE", f"/api/messages/{await posted(ben, club, gone)}")
    await ann.ok("DELETE", f"/api/groups/{club}/members/{ben.user}")
    answer = await ben.call("GET", "/api/me/export")
    file = zipfile.ZipFile(io.BytesIO(answer.content))
    assert file.testzip() is None
    assert "files.jsonl" in file.read("README.txt").decode()
    lines = {one["id"]: one for one in map(json.loads, file.read("files.jsonl").splitlines())}
    assert lines.keys() == {score["id"], photo["id"]}
    document, picture = lines[score["id"]], lines[photo["id"]]
    assert (document["name"], document["type"], document["bytes"]) == ("Ave verum.pdf", PDF, len(SCORE))
    assert house.blobs.at(document["links"]["original"]) == SCORE
    assert (picture["alt"], picture["message"], picture["type"]) == ("Our boat", said, "image/webp")
    assert house.blobs.at(picture["links"]["screen"])[8:12] == b"WEBP"
    assert picture["until"] > picture["brought_at"]


# --- reports ----------------------------------------------------------------------------------------------


async def test_what_was_reported_shows_its_images_to_who_runs_the_club_as_long_as_they_exist(
    house: House,
) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    two = await ben.dm(cleo)
    photo = await brought(house.blobs, ben, two)
    rude = await posted(ben, two, photo, "Something rude")
    assert await seen(ann, photo["id"]) == {}
    await cleo.ok("POST", f"/api/messages/{rude}/reports", {"reason": "rude", "club": club})
    [report] = (await ann.ok("GET", f"/api/groups/{club}/reports"))["reports"]
    [told] = report["images"]
    assert (told["id"], told["kind"], told["alt"]) == (photo["id"], "image", "Something rude")
    assert "placeholder" not in told
    assert house.blobs.at((await seen(ann, photo["id"]))[photo["id"]]["screen"])[8:12] == b"WEBP"
    await ben.ok("DELETE", f"/api/messages/{rude}")
    [report] = (await ann.ok("GET", f"/api/groups/{club}/reports"))["reports"]
    assert (report["deleted"], report["images"][0]["alt"]) == (True, "Something rude")
    assert await seen(ann, photo["id"]) == {}


async def test_a_report_lets_nobody_else_see_its_images_and_nobody_when_it_is_closed(house: House) -> None:
    club, [ann, cleo] = await house.club("Ann", "Cleo")
    _, [xenia] = await house.club("Xenia")
    ben, dora = await admin(house, ann, club, "Ben"), await admin(house, ann, club, "Dora")
    private = await ben.channel(club, "Board", private=True)
    await ben.ok("POST", f"/api/groups/{private}/members", {"users": [cleo.user], "history": True})
    photo = await brought(house.blobs, cleo, private)
    rude = await posted(cleo, private, photo)
    await ben.ok("POST", f"/api/messages/{rude}/reports", {"reason": "rude"})
    assert await seen(ann, photo["id"])
    assert await seen(dora, photo["id"])
    assert await seen(xenia, photo["id"]) == {}
    await ann.ok("PUT", f"/api/groups/{club}/members/{dora.user}/role", {"role": "member"})
    assert await seen(dora, photo["id"]) == {}
    [report] = (await ann.ok("GET", f"/api/groups/{club}/reports"))["reports"]
    await ann.ok("DELETE", f"/api/groups/{club}/reports/{report['report']}")
    assert await seen(ann, photo["id"]) == {}
    assert await seen(ben, photo["id"])
