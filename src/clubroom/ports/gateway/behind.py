"""Who stands behind whoever connects: a proxy, or the edge, speaks for people whose address we do not see.

Two may be believed. A proxy is known by its own address: `CLUBROOM_PROXIES` names it, or the network it is
in, and it writes `X-Forwarded-For`. The edge calls from addresses that are not ours to name, so it is known
by a secret that it sends with every request, beside the address that it speaks for.
"""

import hmac
import ipaddress
import logging
from collections.abc import Callable, Iterable

log = logging.getLogger(__name__)

FORWARDED = "x-forwarded-for"
EDGE_SECRET = "clubroom-edge-secret"  # noqa: S105 - the name of a header
EDGE_ADDRESS = "clubroom-edge-address"
Values = Callable[[str], list[str]]
"""Every value of a header, by its name in lower case."""


class Trust:
    """`proxies` are addresses and networks. Without an `edge_secret` no edge is believed."""

    def __init__(self, proxies: Iterable[str] = (), edge_secret: str | None = None) -> None:
        named = frozenset(proxies)
        self._networks = [ipaddress.ip_network(one) for one in named if "/" in one]
        self._alone = frozenset(plain_address(one) for one in named if "/" not in one)
        self._edge_secret = edge_secret.encode() if edge_secret else None
        self._complained = False

    def __contains__(self, address: object) -> bool:
        """Whether this is the address of a proxy; it is written in the usual form."""
        if address in self._alone or not self._networks:
            return address in self._alone
        seen = ipaddress.ip_address(str(address)) if address else None
        return seen is not None and any(seen in network for network in self._networks)

    def address(self, peer: str, values: Values) -> str:
        """Whom a request comes from; empty if even the peer has no address."""
        told = self._by_edge(values(EDGE_SECRET), values(EDGE_ADDRESS))
        return told or self._through_proxies(plain_address(peer), values(FORWARDED))

    def _by_edge(self, secrets: list[str], addresses: list[str]) -> str:
        if self._edge_secret is None or not secrets:
            return ""
        right = len(secrets) == 1 and hmac.compare_digest(secrets[0].encode(), self._edge_secret)
        if right and len(addresses) == 1:
            return plain_address(addresses[0].strip())
        if not self._complained:  # once: anybody can send it
            self._complained = True
            log.warning("Somebody says they are the edge and does not know CLUBROOM_EDGE_SECRET.")
        return ""

    def _through_proxies(self, address: str, forwarded: list[str]) -> str:
        """What they wrote is believed only as far as proxies wrote it."""
        if address not in self:
            return address
        for hop in reversed(",".join(forwarded).split(",")):
            previous = plain_address(hop.strip())
            if not previous:
                break
            address = previous
            if address not in self:
                break
        return address


NOBODY = Trust()


def plain_network(text: str) -> str:
    """An address, or a network like 10.0.0.0/8, in its usual form; empty if neither, or if everybody."""
    if "/" not in text:
        return plain_address(text)
    try:
        network = ipaddress.ip_network(text)
    except ValueError:
        return ""
    return str(network) if network.prefixlen else ""


def plain_address(text: str) -> str:
    """An IP address in its usual form, IPv4 also when it came mapped into IPv6; empty when it is none."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return ""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)
