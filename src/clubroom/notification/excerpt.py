"""What people wrote, as it is told outside of Clubroom: with names for whom it calls, and cut to fit."""

import re
from collections.abc import Mapping

_CALLED = re.compile(r"<@([^<>\s]{1,255})>")


def named(text: str, names: Mapping[str, str], *, everybody: str, somebody: str) -> str:
    """Names instead of the ids in a text, for whom it calls; `somebody` where no name is known."""

    def name(found: re.Match[str]) -> str:
        called = found[1]
        return "@" + (everybody if called == "all" else names.get(called, somebody))

    return _CALLED.sub(name, text)


def cut(text: str, characters_max: int) -> str:
    """At most so long, and then it shows that there is more."""
    return text if len(text) <= characters_max else text[: characters_max - 1].rstrip() + "…"
