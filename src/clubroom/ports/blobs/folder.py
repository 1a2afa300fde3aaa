"""Blobs as files in a folder: for places without a bucket.

A file is its type in one line, and then the bytes, so that both are there or neither. `folder_server` reads
and writes them for whoever has a signed address. The names of files end in what no key may hold, so that `a`
and `a/b` can both be there.
"""

import asyncio
import errno
import hmac
import itertools
import os
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final, TypeVar
from urllib.parse import urlencode

import msgspec

from clubroom.ports import blobs
from clubroom.ports.blobs import BlobsError, Found, Link, Stat, Ticket, checked, checked_type, links

SUFFIX: Final = "@"
UNFINISHED: Final = ".unfinished"
UNFINISHED_S_MAX: Final = 24 * 3600
HEAD_BYTES_MAX: Final = 200
THREADS: Final = 4
OWNER_ONLY: Final = 0o700
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_REFUSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
T = TypeVar("T")


class Pass(msgspec.Struct, frozen=True, kw_only=True):
    """What a signed address lets somebody do, until then (a second of the epoch)."""

    method: str
    key: str
    until: int
    type: str = ""
    length: int = 0
    name: str | None = None

    def signature(self, secret: bytes) -> str:
        """Over all of it, so that nothing can be changed."""
        said = [self.method, self.key, self.until, self.type, self.length, self.name]
        return hmac.digest(secret, msgspec.json.encode(said), "sha256").hex()


class Opened(msgspec.Struct, frozen=True):
    """An object that is being read. `file` stands at its first byte; `tag` is another for other bytes."""

    file: BinaryIO
    start: int
    length: int
    type: str
    tag: str
    made_at: datetime


class Folder:
    """As the contract says. `origin` is where `folder_server` is reached."""

    def __init__(
        self,
        folder: Path,
        secret: bytes,
        origin: str,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.folder = folder
        self.origin = origin
        self._secret = secret
        self._clock = clock
        self._threads = ThreadPoolExecutor(THREADS, "files")

    def put_url(self, key: str, *, type: str, length: int, seconds: int = blobs.PUT_SECONDS) -> Ticket:  # noqa: A002
        """As the contract says."""
        until = self._clock().replace(microsecond=0) + timedelta(seconds=seconds)
        end, kind = int(until.timestamp()), checked_type(type)
        given = Pass(method="PUT", key=checked(key), until=end, type=kind, length=length)
        asked: dict[str, str | int] = {"until": end, "type": kind, "length": length}
        return Ticket(self._address(given, asked), {"content-type": type}, until)

    def get_url(self, key: str, *, name: str | None = None) -> Link:
        """As the contract says."""
        until = links.until(links.window(checked(key), self._clock()))
        asked: dict[str, str | int] = {"until": int(until.timestamp())}
        told = None
        if name is not None:
            asked["name"] = told = links.plain_name(name)
        given = Pass(method="GET", key=key, until=int(until.timestamp()), name=told)
        return Link(self._address(given, asked), until)

    def allows(self, wanted: Pass, signature: str) -> bool:
        """Whether we have signed that, and it has not ended."""
        signed = hmac.compare_digest(wanted.signature(self._secret).encode(), signature.encode())
        return signed and self._clock().timestamp() < wanted.until

    async def write(self, key: str, data: bytes, *, type: str) -> None:  # noqa: A002
        """As the contract says. Read again only when it is on the disk."""
        checked(key)
        kind = checked_type(type)

        def whole() -> None:
            with self.begun(kind) as file:
                file.write(data)
                self.finish(file, key)

        await self.told(whole)

    async def read(self, key: str, *, most: int) -> bytes | None:
        """As the contract says."""
        checked(key)

        def whole() -> bytes | None:
            found = self.opened(key)
            if found is None:
                return None
            with found.file:
                if found.length > most:
                    raise BlobsError("too_large")
                return found.file.read(found.length)

        return await self.told(whole)

    async def stat(self, key: str) -> Stat | None:
        """As the contract says."""
        checked(key)

        def looked() -> Stat | None:
            found = self.opened(key)
            if found is None:
                return None
            found.file.close()
            return Stat(found.length, found.type)

        return await self.told(looked)

    async def delete(self, keys: Sequence[str]) -> None:
        """As the contract says. Folders that are empty then go, too."""
        assert len(keys) <= blobs.KEYS_AT_ONCE_MAX
        places = [self._place(checked(key)) for key in keys]

        def gone() -> None:
            for place in places:
                place.unlink(missing_ok=True)
            for left in {self._remove_empty(place.parent) for place in places}:
                _sync(left)

        await self.told(gone)

    async def found(self, prefix: str, *, after: str = "") -> list[Found]:
        """As the contract says."""

        def listed() -> list[Found]:
            keys = (key for key in self._keys("", prefix, after) if key.startswith(prefix) and key > after)
            some = (self._seen(key) for key in keys)
            return list(itertools.islice((one for one in some if one is not None), blobs.KEYS_AT_ONCE_MAX))

        return await self.told(listed)

    async def close(self) -> None:
        """As the contract says."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    # --- for `folder_server`; all but `told` block ---

    async def told(self, do: Callable[[], T]) -> T:
        """In a thread, in time, and with errors of ours."""
        try:
            async with asyncio.timeout(blobs.CALL_S):
                return await asyncio.get_running_loop().run_in_executor(self._threads, do)
        except OSError as error:
            code = "full" if error.errno in _FULL else "refused" if error.errno in _REFUSED else "away"
            raise BlobsError(code) from None

    def prepare(self) -> None:
        """Makes the folder, and removes what was begun long ago and never finished. Raises OSError."""
        unfinished = self.folder / UNFINISHED
        unfinished.mkdir(mode=OWNER_ONLY, parents=True, exist_ok=True)
        for old in unfinished.iterdir():
            if time.time() - old.stat().st_mtime > UNFINISHED_S_MAX:
                old.unlink(missing_ok=True)

    def begun(self, type: str) -> "Unfinished":  # noqa: A002
        """A file to write to, and then to `finish`."""
        folder = self.folder / UNFINISHED
        folder.mkdir(mode=OWNER_ONLY, parents=True, exist_ok=True)
        return Unfinished(folder / secrets.token_hex(16), type)

    def finish(self, file: "Unfinished", key: str) -> None:
        """It lies under the key from now on, whole and on the disk."""
        file.sync()
        place = self._place(key)
        while True:
            place.parent.mkdir(mode=OWNER_ONLY, parents=True, exist_ok=True)
            try:
                file.path.replace(place)
                break
            except FileNotFoundError:  # the last file beside it was deleted, and the folder with it
                if not file.path.exists():
                    raise
        for folder in [place.parent, *place.parent.parents]:
            _sync(folder)
            if folder == self.folder:
                break

    def opened(self, key: str) -> Opened | None:
        """For whoever closes it. None = nothing is there."""
        try:
            file = self._place(key).open("rb")
        except FileNotFoundError:
            return None
        head = file.readline(HEAD_BYTES_MAX)
        seen = os.fstat(file.fileno())
        made_at = datetime.fromtimestamp(seen.st_mtime, UTC)
        tag = f'"{seen.st_mtime_ns:x}-{seen.st_ino:x}-{seen.st_size:x}"'
        return Opened(file, len(head), seen.st_size - len(head), head.decode().strip(), tag, made_at)

    # --- inside ---

    def _address(self, given: Pass, asked: dict[str, str | int]) -> str:
        query = urlencode(asked | {"signature": given.signature(self._secret)})
        return f"{self.origin}/{given.key}?{query}"

    def _place(self, key: str) -> Path:
        return self.folder / f"{key}{SUFFIX}"

    def _remove_empty(self, folder: Path) -> Path:
        """The first one above that stays."""
        while folder != self.folder:
            try:
                folder.rmdir()
            except FileNotFoundError:
                pass  # it was removed before
            except OSError:
                break
            folder = folder.parent
        return folder

    def _keys(self, folder: str, prefix: str, after: str) -> Iterator[str]:
        """In order. Folders in which nothing can be that is asked for are not looked into."""
        try:
            with os.scandir(self.folder / folder) as entries:
                found = [(one.name, one.is_dir(follow_symlinks=False)) for one in entries]
        except FileNotFoundError:
            return
        names = sorted(
            f"{folder}{name}/" if is_folder else f"{folder}{name.removesuffix(SUFFIX)}"
            for name, is_folder in found
            if name != UNFINISHED and (is_folder or name.endswith(SUFFIX))
        )
        for name in names:
            if not name.endswith("/"):
                yield name
            elif _may_hold(name, prefix) and (after < name or after.startswith(name)):
                yield from self._keys(name, prefix, after)

    def _seen(self, key: str) -> Found | None:
        found = self.opened(key)
        if found is None:
            return None
        found.file.close()
        return Found(key, found.length, found.made_at)


class Unfinished:
    """A file nobody else knows of yet. If the block ends and it was not finished, it is gone."""

    def __init__(self, path: Path, type: str) -> None:  # noqa: A002
        self.path = path
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._file.write(f"{type}\n".encode())

    def write(self, data: bytes) -> None:
        """More of it."""
        self._file.write(data)

    def sync(self) -> None:
        """What was written is on the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def __enter__(self) -> "Unfinished":
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """Closes it, and removes what was not finished."""
        try:
            self._file.close()
        finally:
            self.path.unlink(missing_ok=True)


def _may_hold(folder: str, prefix: str) -> bool:
    return folder.startswith(prefix) or prefix.startswith(folder)


def _sync(folder: Path) -> None:
    """The names in it are on the disk, unless somebody has just removed it."""
    try:
        number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return
    try:
        os.fsync(number)
    finally:
        os.close(number)
