"""Who runs this place, as the host says it in the environment: for the pages that name them."""

from collections.abc import Mapping

from clubroom.fe.pages import Operator

NAME, ADDRESS = "CLUBROOM_OPERATOR_NAME", "CLUBROOM_OPERATOR_ADDRESS"
CONTACT = "CLUBROOM_OPERATOR_CONTACT"
VARIABLES = frozenset({NAME, ADDRESS, CONTACT})
CODE_POINTS_MAX = 500


def operator_of(environment: Mapping[str, str]) -> Operator:
    """Raises ValueError, whose words are for the host."""
    name, address, contact = (_told(environment, one) for one in (NAME, ADDRESS, CONTACT))
    if (address or contact) and not name:
        raise ValueError(f"{NAME} says whose {ADDRESS} and {CONTACT} are: set it, too.")
    return Operator(name, address, contact)


def _told(environment: Mapping[str, str], variable: str) -> str:
    """Plain text; an address may have lines, and the others have one."""
    text = (environment.get(variable) or "").strip().replace("\r\n", "\n")
    lines = text if variable != ADDRESS else text.replace("\n", "")
    if len(text) > CODE_POINTS_MAX or not lines.isprintable():
        raise ValueError(f"{variable} is text of at most {CODE_POINTS_MAX} letters.")
    return text
