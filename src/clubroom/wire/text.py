"""What may be stored as text or as a name: refused here, before it reaches a batch with others."""

import re
import unicodedata

from clubroom.errors import InvalidText, TextTooLong
from clubroom.wire.limits import NAME_CODE_POINTS_MAX

# Overrides turn the direction of what follows them, even outside their own message; isolates do not.
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e")
_BIDI = _OVERRIDES | frozenset("\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
# Controls (but tab and line feed), separators of lines and paragraphs, overrides, halves of pairs. One look
# for all: a character at a time, a long message held everybody else up for a millisecond.
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\ud800-\udfff]")
_EMPTY_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters that show nothing

_PICTOGRAPHS = frozenset(map(chr, range(0x1F000, 0x1FB00)))


def checked_text(text: str, code_points_max: int) -> str:
    """A message's text as it is. Raises InvalidText or TextTooLong."""
    if len(text) > code_points_max:
        raise TextTooLong(f"At most {code_points_max} characters.")
    if not _shows(text):
        raise InvalidText("There is nothing to read in it.")
    if _UNSAFE.search(text):
        raise InvalidText("There is a character in it that cannot be shown safely.")
    return text


def checked_name(name: str, code_points_max: int = NAME_CODE_POINTS_MAX) -> str:
    """A person's or a club's name, trimmed, in one line. Raises InvalidText or TextTooLong."""
    if len(name) > 4 * code_points_max:  # before it is normalised, which takes the square of its length
        raise TextTooLong(f"At most {code_points_max} characters.")
    name = unicodedata.normalize("NFC", name).strip()
    if len(name) > code_points_max:
        raise TextTooLong(f"At most {code_points_max} characters.")
    if not _shows(name):
        raise InvalidText("A name is needed.")
    if any(_is_control(character) or character in _BIDI for character in name):
        raise InvalidText("There is a character in it that cannot be shown safely.")
    return name


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}


def _shows(text: str) -> bool:
    """Something is left when spaces, marks, format characters and empty letters are taken away."""
    return any(map(_is_seen, text))


def _is_seen(character: str) -> bool:
    kind = unicodedata.category(character)
    if kind == "Cn":  # not known to this Python: an emoji of a later Unicode, or nothing
        return character in _PICTOGRAPHS
    return kind[0] in "LNPS" and character not in _EMPTY_LETTERS
