"""One thing that was found."""

from typing import Literal

import msgspec


class Finding(msgspec.Struct, frozen=True):
    """`check` names what was looked at, for machines; `says` is a sentence; `todo` says what helps."""

    check: str
    level: Literal["good", "warning", "wrong"]
    says: str
    todo: str = ""


def good(check: str, says: str) -> Finding:
    """As it should be."""
    return Finding(check, "good", says)


def warning(check: str, says: str, todo: str) -> Finding:
    """It works, and somebody should know."""
    return Finding(check, "warning", says, todo)


def wrong(check: str, says: str, todo: str = "") -> Finding:
    """It does not work, or is not safe."""
    return Finding(check, "wrong", says, todo)
