"""Serves a `Folder` to whoever has a signed address, as an ASGI application.

It lies on an origin of its own, sets no cookie and never sends a page, so that whatever somebody has uploaded
can do nothing with what the app keeps in browsers.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Collection, Mapping, MutableMapping
from contextlib import suppress
from email.utils import format_datetime
from typing import Any, Final
from urllib.parse import parse_qsl

from clubroom.ports.blobs import BlobsError, checked, links
from clubroom.ports.blobs.folder import Folder, Opened, Pass, Unfinished

UPLOADS_AT_ONCE_MAX: Final = 32
SILENCE_S = 15.0
UPLOAD_S = 300.0
PORTION_BYTES: Final = 256 * 1024
LEFT_UNREAD_BYTES_MAX: Final = 64 * 1024
QUERY_BYTES_MAX: Final = 4 * 1024
# What a browser may show. All else is saved, whatever it says it is.
SHOWN: Final = frozenset({"image/webp", "image/png", "image/jpeg", "image/gif", "image/avif"})
FENCES: Final = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "sandbox; default-src 'none'",
    "cross-origin-resource-policy": "cross-origin",
    "referrer-policy": "no-referrer",
}
_SIGNED = {
    "PUT": frozenset({"until", "type", "length", "signature"}),
    "GET": frozenset({"until", "name", "signature"}),
}
_RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})")
_NUMBER = re.compile(r"[0-9]{1,15}")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class FolderServer:
    """The application. Pages of `origins` may upload."""

    def __init__(self, folder: Folder, origins: Collection[str]) -> None:
        self.folder = folder
        self.origins = frozenset(origins)
        self.uploads = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One call."""
        if scope["type"] != "http":
            return
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
        }
        answer = _Answer(send, self._told_to(headers.get("origin", "")))
        method = scope["method"]
        if method == "OPTIONS":
            await answer.say(204)
        elif method not in _SIGNED:
            await answer.end(405, receive)
        elif (wanted := self._allowed(scope, method)) is None:
            await answer.end(403, receive)
        elif method == "PUT":
            await self._put(wanted, headers, receive, answer)
        else:
            await self._get(wanted, headers, answer)

    def _told_to(self, origin: str) -> dict[str, str]:
        told = {"vary": "origin"}
        if origin in self.origins:
            told |= {
                "access-control-allow-origin": origin,
                "access-control-allow-methods": "PUT",
                "access-control-allow-headers": "content-type",
                "access-control-max-age": "7200",
            }
        return told

    def _allowed(self, scope: Scope, method: str) -> Pass | None:
        """What the address lets them do, if we have signed it."""
        query = scope["query_string"]
        if len(query) > QUERY_BYTES_MAX:
            return None
        try:
            pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict")
            key = checked(scope["path"].removeprefix("/"))
        except ValueError:
            return None
        asked = dict(pairs)
        if len(asked) < len(pairs) or not asked.keys() <= _SIGNED[method]:
            return None
        until, length = asked.get("until", ""), asked.get("length", "0")
        if not (_NUMBER.fullmatch(until) and _NUMBER.fullmatch(length)):
            return None
        kind, name = asked.get("type", ""), asked.get("name")
        wanted = Pass(method=method, key=key, until=int(until), type=kind, length=int(length), name=name)
        return wanted if self.folder.allows(wanted, asked.get("signature", "")) else None

    # --- up ---

    async def _put(
        self, wanted: Pass, headers: Mapping[str, str], receive: Receive, answer: "_Answer"
    ) -> None:
        signed = (wanted.type, str(wanted.length))
        if (headers.get("content-type"), headers.get("content-length")) != signed:
            await answer.end(403, receive)
            return
        if self.uploads >= UPLOADS_AT_ONCE_MAX:
            await answer.end(503, receive, {"retry-after": "5"})
            return
        self.uploads += 1
        try:
            async with asyncio.timeout(UPLOAD_S):
                await self._kept(wanted, receive)
        except TimeoutError:
            await answer.end(408)
        except _Gone:
            return
        except BlobsError as error:
            await answer.end(507 if error.code == "full" else 503)
        else:
            await answer.say(200)
        finally:
            self.uploads -= 1

    async def _kept(self, wanted: Pass, receive: Receive) -> None:
        """To the disk as it comes. Raises BlobsError, TimeoutError, _Gone."""
        folder = self.folder
        file = await folder.told(lambda: folder.begun(wanted.type))
        try:
            await self._written(file, receive)
            await folder.told(lambda: folder.finish(file, wanted.key))
        finally:
            with suppress(BlobsError):
                await asyncio.shield(folder.told(file.end))

    async def _written(self, file: Unfinished, receive: Receive) -> None:
        waiting, more = bytearray(), True
        while more:
            async with asyncio.timeout(SILENCE_S):
                message = await receive()
            if message["type"] == "http.disconnect":
                raise _Gone
            waiting += message.get("body", b"")
            more = message.get("more_body", False)
            if len(waiting) >= PORTION_BYTES or not more:
                portion, waiting = bytes(waiting), bytearray()
                await self.folder.told(lambda portion=portion: file.write(portion))  # type: ignore[misc]

    # --- down ---

    async def _get(self, wanted: Pass, headers: Mapping[str, str], answer: "_Answer") -> None:
        try:
            found = await self.folder.told(lambda: self.folder.opened(wanted.key))
        except BlobsError:
            await answer.say(503)
            return
        if found is None:
            await answer.say(404)
            return
        with found.file:
            await self._sent(found, wanted.name, headers, answer)

    async def _sent(
        self, found: Opened, name: str | None, headers: Mapping[str, str], answer: "_Answer"
    ) -> None:
        told = {
            "etag": found.tag,
            "last-modified": format_datetime(found.made_at, usegmt=True),
            "cache-control": links.KEPT,
            "accept-ranges": "bytes",
        }
        if found.tag in headers.get("if-none-match", ""):
            await answer.say(304, told)
            return
        shown = name is None and found.type in SHOWN
        told["content-type"] = found.type if shown else links.UNKNOWN
        if not shown:
            told["content-disposition"] = links.disposition(name or "")
        first, after = 0, found.length
        asked = headers.get("range", "") if headers.get("if-range", found.tag) == found.tag else ""
        part = _RANGE.fullmatch(asked)
        if part is not None and any(part.groups()):
            first, after = _part(part[1], part[2], found.length)
            if first >= after:
                await answer.say(416, {"content-range": f"bytes */{found.length}"})
                return
            told["content-range"] = f"bytes {first}-{after - 1}/{found.length}"
        await answer.begin(206 if "content-range" in told else 200, told, after - first)
        await self._read(found, first, after, answer)

    async def _read(self, found: Opened, first: int, after: int, answer: "_Answer") -> None:
        """A file that is shorter by now ends what was begun."""
        await self.folder.told(lambda: found.file.seek(found.start + first))
        left = after - first
        while left:
            portion = await self.folder.told(lambda left=left: found.file.read(min(left, PORTION_BYTES)))  # type: ignore[misc]
            assert portion
            left -= len(portion)
            await answer.more(portion, last=not left)
        if first == after:
            await answer.more(b"", last=True)


class _Gone(Exception):
    """They hung up before all had come."""


class _Answer:
    """What is said, always within the fences."""

    def __init__(self, send: Send, told: Mapping[str, str]) -> None:
        self._send = send
        self._told = {**FENCES, **told}

    async def say(self, status: int, told: Mapping[str, str] | None = None) -> None:
        """And nothing more."""
        usual = {} if status == 304 else {"cache-control": "no-store"}
        await self.begin(status, usual | dict(told or {}), None if status in {204, 304} else 0)
        await self.more(b"", last=True)

    async def end(
        self, status: int, receive: Receive | None = None, told: Mapping[str, str] | None = None
    ) -> None:
        """And the connection with it. A little of what still comes is read, so that they get the answer."""
        left = LEFT_UNREAD_BYTES_MAX
        with suppress(TimeoutError):
            async with asyncio.timeout(1.0):
                while receive is not None and left > 0:
                    message = await receive()
                    left -= len(message.get("body", b""))
                    if not message.get("more_body", False):
                        break
        await self.say(status, {**(told or {}), "connection": "close"})

    async def begin(self, status: int, told: Mapping[str, str], length: int | None) -> None:
        """The head."""
        whole = {**self._told, **told} | ({} if length is None else {"content-length": str(length)})
        headers = [(name.encode(), value.encode("latin-1")) for name, value in whole.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    async def more(self, body: bytes, *, last: bool) -> None:
        """Of the body."""
        await self._send({"type": "http.response.body", "body": body, "more_body": not last})


def _part(first: str, last: str, length: int) -> tuple[int, int]:
    """From this byte on, before that one; none = no such part."""
    if not first:
        return max(0, length - int(last)), length
    return int(first), min(length, int(last) + 1 if last else length)
