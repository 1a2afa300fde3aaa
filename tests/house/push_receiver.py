"""A push service of the tests, and the browsers behind it: RFC 8030 over TLS, on loopback.

It knows nothing of ours: it opens what arrives with `http_ece`, with keys that only it has, checks who signed
it by hand, and keeps what it has read for each subscription. It refuses what the real ones refuse.
"""

import asyncio
import base64
import json
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import http_ece
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from clubroom.ports.push import Target
from house.certificate import Certificate
from house.within import within

Json = dict[str, Any]
Does = int | Literal["hang", "cut"]
"""A status, or what a broken service does."""
BODY_BYTES_MAX = 4_096
TOPIC_CHARACTERS_MAX = 32
DAY_S = 86_400


@dataclass
class Pushed:
    """What a browser was told: as its service worker reads it, and the headers that came with it."""

    said: Json
    headers: dict[str, str]


@dataclass
class Subscription:
    """Of one browser. `signed_by` = the only key that may push to it; empty = any."""

    signed_by: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: os.urandom(16))
    pushed: list[Pushed] = field(default_factory=list)
    asked: int = 0
    does: Does = 201
    with_headers: dict[str, str] = field(default_factory=dict)
    with_body: bytes = b""


class Receiver:
    """As many subscriptions as one likes, all in one server."""

    def __init__(self) -> None:
        self.port = 0
        self.connections = 0
        self._subscriptions: dict[str, Subscription] = {}
        self._writers: set[asyncio.StreamWriter] = set()
        self._news = asyncio.Event()
        self._closing = asyncio.Event()

    @property
    def origin(self) -> str:
        return f"https://localhost:{self.port}"

    def subscribe(self, application_server_key: str = "") -> Target:
        """A new browser, as it tells the server of itself. It is bound to the key it subscribes with."""
        name = base64.urlsafe_b64encode(os.urandom(24)).decode()
        made = self._subscriptions[name] = Subscription(application_server_key)
        point = made.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return Target(
            kind="web", address=f"{self.origin}/push/{name}", p256dh=unpadded(point), auth=unpadded(made.auth)
        )

    def of(self, target: Target) -> Subscription:
        return self._subscriptions[target.address.rpartition("/")[2]]

    def answers(
        self, target: Target, does: Does, *, headers: dict[str, str] | None = None, body: bytes = b""
    ) -> None:
        """From now on, for this one: `answers(target, 429, headers={"retry-after": "120"})`."""
        subscription = self.of(target)
        subscription.does = does
        subscription.with_body = body
        subscription.with_headers = headers or {}

    def received(self, target: Target) -> list[Json]:
        """All that it took for this one, the oldest first."""
        return [one.said for one in self.of(target).pushed]

    def shown(self, target: Target) -> dict[str, Json]:
        """What stands on that screen if nobody touches it: by topic, and without what was withdrawn."""
        newest = {one.headers["topic"]: one.said for one in self.of(target).pushed}
        return {topic: said for topic, said in newest.items() if not said.get("withdraw")}

    async def until(self, holds: Callable[[], object], what: str, seconds: float = 10) -> None:
        """Looks again whenever something has come."""
        async with within(seconds, what):
            while not holds():
                self._news.clear()
                await self._news.wait()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until it ends."""
        self.connections += 1
        self._writers.add(writer)
        try:
            while await self._answer(reader, writer):
                await writer.drain()
        except (asyncio.IncompleteReadError, OSError):
            writer.transport.abort()
        finally:
            self._writers.discard(writer)
            writer.close()

    def close(self) -> None:
        """Whatever hangs ends."""
        self._closing.set()
        for writer in self._writers:
            writer.transport.abort()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        asked, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        method, path, _ = asked.split(" ")
        subscription = self._subscriptions.get(path.removeprefix("/push/"))
        does: Does = 404 if subscription is None or method != "POST" else subscription.does
        if subscription is not None:
            subscription.asked += 1
            if does == 201:
                does = self._taken(subscription, headers, body)
        self._news.set()
        if does == "hang":
            await self._closing.wait()
        if isinstance(does, str):
            writer.transport.abort()
            return False
        more = subscription.with_headers if subscription else {}
        said = subscription.with_body if subscription else b""
        told = {"content-length": str(len(said)), "location": f"{self.origin}/message/1"} | more
        lines = [f"HTTP/1.1 {does} Said", *(f"{name}: {value}" for name, value in told.items()), "", ""]
        writer.write("\r\n".join(lines).encode() + said)
        return True

    def _taken(self, subscription: Subscription, headers: dict[str, str], body: bytes) -> int:
        if len(body) > BODY_BYTES_MAX:
            return 413
        if not headers.get("ttl", "").isdecimal() or headers.get("content-encoding") != "aes128gcm":
            return 400
        if len(headers.get("topic", "")) > TOPIC_CHARACTERS_MAX:
            return 400
        signed = headers.get("authorization", "")
        if not signed.startswith("vapid t="):
            return 401
        token, _, key = signed.removeprefix("vapid t=").partition(", k=")
        if not is_signed(token, key, self.origin) or subscription.signed_by not in {"", key}:
            return 403
        said = http_ece.decrypt(body, private_key=subscription.key, auth_secret=subscription.auth)
        subscription.pushed.append(Pushed(json.loads(said), headers))
        return 201


@asynccontextmanager
async def receiving(certificate: Certificate) -> AsyncIterator[Receiver]:
    """Until the block ends."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, ssl=certificate.theirs, backlog=512)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        receiver.close()


def is_signed(token: str, key: str, audience: str) -> bool:
    """RFC 8292: by this key, for this service, for a day at most, and it says whom to write to."""
    signed, _, signature = token.rpartition(".")
    header, claims = (json.loads(padded(part)) for part in signed.split("."))
    both = padded(signature)
    r, s = int.from_bytes(both[:32]), int.from_bytes(both[32:])
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), padded(key))
    try:
        public.verify(encode_dss_signature(r, s), signed.encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    lasts_s = claims["exp"] - time.time()
    contact = claims["sub"].startswith(("mailto:", "https:"))
    return bool(header["alg"] == "ES256" and claims["aud"] == audience and 0 < lasts_s <= DAY_S and contact)


def unpadded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def padded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
