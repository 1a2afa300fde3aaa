"""Which test shows which line of docs/ux.md, at a phone (390 × 844, with touch) and at a desk (1280 × 800).

A test that is named here really sits somebody down before a screen of that size: `shows_what_it_says` in
`conftest.py` holds it to it, and `tests/test_ux_lines.py` that no line is without a test.
"""

from browser.viewer import DESKTOP, PHONE

PHONE_SHOWS: dict[int, tuple[str, ...]] = {}
DESKTOP_SHOWS: dict[int, tuple[str, ...]] = {}
SHOWS = {"phone": PHONE_SHOWS, "desktop": DESKTOP_SHOWS}


def wanted_sizes(test: str) -> set[str]:
    """Before which sizes a test (by its whole name) has to sit somebody down."""
    plain = test.partition("[")[0]
    return {
        size
        for size, shows in SHOWS.items()
        if any(name in (test, plain) for names in shows.values() for name in names)
    }


def size_of(seat: tuple[dict[str, int], bool]) -> set[str]:
    screen, touched = seat
    if screen == PHONE and touched:
        return {"phone"}
    return {"desktop"} if screen == DESKTOP else set()
