"""Backblaze B2 as far as a machine without it can have it: `rclone serve s3`, a real server that is strict
about signatures, and before it a guard that refuses what B2 refuses and keeps versions as B2 does.
"""

import asyncio
import re
import signal
import socket
from asyncio.subprocess import DEVNULL, Process
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

import httpx
import uvicorn

from clubroom.ports.blobs.bucket import Bucket
from clubroom.ports.blobs.presigned import SECONDS_MAX, Signer

HOST = "127.0.0.1"
READY_S = 20.0
NAME = "club"
KEY_ID, KEY = "0042key", "a-key-of-the-bucket"
VERSIONS_A_PAGE = 2
UNSUPPORTED = re.compile(r"x-amz-(checksum-.*|sdk-checksum-algorithm|trailer)")
MOMENT = "%Y%m%dT%H%M%SZ"
HOP = {"connection", "keep-alive", "transfer-encoding", "date", "server"}


class Rclone:
    """The server. What it keeps lies in a folder and outlives it."""

    def __init__(self, folder: Path) -> None:
        (folder / NAME).mkdir(parents=True)
        self.folder = folder
        with socket.create_server((HOST, 0)) as found:
            self.port = found.getsockname()[1]
        self._process: Process | None = None

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    async def start(self) -> None:
        """When it answers. On the same port each time."""
        self._process = await asyncio.create_subprocess_exec(
            "rclone", "serve", "s3", str(self.folder), "--addr", f"{HOST}:{self.port}",
            "--auth-key", f"{KEY_ID},{KEY}", "--config", "/dev/null", stdout=DEVNULL, stderr=DEVNULL,
        )  # fmt: skip
        async with asyncio.timeout(READY_S):
            while not await self._answers():  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def kill(self) -> None:
        """As by `kill -9`."""
        assert self._process is not None
        self._process.kill()
        await self._process.wait()
        self._process = None

    def hang(self) -> None:
        """It takes connections, and says nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    async def end(self) -> None:
        if self._process is not None:
            await self.kill()

    async def _answers(self) -> bool:
        with suppress(OSError):
            _, writer = await asyncio.open_connection(HOST, self.port)
            writer.close()
            await writer.wait_closed()
            return True
        return False


class Guard:
    """An ASGI application before the server. `origins` is the bucket's rule for CORS. Where it
    `keeps_versions` nothing is gone that was not deleted by its version. `refused` = why calls were.
    """

    def __init__(self, store: Rclone, *, origins: frozenset[str] = frozenset(), keeps_versions: bool = False):
        self.store = store
        self.origins = origins
        self.keeps_versions = keeps_versions
        self.everybody_reads = False
        self.refused: list[str] = []
        self.url = ""
        self.arrived = asyncio.Event()  # the first bytes of a body have been handed on
        self._http = httpx.AsyncClient(timeout=None, trust_env=False)  # noqa: S113 - each test has an end
        self._signer = Signer(key_id=KEY_ID, key=KEY, region="us-east-1")
        self._numbers = count(1)
        self._older: dict[str, list[tuple[str, bytes | None]]] = defaultdict(list)

    @property
    def bucket(self) -> Bucket:
        return Bucket(endpoint=self.url, name=NAME, key_id=KEY_ID, key=KEY)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        asked = dict(parse_qsl(scope["query_string"].decode(), keep_blank_values=True))
        why = refusal(scope["method"], headers, asked)
        if why is not None:
            self.refused.append(why)
            await _say(send, 400, f"<Error><Code>InvalidArgument</Code><Message>{why}</Message></Error>")
        elif self.everybody_reads and scope["method"] == "GET" and not asked:
            lies_there = await self._own("GET", scope["path"].removeprefix(f"/{NAME}/"))
            await _say(send, lies_there.status_code, lies_there.content)
        elif scope["method"] == "OPTIONS":
            await self._preflight(headers, send)
        elif self.keeps_versions and (told := await self._versioned(scope, headers, asked)) is not None:
            await _say(send, *told)
        else:
            await self._forward(scope, headers, receive, send)

    async def close(self) -> None:
        await self._http.aclose()

    async def _preflight(self, headers: dict[str, str], send: Any) -> None:
        origin = headers.get("origin", "")
        allowed = {"access-control-allow-origin": origin, "access-control-allow-methods": "PUT"}
        allowed["access-control-allow-headers"] = "content-type"
        await _say(send, *((200, "", allowed) if origin in self.origins else (403, "")))

    async def _forward(self, scope: Any, headers: dict[str, str], receive: Any, send: Any) -> None:
        async def body() -> AsyncIterator[bytes]:
            more = True
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise httpx.WriteError("They went away.")
                more = message.get("more_body", False)
                yield message.get("body", b"")
                self.arrived.set()

        with_body = headers.get("content-length", "0") != "0"
        target = f"{self.store.url}{scope['raw_path'].decode()}?{scope['query_string'].decode()}"
        call = self._http.build_request(
            scope["method"], target, headers=headers, content=body() if with_body else None
        )
        try:
            answer = await self._http.send(call)
        except httpx.HTTPError:
            await _say(send, 503, "<Error><Code>ServiceUnavailable</Code></Error>", {"connection": "close"})
            return
        kept = {name: value for name, value in answer.headers.items() if name not in HOP}
        await _say(send, answer.status_code, answer.content, kept, at_full_length=True)

    # --- versions ---

    async def _versioned(
        self, scope: Any, headers: dict[str, str], asked: dict[str, str]
    ) -> tuple[int, str] | None:
        """What is answered; None = what the server itself would say."""
        key = scope["path"].removeprefix(f"/{NAME}").strip("/")
        if scope["method"] == "PUT":
            await self._keep(key)
        if scope["method"] == "DELETE" or "versions" in asked:
            if not self._signed(scope["method"], headers["host"], scope["path"], asked):
                return 403, "<Error><Code>SignatureDoesNotMatch</Code></Error>"
            if scope["method"] == "DELETE":
                await self._delete(key, asked.get("versionId"))
                return 204, ""
            return 200, await self._listed(asked["prefix"])
        return None

    def _signed(self, method: str, host: str, path: str, asked: dict[str, str]) -> bool:
        query = {name: value for name, value in asked.items() if not name.startswith("X-Amz-")}
        at = datetime.strptime(asked["X-Amz-Date"], MOMENT).replace(tzinfo=UTC)
        seconds = int(asked["X-Amz-Expires"])
        signed = self._signer.url(method, f"http://{host}{path}", at=at, seconds=seconds, query=query)
        return dict(parse_qsl(signed.partition("?")[2]))["X-Amz-Signature"] == asked["X-Amz-Signature"]

    async def _keep(self, key: str) -> None:
        """What lies there becomes an earlier version."""
        answer = await self._own("GET", key)
        if answer.status_code == 200:
            self._older[key].append((f"v{next(self._numbers)}", answer.content))

    async def _delete(self, key: str, version: str | None) -> None:
        if version is None:
            await self._keep(key)
            self._older[key].append((f"v{next(self._numbers)}", None))
        self._older[key] = [one for one in self._older[key] if one[0] != version]
        if version in {None, "newest"}:
            await self._own("DELETE", key)

    async def _listed(self, prefix: str) -> str:
        keys = {key for key in self._older if key.startswith(prefix)} | {prefix}
        found = []
        for key in sorted(keys):
            if (await self._own("GET", key)).status_code == 200:
                found.append(_entry("Version", key, "newest"))
            older = reversed(self._older[key])
            found += [_entry("DeleteMarker" if data is None else "Version", key, v) for v, data in older]
        more = str(len(found) > VERSIONS_A_PAGE).lower()
        listed = f"<IsTruncated>{more}</IsTruncated>{''.join(found[:VERSIONS_A_PAGE])}"
        return f'<ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{listed}</ListVersionsResult>'

    async def _own(self, method: str, key: str) -> httpx.Response:
        url = self._signer.url(method, f"{self.store.url}/{NAME}/{key}", at=datetime.now(UTC), seconds=60)
        return await self._http.request(method, url)

    def versions(self, key: str) -> int:
        """Earlier ones and markers that are left."""
        return len(self._older[key])


def refusal(method: str, headers: dict[str, str], asked: dict[str, str]) -> str | None:
    """Why B2 would refuse it, if it would."""
    for name in (*headers, *(name.lower() for name in asked)):
        if UNSUPPORTED.fullmatch(name):
            return f"Unsupported header '{name}' received for this API call."
    if headers.get("authorization", "").startswith("AWS ") or "AWSAccessKeyId" in asked:
        return "Signatures of version 2 are not supported."
    if method == "POST" and headers.get("content-type", "").startswith("multipart/form-data"):
        return "Forms are not supported."
    expires = asked.get("X-Amz-Expires", "1")
    if not expires.isdigit() or not 0 < int(expires) <= SECONDS_MAX:
        return "X-Amz-Expires must be less than a week (in seconds)."
    return None


def _entry(kind: str, key: str, version: str) -> str:
    return f"<{kind}><Key>{escape(key)}</Key><VersionId>{version}</VersionId></{kind}>"


async def _say(
    send: Any,
    status: int,
    body: str | bytes,
    headers: dict[str, str] | None = None,
    *,
    at_full_length: bool = False,
) -> None:
    content = body.encode() if isinstance(body, str) else body
    told = dict(headers or {})
    if not at_full_length and status != 204:
        told["content-length"] = str(len(content))
    raw = [(name.encode(), value.encode("latin-1")) for name, value in told.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": content})


@asynccontextmanager
async def guarded(
    folder: Path, *, origins: frozenset[str] = frozenset(), keeps_versions: bool = False
) -> AsyncIterator[Guard]:
    """A bucket behind its guard, until the block ends."""
    store = Rclone(folder)
    guard = Guard(store, origins=origins, keeps_versions=keeps_versions)
    listening = socket.create_server((HOST, 0))
    guard.url = f"http://{HOST}:{listening.getsockname()[1]}"
    config = uvicorn.Config(guard, lifespan="off", access_log=False, log_config=None, ws="none")
    server = uvicorn.Server(config)
    await store.start()
    serving = asyncio.create_task(server._serve([listening]))
    try:
        yield guard
    finally:
        server.should_exit = True
        store.go_on() if store._process else None
        await serving
        await store.end()
        await guard.close()
