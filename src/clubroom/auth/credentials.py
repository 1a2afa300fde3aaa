"""What people sign in with: e-mail addresses and passwords. Checked here, before storing."""

import re
import unicodedata

from clubroom.errors import InvalidField
from clubroom.wire import (
    EMAIL_CODE_POINTS_MAX,
    PASSWORD_CODE_POINTS_MAX,
    PASSWORD_CODE_POINTS_MIN,
)

_EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]+@[^\s@<>()\[\],;:\\\"]+\.[^\s@<>()\[\],;:\\\".]+")


def checked_email(text: str) -> str:
    """An e-mail address in lower case. Whether it exists only a mail can tell."""
    if len(text) > 2 * EMAIL_CODE_POINTS_MAX:  # before it is normalised, which takes the square of its length
        raise InvalidField("This is not an e-mail address.")
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
