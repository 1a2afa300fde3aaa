"""Pages of others, which somebody has linked to: read as far as is needed to tell what they are about.

Whoever writes a link chooses where a server of ours calls. So it calls by http and https alone, on their own
ports, where the public network is (see `public_only`), and each redirect is judged as the first address was.
It tells nothing of whoever linked or reads: no cookie, no referrer, no address of theirs. It reads so much,
for so long, and unpacks no more than it would have read.
"""

import asyncio
import re
import ssl
import zlib
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import httpcore
import msgspec

from clubroom import __version__
from clubroom.ports.addresses import may_be_public
from clubroom.ports.calling import Answer, Caller, NoAnswer
from clubroom.ports.public_only import NotPublic, PublicOnly

FETCH_S = 8.0  # a page, or a picture, with all redirects
PAGE_BYTES_MAX = 512 * 1024
PICTURE_BYTES_MAX = 5_000_000
REDIRECTS_MAX = 4
ADDRESS_CHARACTERS_MAX = 2_000
HOST_CHARACTERS_MAX = 253
PORTS = {"http": 80, "https": 443}
PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})
HEADERS = {"user-agent": f"Clubroom/{__version__} (link preview)", "connection": "close"}
ASKED_FOR_PAGES = HEADERS | {"accept": "text/html,application/xhtml+xml", "accept-encoding": "identity"}
ASKED_FOR_PICTURES = HEADERS | {"accept": "image/webp,image/png,image/jpeg,image/gif"}
OK = 200
REDIRECTS = frozenset({301, 302, 303, 307, 308})
LATER = frozenset({408, 425, 429, *range(500, 600)})
_END_OF_HEAD = re.compile(rb"</head|<body", re.IGNORECASE)
_NOT_IN_AN_ADDRESS = re.compile(r"[\x00-\x20\x7f-\x9f<>\"'`{}|\\^\s]")
_KEPT = "/?:@!$&'()*+,;=%~-._[]"
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_UNPACKED = {"": None, "identity": None, "gzip": zlib.MAX_WBITS | 16, "x-gzip": zlib.MAX_WBITS | 16,
             "deflate": zlib.MAX_WBITS}  # fmt: skip


class Found(msgspec.Struct, frozen=True):
    """A page, or as much of it as was read. `url` = where it was in the end; `charset` as its server says."""

    url: str
    body: bytes
    charset: str = ""


class NoPage(Exception):
    """There is none that could be shown; `later` = there may be one. Without words: they would repeat what
    somebody has linked to.
    """

    def __init__(self, *, later: bool = False) -> None:
        super().__init__()
        self.later = later


class Pages:
    """Many at once are fine. `backend` and `trusted` are for tests."""

    def __init__(
        self,
        *,
        backend: httpcore.AsyncNetworkBackend | None = None,
        trusted: ssl.SSLContext | None = None,
        fetch_s: float = FETCH_S,
    ) -> None:
        self.fetch_s = fetch_s
        self._public = PublicOnly(ports=frozenset(PORTS.values()))
        self._caller = Caller(trusted=trusted, backend=backend or self._public)

    async def page(self, url: str) -> Found:
        """What is linked to, upto the end of its head. Raises NoPage."""
        answer, found_at = await self._followed(url, ASKED_FOR_PAGES, PAGE_BYTES_MAX, _END_OF_HEAD)
        said = answer.headers.get("content-type", "")
        if said.partition(";")[0].strip().lower() not in PAGE_TYPES:
            raise NoPage
        charset = _CHARSET.search(said)
        return Found(found_at, _unpacked(answer), charset[1] if charset else "")

    async def picture(self, url: str) -> bytes:
        """All of it, whatever it is. Raises NoPage."""
        answer, _ = await self._followed(url, ASKED_FOR_PICTURES, PICTURE_BYTES_MAX + 1, None)
        if len(answer.body) > PICTURE_BYTES_MAX or answer.headers.get("content-encoding"):
            raise NoPage
        return answer.body

    async def close(self) -> None:
        """Nothing is fetched any more."""
        await self._caller.close()
        self._public.close()

    async def _followed(
        self, url: str, headers: dict[str, str], bytes_max: int, upto: re.Pattern[bytes] | None
    ) -> tuple[Answer, str]:
        try:
            async with asyncio.timeout(self.fetch_s):
                for _ in range(REDIRECTS_MAX + 1):
                    url = plain_address(url)
                    answer = await self._caller.call("GET", url, headers, bytes_max=bytes_max, upto=upto)
                    if answer.status not in REDIRECTS:
                        break
                    url = _joined(url, answer.headers.get("location", ""))
        except NotPublic:
            raise NoPage from None
        except (NoAnswer, TimeoutError):
            raise NoPage(later=True) from None
        if answer.status != OK:
            raise NoPage(later=answer.status in LATER)
        return answer, url


def plain_address(link: str) -> str:
    """As it is asked for: in ASCII, and without the part that servers are not told. Raises NoPage for what no
    server of ours calls.
    """
    try:
        parts = urlsplit(link)
        if len(link) > ADDRESS_CHARACTERS_MAX or _NOT_IN_AN_ADDRESS.search(link) or not _is_of_the_web(parts):
            raise NoPage
        host = _ascii(parts.hostname or "")
        if not may_be_public(host) or not ({".", ":"} & set(host)):  # "intranet" is a name of some network
            raise NoPage
    except ValueError:
        raise NoPage from None
    place = f"[{host}]" if ":" in host else host
    query = f"?{quote(parts.query, safe=_KEPT)}" if parts.query else ""
    return f"{parts.scheme}://{place}{quote(parts.path, safe=_KEPT) or '/'}{query}"


def host_of(address: str) -> str:
    """Of one that `plain_address` has made."""
    return urlsplit(address).hostname or ""


def _is_of_the_web(parts: SplitResult) -> bool:
    return (
        parts.scheme in PORTS
        and "@" not in parts.netloc
        and parts.hostname is not None
        and len(parts.hostname) <= HOST_CHARACTERS_MAX
        and parts.port in (None, PORTS[parts.scheme])
    )


def _ascii(host: str) -> str:
    """Where browsers would come to another host than Python (they know a newer IDNA), to none."""
    if host.isascii():
        return host
    plain = host.encode("idna").decode()
    if plain.encode().decode("idna") != host:
        raise ValueError("Not one name for all.")
    return plain


def _joined(url: str, location: str) -> str:
    try:
        to = quote(location[: ADDRESS_CHARACTERS_MAX + 1].encode("latin-1"), safe=_KEPT + "#")
        return urljoin(url, to) if location else ""
    except ValueError:
        raise NoPage from None


def _unpacked(answer: Answer) -> bytes:
    """No more of it than would have been read: whatever is packed smaller is a bomb, or nothing of ours."""
    packed = answer.headers.get("content-encoding", "").strip().lower()
    if packed not in _UNPACKED:
        raise NoPage
    bits = _UNPACKED[packed]
    if bits is None:
        return answer.body
    try:
        return zlib.decompressobj(bits).decompress(answer.body, PAGE_BYTES_MAX)
    except zlib.error:
        raise NoPage from None
