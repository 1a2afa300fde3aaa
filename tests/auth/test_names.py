"""What people type about themselves."""

import pytest

from clubroom.auth.credentials import checked_email, checked_password
from clubroom.errors import ClubroomError, InvalidField, InvalidText, TextTooLong
from clubroom.wire.text import checked_name


@pytest.mark.parametrize(
    "name", ["Ann", "Jörg Müller", "山田太郎", "نور", "👩‍👩‍👧", "X Æ A-12", "a" * 60, "ا‌ب"]
)
def test_people_have_all_kinds_of_names(name: str) -> None:
    assert checked_name(f"  {name}\t") == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "\u200b\u200d",
        "\u3164",
        "\u2800",
        "An\0n",
        "An\nn",
        "\u202eAnn",
        "An\u2066n",
        "\ud800",
        "A\u2028B",
    ],
)
def test_a_name_is_one_line_with_something_to_see(name: str) -> None:
    with pytest.raises(InvalidText):
        checked_name(name)


def test_a_name_has_an_end() -> None:
    with pytest.raises(TextTooLong):
        checked_name("a" * 61)


def test_an_address_is_kept_in_lower_case() -> None:
    assert checked_email(" Ann.B+club@Example.ORG ") == "ann.b+club@example.org"


@pytest.mark.parametrize(
    "text",
    [
        *("", "ann", "ann@", "@example.org", "ann@example", "a b@example.org", "a@b@c.org", "ann@example."),
        *(
            "ann@exam\0ple.org",
            "ann@example.org\nBcc: x@example.org",
            "a" * 250 + "@b.org",
            "<a@example.org>",
        ),
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidField):
        checked_email(text)


def test_a_password_is_the_same_however_a_keyboard_composes_it() -> None:
    assert checked_password("cafe\u0301 au lait") == checked_password("caf\u00e9 au lait")


@pytest.mark.parametrize("text", ["short", "a" * 201, "with\0a NUL in it", "half a sign \ud800"])
def test_a_password_has_its_limits_and_its_refusal_does_not_repeat_it(text: str) -> None:
    with pytest.raises(ClubroomError) as refused:
        checked_password(text)
    assert text not in str(refused.value)
