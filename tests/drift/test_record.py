"""Whoever reads what was done in a club reads sentences, one for every kind that the server writes."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_WRITES = re.compile(r"perform _audit(?:_room)?\(\w+(?:\.\w+)?, \w+, ([^;]*?);", re.DOTALL)
_KIND = re.compile(r"^'(\w+)'|(?:then|else) '(\w+)'")
_PREFIXES = re.compile(r'^  \w+: "(.+)",$', re.MULTILINE)


def written() -> set[str]:
    files = (ROOT / "src/clubroom/dba/migrations").glob("*.sql")
    calls = [call for file in files for call in _WRITES.findall(file.read_text())]
    return {first or second for call in calls for first, second in _KIND.findall(call)}


@pytest.mark.parametrize("language", ["en", "de"])
def test_everything_that_is_done_in_a_club_is_told_as_a_sentence(language: str) -> None:
    told = (ROOT / f"web/src/texts/record.{language}.ts").read_text()
    assert {kind for kind in written() if not re.search(rf"^    {kind}: \(", told, re.MULTILINE)} == set()


def test_everything_that_is_done_in_a_club_is_found_by_its_kind() -> None:
    lists = _PREFIXES.findall((ROOT / "web/src/state/record.ts").read_text())
    prefixes = tuple(prefix for each in lists for prefix in each.split(","))
    assert len(written()) > 20
    assert {kind for kind in written() if not kind.startswith(prefixes)} == set()
