"""Any issuer of OpenID Connect, Auth0 among them: the code flow with PKCE, on the floor of our own calls.

Nothing is kept between two calls but what may be asked for again: what the issuer says of itself, and its
keys, each process on its own. The access token that comes with an ID token is used once, where the ID token
does not say how somebody is called, and thrown away.
"""

import asyncio
import base64
import hashlib
import ssl
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Literal, TypeVar
from urllib.parse import quote_plus, urlencode, urlsplit, urlunsplit

import msgspec

from clubroom.ports.calling import Answer, Caller, NoAnswer
from clubroom.ports.identity import NoIssuer, NotVouched, SignedOut, Trip, Vouched, oidc_tokens
from clubroom.ports.identity.oidc_client import OidcClient, leads

SCOPE = "openid profile email"
CALL_S = 8.0
CALLS_AT_ONCE_MAX = 20
ANSWER_BYTES_MAX = 256 * 1024
KNOWN_S = 3_600.0
KEYS_S = 600.0
KEYS_AGAIN_S = 30.0
FAILED_S = 5.0
OK, BAD_REQUEST, UNAUTHORIZED, TOO_MANY = 200, 400, 401, 429
FORM = "application/x-www-form-urlencoded"
T = TypeVar("T")


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What an issuer says of itself (`/.well-known/openid-configuration`)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    end_session_endpoint: str | None = None
    token_endpoint_auth_methods_supported: list[str] | None = None
    authorization_response_iss_parameter_supported: bool = False


class Granted(msgspec.Struct, frozen=True):
    """What a code is exchanged for."""

    id_token: str
    access_token: str | None = None

    def __repr__(self) -> str:
        return "Granted()"


class OidcIssuer:
    """The contract's Issuer. `clock` gives seconds since 1970, `steady` those of a clock that nobody sets."""

    def __init__(
        self,
        client: OidcClient,
        *,
        trusted: ssl.SSLContext | None = None,
        call_s: float = CALL_S,
        clock: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = client.name
        self.issuer = client.issuer
        self.client = client
        self.call_s = call_s
        self.clock = clock
        self.steady = steady
        self.caller = Caller(trusted=trusted)
        self._at_once = asyncio.Semaphore(CALLS_AT_ONCE_MAX)
        self._asking = asyncio.Lock()
        self._known: Known | None = None
        self._known_at = self._failed_at = -KNOWN_S
        self._keys: list[oidc_tokens.Jwk] = []
        self._keys_at = self._keys_failed_at = -KNOWN_S

    async def begin(self, trip: Trip, back: str) -> str:
        """As the contract says."""
        known = await self.known()
        challenge = hashlib.sha256(trip.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self.client.client_id,
            "redirect_uri": back,
            "scope": SCOPE,
            "state": trip.state,
            "nonce": trip.nonce,
            "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return _with(known.authorization_endpoint, asked)

    async def finish(self, trip: Trip, back: str, code: str, said_issuer: str | None) -> Vouched:
        """As the contract says."""
        known = await self.known()
        # RFC 9207: an answer of another issuer must not be taken to this one
        if said_issuer != known.issuer and (
            said_issuer is not None or known.authorization_response_iss_parameter_supported
        ):
            raise NotVouched("issuer")
        granted = await self._exchanged(known, code, trip.verifier, back)
        header = oidc_tokens.header_of(granted.id_token)
        payload = oidc_tokens.opened(granted.id_token, header, await self._key(known, header))
        claims = oidc_tokens.id_token(
            payload,
            issuer=known.issuer,
            client_id=self.client.client_id,
            nonce=trip.nonce,
            now=self.clock(),
        )
        said = await self._filled_in(known, granted, oidc_tokens.said_of(payload))
        return Vouched(
            issuer=known.issuer,
            sub=claims.sub,
            sid=claims.sid if claims.sid and len(claims.sid) <= oidc_tokens.SUB_CHARACTERS_MAX else None,
            email=said.email if said.email_verified is True else None,
            name=oidc_tokens.called(said),
        )

    async def leave(self, back: str, sid: str | None) -> str | None:
        """As the contract says. No token is kept that could be shown: it is the client that asks."""
        known = await self.known()
        if known.end_session_endpoint is None:
            return None
        asked = {"client_id": self.client.client_id, "post_logout_redirect_uri": back}
        return _with(known.end_session_endpoint, asked | ({"logout_hint": sid} if sid else {}))

    async def signed_out(self, token: str) -> SignedOut:
        """As the contract says."""
        known = await self.known()
        header = oidc_tokens.header_of(token)
        payload = oidc_tokens.opened(token, header, await self._key(known, header))
        said = oidc_tokens.logout_token(
            payload, header, issuer=known.issuer, client_id=self.client.client_id, now=self.clock()
        )
        return SignedOut(issuer=known.issuer, sub=said.sub, sid=said.sid, jti=said.jti)

    async def known(self) -> Known:
        """What it says of itself, at most an hour old; older if it does not answer now. Raises NoIssuer."""
        if self._known is not None and self.steady() - self._known_at < KNOWN_S:
            return self._known
        async with self._asking:
            if self._known is not None and self.steady() - self._known_at < KNOWN_S:
                return self._known
            if self.steady() - self._failed_at < FAILED_S:  # everybody who waited for it was told
                return self._or_none()
            try:
                self._known = await self._discovered()
            except NotVouched:
                self._failed_at = self.steady()
                if self._known is None:
                    raise
                return self._known
            self._known_at = self.steady()
            return self._known

    async def close(self) -> None:
        """As the contract says."""
        await self.caller.close()

    def _or_none(self) -> Known:
        if self._known is None:
            raise NoIssuer("unreachable")
        return self._known

    async def _discovered(self) -> Known:
        url = self.client.issuer.removesuffix("/") + "/.well-known/openid-configuration"
        known = await self._fetched(url, Known)
        if known.issuer != self.client.issuer:
            raise NoIssuer("another_issuer")
        endpoints = (
            known.authorization_endpoint,
            known.token_endpoint,
            known.jwks_uri,
            known.userinfo_endpoint,
            known.end_session_endpoint,
        )
        if not all(one is None or leads(self.client.issuer, one) for one in endpoints):
            raise NoIssuer("endpoints")
        return known

    async def _exchanged(self, known: Known, code: str, verifier: str, back: str) -> Granted:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": verifier,
        }
        headers = {"Content-Type": FORM, "Accept": "application/json"}
        secret, client = self.client.secret, self.client.client_id
        methods = known.token_endpoint_auth_methods_supported or ["client_secret_basic"]
        if secret is None:
            form["client_id"] = client
        elif "client_secret_basic" in methods:
            pair = f"{quote_plus(client)}:{quote_plus(secret)}".encode()  # RFC 6749, 2.3.1
            headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
        else:
            form |= {"client_id": client, "client_secret": secret}
        answer = await self._asked("POST", known.token_endpoint, headers, urlencode(form).encode())
        _unless_refused(answer)
        return _read(answer, Granted)

    async def _filled_in(self, known: Known, granted: Granted, said: oidc_tokens.Said) -> oidc_tokens.Said:
        """Some issuers tell how somebody is called only when they are asked. Who it is is known anyhow."""
        enough = said.email is not None and oidc_tokens.called(said) is not None
        if enough or known.userinfo_endpoint is None or granted.access_token is None:
            return said
        headers = {"Authorization": f"Bearer {granted.access_token}", "Accept": "application/json"}
        try:
            more = _read(await self._asked("GET", known.userinfo_endpoint, headers), oidc_tokens.Said)
        except NoIssuer:
            return said
        return oidc_tokens.filled_in(said, more)

    async def _key(self, known: Known, header: oidc_tokens.Header) -> oidc_tokens.Jwk:
        """An unknown key may be a new one: it is asked for, though not by everybody who makes one up."""
        async with self._asking:
            found = oidc_tokens.key_for(header, self._keys)
            now = self.steady()
            age = now - self._keys_at
            if now - self._keys_failed_at > FAILED_S and (
                age > KEYS_S or (found is None and age > KEYS_AGAIN_S)
            ):
                await self._fresh_keys(known)
                found = oidc_tokens.key_for(header, self._keys)
        if found is None:
            raise NoIssuer("no_keys") if self._keys_failed_at > self._keys_at else NotVouched("unknown_key")
        return found

    async def _fresh_keys(self, known: Known) -> None:
        """Those that are there stay while the issuer does not answer."""
        try:
            self._keys = (await self._fetched(known.jwks_uri, oidc_tokens.Jwks)).known()
        except NotVouched:
            self._keys_failed_at = self.steady()
        else:
            self._keys_at = self.steady()

    async def _fetched(self, url: str, kind: type[T]) -> T:
        return _read(await self._asked("GET", url, {"Accept": "application/json"}), kind)

    async def _asked(
        self, method: Literal["GET", "POST"], url: str, headers: Mapping[str, str], content: bytes = b""
    ) -> Answer:
        async with self._bounded():
            answer = await self.caller.call(method, url, headers, content, bytes_max=ANSWER_BYTES_MAX)
        if len(answer.body) >= ANSWER_BYTES_MAX:
            raise NoIssuer("too_large")
        return answer

    @asynccontextmanager
    async def _bounded(self) -> AsyncIterator[None]:
        if self._at_once.locked():
            raise NoIssuer("busy")
        try:
            async with self._at_once, asyncio.timeout(self.call_s):
                yield
        except (NoAnswer, TimeoutError):
            raise NoIssuer("unreachable") from None


def _read(answer: Answer, kind: type[T]) -> T:
    """Raises NoIssuer for anything but a plain answer: a redirect is none."""
    if answer.status != OK:
        raise NoIssuer(f"status_{answer.status}")
    try:
        return msgspec.json.decode(answer.body, type=kind)
    except (msgspec.DecodeError, RecursionError):
        raise NoIssuer("unreadable") from None


class _Refusal(msgspec.Struct, frozen=True):
    error: str = ""


def _unless_refused(answer: Answer) -> None:
    """RFC 6749, 5.2 has 400 and 401; others say the same by 403. What says nothing like it is no answer."""
    if not BAD_REQUEST <= answer.status < BAD_REQUEST + 100 or answer.status == TOO_MANY:
        return
    try:
        said = msgspec.json.decode(answer.body, type=_Refusal).error
    except (msgspec.DecodeError, RecursionError):
        said = ""
    if said or answer.status in (BAD_REQUEST, UNAUTHORIZED):
        # for the host's log one of its own words
        words = {"invalid_grant", "invalid_client", "invalid_request", "unauthorized_client"}
        raise NotVouched(said if said in words else "code_refused")


def _with(endpoint: str, asked: Mapping[str, str]) -> str:
    """What the endpoint asks itself stays."""
    scheme, host, path, query, _ = urlsplit(endpoint)
    return urlunsplit((scheme, host, path, "&".join(filter(None, (query, urlencode(asked)))), ""))
