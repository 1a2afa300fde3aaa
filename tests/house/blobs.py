"""A store of bytes in memory, with everything that the port's contract asks for; it can be taken away."""

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from clubroom.ports.blobs import KEYS_AT_ONCE_MAX, PUT_SECONDS, BlobsError, Found, Link, Stat, Ticket, checked
from house.pause import pause
from house.within import within

ORIGIN = "https://store.example"
LINK_HOURS = 6


class MemoryBlobs:
    """`away` = it answers nothing. `ends_after` = so many more calls are done before it goes away, also in
    the middle of what somebody does.
    """

    origin = ORIGIN

    def __init__(self) -> None:
        self.kept: dict[str, tuple[bytes, str, datetime]] = {}
        self.tickets: dict[str, tuple[str, str, int]] = {}  # by url: key, type, length
        self.away = False
        self.ends_after: int | None = None
        self._n = itertools.count()

    def put_url(self, key: str, *, type: str, length: int, seconds: int = PUT_SECONDS) -> Ticket:  # noqa: A002
        url = f"{ORIGIN}/{checked(key)}?ticket={next(self._n)}"
        self.tickets[url] = key, type, length
        return Ticket(url, {"content-type": type}, datetime.now(UTC) + timedelta(seconds=seconds))

    def put(self, url: str, headers: dict[str, str], data: bytes) -> int:
        """What a browser does with a ticket; the status."""
        key, kind, length = self.tickets.get(url, ("", "", -1))
        if headers.get("content-type") != kind or len(data) != length:
            return 403
        self.kept[key] = data, kind, datetime.now(UTC)
        return 200

    def get_url(self, key: str, *, name: str | None = None) -> Link:
        named = f"?name={name}" if name is not None else ""
        return Link(f"{ORIGIN}/{checked(key)}{named}", datetime.now(UTC) + timedelta(hours=LINK_HOURS))

    def at(self, url: str) -> bytes:
        """What a browser fetches from there."""
        return self.kept[url.removeprefix(f"{ORIGIN}/").partition("?")[0]][0]

    async def write(self, key: str, data: bytes, *, type: str) -> None:  # noqa: A002
        self._asked()
        self.kept[checked(key)] = data, type, datetime.now(UTC)

    async def read(self, key: str, *, most: int) -> bytes | None:
        self._asked()
        if key not in self.kept:
            return None
        if len(self.kept[key][0]) > most:
            raise BlobsError("too_large")
        return self.kept[key][0]

    async def stat(self, key: str) -> Stat | None:
        self._asked()
        if key not in self.kept:
            return None
        data, kind, _ = self.kept[key]
        return Stat(len(data), kind)

    async def delete(self, keys: Sequence[str]) -> None:
        self._asked()
        assert len(keys) <= KEYS_AT_ONCE_MAX
        for key in keys:
            self.kept.pop(key, None)

    async def found(self, prefix: str, *, after: str = "") -> list[Found]:
        self._asked()
        keys = sorted(key for key in self.kept if key.startswith(prefix) and key > after)
        return [Found(key, len(self.kept[key][0]), self.kept[key][2]) for key in keys[:KEYS_AT_ONCE_MAX]]

    async def close(self) -> None:
        return None

    def _asked(self) -> None:
        if self.ends_after is not None:
            self.away = self.away or self.ends_after == 0
            self.ends_after -= 1
        if self.away:
            raise BlobsError("away")

    async def clear_of(self, file: str) -> None:
        """Waits until nothing of it lies here."""
        async with within(30, "the store was cleared"):
            while any(file in key for key in self.kept):
                await pause(0.05)
