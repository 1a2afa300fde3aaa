"""What people bring in a scenario: images, pictures, emotes, and links that show something. The server's own
jobs would look at it at times of their own, so it is looked at here.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from clubroom import wire
from clubroom.actions import LinkPreview, MessageImage
from clubroom.dba import files as stored
from clubroom.dba import previews as linked
from house.emotes import own_emote
from house.files import asked
from house.person import Json, Person
from house.server import House
from house.uuid7 import uuid7


async def own_emotes(house: House, ann: Person, club: int) -> None:
    """One is made, named anew, and used; another is removed."""
    party, wave = await own_emote(house, ann, club, "party"), await own_emote(house, ann, club, "wave")
    await ann.ok("PUT", f"/api/groups/{club}/emotes/{party}", {"name": "zest"})
    await ann.react((await ann.post(club, "What a concert :zest:"))["id"], ":zest:")
    await ann.ok("DELETE", f"/api/groups/{club}/emotes/{wave}")
    await own_emote(house, ann, club, "applause")


async def images(house: House, ann: Person, club: int) -> None:
    """A photo and a score; another photo is deleted."""
    said: list[Json] = []
    for name in ("", "Ave verum.pdf", ""):
        file = await ready(house, ann, club, name=name)
        said.append({"id": file} | ({} if name else {"alt": "On the steps"}))
    shown, gone = str(uuid7()), str(uuid7())
    await ann.ok("PUT", f"/api/messages/{shown}", {"group": club, "text": "", "images": said[:2]})
    await ann.ok("PATCH", f"/api/messages/{shown}", {"text": "for Sunday"})
    await ann.ok("PUT", f"/api/messages/{gone}", {"group": club, "text": "look", "images": said[2:]})
    await ann.ok("DELETE", f"/api/messages/{gone}")


async def ready(
    house: House, person: Person, group: int | None, width: int = 2048, height: int = 1536, **said: str
) -> str:
    """A file that somebody has brought, an image where it has no name."""
    db, key = house.process.db, house.process.tokens.verify(person.token).key
    # the server's own job would make a placeholder of its own
    never = datetime.now(UTC) + timedelta(days=999)
    name = said.get("name")
    file = (await asked(person, group, 48_000, "application/pdf" if name else "image/jpeg", **said))["id"]
    await stored.uploaded(db, key, UUID(file), moment=never)
    image = {} if name else {"width": width, "height": height, "placeholder": "UklGRiQAAABXRUJQ"}
    sizes = ("original",) if name else ("thumb", "screen")
    published = msgspec.convert({"sizes": sizes, "bytes": 9, **image}, stored.Published)
    await stored.ready(db, UUID(file), published)
    return str(file)


async def pictures(house: House, ann: Person, ben: Person, club: int) -> None:
    """Both have a picture; Ann has none any more, nor has the club."""
    for person in (ann, ben):
        file = await ready(house, person, None, 512, 512, purpose="avatar")
        await person.ok("PUT", "/api/me/avatar", {"file": file})
    await ann.ok("DELETE", "/api/me/avatar")
    file = await ready(house, ann, club, 512, 512, purpose="picture")
    await ann.ok("PUT", f"/api/groups/{club}/picture", {"file": file})
    await ann.ok("DELETE", f"/api/groups/{club}/picture")


async def previews(house: House, ann: Person, club: int) -> None:
    """A link that shows something, one whose preview is removed, one that is edited away."""
    db, job = house.process.db, house.process.previewing
    job.moment = lambda: datetime(2000, 1, 1, tzinfo=UTC)  # the server's own would show nothing
    link = "https://news.example/concert"
    names = [str(uuid7()) for _ in range(3)]
    for name in names:
        await ann.ok("PUT", f"/api/messages/{name}", {"group": club, "text": f"Read: {link}"})
    waiting = {str(one.message): one for one in await linked.take(db, 100, lease_s=60, tries_max=3)}
    for taken in (waiting[name] for name in names):
        file, size = uuid7(), {"width": 480, "height": 320, "placeholder": "UklGRiQAAABXRUJQ"}
        made = msgspec.convert({"sizes": ("thumb",), "bytes": 9, **size}, stored.Published)
        assert await linked.keep_picture(db, taken.message, file, made, wire.FileLimits(), hour_max=9)
        image = msgspec.convert({"id": file, "kind": "image", **size}, MessageImage)
        preview = LinkPreview(url=link, title="Concert", description="On Sunday", site="News", image=image)
        assert await linked.show(db, taken, link, preview)
    await ann.ok("DELETE", f"/api/messages/{names[1]}/preview")
    await ann.ok("PATCH", f"/api/messages/{names[2]}", {"text": "no link"})
    job.moment = lambda: None
