"""Serves the built client and its pages from memory: they are small, and no path can lead out of it."""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath

from clubroom.errors import NotFound
from clubroom.fe import joining, pages

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
        path.relative_to(dist).as_posix(): file_of(path.relative_to(dist).as_posix(), path.read_bytes())
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


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """What is served: the built client, whose pages have no gaps any more. `blobs` as in `policy`; `origin`
    is where this place is; `shown` tells what a link to join shows.
    """

    files: Mapping[str, File]
    blobs: str
    origin: str
    shown: joining.Shown


def without_gaps(files: Mapping[str, File], operator: pages.Operator, origin: str) -> dict[str, File]:
    """The client, with its pages as this place has them."""
    return {
        name: file_of(name, pages.filled(file.body.decode(), operator, origin).encode())
        if name.startswith(pages.FOLDER)
        else file
        for name, file in files.items()
    }


def routes(site: Site) -> Sequence[BaseRouteHandler]:
    """Pages, and the client's files; whatever is not named as one is a view of the client."""
    around = fences(site.blobs)

    @get(["/", "/{path:path}"], include_in_schema=False)
    async def page(
        request: Request[Any, Any, Any], peer: NamedDependency[str], path: FromPath[str] = "/"
    ) -> Response[bytes]:
        name = path.strip("/")
        if name in ("api", "socket") or name.startswith("api/"):
            raise NotFound
        shell = site.files.get(SHELL)
        code = joining.code_in(name)
        if code is not None and shell is not None and not NO_VIEW.search(name):
            club = await joining.in_time(site.shown, code, peer)
            body = joining.telling(shell.body.decode(), club, site.origin)
            return Response(body.encode(), headers=around | joining.HEADERS, media_type=shell.media_type)
        said = request.headers.get("accept-language", "")
        found = pages.found(name, said)
        if found is not None and found.file in site.files:
            return _answer(site.files[found.file], request, around | _spoken(found))
        file = site.files.get(name) or (None if NO_VIEW.search(name) else shell)
        return _nothing(site, request, around) if file is None else _answer(file, request, around)

    return [page]


def _spoken(found: pages.Found) -> dict[str, str]:
    vary = {"vary": "accept-encoding, accept-language"} if found.chosen else {}
    return {"content-language": found.language, **vary}


def _nothing(site: Site, request: Request[Any, Any, Any], around: dict[str, str]) -> Response[bytes]:
    """In words for people, and else as every call says it. Raises NotFound."""
    language = pages.spoken(request.headers.get("accept-language", ""))
    file = site.files.get(pages.file_of(pages.NOTHING, language))
    if file is None or "text/html" not in request.headers.get("accept", ""):
        raise NotFound
    headers = around | {"content-language": language, "cache-control": "no-store"}
    return Response(file.body, status_code=404, headers=headers, media_type=file.media_type)


def file_of(name: str, body: bytes) -> File:
    """Ready to be sent."""
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
    headers = {"vary": "accept-encoding", **around, "etag": file.etag, "cache-control": file.cache}
    if request.headers.get("if-none-match") == file.etag:
        return Response(b"", status_code=304, headers=headers)
    zipped = file.zipped if "gzip" in request.headers.get("accept-encoding", "") else None
    if zipped is not None:
        headers["content-encoding"] = "gzip"
    body = zipped if zipped is not None else file.body
    return Response(body, headers=headers, media_type=file.media_type)
