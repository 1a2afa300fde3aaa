"""What a link shows goes with its message and its text, also while somebody looks, and is killed."""

from typing import Any

import pytest

from clubroom.chat.previews.fetching import (
    LEASE_S,
)
from clubroom.ports.pages import Found, Pages
from house.blobs import MemoryBlobs
from house.databases import connected
from house.files import seen
from house.town import NEWS, Town, posted, preview_of, told

pytest_plugins = ["town_fixtures"]


class Killed(BaseException):
    """Nobody catches it: whoever worked is not there any more."""


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
