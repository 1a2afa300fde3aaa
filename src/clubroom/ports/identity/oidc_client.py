"""How a host names an issuer. Apart from its adapter, which calls out."""

import ipaddress
import socket
from typing import Final
from urllib.parse import urlsplit

import msgspec

NAME_CODE_POINTS_MAX = 40
ISSUER_CHARACTERS_MAX = 300
TOLD_CHARACTERS_MAX = 500
LOOKS_LIKE: Final = "https://club.eu.auth0.com/, exactly as the issuer writes it"


class OidcClient(msgspec.Struct, frozen=True, kw_only=True):
    """What we are to an issuer. Without a secret we are a public client: PKCE protects the code all the
    same. `name` is what the button says.
    """

    issuer: str
    client_id: str
    secret: str | None = None
    name: str

    def __repr__(self) -> str:
        return f"OidcClient({self.issuer})"


def client_of(issuer: str, client_id: str, secret: str | None, name: str | None) -> OidcClient:
    """Raises ValueError, which repeats nothing, for what cannot be."""
    try:
        parts = urlsplit(issuer)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        raise ValueError(LOOKS_LIKE) from None
    # ASCII alone, and no blank: it is compared sign by sign
    clean = issuer.isascii() and issuer.isprintable() and not set(issuer) & set(' "<>\\^`{|}')
    beside = parts.query or parts.fragment or parts.username or parts.password
    if not clean or not host or beside or len(issuer) > ISSUER_CHARACTERS_MAX or not fits(issuer):
        raise ValueError(LOOKS_LIKE)
    for told in (client_id, secret or "x"):
        if not (told.isascii() and told.isprintable() and 0 < len(told) <= TOLD_CHARACTERS_MAX):
            raise ValueError(LOOKS_LIKE)
    shown = (name or host).strip()
    if not 0 < len(shown) <= NAME_CODE_POINTS_MAX or not shown.isprintable():
        shown = shown[:NAME_CODE_POINTS_MAX] if not name else ""
    if not shown:
        raise ValueError(f"at most {NAME_CODE_POINTS_MAX} letters on the button")
    return OidcClient(issuer=issuer, client_id=client_id, secret=secret, name=shown)


def fits(url: str) -> bool:
    """https, or this computer: whoever reads along on an open line could be anybody."""
    found = _host_of(url)
    return found is not None and (found[0] == "https" or (found[0] == "http" and _is_here(found[1])))


def leads(issuer: str, endpoint: str) -> bool:
    """Whether an issuer may send us there. One that is not on this computer sends nobody to what is."""
    found, its = _host_of(endpoint), _host_of(issuer)
    if found is None or its is None:
        return False
    return fits(endpoint) if _is_here(its[1]) else found[0] == "https" and not _is_here(found[1])


def _host_of(url: str) -> tuple[str, str] | None:
    """Scheme and host; None = it is no address."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return None
    return (parts.scheme, host) if host and url.isascii() and url.isprintable() else None


def _is_here(host: str) -> bool:
    """By name or by number, in each of the ways in which a look-up would take it for one."""
    name = host.rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    address = _address(name)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address is not None and (address.is_loopback or address.is_unspecified)


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(name))  # 127.1, 2130706433, 0x7f.1
    except OSError:
        return None
