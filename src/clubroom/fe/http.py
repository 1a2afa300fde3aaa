"""Serves the built client from memory: it is small, and no path can lead out of it."""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath

from clubroom.errors import NotFound

SHELL = "index.html"
HASHED = "assets/"
ENDINGS = ("css", "html", "ico", "js", "json", "map", "png", "svg", "txt", "webmanifest", "woff2")
"""Of files that a client may have, or had in an older version, and of what browsers ask for by themselves."""
NO_VIEW = re.compile(rf"^(\.|{HASHED})|\.({'|'.join(ENDINGS)})$", re.IGNORECASE)
"""Paths that are a file or nothing. deploy/cloudflare/worker.js says the same."""
COMPRESSED = frozenset(
    {
        "text/html",
        "text/css",
        "text/javascript",
        "image/svg+xml",
        "application/json",
        "application/manifest+json",
    }
)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob: {blobs}; "
    "font-src 'self'; connect-src 'self' {blobs}; manifest-src 'self'; worker-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
SECURITY = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


class File(msgspec.Struct, frozen=True):
    """One file of the client, ready to be sent."""

    body: bytes
    zipped: bytes | None
    media_type: str
    etag: str
    cache: str


def load(dist: Path) -> dict[str, File]:
    """Everything in the folder of the built client, by its path in it. Empty when nothing was built."""
    return {
        path.relative_to(dist).as_posix(): _file(path, path.relative_to(dist).as_posix())
        for path in sorted(dist.rglob("*"))
        if path.is_file()
    }


def policy(blobs: str) -> str:
    """What a page may load. Images and files come from `blobs`, an origin of their own, and go there."""
    return POLICY.format(blobs=blobs)


def fences(blobs: str) -> dict[str, str]:
    """The headers of every file, whoever serves it. `blobs` as in `policy`."""
    return SECURITY | {"content-security-policy": policy(blobs)}


def cached(name: str) -> str:
    """How long browsers keep a file: the build puts a hash into the names in one folder."""
    return "public, max-age=31536000, immutable" if name.startswith(HASHED) else "no-cache"


def routes(files: dict[str, File], blobs: str) -> Sequence[BaseRouteHandler]:
    """The client's files; whatever is not named as one is a view of the client. `blobs` as in `policy`."""
    around = fences(blobs)

    @get(["/", "/{path:path}"], include_in_schema=False)
    async def page(request: Request[Any, Any, Any], path: FromPath[str] = "/") -> Response[bytes]:
        name = path.strip("/")
        if name in ("api", "socket") or name.startswith("api/"):
            raise NotFound
        file = files.get(name or SHELL) or (None if NO_VIEW.search(name) else files.get(SHELL))
        if file is None:
            raise NotFound
        return _answer(file, request, around)

    return [page]


def _file(path: Path, name: str) -> File:
    body = path.read_bytes()
    media_type = _media_type(name)
    return File(
        body=body,
        zipped=gzip.compress(body, 9, mtime=0) if media_type in COMPRESSED else None,
        media_type=media_type,
        etag=f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        cache=cached(name),
    )


def _media_type(name: str) -> str:
    if name.endswith(".webmanifest"):
        return "application/manifest+json"
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _answer(file: File, request: Request[Any, Any, Any], around: dict[str, str]) -> Response[bytes]:
    headers = {**around, "etag": file.etag, "cache-control": file.cache, "vary": "accept-encoding"}
    if request.headers.get("if-none-match") == file.etag:
        return Response(b"", status_code=304, headers=headers)
    zipped = file.zipped if "gzip" in request.headers.get("accept-encoding", "") else None
    if zipped is not None:
        headers["content-encoding"] = "gzip"
    body = zipped if zipped is not None else file.body
    return Response(body, headers=headers, media_type=file.media_type)
