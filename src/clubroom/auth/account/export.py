"""What one wrote and what is known of oneself, as a zip file that is made while it is sent.

One piece of the log is in memory at a time, however much somebody has written. Nothing that others wrote is
in it, nor their names.
"""

import io
from collections.abc import AsyncIterator
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from clubroom.auth.room import Auth
from clubroom.claims import Claims
from clubroom.dba import leaving

README = """What Clubroom knows of you, and what you wrote.

account.json    your account, devices, memberships, how far you have read, what you wish to be told
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
