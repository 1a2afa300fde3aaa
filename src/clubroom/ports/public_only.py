"""The way out for calls whose goal somebody else has chosen: to the public network, and nowhere else.

The host's name is looked up here, every address is judged, and the connection goes to an address that was
judged: a name that resolves to another one a moment later changes nothing. TLS still asks for the name.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address

import httpcore

from clubroom.ports.addresses import Address, is_public

Resolve = Callable[[str, int], Awaitable[Sequence[Address]]]
HTTPS_PORT = 443
LOOKUPS_MAX = 8
TRIED_MAX = 3


class NotPublic(Exception):
    """The goal lies in a network that is nobody else's business, or on a port that is none of the web's."""


class PublicOnly(httpcore.AsyncNetworkBackend):
    """For a pool of httpcore, which is `Caller`'s. `besides` says which addresses may be reached beyond the
    public ones, and on any port: for tests, the product never sets it.
    """

    def __init__(
        self,
        *,
        ports: Collection[int] = (HTTPS_PORT,),
        resolve: Resolve | None = None,
        besides: Callable[[Address], bool] | None = None,
    ) -> None:
        # A thread pool of its own: whoever names hosts that resolve slowly holds up nothing else.
        self._lookups = ThreadPoolExecutor(LOOKUPS_MAX, thread_name_prefix="lookup")
        self._resolve = resolve or self._looked_up
        self._besides = besides
        self._ports = ports
        self._connect = httpcore.AnyIOBackend().connect_tcp

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 (httpcore names it)
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """`timeout` is for each address that is tried. Raises NotPublic, and what connecting raises."""
        addresses = await self._resolve(host, port)
        open_to_us = [address for address in addresses if self._may_reach(address, port)]
        failed: Exception = NotPublic()
        for address in open_to_us[:TRIED_MAX]:
            try:
                return await self._connect(str(address), port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed

    def close(self) -> None:
        """Nothing is looked up any more."""
        self._lookups.shutdown(wait=False, cancel_futures=True)

    def _may_reach(self, address: Address, port: int) -> bool:
        if self._besides is not None and self._besides(address):
            return True
        return port in self._ports and is_public(address)

    async def _looked_up(self, host: str, port: int) -> list[Address]:
        found = await asyncio.get_running_loop().run_in_executor(self._lookups, _addresses, host, port)
        return [ip_address(address) for address in found]


def _addresses(host: str, port: int) -> list[str]:
    """In the order that the system prefers."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [str(place[0]) for *_, place in found]
