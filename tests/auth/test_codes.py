"""Club codes, as they are made, shown and typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clubroom.auth.codes import ALPHABET, as_typed, new_code, shown
from clubroom.errors import InvalidCode


def test_a_code_has_sixty_bits_and_is_shown_in_groups_of_four() -> None:
    code = new_code()
    assert len(code) == 12
    assert set(code) <= set(ALPHABET)
    assert len(ALPHABET) == 32
    assert shown("K7QM9XRT2HVC") == "K7QM-9XRT-2HVC"


def test_no_two_codes_are_alike() -> None:
    assert len({new_code() for _ in range(1_000)}) == 1_000


@pytest.mark.parametrize(
    "typed",
    [
        "K7QM-9XRT-20VC",
        "k7qm9xrt20vc",
        "  k7qm 9xrt 20vc \n",
        "K7QM–9XRT—2OVC",
        "k7qm_9xrt.2ovc",
        "K7QM-9XRT-20VC\u200b",
    ],
)
def test_a_code_is_understood_however_it_is_typed(typed: str) -> None:
    assert as_typed(typed) == "K7QM9XRT20VC"


def test_letters_that_look_like_digits_are_read_as_digits() -> None:
    assert as_typed("oOiI lLab cdef") == "001111ABCDEF"


@pytest.mark.parametrize(
    "typed", ["", "K7QM-9XRT-2HV", "K7QM-9XRT-2HVCC", "UUUU-UUUU-UUUU", "é" * 12, "A" * 65]
)
def test_what_cannot_be_a_code_gets_the_same_answer_as_a_wrong_one(typed: str) -> None:
    with pytest.raises(InvalidCode):
        as_typed(typed)


@given(st.text(max_size=80))
def test_any_text_is_a_code_or_refused(text: str) -> None:
    try:
        code = as_typed(text)
    except InvalidCode:
        return
    assert as_typed(shown(code).lower()) == code
