"""Where people reach this place, and who answers there."""

import asyncio
import http.client
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Literal, TypeVar
from urllib.parse import urlsplit

import msgspec

from clubroom import __version__, wire
from clubroom.app import local
from clubroom.app.doctor.finding import Finding, good, warning, wrong
from clubroom.app.settings import SettingError, Settings

ANSWER_S = 3.0
ANSWER_BYTES_MAX = 64 * 1024
HOW = 'How others can: docs/host.md, "An address that others can reach".'


def public_url(settings: Settings) -> Iterator[Finding]:
    """What people's browsers will say."""
    url = settings.url(settings.port)
    scheme, host = urlsplit(url).scheme, urlsplit(url).hostname or ""
    if _is_loopback(host):
        if settings.public_url is None and not _is_loopback(settings.host or "localhost"):
            yield warning(
                "public_url",
                f"Others may reach this server (HOST is {settings.host}), but their chat cannot connect: "
                "PUBLIC_URL is not set.",
                "Set it to what stands in their address bars.",
            )
            return
        yield warning("public_url", f"Only this computer can open Clubroom, at {url}.", HOW)
    elif scheme == "http":
        yield warning(
            "public_url",
            f"Whatever people write, and their passwords, can be read on the way: {url} is not https.",
            "That may do at home. Otherwise put a proxy with https in front, as docs/host.md says.",
        )
    else:
        yield good("public_url", f"People reach Clubroom at {url}, and nobody reads along.")
        if not settings.proxies and settings.edge_secret is None:
            yield warning(
                "proxies",
                "For https a proxy stands in front, and CLUBROOM_PROXIES does not name it: everybody seems "
                "to come from one address and shares its limits.",
                "On this computer: CLUBROOM_PROXIES=127.0.0.1,::1. An edge has CLUBROOM_EDGE_SECRET.",
            )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


async def port(settings: Settings, server: str | None) -> list[Finding]:
    """Who has the port. `server` is the process that serves the data folder, if one does."""
    try:
        free = local.bound(settings.host, settings.port)
    except SettingError as error:
        return [wrong("port", str(error), "Set HOST and PORT to what this computer has and you may use.")]
    for one in free:
        one.close()
    if free and server is None:
        return [good("port", f"Port {settings.port} is free. Clubroom is not running.")]
    if free:
        return [await _elsewhere(settings, server)]
    return [
        _who(settings, await asyncio.to_thread(_asked, local.reached(settings.host), settings.port), server)
    ]


T = TypeVar("T")
Answer = wire.Host | Literal["silent", "foreign"]


def _who(settings: Settings, answer: Answer, server: str | None) -> Finding:
    at = f"port {settings.port}"
    if answer == "silent":
        return wrong(
            "server",
            f"Something has {at} and does not answer within {ANSWER_S:.0f} s.",
            "If it is Clubroom, look at its log, and start it anew.",
        )
    if isinstance(answer, wire.Host) and (server is not None or settings.database_url is not None):
        return _running(answer, settings.port)
    says = f"Another {'Clubroom' if isinstance(answer, wire.Host) else 'program'} has {at}"
    todo = "Stop it, or set PORT to another one."
    if settings.public_url is not None:
        return wrong("port", f"{says}: Clubroom would take the next one, where nobody looks for it.", todo)
    return warning("port", f"{says}: Clubroom will take the next free one.", todo)


def _running(answer: wire.Host, number: int) -> Finding:
    if answer.version != __version__:
        return warning(
            "server",
            f"Clubroom {answer.version} runs on port {number}, and {__version__} is installed.",
            "Start it anew.",
        )
    return good("server", f"Clubroom {answer.version} runs on port {number} and answers.")


async def _elsewhere(settings: Settings, server: str | None) -> Finding:
    """Its port was taken when it started, or it does not answer anywhere."""
    host = local.reached(settings.host)
    for number in range(settings.port + 1, settings.port + local.PORTS_TRIED):
        answer = await asyncio.to_thread(_asked, host, number)
        if isinstance(answer, wire.Host):
            return warning(
                "server",
                f"Clubroom runs on port {number}: {settings.port} was taken at its start, and is free now.",
                "Start it anew if people look for it there.",
            )
    return wrong(
        "server",
        f"A server has the data folder ({server}), but answers on none of the ports from {settings.port} on.",
        "It may be starting. Otherwise look at what it said, stop it, and start it anew.",
    )


def _asked(host: str, number: int) -> Answer:
    """Whether a Clubroom that is well answers there."""
    connection = http.client.HTTPConnection(host, number, timeout=ANSWER_S)
    try:
        _get(connection, "/api/health", wire.Health)
        return _get(connection, "/api/host", wire.Host)
    except TimeoutError:
        return "silent"
    except (OSError, http.client.HTTPException, msgspec.DecodeError, UnicodeDecodeError):
        return "foreign"
    finally:
        connection.close()


def _get(connection: http.client.HTTPConnection, path: str, kind: type[T]) -> T:
    connection.request("GET", path)
    return msgspec.json.decode(connection.getresponse().read(ANSWER_BYTES_MAX), type=kind)
