"""What the first link of a message shows: once for each text, to everybody who reads it, gone with it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from clubroom import wire
from clubroom.app.settings import Settings
from clubroom.chat.files.picture import Pictures
from clubroom.chat.files.room import Files
from clubroom.chat.files.sweeping import Clearing
from clubroom.chat.pace import Pace
from clubroom.chat.previews.fetching import (
    AGAIN_S,
    AT_ONCE,
    LEASE_S,
    PAGES_A_HOST_A_MINUTE,
    PAGES_AN_AUTHOR_AN_HOUR,
    TRIES_MAX,
    Previewing,
)
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.migrate import migrate
from clubroom.dba.pool import Database
from clubroom.ports.pages import Found, Pages
from house.blobs import MemoryBlobs
from house.certificate import Certificate
from house.databases import another_database, connected, dsn
from house.device import Device
from house.files import seen
from house.pages import Answer, Sites, certified, pages_of, sites_open
from house.person import Json, Person
from house.pictures import huge_png, image
from house.server import House, running
from house.uuid7 import uuid7

FORBIDDEN = (403, "forbidden")
UNKNOWN = (404, "not_found")
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
NEWS = "news.town.example"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
Log = list[Json]


class Killed(BaseException):
    """Nobody catches it: whoever worked is not there any more."""


class Town:
    """A house whose own job finds nothing to do: the test does it, by its clock. `sites` are linked to."""

    def __init__(self, house: House, owner: str, sites: Sites, pages: Pages) -> None:
        self.house = house
        self.owner = owner
        self.sites = sites
        self.pages = pages
        self.ahead = timedelta()
        self.pictures = Pictures()

    def moment(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def files(self, blobs: MemoryBlobs | None = None, limits: wire.FileLimits | None = None) -> Files:
        return Files(self.house.process.db, blobs or self.house.blobs, Pace(1_000), limits)

    def previewing(self, pages: Pages | None = None, files: Files | None = None) -> Previewing:
        job = Previewing(files or self.files(), pages or self.pages, moment=self.moment)
        job.pictures = self.pictures
        return job

    async def look(self, pages: Pages | None = None, files: Files | None = None) -> None:
        """All that is due."""
        job = self.previewing(pages, files)
        while await job():
            pass

    async def later(self, seconds: float) -> None:
        """Then all that is due by then."""
        self.ahead += timedelta(seconds=seconds)
        await self.look()

    async def clear(self) -> None:
        """The store, of what is gone by now."""
        clearing = Clearing(self.files(), moment=self.moment)
        while await clearing():
            pass

    async def asks(self) -> int:
        """How many messages are known for their links."""
        async with connected(self.owner, role="clubroom_writer", search_path="clubroom") as writer:
            return int(await writer.fetchval("select count(*) from link_asks"))

    def pictured(self, address: str = f"{NEWS}/", **said: str) -> str:
        """A page with a picture; the link to it."""
        self.sites.put(f"{NEWS}/a.png", Answer(image("PNG", (800, 400)), type="image/png"))
        told = {"title": "Concert", "description": "On Sunday", "site_name": "Town news"} | said
        return self.sites.page(address, **({"image": f"https://{NEWS}/a.png"} | told))

    def lies(self, file: str) -> bool:
        """Whether it is in the store."""
        return any(file in key for key in self.house.blobs.kept)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certified(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
async def own_house(postgres: EmbeddedPostgres, settings: Settings) -> AsyncIterator[tuple[House, str]]:
    async with another_database(postgres, "previewed", "clubroom_owner") as owner:
        await migrate(owner)
        db = await Database.open(dsn(postgres, "clubroom_app", "previewed"), role="clubroom_app")
        async with running(db, settings) as house:
            house.process.previewing.moment = lambda: LONG_AGO
            yield house, owner
        await db.close()


@pytest.fixture
async def town(own_house: tuple[House, str], certificate: Certificate) -> AsyncIterator[Town]:
    house, owner = own_house
    house.fresh = type(house.fresh)()
    house.blobs.kept.clear()
    async with connected(owner, role="clubroom_writer", search_path="clubroom") as writer:
        await writer.execute("delete from link_pages; delete from link_asks; delete from files")
    async with sites_open(certificate) as sites:
        town = Town(house, owner, sites, pages_of(sites, certificate))
        yield town
        await house.fresh.check()
        await town.pictures.close()
        await town.pages.close()
    await house.everyone_leaves()


async def posted(person: Person, group: int, text: str) -> str:
    name = str(uuid7())
    await person.ok("PUT", f"/api/messages/{name}", {"group": group, "text": text})
    return name


async def told(person: Person, group: int, name: str) -> Log:
    """What the log says of previews of this message."""
    log = await person.actions(group)
    return [one for one in log if one["type"] == "link_previewed" and one["id"] == name]


def has_heard(device: Device, group: int, n: int) -> bool:
    return len(device.actions(group)) >= n


async def preview_of(person: Person, name: str) -> Json | None:
    found: Json | None = (await person.message(name)).get("preview")
    return found


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
    for text in ("`https://code.town.example`", "a://b", "https://localhost/", "https://10.0.0.1/ and more"):
        await posted(ann, club, text)
    assert await town.asks() == 4
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
        name = await posted(ben, club, town.pictured())
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


# --- what becomes of the message --------------------------------------------------------------------------


async def test_an_edit_keeps_it_with_its_link_and_changes_it_with_another(town: Town) -> None:
    club, [ann] = await town.house.club("Ann")
    first, second = town.pictured(), town.pictured(f"{NEWS}/second", title="Second")
    name = await posted(ann, club, f"Look: {first}")
    await town.look()
    preview = await preview_of(ann, name)
    assert preview is not None
    await ann.ok("PATCH", f"/api/messages/{name}", {"text": f"Listen: {first} and {second}"})
    assert await preview_of(ann, name) == preview
    for text, title in (
        (second, "Second"),
        (f"{first}x {second}", None),
        (first, "Concert"),
        ("words", None),
    ):
        await ann.ok("PATCH", f"/api/messages/{name}", {"text": text})
        assert await preview_of(ann, name) is None
        assert all("preview" not in one for one in await told(ann, club, name))
        await town.look()
        found = await preview_of(ann, name)
        assert (found and found["title"]) == title
    await town.clear()
    assert not town.lies(preview["image"]["id"])
    assert await town.asks() == 0


async def test_deleted_nothing_of_it_stays_anywhere(town: Town) -> None:
    club, [ann, ben] = await town.house.club("Ann", "Ben")
    name = await posted(ben, club, town.pictured(title="A secret"))
    await town.look()
    preview = await preview_of(ben, name)
    assert preview is not None
    await ann.ok("DELETE", f"/api/messages/{name}")
    assert "secret" not in str([await ben.actions(club), await ben.snapshot(club), await ben.message(name)])
    assert await seen(ben, preview["image"]["id"]) == {}
    await town.clear()
    assert (town.lies(preview["image"]["id"]), await town.asks()) == (False, 0)


class Meanwhile(Pages):
    """Something happens while a page is fetched."""

    def __init__(self, pages: Pages, does: Any) -> None:
        self._pages = pages
        self._does = does

    async def page(self, url: str) -> Found:
        found = await self._pages.page(url)
        await self._does()
        return found

    async def picture(self, url: str) -> bytes:
        return await self._pages.picture(url)


@pytest.mark.parametrize("what", ["edited", "deleted", "removed", "the club deleted"])
async def test_what_becomes_of_the_message_while_somebody_looks_goes_before(town: Town, what: str) -> None:
    club, [ann] = await town.house.club("Ann")
    name = await posted(ann, club, town.pictured())

    async def meanwhile() -> None:
        if what == "edited":
            await ann.ok("PATCH", f"/api/messages/{name}", {"text": "https://10.0.0.1/"})
        elif what == "deleted":
            await ann.ok("DELETE", f"/api/messages/{name}")
        elif what == "removed":
            await ann.ok("DELETE", f"/api/messages/{name}/preview")
        else:
            await ann.ok("DELETE", f"/api/groups/{club}", {"name": "Chess club"})

    await town.look(Meanwhile(town.pages, meanwhile))
    await town.look()
    if what == "the club deleted":
        async with connected(town.owner, role="clubroom_writer", search_path="clubroom") as writer:
            last = await writer.fetchval(
                "select convert_from(body, 'UTF8')::jsonb ->> 'type' from actions where group_id = $1"
                " order by seq desc limit 1", club,
            )  # fmt: skip
        assert last == "club_deleted"
    else:
        assert (await preview_of(ann, name), await told(ann, club, name)) == (None, [])
    await town.later(25 * 3_600)
    await town.clear()
    assert not [key for key in town.house.blobs.kept if key.startswith("f/")]


class Fused(Pages, MemoryBlobs):
    """The same pages and store; whoever asks for the `left`th time is killed, before it is done or after."""

    def __init__(self, pages: Pages, store: MemoryBlobs, left: int, *, after: bool) -> None:
        MemoryBlobs.__init__(self)
        self.kept = store.kept
        self.pages = pages
        self.left = left
        self.after = after

    def _burn(self, *, done: bool) -> None:
        self.left -= not done
        if self.left == 0 and done == self.after:
            raise Killed

    async def page(self, url: str) -> Found:
        self._burn(done=False)
        found = await self.pages.page(url)
        self._burn(done=True)
        return found

    async def picture(self, url: str) -> bytes:
        self._burn(done=False)
        data = await self.pages.picture(url)
        self._burn(done=True)
        return data

    async def write(self, key: str, data: bytes, *, type: str) -> None:  # noqa: A002
        self._burn(done=False)
        await super().write(key, data, type=type)
        self._burn(done=True)


@pytest.mark.parametrize("after", [False, True], ids=["before-a-step", "after-a-step"])
async def test_whoever_looks_is_killed_at_any_step_and_the_next_shows_it_once(
    town: Town, after: bool
) -> None:
    club, [ann] = await town.house.club("Ann")
    for step in (1, 2, 3):
        name = await posted(ann, club, town.pictured(f"{NEWS}/{step}"))
        fused = Fused(town.pages, town.house.blobs, step, after=after)
        with pytest.raises(Killed):
            await town.look(fused, town.files(fused))
        assert await preview_of(ann, name) is None
        await town.look()
        assert await preview_of(ann, name) is None  # it is leased
        await town.later(LEASE_S + 1)
        preview = await preview_of(ann, name)
        assert preview is not None
        assert town.lies(preview["image"]["id"])
        assert len(await told(ann, club, name)) == 1
    await town.later(26 * 3_600)
    await town.clear()
    kept = [key for key in town.house.blobs.kept if key.startswith("f/")]
    assert len(kept) == 3  # what the killed have left is gone


# --- limits -----------------------------------------------------------------------------------------------


async def test_a_page_is_fetched_once_a_day_and_each_message_has_a_picture_of_its_own(town: Town) -> None:
    club, [ann, ben] = await town.house.club("Ann", "Ben")
    link = town.pictured()
    first = await posted(ann, club, link)
    await town.look()
    second = await posted(ben, club, link)
    await town.look()
    shown = [await preview_of(ann, name) for name in (first, second)]
    assert shown[0] is not None
    assert shown[1] is not None
    pictures = [each["image"]["id"] for each in shown if each]
    assert len(set(pictures)) == 2
    await ann.ok("DELETE", f"/api/messages/{first}")
    await town.clear()
    assert [town.lies(picture) for picture in pictures] == [False, True]
    assert (town.sites.times(f"{NEWS}/"), town.sites.times(f"{NEWS}/a.png")) == (1, 1)
    third = await posted(ann, club, link)
    await town.look()
    found = await preview_of(ann, third)
    assert found is not None
    assert found["image"]["id"] not in pictures
    assert town.sites.times(f"{NEWS}/") == 2  # what its picture could be made of had gone
    await town.later(25 * 3_600)
    while await town.previewing().forget():
        pass
    await posted(ann, club, link)
    await town.look()
    assert town.sites.times(f"{NEWS}/") == 3


async def test_what_is_no_page_is_known_for_a_day_and_what_may_come_is_tried_again(town: Town) -> None:
    club, [ann] = await town.house.club("Ann")
    for _ in range(2):
        await posted(ann, club, f"https://{NEWS}/missing")
        await town.look()
    assert town.sites.times(f"{NEWS}/missing") == 1
    town.sites.put(f"{NEWS}/busy", Answer(status=503))
    name = await posted(ann, club, f"https://{NEWS}/busy")
    await town.look()
    await town.look()
    assert town.sites.times(f"{NEWS}/busy") == 1
    await town.later(AGAIN_S + 1)
    assert town.sites.times(f"{NEWS}/busy") == 2
    town.pictured(f"{NEWS}/busy")
    await town.later(3 * AGAIN_S + 1)
    assert await preview_of(ann, name) is not None
    town.sites.put(f"{NEWS}/never", Answer(status=503))
    await posted(ann, club, f"https://{NEWS}/never")
    for _ in range(TRIES_MAX + 3):
        await town.later(3_600)
    assert town.sites.times(f"{NEWS}/never") == TRIES_MAX
    assert await town.asks() == 1


async def test_of_one_person_so_many_pages_are_fetched_in_an_hour(town: Town) -> None:
    club, [ann, ben] = await town.house.club("Ann", "Ben")

    async def told_of(person: Person, n: int) -> bool:
        host = f"s{n % 5}.town.example"
        name = await posted(person, club, town.sites.page(f"{host}/{n}", title=f"Page {n}"))
        await town.look()
        return await preview_of(person, name) is not None

    for n in range(PAGES_AN_AUTHOR_AN_HOUR):
        assert await told_of(ann, n)
    assert not await told_of(ann, 1_000)
    assert await told_of(ann, 1)  # is known
    assert await told_of(ben, 1_001)
    town.ahead += timedelta(hours=1, minutes=1)
    assert await told_of(ann, 1_002)


async def test_one_site_is_asked_so_often_in_a_minute_and_the_rest_waits(town: Town) -> None:
    club, [ann, ben] = await town.house.club("Ann", "Ben")
    names = [
        await posted((ann, ben)[n % 2], club, town.sites.page(f"{NEWS}/{n}", title=f"Page {n}"))
        for n in range(PAGES_A_HOST_A_MINUTE + 2)
    ]
    await town.look()
    assert len(town.sites.asked) == PAGES_A_HOST_A_MINUTE
    other = await posted(ann, club, town.sites.page("other.town.example/"))
    await town.look()
    assert await preview_of(ann, other) is not None
    await town.later(61)
    assert len(town.sites.asked) == PAGES_A_HOST_A_MINUTE + 3
    assert [await preview_of(ann, name) is not None for name in names] == [True] * len(names)
