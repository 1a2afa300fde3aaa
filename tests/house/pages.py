"""Sites that people link to: real servers on loopback, found by names that stand for the public network.

What has no name here goes the product's own way, past its guard: so a redirect to this machine is refused as
it would be anywhere.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpcore

from clubroom.ports.pages import PORTS, Pages
from clubroom.ports.public_only import PublicOnly
from house.certificate import Certificate, issued

TOWN = ".town.example"
Endless = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Answer:
    """What is answered to a path. `then` writes on, as long as it likes. `length` = also tell the length."""

    body: bytes = b""
    status: int = 200
    type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    then: Endless | None = None
    length: bool = True


class Sites:
    """By host and path. `asked` = what came, in order: host, path and headers."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.ports: dict[int, int] = {}
        self._writers: set[asyncio.StreamWriter] = set()

    def page(self, address: str, *metas: str, title: str = "A page", body: str = "", **more: str) -> str:
        """Somebody puts a page there; the link to it. `more` = what it says by og:…, without the `og:`."""
        said = "".join(f'<meta property="og:{name}" content="{value}">' for name, value in more.items())
        text = f"<!doctype html><html><head><title>{title}</title>{said}{''.join(metas)}</head>{body}"
        return self.put(address, Answer(text.encode()))

    def put(self, address: str, answer: Answer) -> str:
        """`address` without its scheme: `news.town.example/a`. The link to it."""
        self.answers[address] = answer
        return f"https://{address}"

    def times(self, address: str) -> int:
        """How often it was asked for."""
        return sum(f"{host}{path}" == address for host, path, _ in self.asked)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One question, one answer."""
        self._writers.add(writer)
        try:
            await self._answer(reader, writer)
            await writer.drain()
        except (asyncio.IncompleteReadError, OSError):
            writer.transport.abort()
        finally:
            self._writers.discard(writer)
            writer.close()

    def close(self) -> None:
        """Whatever goes on ends."""
        for writer in self._writers:
            writer.transport.abort()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        path = asked.split(" ")[1]
        self.asked.append((headers["host"], path, headers))
        answer = self.answers.get(f"{headers['host']}{path}", Answer(b"nothing", 404))
        told = {"content-type": answer.type} | answer.headers
        if answer.length and answer.then is None:
            told["content-length"] = str(len(answer.body))
        head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        writer.write(f"HTTP/1.1 {answer.status} Said\r\n{head}\r\n".encode() + answer.body)
        if answer.then is not None:
            await answer.then(writer)


class Town(httpcore.AsyncNetworkBackend):
    """Names under `town.example` lead to the sites; everything else is the product's."""

    def __init__(self, sites: Sites) -> None:
        self.sites = sites
        self.real = PublicOnly(ports=frozenset(PORTS.values()))
        self._here = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 (httpcore names it)
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Port 80 and port 443 lead to a server each."""
        if not host.endswith(TOWN):
            return await self.real.connect_tcp(host, port, timeout, local_address, socket_options)
        return await self._here.connect_tcp("127.0.0.1", self.sites.ports[port], timeout)


@asynccontextmanager
async def sites_open(certificate: Certificate) -> AsyncIterator[Sites]:
    """Until the block ends: plain on port 80, with TLS on port 443."""
    sites = Sites()
    tls = certificate.theirs
    servers = {
        port: await asyncio.start_server(sites.serve, "127.0.0.1", 0, ssl=tls if port == 443 else None)
        for port in PORTS.values()
    }
    sites.ports = {port: server.sockets[0].getsockname()[1] for port, server in servers.items()}
    try:
        yield sites
    finally:
        for server in servers.values():
            server.close()
        sites.close()


def certified(folder: Path) -> Certificate:
    """For all sites."""
    return issued(folder, f"*{TOWN}")


def pages_of(sites: Sites, certificate: Certificate, *, fetch_s: float = 8.0) -> Pages:
    """As the product fetches them."""
    return Pages(backend=Town(sites), trusted=certificate.ours, fetch_s=fetch_s)
