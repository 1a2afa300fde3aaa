"""Where one fetches what one may see."""

import time
from collections.abc import Sequence
from uuid import UUID

from clubroom import errors, wire
from clubroom.chat.files.room import Files, published
from clubroom.claims import Claims
from clubroom.dba import files as stored
from clubroom.dba.pool import rfc3339

SAVED = "screen"


async def links(files: Files, who: Claims, ids: Sequence[UUID]) -> wire.FileLinks:
    """Of those of these that one may see. Raises InvalidField."""
    if not 1 <= len(ids) <= wire.FILE_LINKS_MAX:
        raise errors.InvalidField(f"ids: 1 to {wire.FILE_LINKS_MAX}")
    seen = await stored.seen(files.database, who.key, set(ids))
    return wire.FileLinks(links=sorted((_link(files, one) for one in seen), key=lambda link: link.id))


async def usage(files: Files, who: Claims, club: int) -> wire.FilesUsage:
    """What a club has in the store, for who runs it. Raises NotFound, Forbidden."""
    wire.possible_group(club)
    return await stored.usage(files.database, who.key, club, limit=files.limits.club_bytes)


async def room(files: Files, who: Claims, group: int | None) -> wire.FilesRoom:
    """What they may still bring there. Raises NotFound, RateLimited."""
    if group is not None:
        wire.possible_group(group)
    files.pace.take(who.key, time.monotonic())
    return await stored.room(files.database, who.key, group, files.limits)


def _link(files: Files, file: stored.Seen) -> wire.FileLink:
    name = file.name if file.kind == "document" else None
    found = {size: files.blobs.get_url(published(file.id, size), name=name) for size in file.sizes}
    if SAVED in found:
        found["download"] = files.blobs.get_url(published(file.id, SAVED), name=image_name(file.id))
    until = min(link.until for link in found.values())
    return wire.FileLink(id=file.id, until=rfc3339(until), **{size: link.url for size, link in found.items()})


def image_name(file: UUID) -> str:
    """What an image is saved as. What its owner called it is told to nobody."""
    return f"picture-{file.hex[-8:]}.webp"
