"""What a page says that it is about, read out of its head. Whoever wrote it may mean harm: it is read in
pieces, for so long, and what comes of it is plain text.
"""

import codecs
import re
import time
import unicodedata
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin

import msgspec

from clubroom import wire
from clubroom.ports.pages import Found, NoPage, plain_address

PIECE_CHARACTERS = 4_096
UNFINISHED_CHARACTERS_MAX = 32 * 1024
"""Of one tag, or whatever a page never closes: what the parser would begin to read anew with each piece."""
READ_S = 0.5
CODE_POINTS_READ_MAX = 4_000
SNIFFED_BYTES = 1_024
_SPACES = re.compile(r"\s+")
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# Those of the web. Python knows others, and some of them take the square of what they read.
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}
_OF_THE_WEB = frozenset(
    {
        *("utf-8", "utf-16", "utf-16-le", "utf-16-be", "big5", "euc_jp", "euc_kr", "gb18030", "iso2022_jp"),
        *("koi8-r", "koi8-u", "mac-roman", "shift_jis", "cp866", "cp874"),
        *(f"cp125{n}" for n in range(9)),
        *(f"iso8859-{n}" for n in range(2, 17) if n not in {9, 12}),
    }
)
_TITLES = ("og:title", "twitter:title", "title")
_DESCRIPTIONS = ("og:description", "twitter:description", "description")
_SITES = ("og:site_name",)
_PICTURES = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
_READ = frozenset({*_TITLES, *_DESCRIPTIONS, *_SITES, *_PICTURES})


class Page(msgspec.Struct, frozen=True, omit_defaults=True):
    """In plain text, each in one line and as long as it may be shown. `picture` = where it lies."""

    title: str
    description: str = ""
    site: str = ""
    picture: str = ""


def read_page(found: Found) -> Page | None:
    """None = it has no title."""
    said = _said(_decoded(found))
    title = _first(said, _TITLES, wire.PREVIEW_TITLE_CODE_POINTS_MAX)
    if not title:
        return None
    return Page(
        title=title,
        description=_first(said, _DESCRIPTIONS, wire.PREVIEW_DESCRIPTION_CODE_POINTS_MAX),
        site=_first(said, _SITES, wire.PREVIEW_SITE_CODE_POINTS_MAX),
        picture=_picture(found.url, said),
    )


def plain(text: str, code_points_max: int) -> str:
    """In one line, and without what cannot be seen or turns the direction of what follows."""
    text = _SPACES.sub(" ", unicodedata.normalize("NFC", text[:CODE_POINTS_READ_MAX]))
    shown = "".join(
        one for one in text if unicodedata.category(one) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    )
    shown = shown.strip()
    return shown if len(shown) <= code_points_max else shown[: code_points_max - 1].rstrip() + "…"


class _Head(HTMLParser):
    """Keeps the first of each that is of use, and where the title ends. `close` is never called: what is not
    finished would be read again from each of its signs.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: dict[str, str] = {}
        self.ended = False
        self._title: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Also of one that ends in itself."""
        if self._title is not None:
            self._title.append(self.get_starttag_text() or "")  # there is nothing but text in a title
        elif tag == "body":
            self.ended = True
        elif tag == "title" and "title" not in self.said:
            self._title = []
        elif tag == "meta" and not self.ended:
            self._meta(attrs)

    def handle_endtag(self, tag: str) -> None:
        """Of the title, of the head, of others."""
        if self._title is not None:
            if tag == "title":
                self.said["title"] = "".join(self._title)[:CODE_POINTS_READ_MAX]
                self._title = None
            else:
                self._title.append(f"</{tag}>")
        elif tag == "head":
            self.ended = True

    def handle_data(self, data: str) -> None:
        """Only the title's is of use."""
        if self._title is not None:
            self._title.append(data)

    def _meta(self, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(reversed(attrs))  # the first of two counts
        name = (named.get("property") or named.get("name") or "").strip().lower()
        content = named.get("content")
        if name in _READ and content and name not in self.said:
            self.said[name] = content[:CODE_POINTS_READ_MAX]


def _said(text: str) -> dict[str, str]:
    head, begun = _Head(), time.monotonic()
    for piece in _pieces(text):
        try:
            head.feed(piece)
        except AssertionError:  # how the parser says that this is no HTML; what it has read so far is
            break
        if head.ended or len(head.rawdata) > UNFINISHED_CHARACTERS_MAX or time.monotonic() - begun > READ_S:
            break
    return head.said


def _pieces(text: str) -> Iterator[str]:
    return (text[at : at + PIECE_CHARACTERS] for at in range(0, len(text), PIECE_CHARACTERS))


def _first(said: dict[str, str], names: tuple[str, ...], code_points_max: int) -> str:
    return next((shown for name in names if (shown := plain(said.get(name, ""), code_points_max))), "")


def _picture(url: str, said: dict[str, str]) -> str:
    named = next((said[name].strip() for name in _PICTURES if said.get(name, "").strip()), "")
    if not named:
        return ""
    try:
        return plain_address(urljoin(url, named))
    except (ValueError, NoPage):
        return ""


def _decoded(found: Found) -> str:
    for mark, charset in _MARKS:
        if found.body.startswith(mark):
            return found.body[len(mark) :].decode(charset, "replace")
    named = _META_CHARSET.search(found.body[:SNIFFED_BYTES])
    said = found.charset or (named[1].decode() if named else "")
    return found.body.decode(_known(said), "replace")


def _known(charset: str) -> str:
    try:
        name = codecs.lookup(charset).name if charset else "utf-8"
    except (LookupError, ValueError):
        return "utf-8"
    name = _WIDER.get(name, name)
    return name if name in _OF_THE_WEB else "utf-8"
