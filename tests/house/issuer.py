"""An issuer of OpenID Connect on loopback that says whatever a test wants: right things, and wrong ones."""

import asyncio
import base64
import contextlib
import hashlib
import json
import time
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import cache
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote_plus, urlsplit

from joserfc import jwk, jws

from house.uuid7 import uuid7

CLIENT, SECRET, BACK = "club", "a secret of client and issuer", "http://localhost:8000/signed-in"
Json = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]
KINDS: dict[str, Callable[[], Any]] = {
    "RS256": lambda: jwk.RSAKey.generate_key(2_048),
    "PS256": lambda: jwk.RSAKey.generate_key(2_048),
    "ES256": lambda: jwk.ECKey.generate_key("P-256"),
    "EdDSA": lambda: jwk.OKPKey.generate_key("Ed25519"),
}
EVENT = "http://schemas.openid.net/event/backchannel-logout"


@cache
def made_key(algorithm: str, n: int = 0) -> Any:
    """The `n`th. Making one takes a while; the tests share them."""
    return KINDS[algorithm]()


class FakeIssuer:
    """`person` is who signs in there; `claims` and `header` change what is signed, `answers` what is answered
    to a path. `asked` = the paths that were asked for, in order.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.secret: str | None = SECRET
        self.person: Json = {"sub": f"auth0|{uuid7()}", "name": "Ada"}
        self.claims: Json = {}
        self.header: Json = {}
        self.more: Json = {}
        self.known: Json = {}
        self.answers: dict[str, Callable[[], Awaitable[Answer]]] = {}
        self.asked: list[str] = []
        self.forms: list[Json] = []
        self.keys: dict[str, tuple[str, Any]] = {}
        self.signing = ""
        self.nonce = ""
        self.refuses_by = 400  # Auth0: 403
        self._codes: dict[str, Json] = {}
        self.rotate("RS256")

    def rotate(self, algorithm: str = "RS256", *, n: int = 0) -> None:
        """A new key instead of those before."""
        self.signing = f"{algorithm}-{n}"
        self.keys = {self.signing: (algorithm, made_key(algorithm, n))}

    def authorized(self, url: str) -> Json:
        """Somebody signs in there and agrees: what they come back with."""
        asked = dict(parse_qsl(urlsplit(url).query))
        code, self.nonce = str(uuid7()), asked["nonce"]
        self._codes[code] = asked | {"person": dict(self.person)}
        return {"state": asked["state"], "code": code, "iss": self.url}

    def id_token(self, nonce: str, person: Json) -> str:
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce, **person}
        return self.signed(
            {name: value for name, value in (claims | self.claims).items() if value is not None}
        )

    def logout_token(self, **claims: Any) -> str:
        now = int(time.time())
        usual = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 120, "jti": str(uuid7())}
        said = usual | {"events": {EVENT: {}}} | claims
        return self.signed({name: value for name, value in said.items() if value is not None})

    def signed(self, claims: Json) -> str:
        algorithm, key = self.keys[self.signing]
        header = {"alg": algorithm, "kid": self.signing} | self.header
        payload = json.dumps(claims).encode()
        if header["alg"] == "none":
            return ".".join([_text(json.dumps(header).encode()), _text(payload), ""])
        if header["alg"] == "HS256":
            key = jwk.OctKey.import_key(SECRET)
        registry = jws.JWSRegistry(algorithms=[header["alg"]], strict_check_header=False)
        with warnings.catch_warnings(action="ignore"):  # what it should not do is what is tested
            return jws.serialize_compact(header, payload, key, registry=registry)

    def jwks(self) -> Json:
        return {
            "keys": [
                {**key.as_dict(private=False), "kid": kid, "alg": algorithm, "use": "sig"}
                for kid, (algorithm, key) in self.keys.items()
            ]
        }

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One question, one answer."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {name.lower(): said for name, _, said in (one.partition(": ") for one in head[1:])}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            path = head[0].split(" ")[1]
            self.asked.append(path)
            status, told, answer = await self._answer(path, headers, body.decode())
            told = {"content-length": str(len(answer)), "connection": "close"} | told
            lines = "".join(f"{name}: {said}\r\n" for name, said in told.items())
            writer.write(f"HTTP/1.1 {status} Said\r\n{lines}\r\n".encode() + answer)
            await writer.drain()
        except (asyncio.IncompleteReadError, OSError):
            writer.transport.abort()
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _answer(self, path: str, headers: dict[str, str], body: str) -> Answer:
        if path in self.answers:
            return await self.answers[path]()
        if path == "/.well-known/openid-configuration":
            return said(self._known())
        if path == "/jwks":
            return said(self.jwks())
        if path == "/token":
            return self._exchanged(headers, body)
        if path == "/me":
            return said(self.more)
        return 404, {}, b""

    def _known(self) -> Json:
        known = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/auth",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "end_session_endpoint": f"{self.url}/out",
            "authorization_response_iss_parameter_supported": True,
        }
        return {name: value for name, value in (known | self.known).items() if value is not None}

    def _exchanged(self, headers: dict[str, str], body: str) -> Answer:
        """As RFC 6749 and 7636 have it."""
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self.forms.append(form)
        pair = base64.b64decode(headers.get("authorization", "Basic Og==").partition(" ")[2]).decode()
        client, _, secret = (unquote_plus(part) for part in pair.partition(":"))
        client, secret = form.get("client_id") or client, form.get("client_secret") or secret
        if client != CLIENT or secret != (self.secret or ""):
            return said({"error": "invalid_client"}, 401)
        asked = self._codes.pop(form["code"], None)
        verifier = hashlib.sha256(form["code_verifier"].encode()).digest()
        if (
            asked is None
            or asked["redirect_uri"] != form["redirect_uri"]
            or asked["code_challenge_method"] != "S256"
            or asked["code_challenge"] != _text(verifier)
        ):
            return said({"error": "invalid_grant"}, self.refuses_by)
        token = self.id_token(asked["nonce"], asked["person"])
        return said({"id_token": token, "access_token": "x", "token_type": "Bearer"})


def said(answer: Any, status: int = 200) -> Answer:
    return status, {"content-type": "application/json"}, json.dumps(answer).encode()


@asynccontextmanager
async def issuing() -> AsyncIterator[FakeIssuer]:
    """Until the block ends."""
    holder: list[FakeIssuer] = []
    serving: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        serving.add(task)
        task.add_done_callback(serving.discard)
        await holder[0].serve(reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    holder.append(FakeIssuer(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"))
    try:
        yield holder[0]
    finally:
        server.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
