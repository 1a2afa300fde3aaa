"""Which lines of docs/ux.md a test shows at a phone and at a desk; each exists, and the page names it."""

import ast
import re
from pathlib import Path

import pytest

from browser.lines import NOT_SHOWN, SHOWS, not_there

TOP = Path(__file__).parent.parent
BROWSER = TOP / "tests/browser"
LINES = set(range(1, 40)) - {33}
"""What people bring along as habits; of forms (33) there is nothing to show yet. Further rows are our own."""
ROW = re.compile(r"^\| (\d+) \| .*$", re.MULTILINE)


def named_tests() -> dict[str, Path]:
    """Every test in a browser, by its name, with its file."""
    return {
        node.name: path
        for path in BROWSER.glob("test_*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.AsyncFunctionDef) and node.name.startswith("test_")
    }


def test_every_line_is_shown_at_both_sizes_but_those_that_are_listed() -> None:
    lacks = {size: LINES - shows.keys() for size, shows in SHOWS.items()}
    assert lacks == NOT_SHOWN


def test_what_shows_a_line_exists() -> None:
    there = named_tests()
    for size, shows in SHOWS.items():
        for line, name in shows.items():
            assert name.partition("[")[0] in there, f"{line} at the {size}: there is no {name}"


def test_a_name_with_parameters_that_no_run_has_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SHOWS, "phone", {1: "test_a[phone]", 2: "test_b", 3: "test_elsewhere[phone]"})
    monkeypatch.setitem(SHOWS, "desktop", {1: "test_a[desktop]", 2: "test_b"})
    assert not_there({"test_a[phone]", "test_a[desktop]", "test_b"}) == set()
    assert not_there({"test_a[phone]", "test_a[desktop]", "test_b[phone]"}) == set()
    assert not_there({"test_a[phone]", "test_a[desk]", "test_b"}) == {"test_a[desktop]"}
    assert not_there({"test_a", "test_b"}) == {"test_a[phone]", "test_a[desktop]"}


def test_the_page_names_for_each_line_what_shows_it() -> None:
    rows = {int(match[1]): match[0] for match in ROW.finditer((TOP / "docs/ux.md").read_text())}
    there = named_tests()
    for size, shows in SHOWS.items():
        for line, name in shows.items():
            plain = name.partition("[")[0]
            named = plain in rows[line] or f"tests/browser/{there[plain].name}" in rows[line]
            assert named, f"docs/ux.md, {line}: it does not name {plain}, which shows it at the {size}"
