"""How a club shows itself, and by which clock and in which language."""

import re
import unicodedata
import zoneinfo
from functools import cache

import msgspec
from msgspec import UNSET

from clubroom import wire
from clubroom.chat.emotes import canonical_emoji
from clubroom.errors import InvalidField

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def checked_look(to: wire.PatchGroup) -> wire.PatchGroup:
    """The same with its sign in one form. Raises InvalidField."""
    if to.time_zone is not UNSET and to.time_zone is not None and to.time_zone not in _time_zones():
        raise InvalidField("A time zone is one of the IANA database, like Europe/Berlin.")
    if to.language is not UNSET and to.language is not None and not _is_language(to.language):
        raise InvalidField("A language is a tag like de or pt-BR.")
    if to.colour is not UNSET and not 0 <= to.colour < wire.COLOURS:
        raise InvalidField(f"A colour is a number from 0 to {wire.COLOURS - 1}.")
    if to.sign is not UNSET and to.sign is not None:
        to = msgspec.structs.replace(to, sign=checked_sign(to.sign))
    return to


def _is_language(tag: str) -> bool:
    return len(tag) <= wire.LANGUAGE_CHARACTERS_MAX and _LANGUAGE.fullmatch(tag) is not None


def checked_sign(typed: str) -> str:
    """One emoji, or up to three letters or digits. Raises InvalidField."""
    typed = typed.strip()
    found = canonical_emoji(typed)
    if found is not None:
        return found
    letters = unicodedata.normalize("NFC", typed) if len(typed) <= 4 * wire.SIGN_LETTERS_MAX else ""
    if 1 <= len(letters) <= wire.SIGN_LETTERS_MAX and all(
        unicodedata.category(letter)[0] in "LN" for letter in letters
    ):
        return letters
    raise InvalidField(f"A sign is one emoji, or up to {wire.SIGN_LETTERS_MAX} letters.")
