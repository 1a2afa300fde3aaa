"""Who a text calls by name: `<@user id>`, or `<@all>` for everybody. Clients show the name instead."""

import re

from clubroom import wire
from clubroom.errors import InvalidField

EVERYBODY = "*"

_CALLED = re.compile(r"<@([^<>\s]{1,255})>")
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)


def mentioned(text: str) -> list[str]:
    """User ids in the order in which they appear, "*" for everybody; what stands in code calls nobody.

    Raises InvalidField for too many.
    """
    if "<@" not in text:
        return []
    names = dict.fromkeys(_CALLED.findall(without_code(text)))
    if len(names) > wire.MENTIONS_A_MESSAGE_MAX:
        raise InvalidField(f"At most {wire.MENTIONS_A_MESSAGE_MAX} names in one message.")
    return [EVERYBODY if name == "all" else name for name in names]


def without_code(text: str) -> str:
    """What is said in words."""
    return _CODE.sub(" ", text)
