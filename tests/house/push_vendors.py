"""Two push services for apps, as far as we speak to them: HTTP/2 over TLS, by hypercorn on loopback."""

import asyncio
import functools
import json
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qs

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypercorn.asyncio import serve
from hypercorn.config import Config
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from clubroom.ports.push.apns import ApnsKey
from clubroom.ports.push.fcm import FcmAccount
from house.certificate import Certificate
from house.line import Line, to_port

Json = dict[str, Any]


@dataclass
class Told:
    """What a token's push is answered with."""

    status: int = 200
    body: Json = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


Does = Told | Literal["hang", "cut"]


class Vendor:
    """What both have in common. Of each call it keeps the headers and the body, by the device's token."""

    def __init__(self) -> None:
        self.line: Line | None = None
        self.told: dict[str, Does] = {}
        self.taken: dict[str, list[tuple[dict[str, str], Json]]] = {}
        self.hanging_ends = asyncio.Event()
        self.asked = 0
        self.signed_by: list[str] = []

    @property
    def url(self) -> str:
        assert self.line is not None
        return f"https://localhost:{self.line.port}"

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One call, as ASGI has it."""
        if scope["type"] != "http":
            return
        assert scope["http_version"] == "2"
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        body, more = b"", True
        while more:
            part = await receive()
            body += part.get("body", b"")
            more = part.get("more_body", False)
        told = self.answer(scope["path"], headers, body)
        if told == "hang":
            await self.hanging_ends.wait()
            told = Told()
        if told == "cut":
            assert self.line is not None
            self.line.reset()
        if isinstance(told, Told):
            said = [(name.encode(), value.encode()) for name, value in told.headers.items()]
            await send({"type": "http.response.start", "status": told.status, "headers": said})
            await send({"type": "http.response.body", "body": json.dumps(told.body).encode()})

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> Does:
        raise NotImplementedError

    def pushed(self, token: str, headers: dict[str, str], body: Json) -> Does:
        self.asked += 1
        self.signed_by.append(headers["authorization"].partition(" ")[2])
        told = self.told.get(token, Told())
        if isinstance(told, Told) and told.status == 200:
            self.taken.setdefault(token, []).append((headers, body))
        return told


class Apns(Vendor):
    """Its tokens are refused once they stand in `expired`."""

    def __init__(self) -> None:
        super().__init__()
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.expired: set[str] = set()
        private = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        self.ours = ApnsKey(
            team="TEAM123456", key_id="KEY1234567", private_key=private, bundle="org.club.app"
        )

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> Does:
        signed = headers["authorization"].removeprefix("bearer ")
        said = jwt.decode(signed, ECKey.import_key(self.key.public_key()))
        assert said.header["kid"] == "KEY1234567"
        assert said.claims["iss"] == "TEAM123456"
        if signed in self.expired:
            self.asked += 1
            return Told(403, {"reason": "ExpiredProviderToken"})
        return self.pushed(path.removeprefix("/3/device/"), headers, json.loads(body))


@functools.cache
def rsa_key() -> rsa.RSAPrivateKey:
    """Made once: it takes a second."""
    return rsa.generate_private_key(65537, 2048)


class Fcm(Vendor):
    """It gives tokens, and takes those that it has not taken back."""

    def __init__(self) -> None:
        super().__init__()
        self.key = rsa_key()
        self.given: list[str] = []
        self.taken_back: set[str] = set()
        self.gives = Told()

    @property
    def ours(self) -> FcmAccount:
        private = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        return FcmAccount(
            project_id="club-1",
            private_key_id="key-1",
            private_key=private,
            client_email="push@club-1.example",
            token_uri=f"{self.url}/token",
        )

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> Does:
        if path == "/token":
            return self._grant(body)
        assert path == "/v1/projects/club-1/messages:send"
        if headers["authorization"].removeprefix("Bearer ") not in {*self.given} - self.taken_back:
            self.asked += 1
            return Told(401)
        message = json.loads(body)["message"]
        return self.pushed(message["token"], headers, message)

    def _grant(self, body: bytes) -> Does:
        form = parse_qs(body.decode())
        said = jwt.decode(form["assertion"][0], RSAKey.import_key(self.key.public_key()))
        assert form["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
        assert said.header["kid"] == "key-1"
        assert (said.claims["iss"], said.claims["aud"]) == ("push@club-1.example", f"{self.url}/token")
        assert said.claims["exp"] - said.claims["iat"] == 3_600
        if self.gives.status == 200:
            self.given.append(os.urandom(12).hex())
            return Told(200, {"access_token": self.given[-1], "expires_in": 3_600, "token_type": "Bearer"})
        return self.gives


@asynccontextmanager
async def vending(vendor: Vendor, certificate: Certificate) -> AsyncIterator[None]:
    """Until the block ends. A line leads to it, so that it can be cut."""
    listening = socket.create_server(("127.0.0.1", 0))
    vendor.line = Line(to_port(listening.getsockname()[1]))
    await vendor.line.lay()
    config = Config()
    config.bind = [f"fd://{listening.detach()}"]
    config.certfile = config.keyfile = str(certificate.pem)
    config.errorlog = None
    config.graceful_timeout = 0
    ends = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(serve(vendor, config, shutdown_trigger=ends.wait))
        try:
            yield
        finally:
            await vendor.line.close()
            ends.set()
