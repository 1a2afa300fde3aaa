"""The blobs port: bytes of images and documents, by a key, beside the database.

The contract of `Blobs`:

* A key is words of `[a-z0-9._-]`, divided by `/`, at most 200 characters. Nobody but us chooses one, and
  what stands under a key of `f/` is never written anew: it may be kept for ever by whoever has read it.
* `put_url` lets somebody else write one object, of this type and this length, until it expires. Within that
  time they may do so again. Another type, another length, a changed key or time is refused by the store
  itself, with 403 (some say 400 of a time that is over). It asks nothing of the store and never blocks.
* `get_url` lets somebody else read one object for a while. It is the same address for hours, so that a
  browser keeps what it has fetched. With a `name` the object is downloaded under it and never shown, as bytes
  of no type. It lies on another origin than the app.
* `write`, `read`, `stat`, `delete` and `found` are the server's own way. What was written is there for the
  next `read`, whole or not at all; what is deleted is gone for good, also every earlier version of it.
  Deleting what is not there is fine.
* Each takes at most `CALL_S` and keeps the loop free. If one is cancelled it may have happened all the
  same.
* A signed address is a password for what it opens: it stands in no log, no error and no `repr`.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

CALL_S = 30.0
PUT_SECONDS = 300
KEYS_AT_ONCE_MAX = 1_000
_TYPE = re.compile(r"[a-z]{1,20}/[a-z0-9.+-]{1,80}\Z")
_KEY = re.compile(r"(?=.{1,200}\Z)[a-z0-9_-][a-z0-9._-]*(?:/[a-z0-9_-][a-z0-9._-]*)*\Z")


class Ticket(msgspec.Struct, frozen=True):
    """PUT the bytes to `url` with these `headers`, all of them, before `until`."""

    url: str
    headers: dict[str, str]
    until: datetime

    def __repr__(self) -> str:
        return f"Ticket(until={self.until})"


class Link(msgspec.Struct, frozen=True):
    """GET it before `until`."""

    url: str
    until: datetime

    def __repr__(self) -> str:
        return f"Link(until={self.until})"


class Stat(msgspec.Struct, frozen=True):
    """What is known of an object without reading it. `length` in bytes."""

    length: int
    type: str


class Found(msgspec.Struct, frozen=True):
    """An object that lies there. `made_at` = when it was written last."""

    key: str
    length: int
    made_at: datetime


class BlobsError(Exception):
    """The store did not do it. `code` is a word of ours: `away` (it does not answer, or not in time),
    `refused` (our key is wrong), `full`, `too_large` (more than was asked to be read).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Blobs(Protocol):
    """One store. Every method but the two that sign raises BlobsError."""

    origin: str
    """Scheme, host and port of every address that is given out, for the Content-Security-Policy."""

    def put_url(self, key: str, *, type: str, length: int, seconds: int = PUT_SECONDS) -> Ticket:  # noqa: A002
        """For one object. Raises ValueError for a key or a type that is none. `headers` lack the length: a
        browser says it itself, and lets no page say it.
        """

    def get_url(self, key: str, *, name: str | None = None) -> Link:
        """For one object, which need not be there."""

    async def write(self, key: str, data: bytes, *, type: str) -> None:  # noqa: A002
        """Whole or not at all."""

    async def read(self, key: str, *, most: int) -> bytes | None:
        """At most so many bytes; None = nothing is there."""

    async def stat(self, key: str) -> Stat | None:
        """None = nothing is there."""

    async def delete(self, keys: Sequence[str]) -> None:
        """Up to KEYS_AT_ONCE_MAX of them."""

    async def found(self, prefix: str, *, after: str = "") -> list[Found]:
        """What lies under keys that begin so, in order, after this one, up to KEYS_AT_ONCE_MAX."""

    async def close(self) -> None:
        """Nothing is asked of it afterwards."""


def checked(key: str) -> str:
    """The key. Raises ValueError if it is none."""
    if _KEY.match(key) is None:
        raise ValueError("no key")
    return key


def checked_type(type: str) -> str:  # noqa: A002
    """The media type, in lower case and without parameters. Raises ValueError if it is none."""
    if _TYPE.match(type) is None:
        raise ValueError("no media type")
    return type
