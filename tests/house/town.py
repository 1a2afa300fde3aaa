"""A house by a town: the sites that people link to, and the job that looks at links, done by the test."""

from datetime import UTC, datetime, timedelta

from clubroom import wire
from clubroom.chat.files.picture import Pictures
from clubroom.chat.files.room import Files
from clubroom.chat.files.sweeping import Clearing
from clubroom.chat.pace import Pace
from clubroom.chat.previews.fetching import Previewing
from clubroom.ports.pages import Pages
from house.blobs import MemoryBlobs
from house.databases import connected
from house.pages import Answer, Sites
from house.person import Json, Person
from house.pictures import image
from house.server import House
from house.uuid7 import uuid7
from house.within import within

NEWS = "news.town.example"
OURS = "club.town.example"
Log = list[Json]


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
        job = Previewing(files or self.files(), pages or self.pages, ours=OURS, moment=self.moment)
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
        """The store, of what is gone by now; the house's own worker may have some of it in hand."""
        clearing = Clearing(self.files(), moment=self.moment)
        while await clearing():
            pass
        async with within(10, "the worker cleared what it had taken"):
            while await self._in_hand():
                continue

    async def _in_hand(self) -> bool:
        """Whether somebody has taken a file to clear it, and has not said that it is done."""
        async with connected(self.owner, role="clubroom_writer", search_path="clubroom") as writer:
            return bool(await writer.fetchval(IN_HAND))

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


IN_HAND = "select exists (select from files where state = 'gone' and due_at < now() + interval '10 minutes')"


async def posted(person: Person, group: int, text: str) -> str:
    name = str(uuid7())
    await person.ok("PUT", f"/api/messages/{name}", {"group": group, "text": text})
    return name


async def told(person: Person, group: int, name: str) -> Log:
    """What the log says of previews of this message."""
    log = await person.actions(group)
    return [one for one in log if one["type"] == "link_previewed" and one["id"] == name]


async def preview_of(person: Person, name: str) -> Json | None:
    found: Json | None = (await person.message(name)).get("preview")
    return found
