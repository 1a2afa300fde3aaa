"""Letters: what the outbox names, in words. Plain text, short, the link on a line of its own.

What people wrote (their names, a club's) stands in quotation marks, in one line, and is no address that a
mail program would make a link of.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from clubroom.notification.letters_de import LETTERS as GERMAN
from clubroom.notification.letters_de import PIECES as GERMAN_PIECES
from clubroom.notification.letters_en import LETTERS as ENGLISH
from clubroom.notification.letters_en import PIECES as ENGLISH_PIECES

LANGUAGES: Mapping[str, Mapping[str, tuple[str, str]]] = {"en": ENGLISH, "de": GERMAN}
PIECES: Mapping[str, Mapping[str, str]] = {"en": ENGLISH_PIECES, "de": GERMAN_PIECES}
NAME_CHARACTERS_MAX = 120
DAY_S = 86_400

_NO_LETTERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")
_LOOKS_LIKE_A_LINK = re.compile(r"(?<=\S)((?<!\d)[.:]|[.:](?!\d)|[@/\\])(?=\S)")  # and 19:30 does not


class Kind(msgspec.Struct, frozen=True):
    """`path` is where its link leads, up to the secret; none = it has no link. With `fresh` the secret is
    made when the letter is sent. `news`: so is what it says; nobody asked for it, and its link ends such
    letters. After `good_s` it is not worth sending any more.
    """

    path: str = ""
    fresh: bool = False
    news: bool = False
    good_s: int = 3 * DAY_S


KINDS: Mapping[str, Kind] = {
    "verify": Kind("/verify#", fresh=True, good_s=2 * DAY_S),
    "reset": Kind("/reset#", fresh=True, good_s=1_800),
    "invitation": Kind("/welcome#"),
    "address_changed": Kind(),
    "password_changed": Kind(),
    "password_reset": Kind(),
    "passkey_added": Kind(),
    "identity_added": Kind(),
    "account_deleted": Kind(),
    "missed": Kind("/mail#", news=True, good_s=DAY_S // 2),
    "announcement": Kind("/mail#", news=True, good_s=DAY_S),
    "event_asked": Kind("/mail#", news=True, good_s=DAY_S),
    "event_offer": Kind("/mail#", news=True, good_s=DAY_S),
    "event_changed": Kind("/mail#", news=True, good_s=DAY_S),
    "event_cancelled": Kind("/mail#", news=True, good_s=DAY_S),
}


class Written(msgspec.Struct, frozen=True):
    """A letter in words."""

    subject: str
    text: str


def written(
    template: str,
    language: str,
    params: Mapping[str, Any],
    *,
    link: str,
    place: str,
    blocks: Mapping[str, str] = MappingProxyType({}),
) -> Written:
    """In English where there are no other words. `place` is the address of this place; `blocks` are lines of
    ours, put in as they are.
    """
    subject, text = LANGUAGES.get(language, ENGLISH)[template]
    said = {name: shown(str(value)) for name, value in params.items()}
    said |= {"link": link, "place": place, **blocks}
    return Written(subject.format_map(said), text.format_map(said))


def shown(name: str, characters_max: int = NAME_CHARACTERS_MAX) -> str:
    """What a person wrote, for a line of ours."""
    return _LOOKS_LIKE_A_LINK.sub(r"\1 ", _NO_LETTERS.sub(" ", name))[:characters_max]
