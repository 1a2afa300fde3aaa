"""Club codes: 12 characters of Crockford's alphabet, 60 bits, so that guessing is hopeless and reading aloud
is easy. Shown as `K7QM-9XRT-2HVC`, typed however one likes.
"""

import re
import secrets

from clubroom.errors import InvalidCode
from clubroom.wire import CODE_CHARACTERS

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TYPED_CHARACTERS_MAX = 64
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015\u2212_.\u200b\u200e\u200f\ufeff]+")  # what phones and chats put in


def new_code() -> str:
    """A fresh code as it is stored: 12 characters, no dashes."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_CHARACTERS))


def shown(code: str) -> str:
    """In groups of four."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def as_typed(text: str) -> str:
    """The code that somebody meant: case, dashes and spaces are ignored, O is 0, I and L are 1.

    Raises InvalidCode for what cannot be one, the same answer as for a code that nobody made. It is no guess,
    and counts for none.
    """
    if len(text) > TYPED_CHARACTERS_MAX:
        raise InvalidCode
    code = _BETWEEN.sub("", text).upper().translate(_READ_AS)
    if len(code) != CODE_CHARACTERS or not set(code) <= set(ALPHABET):
        raise InvalidCode
    return code
