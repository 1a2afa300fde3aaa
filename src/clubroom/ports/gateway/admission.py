"""Who may open a socket: what is judged before the 101, and the counts it is judged by."""

import base64
import binascii
import ipaddress
import json
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar

from clubroom.bucket import Bucket
from clubroom.errors import ClubroomError, ForeignOrigin, Malformed, NotFound, RateLimited, Unavailable
from clubroom.ports.gateway.behind import NOBODY, Trust

RETRY_MS = 1_000


class UpgradeRequired(ClubroomError):
    """Another version of the WebSocket protocol than 13."""

    code: ClassVar[str] = "upgrade_required"
    status: ClassVar[int] = 426
    title: ClassVar[str] = "Speak WebSocket version 13 here."


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """A limit on everything. Per address: an IPv6 network of 64 bits counts as one address.

    `waiting_sockets_max` are those of one address that have not been greeted. Handshakes of one address may
    come `handshakes_burst` at once and `handshakes_per_s` in the long run; at most `addresses_max` are
    remembered for it. Of control frames and fragments one socket may send `chatter_max` at once and
    `chatter_per_s` in the long run.
    """

    frame_bytes_max: int = 24 * 1024
    sockets_max: int = 20_000
    waiting_sockets_max: int = 20
    handshakes_burst: int = 1_000
    handshakes_per_s: int = 100
    addresses_max: int = 10_000
    chatter_max: int = 1_000
    chatter_per_s: int = 100
    close_wait_s: float = 2.0


@dataclass(frozen=True, slots=True)
class Request:
    """The head of an HTTP request. Names of headers are in lower case; a repeated one stands repeatedly."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]

    @classmethod
    def parse(cls, head: bytes) -> "Request":
        """Read a head that an HTTP parser has already found well-formed."""
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _version = first.split(" ", 2)
        pairs = (line.partition(":") for line in lines if line)
        return cls(method, target, tuple((name.strip().lower(), value.strip()) for name, _, value in pairs))

    def all(self, name: str) -> list[str]:
        """Every value of a header."""
        return [value for key, value in self.headers if key == name]

    def one(self, name: str) -> str | None:
        """The value of a header that may stand at most once."""
        values = self.all(name)
        if len(values) > 1:
            raise Malformed(f"The header {name} stands twice.")
        return values[0] if values else None


class Admission:
    """The doorkeeper of one gateway."""

    def __init__(
        self,
        limits: Limits,
        *,
        path: str,
        allowed_origin: Callable[[str], bool],
        trust: Trust = NOBODY,
    ) -> None:
        self.limits = limits
        self._path = path
        self._allowed_origin = allowed_origin
        self._trust = trust
        self._rate = HandshakeRate(limits)
        self._waiting: dict[str, int] = {}

    def judge(self, request: Request, peer: str) -> str:
        """The address behind this handshake, or the reason why it is refused. The cheapest comes first."""
        address = self._trust.address(peer, request.all)
        self._rate.take(address)
        self._judge_target(request)
        self._judge_upgrade(request)
        self._judge_origin(request)
        if self._waiting.get(counted_as(address), 0) >= self.limits.waiting_sockets_max:
            raise RateLimited(retry_ms=RETRY_MS)
        return address

    def waits(self, address: str) -> None:
        """A socket of this address is open, and has not been greeted."""
        key = counted_as(address)
        self._waiting[key] = self._waiting.get(key, 0) + 1

    def waits_no_more(self, address: str) -> None:
        """It was greeted, or it is gone."""
        key = counted_as(address)
        left = self._waiting[key] - 1
        if left:
            self._waiting[key] = left
        else:
            del self._waiting[key]

    def _judge_target(self, request: Request) -> None:
        path, mark, _query = request.target.partition("?")
        if mark:
            raise Malformed("No query here: the token goes into the first frame.")
        if path != self._path:
            raise NotFound

    def _judge_upgrade(self, request: Request) -> None:
        if request.method != "GET":
            raise Malformed("A socket opens with GET.")
        if request.one("sec-websocket-version") != "13":
            raise UpgradeRequired
        if request.one("content-length") not in (None, "0") or request.all("transfer-encoding"):
            raise Malformed("The request that opens a socket has no body.")
        if not is_key(request.one("sec-websocket-key")):
            raise Malformed("Sec-WebSocket-Key is 16 bytes in base64.")

    def _judge_origin(self, request: Request) -> None:
        """None at all is allowed: that is no browser, so there is no cookie to steal."""
        origin = request.one("origin")
        if origin is not None and (origin == "null" or not self._allowed_origin(origin)):
            raise ForeignOrigin


class HandshakeRate:
    """A bucket of handshakes for each address; whoever was silent longest is forgotten first."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def take(self, address: str) -> None:
        """Count one handshake, or refuse it."""
        key, now, burst = counted_as(address), time.monotonic(), self._limits.handshakes_burst
        bucket = self._buckets.pop(key, None) or Bucket(burst, now)
        if len(self._buckets) >= self._limits.addresses_max:
            self._buckets.popitem(last=False)
        self._buckets[key], wait_s = bucket.take(self._limits.handshakes_per_s, burst, now)
        if wait_s:
            raise RateLimited(retry_ms=RETRY_MS)


def counted_as(address: str) -> str:
    """One household is one address: of IPv6 the first 64 bits."""
    if ":" not in address:
        return address
    return str(ipaddress.IPv6Network((address.partition("%")[0], 64), strict=False).network_address)


def is_key(text: str | None) -> bool:
    """Whether this is 16 bytes in base64."""
    try:
        return len(base64.b64decode(text or "", validate=True)) == 16
    except (binascii.Error, ValueError):
        return False


def refusal(error: ClubroomError) -> bytes:
    """A whole HTTP answer that says why there is no socket, after which the connection ends."""
    problem = {
        "type": f"urn:clubroom:error:{error.code}",
        "title": error.title,
        "status": error.status,
        "code": error.code,
    }
    headers = {"Content-Type": "application/problem+json", "Cache-Control": "no-store", "Connection": "close"}
    if error.detail:
        problem["detail"] = error.detail
    if error.retry_ms is not None:
        problem["retry_ms"] = error.retry_ms
        headers["Retry-After"] = str(-(-error.retry_ms // 1000))
    if error.status == UpgradeRequired.status:
        headers |= {"Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Connection": "Upgrade, close"}
    body = json.dumps(problem).encode()
    headers["Content-Length"] = str(len(body))
    lines = [f"HTTP/1.1 {error.status} {HTTPStatus(error.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def unavailable() -> Unavailable:
    """Stopping, or full."""
    return Unavailable(retry_ms=RETRY_MS)
