"""Who runs this place, as the host says it in the environment: for the pages that name them."""

import unicodedata
from collections.abc import Mapping

from clubroom.fe.pages import Operator

NAME, ADDRESS = "CLUBROOM_OPERATOR_NAME", "CLUBROOM_OPERATOR_ADDRESS"
CONTACT = "CLUBROOM_OPERATOR_CONTACT"
VARIABLES = frozenset({NAME, ADDRESS, CONTACT})
CODE_POINTS_MAX = 500
UNFIT = ("Cc", "Cs")
"""Categories of Unicode: what steers a terminal, and bytes that are no UTF-8."""


def operator_of(environment: Mapping[str, str]) -> Operator:
    """Raises ValueError, whose words are for the host."""
    name, address, contact = (_told(environment, one) for one in (NAME, ADDRESS, CONTACT))
    if (address or contact) and not name:
        raise ValueError(f"{NAME} says whose {ADDRESS} and {CONTACT} are: set it, too.")
    return Operator(name, address, contact)


def _told(environment: Mapping[str, str], variable: str) -> str:
    """Plain text; an address may have lines, and the others have one. Tabs become blanks: they are pasted."""
    text = (environment.get(variable) or "").strip().replace("\r\n", "\n").replace("\t", " ")
    if len(text) > CODE_POINTS_MAX:
        raise ValueError(f"{variable} has {len(text)} letters, and {CODE_POINTS_MAX} are the most.")
    if variable != ADDRESS and "\n" in text:
        raise ValueError(f"{variable} is one line. {ADDRESS} may have several.")
    unfit = next((one for one in text if one != "\n" and unicodedata.category(one) in UNFIT), None)
    if unfit is not None:
        at = f"U+{ord(unfit):04X}, at {text.index(unfit) + 1}"
        raise ValueError(f"{variable} has a character that cannot be shown, {at}.")
    return text
