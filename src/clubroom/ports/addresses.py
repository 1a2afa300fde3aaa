"""Which addresses belong to the public network. Only there may a call go whose goal somebody else has chosen.

The lists are our own (from the special-purpose registries of IANA, October 2026): what Python calls global
differs between its versions.
"""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address

_NOT_PUBLIC = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by customers of a provider
        "127.0.0.0/8",
        "168.63.129.16/32",  # looks public; in one cloud it is the machine's host
        "169.254.0.0/16",  # link-local, and where clouds tell machines their secrets
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "2001::/23",  # protocols; Teredo too, which carries any IPv4 address
        "2001:db8::/32",
        "2002::/16",  # 6to4, the same
        "3fff::/20",
    )
)
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_GIVEN_OUT = ip_network("2000::/3")
"""All that is public of IPv6 lies here: no loopback, no local network, no IPv4 address in other clothes."""
_NAT64 = ip_network("64:ff9b::/96")


def is_public(address: Address) -> bool:
    """Whether anybody on the internet could call it. Where a network has only IPv6, names of IPv4 hosts
    resolve to NAT64 addresses: judged by what is in them.
    """
    if isinstance(address, IPv6Address):
        if address in _NAT64:
            return is_public(IPv4Address(int(address) & 0xFFFF_FFFF))
        if address not in _GIVEN_OUT:
            return False
    return not any(address in network for network in _NOT_PUBLIC)


def may_be_public(host: str) -> bool:
    """Of a host as `urlsplit` has it, in ASCII. A name may still resolve to anything: that is judged when it
    is called. Raises ValueError for numbers that are no address as one writes them.
    """
    if ":" in host:
        return is_public(ip_address(host))
    if not _HOST.fullmatch(host):
        return False
    if _NUMBER.fullmatch(host.rpartition(".")[2]):  # looked up, 2130706433 is 127.0.0.1
        return is_public(IPv4Address(host))
    return True
