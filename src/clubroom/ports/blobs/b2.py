"""Blobs in a bucket of Backblaze B2, or of any other store that speaks S3 and signatures of version 4.

`obstore` reads and writes; it is told nothing of checksums, which B2 refuses. Addresses are signed by our own
`presigned`, and so are the calls that list and delete: B2 keeps every version of everything, and deletes for
good only what is named by its version, which `obstore` cannot; and that lists by folders alone.
"""

import asyncio
import os
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Final
from xml.etree import ElementTree

import obstore
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from clubroom.ports import blobs
from clubroom.ports.blobs import BlobsError, Found, Link, Stat, Ticket, checked, checked_type, links
from clubroom.ports.blobs.bucket import Bucket
from clubroom.ports.blobs.presigned import Signer
from clubroom.ports.calling import Answer, Caller, NoAnswer

DELETED_AT_ONCE: Final = 16
SIGNED_S: Final = 300  # a call of ours, allowing for clocks that differ
LISTED_BYTES_MAX: Final = 2 * 1024 * 1024
PAUSES_S: Final = (0.2, 1.0)  # before it is tried again


class B2:
    """As the contract says. Connections are kept; `close` lets go of them."""

    def __init__(
        self,
        bucket: Bucket,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        self.origin = bucket.endpoint
        self._home = f"{bucket.endpoint}/{bucket.name}"
        self._clock = clock
        self._signer = Signer(key_id=bucket.key_id, key=bucket.key, region=bucket.region)
        self._caller = Caller(trusted=trusted)
        self._store = _opened(bucket)

    def put_url(self, key: str, *, type: str, length: int, seconds: int = blobs.PUT_SECONDS) -> Ticket:  # noqa: A002
        """As the contract says. The browser itself says the length."""
        now = self._clock().replace(microsecond=0)
        bound = {"content-type": checked_type(type), "content-length": str(length)}
        url = self._signer.url("PUT", self._address(key), at=now, seconds=seconds, headers=bound)
        return Ticket(url, {"content-type": type}, now + timedelta(seconds=seconds))

    def get_url(self, key: str, *, name: str | None = None) -> Link:
        """As the contract says. B2 would forbid to keep what it answers; the address says otherwise."""
        address = self._address(key)
        begun = links.window(key, self._clock())
        asked = {"response-cache-control": links.KEPT}
        if name is not None:
            asked["response-content-disposition"] = links.disposition(name)
            asked["response-content-type"] = links.UNKNOWN
        url = self._signer.url("GET", address, at=begun, seconds=links.LINK_S, query=asked)
        return Link(url, links.until(begun))

    async def write(self, key: str, data: bytes, *, type: str) -> None:  # noqa: A002
        """As the contract says. In one call, so that it is whole or not there."""
        checked(key)
        async with _told():
            await obstore.put_async(
                self._store, key, data, attributes={"Content-Type": checked_type(type)}, use_multipart=False
            )

    async def read(self, key: str, *, most: int) -> bytes | None:
        """As the contract says."""
        checked(key)
        async with _told():
            try:
                got = await obstore.get_async(self._store, key)
            except FileNotFoundError:
                return None
            if got.meta["size"] > most:
                raise BlobsError("too_large")
            return bytes(await got.bytes_async())

    async def stat(self, key: str) -> Stat | None:
        """As the contract says."""
        checked(key)
        async with _told():
            try:
                got = await obstore.get_async(self._store, key, options={"head": True})
            except FileNotFoundError:
                return None
            return Stat(got.meta["size"], str(got.attributes.get("Content-Type", links.UNKNOWN)))

    async def delete(self, keys: Sequence[str]) -> None:
        """As the contract says, some at a time."""
        assert len(keys) <= blobs.KEYS_AT_ONCE_MAX
        left = [checked(key) for key in keys]

        async def go() -> None:
            while left:
                await self._delete(left.pop())

        async with _told():
            try:
                async with asyncio.TaskGroup() as group:
                    for _ in range(DELETED_AT_ONCE):
                        group.create_task(go())
            except ExceptionGroup as met:
                raise met.exceptions[0] from None

    async def found(self, prefix: str, *, after: str = "") -> list[Found]:
        """As the contract says. In the order of bytes, as every such store lists."""
        asked = {"list-type": "2", "prefix": prefix, "max-keys": str(blobs.KEYS_AT_ONCE_MAX)}
        if after:
            asked["start-after"] = after
        async with _told():
            tree = _tree(await self._call("GET", self._home, asked))
        return [_found(one) for one in tree.iterfind("{*}Contents")]

    async def close(self) -> None:
        """As the contract says."""
        await self._caller.close()

    def _address(self, key: str) -> str:
        return f"{self._home}/{checked(key)}"

    async def _delete(self, key: str) -> None:
        """Every version of it, and the markers that hide it, until none is left."""
        while True:
            answer = await self._call("GET", self._home, {"versions": "", "prefix": key})
            if answer.status == 501:  # a store that keeps none
                await self._call("DELETE", self._address(key), {})
                return
            versions, more = _versions(answer, key)
            for version in versions:
                await self._call("DELETE", self._address(key), {"versionId": version})
            if not (versions and more):
                return

    async def _call(self, method: str, url: str, query: dict[str, str]) -> Answer:
        """Tried again where that may help. Raises BlobsError."""
        for pause in (*PAUSES_S, None):
            signed = self._signer.url(method, url, at=self._clock(), seconds=SIGNED_S, query=query)
            try:
                answer = await self._caller.call(method, signed, {}, bytes_max=LISTED_BYTES_MAX)
            except NoAnswer:
                answer = None
            if answer is not None and (answer.status < 300 or answer.status in {404, 501}):
                return answer
            if answer is not None and 400 <= answer.status < 500 and answer.status not in {408, 429}:
                raise BlobsError("refused")
            if pause is not None:
                await asyncio.sleep(pause)
        raise BlobsError("away")


def _opened(bucket: Bucket) -> S3Store:
    """`obstore` prefers what it finds in the environment under `AWS_…`, even another's endpoint. So nothing
    is to be found while it looks, which it does but once.
    """
    others = {name: os.environ.pop(name) for name in [*os.environ] if name.upper().startswith("AWS_")}
    try:
        return S3Store(
            bucket.name,
            endpoint=bucket.endpoint,
            region=bucket.region,
            access_key_id=bucket.key_id,
            secret_access_key=bucket.key,
            client_options={
                "allow_http": bucket.endpoint.startswith("http:"),
                "connect_timeout": timedelta(seconds=5),
                "timeout": timedelta(seconds=blobs.CALL_S),
            },
            retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=blobs.CALL_S / 2)},
        )
    finally:
        os.environ.update(others)


@asynccontextmanager
async def _told() -> AsyncIterator[None]:
    """In time, and as errors of ours: those of others repeat addresses."""
    try:
        async with asyncio.timeout(blobs.CALL_S):
            yield
    except (PermissionDeniedError, UnauthenticatedError, FileNotFoundError):  # the bucket is not there
        raise BlobsError("refused") from None
    except (BaseError, TimeoutError, OSError):
        raise BlobsError("away") from None


def _versions(answer: Answer, key: str) -> tuple[list[str], bool]:
    """Those of this key, not of longer ones, and whether there may be more."""
    tree = _tree(answer)
    entries = [*tree.iterfind("{*}Version"), *tree.iterfind("{*}DeleteMarker")]
    mine = [one.findtext("{*}VersionId", "null") for one in entries if one.findtext("{*}Key") == key]
    return mine, tree.findtext("{*}IsTruncated") == "true"


def _found(one: ElementTree.Element) -> Found:
    made_at = datetime.fromisoformat(one.findtext("{*}LastModified", ""))
    return Found(one.findtext("{*}Key", ""), int(one.findtext("{*}Size", "")), made_at)


def _tree(answer: Answer) -> ElementTree.Element:
    if answer.status == 404:
        raise BlobsError("refused")  # there is no such bucket
    try:
        return ElementTree.fromstring(answer.body)  # noqa: S314 - of the host's own store, and bounded
    except ElementTree.ParseError:
        raise BlobsError("away") from None
