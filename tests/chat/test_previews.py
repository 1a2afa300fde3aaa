"""What the first link of a message shows, to everybody who reads it, as long as nobody removes it."""

import asyncio
import io
import zipfile
from functools import partial

import pytest

from clubroom import wire
from clubroom.chat.previews.fetching import (
    AT_ONCE,
    Previewing,
)
from house.device import Device
from house.files import seen
from house.pages import Answer
from house.pictures import huge_png
from house.town import NEWS, OURS, Town, posted, preview_of, told
from house.uuid7 import uuid7

pytest_plugins = ["town_fixtures"]

FORBIDDEN = (403, "forbidden")
UNKNOWN = (404, "not_found")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def has_heard(device: Device, group: int, n: int) -> bool:
    return len(device.actions(group)) >= n


# --- showing ----------------------------------------------------------------------------------------------


async def test_everybody_sees_what_the_first_link_shows_and_no_address_of_its_picture(town: Town) -> None:
    club, [ann, ben] = await town.house.club("Ann", "Ben")
    device = await ben.device()
    link = town.pictured()
    name = await posted(ann, club, f"Look: {link}, and https://other.town.example/")
    await town.look()
    await device.until(lambda: len(device.actions(club)) == 2)
    heard = device.actions(club)[-1]
    preview = heard["preview"]
    file = preview["image"]
    assert preview | {"image": None} == {
        "url": link, "title": "Concert", "description": "On Sunday", "site": "Town news", "image": None,
    }  # fmt: skip
    assert (file["kind"], file["width"], file["height"], bool(file["placeholder"])) == (
        "image",
        480,
        240,
        True,
    )
    assert (heard["type"], heard["id"]) == ("link_previewed", name)
    assert await preview_of(ben, name) == preview
    assert (await ben.page(club))["messages"][-1]["preview"] == preview
    assert (await ben.snapshot(club))["messages"][-1]["preview"] == preview
    assert (await told(ben, club, name))[0]["preview"] == preview
    assert "a.png" not in str([device.frames, await ben.snapshot(club), await ben.actions(club)])
    shown = await seen(ben, file["id"])
    assert town.house.blobs.at(shown[file["id"]]["thumb"])[8:12] == b"WEBP"
    assert set(shown[file["id"]]) == {"id", "until", "thumb"}
    assert [(host, path) for host, path, _ in town.sites.asked] == [(NEWS, "/"), (NEWS, "/a.png")]


async def test_who_does_not_read_the_message_does_not_see_its_picture(town: Town) -> None:
    club, [ann, ben] = await town.house.club("Ann", "Ben")
    room = await ann.channel(club, "Board", private=True)
    name = await posted(ann, room, town.pictured())
    await town.look()
    preview = await preview_of(ann, name)
    assert preview is not None
    file = preview["image"]["id"]
    assert await seen(ann, file)
    assert await seen(ben, file) == {}
    assert await ann.refused("GET", f"/api/files/{file}") == UNKNOWN
    assert await ann.refused("DELETE", f"/api/files/{file}") == FORBIDDEN
    usage = await ann.ok("GET", f"/api/groups/{club}/files/usage")
    assert (usage["images"], usage["used"] > 0) == (1, True)


async def test_nobody_can_bring_a_file_for_a_preview(town: Town) -> None:
    club, [ann] = await town.house.club("Ann")
    new = {"id": str(uuid7()), "purpose": "preview", "type": "image/png", "length": 9, "group": club}
    assert (await ann.refused("POST", "/api/files", new))[0] == 400


async def test_a_message_without_a_link_is_known_to_nobody_who_looks(town: Town) -> None:
    club, [ann] = await town.house.club("Ann")
    await posted(ann, club, "no link, https:/ none")
    assert await town.asks() == 0
    nowhere = ("https://localhost/", "https://10.0.0.1/ and more", f"https://{OURS}/c/1/m/2")
    for text in ("`https://code.town.example`", "a://b", *nowhere):
        await posted(ann, club, text)
    assert await town.asks() == 5
    await town.look()
    assert (town.sites.asked, await town.asks()) == ([], 0)


async def test_once_for_each_message_however_many_look(town: Town) -> None:
    club, [ann] = await town.house.club("Ann")
    names = [await posted(ann, club, town.pictured(f"{NEWS}/{n}")) for n in range(2 * AT_ONCE)]
    await asyncio.gather(*(town.look() for _ in range(3)))
    await town.look()
    for name in names:
        assert len(await told(ann, club, name)) == 1
    assert [town.sites.times(f"{NEWS}/{n}") for n in range(2 * AT_ONCE)] == [1] * 2 * AT_ONCE


async def test_in_a_conversation_of_two_it_is_the_same(town: Town) -> None:
    _, [ann, ben] = await town.house.club("Ann", "Ben")
    dm = await ann.dm(ben)
    name = await posted(ann, dm, town.pictured())
    await town.look()
    preview = await preview_of(ben, name)
    assert preview is not None
    assert await seen(ben, preview["image"]["id"])
    assert await ben.refused("DELETE", f"/api/messages/{name}/preview") == FORBIDDEN
    await ann.ok("DELETE", f"/api/messages/{name}/preview")
    assert await preview_of(ben, name) is None


async def test_where_it_is_turned_off_nothing_is_fetched(town: Town) -> None:
    club, [ann] = await town.house.club("Ann")
    name = await posted(ann, club, town.pictured())
    job = Previewing(town.files(), None, moment=town.moment)
    assert not await job()
    await town.look()
    assert (town.sites.asked, await preview_of(ann, name), await town.asks()) == ([], None, 0)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (SVG, "image/svg+xml"), (SVG, "image/png"), (b"<html>", "image/jpeg"), (b"", "image/png"),
        (huge_png(50_000, 50_000), "image/png"), (b"\x89PNG\r\n\x1a\nbroken", "image/png"),
        (b"RIFF1234WAVE", "image/webp"), (b"GIF8" + b"\0" * 5_000_000, "image/gif"),
    ],
    ids=["svg", "svg as png", "html", "nothing", "bomb", "broken", "sound", "too large"],
)  # fmt: skip
async def test_a_picture_that_is_none_is_not_shown_but_the_words_are(
    town: Town, data: bytes, kind: str
) -> None:
    club, [ann] = await town.house.club("Ann")
    link = town.pictured()
    town.sites.put(f"{NEWS}/a.png", Answer(data, type=kind))
    name = await posted(ann, club, link)
    await town.look()
    preview = await preview_of(ann, name)
    assert preview is not None
    assert (preview["title"], "image" in preview) == ("Concert", False)
    assert not [key for key in town.house.blobs.kept if key.startswith("f/")]


async def test_a_picture_is_fetched_from_nowhere_else_than_pages_are(town: Town) -> None:
    club, [ann] = await town.house.club("Ann")
    town.sites.put(f"{NEWS}/away", Answer(status=302, headers={"location": "http://127.0.0.1/a.png"}))
    for at in ("http://169.254.169.254/a.png", "file:///a.png", f"https://{NEWS}/away", "http://localhost/a"):
        name = await posted(ann, club, town.pictured(f"{NEWS}/{uuid7()}", image=at))
        await town.look()
        preview = await preview_of(ann, name)
        assert preview is not None
        assert "image" not in preview


async def test_where_the_club_has_no_room_left_there_is_no_picture(town: Town) -> None:
    club, [ann] = await town.house.club("Ann")
    name = await posted(ann, club, town.pictured())
    await town.look(files=town.files(limits=wire.FileLimits(club_bytes=100)))
    preview = await preview_of(ann, name)
    assert preview is not None
    assert "image" not in preview


async def test_a_store_that_is_away_costs_the_picture_and_nothing_else(town: Town) -> None:
    club, [ann] = await town.house.club("Ann")
    name = await posted(ann, club, town.pictured())
    town.house.blobs.away = True
    await town.look()
    town.house.blobs.away = False
    preview = await preview_of(ann, name)
    assert preview is not None
    assert "image" not in preview


# --- removing ---------------------------------------------------------------------------------------------


async def test_its_author_and_who_runs_the_room_remove_it_and_nobody_else(town: Town) -> None:
    club, [ann, ben, cid] = await town.house.club("Ann", "Ben", "Cid")
    xenia = await town.house.person("Xenia")
    for remover in (ann, ben):
        device = await cid.device()
        name = await posted(ben, club, town.pictured(f"{NEWS}/{remover.user}"))
        await town.look()
        preview = await preview_of(ben, name)
        assert preview is not None
        assert await cid.refused("DELETE", f"/api/messages/{name}/preview") == FORBIDDEN
        assert await xenia.refused("DELETE", f"/api/messages/{name}/preview") == UNKNOWN
        before = len(device.actions(club))
        for _ in range(2):
            await remover.ok("DELETE", f"/api/messages/{name}/preview")
        await device.until(partial(has_heard, device, club, before))
        assert [(one["type"], "preview" in one) for one in device.actions(club)[-2:]] == [
            ("link_previewed", True),
            ("link_previewed", False),
        ]
        assert await preview_of(cid, name) is None
        assert [one.get("preview") for one in await told(cid, club, name)] == [None, None]
        assert await seen(ben, preview["image"]["id"]) == {}
        await town.clear()
        assert not town.lies(preview["image"]["id"])
    gone = await posted(ben, club, "https://news.town.example/")
    await ben.ok("DELETE", f"/api/messages/{gone}")
    assert await ben.refused("DELETE", f"/api/messages/{gone}/preview") == UNKNOWN
    assert await ben.refused("DELETE", f"/api/messages/{uuid7()}/preview") == UNKNOWN


async def test_what_was_removed_stays_away_as_long_as_the_link_is_the_same(town: Town) -> None:
    club, [ann] = await town.house.club("Ann")
    link = town.pictured()
    name = await posted(ann, club, link)
    await town.look()
    await ann.ok("DELETE", f"/api/messages/{name}/preview")
    for text in (f"Look: {link}", f"{link} and `code`", f"so {link}, and so on"):
        await ann.ok("PATCH", f"/api/messages/{name}", {"text": text})
        await town.look()
        assert await preview_of(ann, name) is None
    await ann.ok("PATCH", f"/api/messages/{name}", {"text": town.pictured(f"{NEWS}/other", title="Other")})
    await town.look()
    preview = await preview_of(ann, name)
    assert preview is not None
    assert preview["title"] == "Other"


async def test_removed_before_it_is_there_it_does_not_come(town: Town) -> None:
    club, [ann] = await town.house.club("Ann")
    name = await posted(ann, club, town.pictured())
    head = (await ann.snapshot(club))["seq"]
    await ann.ok("DELETE", f"/api/messages/{name}/preview")
    await town.look()
    assert (town.sites.asked, (await ann.snapshot(club))["seq"]) == ([], head)
    await ann.ok("PATCH", f"/api/messages/{name}", {"text": f"Look: {town.pictured()}"})
    await town.look()
    assert (town.sites.asked, await preview_of(ann, name)) == ([], None)


async def test_removed_between_two_links_the_later_does_not_come_either(town: Town) -> None:
    club, [ann] = await town.house.club("Ann")
    name = await posted(ann, club, town.pictured())
    await town.look()
    other = town.pictured(f"{NEWS}/other")
    await ann.ok("PATCH", f"/api/messages/{name}", {"text": other})
    await ann.ok("DELETE", f"/api/messages/{name}/preview")
    await ann.ok("PATCH", f"/api/messages/{name}", {"text": f"Again: {other}"})
    await town.look()
    assert await preview_of(ann, name) is None
    assert town.sites.times(f"{NEWS}/other") == 0


async def test_who_takes_ones_data_along_takes_no_pictures_of_links(town: Town) -> None:
    club, [ann] = await town.house.club("Ann")
    await posted(ann, club, town.pictured())
    await town.look()
    usage = await ann.ok("GET", f"/api/groups/{club}/files/usage")
    assert [(one["purpose"], one["by_name"]) for one in usage["largest"]] == [("preview", "Ann")]
    answer = await ann.call("GET", "/api/me/export")
    assert zipfile.ZipFile(io.BytesIO(answer.content)).read("files.jsonl") == b""
