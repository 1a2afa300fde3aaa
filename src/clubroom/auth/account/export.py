"""What one wrote and what is known of oneself, as a zip file that is made while it is sent.

One piece of the log is in memory at a time, however much somebody has written. Nothing that others wrote is
in it, nor their names.
"""

import io
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile

import msgspec

from clubroom.auth.room import Auth
from clubroom.claims import Claims
from clubroom.dba import files, leaving
from clubroom.dba.pool import rfc3339

FILES_AT_ONCE = 200
README = """What Clubroom knows of you, and what you wrote.

account.json    your account, devices, memberships, how far you have read, what you wish to be told
files.jsonl     the images and documents that you brought and that are kept, one a line: what they are,
                how you described them, and addresses to fetch them from until the moment beside them
messages/       what you wrote and reacted, one file for each room (by its number), one message a line
"""


class _Sink(io.RawIOBase):
    """What the zip file writes, until it is sent. It cannot be gone back in."""

    def __init__(self) -> None:
        self.written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.written += data
        return len(data)

    def taken(self) -> bytes:
        taken, self.written = bytes(self.written), bytearray()
        return taken


async def count_export(who: Claims, auth: Auth) -> None:
    """Before it is begun. Raises RateLimited."""
    await leaving.count_export(auth.db, auth.limits.exports(who.key), moment=auth.moment())


async def export(who: Claims, auth: Auth) -> AsyncIterator[bytes]:
    """The bytes of the file, piece by piece."""
    sink = _Sink()
    with ZipFile(sink, "w", ZIP_DEFLATED) as file:
        file.writestr("README.txt", README)
        file.writestr("account.json", await leaving.data(auth.db, who.key))
        yield sink.taken()
        with file.open("files.jsonl", "w") as page:
            async for brought in _brought(who, auth):
                page.write(brought)
                yield sink.taken()
        for group in await leaving.places(auth.db, who.key):
            written, after, more = await leaving.writing(auth.db, who.key, group, 0)
            while more and not written:  # no file for a room in which one never wrote
                written, after, more = await leaving.writing(auth.db, who.key, group, after)
            if not written:
                continue
            with file.open(f"messages/{group}.jsonl", "w") as page:
                page.write("".join(f"{one}\n" for one in written).encode())
                while more:
                    yield sink.taken()
                    written, after, more = await leaving.writing(auth.db, who.key, group, after)
                    page.write("".join(f"{one}\n" for one in written).encode())
            yield sink.taken()
    yield sink.taken()


async def _brought(who: Claims, auth: Auth) -> AsyncIterator[bytes]:
    """Lines about files, as many at a time as are read at once."""
    after: UUID | None = None
    while some := await files.mine(auth.db, who.key, after, FILES_AT_ONCE):
        yield b"".join(msgspec.json.encode(_with_links(auth, one)) + b"\n" for one in some)
        after = some[-1].id


def _with_links(auth: Auth, one: files.Mine) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(one)
    sizes = told.pop("sizes")
    if auth.file_link is not None:
        found = {size: auth.file_link(one.id, size, one.name) for size in sizes}
        until = min(link.until for link in found.values())
        told |= {"links": {size: link.url for size, link in found.items()}, "until": rfc3339(until)}
    return told
