"""Pages that are read without the app: the first one, privacy, terms, licences, and what is not there.

They are drawn when the client is built (web/pages.ts), in each language, with gaps: where this place is, and
who runs it. Those are filled once, when a server starts or when the edge is put together.
"""

import re
from collections.abc import Iterable
from html import escape
from typing import Literal, get_args

import msgspec

Language = Literal["en", "de"]
LANGUAGES: tuple[Language, ...] = get_args(Language)  # the first is for whoever reads none of them
FOLDER = "pages/"
ADDRESSES = {
    "": "landing",
    "about": "landing",
    "privacy": "privacy",
    "terms": "terms",
    "licences": "licences",
}
"""Which page stands at an address, in the language that is read best; behind `en/` and `de/` in that one."""
NOTHING = "not-found"
LANGUAGES_READ_MAX = 20

_BLOCK = re.compile(r"\[\[(\w+)\]\](.*?)\[\[/\1\]\]", re.DOTALL)
_GAP = re.compile(r"\{\{(\w+)\}\}")
_MAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")


class Operator(msgspec.Struct, frozen=True):
    """Who runs this place, as they want to be named. All is plain text; `address` may have several lines."""

    name: str = ""
    address: str = ""
    contact: str = ""


class Found(msgspec.Struct, frozen=True):
    """A page by its file; `chosen`: its language was not in the address."""

    file: str
    language: Language
    chosen: bool


def filled(page: str, operator: Operator, origin: str) -> str:
    """The page with nothing left open. `origin` is where this place is, without a slash at its end."""
    told = {
        "operator": escape(operator.name),
        "address": escape(operator.address),
        "contact": _contact(operator.contact),
        "origin": escape(origin),
    }
    kept = {name for name, text in told.items() if text} | (set() if operator.name else {"nobody"})
    return _GAP.sub(lambda gap: told[gap[1]], _without(page, kept))


def found(path: str, accepted: str) -> Found | None:
    """What stands at a path, which has no slashes around it; `accepted` is what the header says."""
    first, _, rest = path.partition("/")
    named = next((one for one in LANGUAGES if one == first), None)
    page = ADDRESSES.get(rest if named else path)
    if page is None or (named and rest == "about"):
        return None
    language = named or spoken(accepted)
    return Found(file_of(page, language), language, chosen=named is None)


def file_of(page: str, language: Language) -> str:
    """Where it lies in the built client."""
    return f"{FOLDER}{page}-{language}.html"


def spoken(accepted: str) -> Language:
    """The first language that is ours; browsers name them in the order of what people read best."""
    wanted = (one.strip()[:2].lower() for one in accepted.split(",")[:LANGUAGES_READ_MAX])
    return next((ours for one in wanted for ours in LANGUAGES if ours == one), LANGUAGES[0])


def _without(page: str, kept: Iterable[str]) -> str:
    """Blocks that do not apply are gone, and the others have lost their marks; they may lie in each other."""
    return _BLOCK.sub(lambda block: _without(block[2], kept) if block[1] in kept else "", page)


def _contact(text: str) -> str:
    """What is an address leads there."""
    if text.startswith("https://"):
        return f'<a href="{escape(text)}">{escape(text)}</a>'
    if _MAIL.fullmatch(text):
        return f'<a href="mailto:{escape(text)}">{escape(text)}</a>'
    return escape(text)
