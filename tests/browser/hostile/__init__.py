"""Texts that try to be more than text: one an attack, by kind. What is shown of each stands beside it."""

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

MARKS = re.compile(r"[\s*_~`>#\\-]")


class Hostile(NamedTuple):
    """`shown` is what has to stand on the screen, as `visible` gives it."""

    text: str
    shown: str


def visible(text: str) -> str:
    """The characters of a text without white space and without what may have been a mark."""
    return MARKS.sub("", text)


def corpus() -> list[Hostile]:
    """All of texts.json: a text; a text and what is `shown` of it; or something that is repeated."""
    kinds = json.loads((Path(__file__).parent / "texts.json").read_text())
    return [_read(entry) for entries in kinds.values() for entry in entries]


def _read(entry: Any) -> Hostile:
    if isinstance(entry, str):
        return Hostile(entry, visible(entry))
    if "repeat" in entry:
        text = entry["before"] + entry["repeat"] * entry["times"] + entry["after"]
        return Hostile(text, visible(text))
    return Hostile(entry["text"], visible(entry["shown"]))
