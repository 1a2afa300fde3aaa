"""Which link of a text is shown: the first that clients make one of (web/src/parts/links.ts)."""

import re

from clubroom.chat.mentions import without_code

_LINK = re.compile(r"(?<![a-z0-9])https?://[^\s<>\"'`{}|\\^]+", re.IGNORECASE)
_TRAILING = ".,;:!?…])}»”’。、！？）*_~"


def first_link(text: str) -> str | None:
    """As it stands there; None = there is none. What stands in code is none."""
    found = _LINK.search(without_code(text))
    return _without_trailing(found[0].partition("](")[0]) if found else None


def _without_trailing(link: str) -> str:
    """A full stop after a link is not part of it; a bracket is, when it was opened inside."""
    kept = link.rstrip(_TRAILING)
    opened = link[len(kept) : len(kept) + 1] == ")" and kept.count("(") > kept.count(")")
    return f"{kept})" if opened else kept
