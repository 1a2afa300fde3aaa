"""What may be stored as a message or as a name (abuse 19)."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clubroom.errors import InvalidText, TextTooLong
from clubroom.wire import NAME_CODE_POINTS_MAX, TEXT_CODE_POINTS_MAX
from clubroom.wire.text import checked_name, checked_text

READABLE = {
    "plain": "hello",
    "lines": "first\n\tsecond",
    "emoji": "🎶",
    "a family": "👩‍👩‍👧‍👦 and 🏳️‍🌈",
    "a keycap": "1️⃣",
    "Arabic": "مرحبا بالجميع",
    "Hebrew": "שלום לכולם",
    "Chinese": "大家好",
    "Japanese": "みなさん、こんにちは",
    "Korean": "안녕하세요",
    "Hindi": "नमस्ते",
    "Persian with a joiner": "می‌خواهم",
    "isolates": "the file \u2068תמונה.png\u2069 came",
    "marks of direction": "\u200f(שלום)\u200e",
    "combining": "e\u0301",
    "outside the first plane": "𝔘𝔫𝔦",
}
UNREADABLE = {
    "nothing": "",
    "spaces": "   ",
    "lines only": "\n\n\t",
    "no-break spaces": "\u00a0\u2003\u3000",
    "format characters": "\u200b\u200d\u2060\ufeff",
    "isolates with nothing in them": "\u2068\u2069",
    "a filler": "\u3164",
    "a line separator alone": "\u2028",
}
UNSAFE = {
    "NUL": "a\0b",
    "a bell": "a\x07",
    "an escape": "\x1b[31mred",
    "delete": "a\x7f",
    "a C1 control": "a\x85b",
    "a carriage return": "a\r\nb",
    "a high surrogate": "a\ud800",
    "a low surrogate": "\udc00a",
    "a right-to-left override": "invoice\u202egnp.exe",
    "a left-to-right override": "\u202dabc",
    "an embedding": "\u202aabc\u202c",
    "a line separator": "a\u2028b",
    "a paragraph separator": "a\u2029b",
}


def test_the_look_at_a_whole_message_finds_what_unicode_calls_unsafe() -> None:
    overrides = "\u202a\u202b\u202c\u202d\u202e"
    unsafe = {
        character
        for character in map(chr, range(sys.maxunicode + 1))
        if character in overrides
        or (unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} and character not in "\n\t")
    }
    assert {found for found in map(chr, range(sys.maxunicode + 1)) if is_refused(f"a{found}")} == unsafe


def is_refused(text: str) -> bool:
    try:
        checked_text(text, TEXT_CODE_POINTS_MAX)
    except InvalidText:
        return True
    return False


@pytest.mark.parametrize("text", READABLE.values(), ids=READABLE)
def test_people_write_in_every_script_and_with_every_emoji(text: str) -> None:
    assert checked_text(text, TEXT_CODE_POINTS_MAX) is text


@pytest.mark.parametrize("text", UNREADABLE.values(), ids=UNREADABLE)
def test_a_message_with_nothing_to_read_is_refused(text: str) -> None:
    """Abuse 19."""
    with pytest.raises(InvalidText):
        checked_text(text, TEXT_CODE_POINTS_MAX)


@pytest.mark.parametrize("text", UNSAFE.values(), ids=UNSAFE)
def test_what_cannot_be_shown_safely_is_refused_in_texts_and_names(text: str) -> None:
    """Abuse 19."""
    with pytest.raises(InvalidText):
        checked_text(text, TEXT_CODE_POINTS_MAX)
    with pytest.raises(InvalidText):
        checked_name(f"x{text}x", NAME_CODE_POINTS_MAX)


def test_a_text_has_at_most_four_thousand_code_points() -> None:
    """Abuse 19. Code points, not bytes and not UTF-16: the same number for everybody's script."""
    assert len(checked_text("🎶" * 4_000, TEXT_CODE_POINTS_MAX)) == 4_000
    with pytest.raises(TextTooLong):
        checked_text("x" * 4_001, TEXT_CODE_POINTS_MAX)


def test_a_text_that_is_too_long_is_not_looked_through() -> None:
    with pytest.raises(TextTooLong):
        checked_text("\0" * 1_000_000, TEXT_CODE_POINTS_MAX)


def test_a_name_is_trimmed_and_composed_before_it_is_measured() -> None:
    assert checked_name("  Zoe\u0308 ", NAME_CODE_POINTS_MAX) == "Zoë"
    assert len(checked_name("e\u0301" * 60, NAME_CODE_POINTS_MAX)) == 60
    with pytest.raises(TextTooLong):
        checked_name("x" * 61, NAME_CODE_POINTS_MAX)


@pytest.mark.parametrize("mark", ["\n", "\t", "\u2068", "\u2069", "\u200e", "\u200f", "\u061c", "\u202e"])
def test_a_name_stands_in_one_line_and_turns_no_direction(mark: str) -> None:
    with pytest.raises(InvalidText):
        checked_name(f"An{mark}n", NAME_CODE_POINTS_MAX)


SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
HIDDEN = {
    "a zero-width space": "\u200b",
    "a soft hyphen": "\u00ad",
    "a word joiner": "\u2060",
    "a byte order mark": "\ufeff",
    "a joiner": "\u200d",
    "a non-joiner": "\u200c",
    "a grapheme joiner": "\u034f",
    "tags": "\U000e0041\U000e007f",
    "the flag's tags alone": SCOTLAND[1:],
    "a variation": "\ufe0f",
    "an ideograph's variation": "\U000e0100",
    "a Mongolian variation": "\u180b",
    "a Mongolian separator": "\u180e",
    "a Hangul filler": "\u3164",
    "half a Hangul filler": "\uffa0",
    "a Hangul initial filler": "\u115f",
    "a blank of Braille": "\u2800",
    "a Khmer vowel that shows nothing": "\u17b4",
    "a mathematical nothing": "\u2063",
    "what Unicode keeps free and nobody shows": "\U000e0800",
    "musical layout": "\U0001d173",
}
NAMES = {
    "Persian with a non-joiner": "می\u200cخواهم",
    "Hindi with a joiner": "क\u094d\u200dष",
    "Sinhala with a joiner": "ශ\u0dca\u200dරී",
    "a family": "👩\u200d👩\u200d👧\u200d👦",
    "a rainbow": "Ann 🏳\ufe0f\u200d🌈",
    "a doctor of some colour": "👩🏽\u200d⚕\ufe0f",
    "a heart": "Ann ❤\ufe0f",
    "a keycap": "1\ufe0f\u20e3 Choir",
    "Scotland": f"Chess {SCOTLAND}",
    "a town written in an older way": "葛\U000e0100城",
    "Mongolian": "\u182a\u180b\u1820",
    "Burmese": "မြွှေ့",
    "Hebrew with points": "שִׁמְעוֹן",
    "Thai": "ผู้ใหญ่",
    "Vietnamese": "Nguyễn Thị Phượng",
    "a letter with four marks": "x\u0300\u0301\u0302\u0303",
}


@pytest.mark.parametrize("hidden", HIDDEN.values(), ids=HIDDEN)
@pytest.mark.parametrize("name", ["A{}nn", "Ann{}", "{}Ann", "Ann {} Lee", "Ann 1{}"])
def test_no_name_hides_what_tells_it_from_another(name: str, hidden: str) -> None:
    """Abuse 19: two people would look like one."""
    with pytest.raises(InvalidText):
        checked_name(name.format(hidden))


@pytest.mark.parametrize(
    "name", ["❤\ufe0f\ufe0f", "می\u200c\u200cخ", "👩\u200d\u200d👧", "👩\u200d", "葛\ufe0f\U000e0100"]
)
def test_joiners_and_variations_stand_alone_and_between_what_they_join(name: str) -> None:
    with pytest.raises(InvalidText):
        checked_name(name)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_names_are_written_in_every_script_and_with_every_emoji(name: str) -> None:
    assert checked_name(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize("mark", ["\u0316", "\u0489", "\u0e47"])
def test_on_one_letter_of_a_name_stand_four_marks_at_most(mark: str) -> None:
    """Abuse 19: more of them cover the lines above and below."""
    assert checked_name(f"Zx{mark * 4}y") == f"Zx{mark * 4}y"
    with pytest.raises(InvalidText):
        checked_name(f"Zx{mark * 5}y")
    assert checked_text(f"Zx{mark * 5}y", TEXT_CODE_POINTS_MAX)


@given(st.text(st.characters(), max_size=50))
def test_any_text_is_kept_as_it_is_or_refused(text: str) -> None:
    try:
        kept = checked_text(text, 40)
    except (InvalidText, TextTooLong):
        return
    assert kept == text
    assert kept.encode().decode() == text


@given(st.text(st.characters(), max_size=80))
def test_a_name_that_was_taken_is_taken_again_unchanged(text: str) -> None:
    try:
        name = checked_name(text, 60)
    except (InvalidText, TextTooLong):
        return
    assert checked_name(name, 60) == name
    assert "\n" not in name


def test_an_emoji_younger_than_python_is_a_message() -> None:
    assert checked_text("\U0001fabf", 10) == "\U0001fabf"
    with pytest.raises(InvalidText):
        checked_text("\U000fffff", 10)
