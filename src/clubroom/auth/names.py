"""What people type about themselves: names, e-mail addresses, passwords. Checked here, before storing."""

import re
import unicodedata

from clubroom.errors import InvalidField, InvalidText, TextTooLong
from clubroom.wire import (
    EMAIL_CODE_POINTS_MAX,
    NAME_CODE_POINTS_MAX,
    PASSWORD_CODE_POINTS_MAX,
    PASSWORD_CODE_POINTS_MIN,
)

# Control, surrogate, not assigned to anything (noncharacters), line and paragraph separators
_REFUSED_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
# Marks that turn the direction of what stands beside a name in somebody's list
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Letters that show nothing
_EMPTY_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]+@[^\s@<>()\[\],;:\\\"]+\.[^\s@<>()\[\],;:\\\".]+")


def checked_name(text: str) -> str:
    """A person's or a club's name, trimmed: 1 to 60 code points, on one line, with something to see."""
    name = text.strip()
    if any(unicodedata.category(sign) in _REFUSED_CATEGORIES or sign in _DIRECTIONS for sign in name):
        raise InvalidText("A name has no control characters.")
    if not any(map(_seen, name)):
        raise InvalidText("A name must not be blank.")
    if len(name) > NAME_CODE_POINTS_MAX:
        raise TextTooLong(f"A name has at most {NAME_CODE_POINTS_MAX} characters.")
    return name


def checked_email(text: str) -> str:
    """An e-mail address in lower case. Whether it exists only a mail can tell."""
    email = unicodedata.normalize("NFC", text.strip()).lower()
    if len(email) > EMAIL_CODE_POINTS_MAX or not email.isprintable() or not _EMAIL.fullmatch(email):
        raise InvalidField("This is not an e-mail address.")
    return email


def checked_password(text: str) -> str:
    """A password as it is, within the limits of its length. Any characters, but no half ones and no NUL."""
    if not PASSWORD_CODE_POINTS_MIN <= len(text) <= PASSWORD_CODE_POINTS_MAX:
        raise InvalidField(
            f"A password has {PASSWORD_CODE_POINTS_MIN} to {PASSWORD_CODE_POINTS_MAX} characters."
        )
    if any(sign == "\0" or unicodedata.category(sign) == "Cs" for sign in text):
        raise InvalidField("A password has no such characters.")
    return same_password(text)


def same_password(text: str) -> str:
    """However a keyboard composes an é, it is the same password."""
    return unicodedata.normalize("NFC", text)


def _seen(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LNPS" and sign not in _EMPTY_LETTERS
