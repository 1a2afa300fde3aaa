"""What may be stored as text or as a name: refused here, before it reaches a batch with others."""

import re
import unicodedata

from clubroom.errors import InvalidText, TextTooLong
from clubroom.wire.limits import NAME_CODE_POINTS_MAX, NAME_MARKS_IN_A_ROW_MAX

# Controls (but tab and line feed), separators of lines and paragraphs, halves of pairs, and overrides, which
# turn the direction of what follows them, even outside their own message (isolates do not). One look for all:
# a character at a time, a long message held everybody else up for a millisecond.
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\ud800-\udfff]")
_EMPTY_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters that show nothing

# In a name nothing may hide: somebody would look like somebody else. Of what is not shown by itself these are
# needed, each once and in its place: joiners between letters of scripts that join, joiners and variations of
# emoji, keycaps, variations of ideographs and of Mongolian letters, three flags.
_JOINING = "\u0600-\u0dff\u1000-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefc\U00010f00-\U00011fff"
_EMOJI = "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001fbff"
_IDEOGRAPHS = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TAGGED = "|".join("".join(chr(0xE0000 + ord(tag)) for tag in place) for place in ("gbeng", "gbsct", "gbwls"))
_NEEDED = re.compile(
    f"(?<=[{_JOINING}])[\u200c\u200d](?=[{_JOINING}])"
    f"|(?<=[{_EMOJI}\ufe0f])\u200d(?=[{_EMOJI}])|(?<=[{_EMOJI}])[\ufe0e\ufe0f]|(?<=[0-9#*])\ufe0f(?=\u20e3)"
    f"|(?<=[{_IDEOGRAPHS}])[\ufe00-\ufe02\U000e0100-\U000e01ef]|(?<=[\u1820-\u18aa])[\u180b-\u180d\u180f]"
    f"|(?<=\U0001f3f4)(?:{_TAGGED})\U000e007f"
)
# Beside what Unicode calls format characters: fillers, variations, and what it keeps free for such.
_HIDDEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8"
    "\U000e0000-\U000e0fff]"
)

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
    """The name of a person, club or channel: trimmed, in one line, with nothing hidden in it.

    Raises InvalidText or TextTooLong.
    """
    if len(name) > 4 * code_points_max:  # before it is normalised, which takes the square of its length
        raise TextTooLong(f"At most {code_points_max} characters.")
    name = unicodedata.normalize("NFC", name).strip()
    if len(name) > code_points_max:
        raise TextTooLong(f"At most {code_points_max} characters.")
    if not _shows(name):
        raise InvalidText("A name is needed.")
    if _hides(_NEEDED.sub("", name)):
        raise InvalidText("There is a character in it that cannot be shown safely.")
    if _marks_in_a_row(name) > NAME_MARKS_IN_A_ROW_MAX:
        raise InvalidText(f"At most {NAME_MARKS_IN_A_ROW_MAX} marks on one letter.")
    return name


def checked_lines(text: str, code_points_max: int) -> str:
    """What may be left out: trimmed, and empty where nothing was written. Raises InvalidText, TextTooLong."""
    return checked_text(text.strip(), code_points_max) if text.strip() else ""


def checked_unfinished(text: str) -> str:
    """What is still being typed, as it is: there may be nothing in it yet. Raises InvalidText."""
    if _UNSAFE.search(text):
        raise InvalidText("There is a character in it that cannot be shown safely.")
    return text


def _hides(name: str) -> bool:
    kinds = {unicodedata.category(character) for character in name}
    return not kinds.isdisjoint({"Cc", "Cf", "Cs", "Zl", "Zp"}) or _HIDDEN.search(name) is not None


def _marks_in_a_row(name: str) -> int:
    most = row = 0
    for character in name:
        row = row + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        most = max(most, row)
    return most


def _shows(text: str) -> bool:
    """Something is left when spaces, marks, format characters and empty letters are taken away."""
    return any(map(_is_seen, text))


def _is_seen(character: str) -> bool:
    kind = unicodedata.category(character)
    if kind == "Cn":  # not known to this Python: an emoji of a later Unicode, or nothing
        return character in _PICTOGRAPHS
    return kind[0] in "LNPS" and character not in _EMPTY_LETTERS
