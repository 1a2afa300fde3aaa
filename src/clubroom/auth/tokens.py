"""Access tokens: who is asking, on which device, and in which groups, signed by us for ten minutes.

A JWT with `alg` EdDSA and `typ` at+jwt; claims `sub` (user), `uid` (the database's number), `sid` (session),
`g` (groups, at most 512; with more of them `gx` instead), `iat`, `exp`, `iss`. The header is compared with
what we write rather than interpreted: one algorithm, keys that we know, no field that could name another.
"""

import base64
import binascii
import copy
import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from uuid import UUID

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from clubroom.auth.keys import Keys, SecretKeys
from clubroom.claims import Claims
from clubroom.errors import Unauthorized
from clubroom.wire import TOKEN_BYTES_MAX

ACCESS_SECONDS = 600
LEEWAY_SECONDS = 30
GROUPS_MAX = 512
CACHED_MAX = 10_000
ENDED_MAX = 100_000
ALGORITHM, TYPE = "EdDSA", "at+jwt"


class _Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    alg: str
    typ: str
    kid: str


class _Payload(msgspec.Struct, frozen=True, kw_only=True):
    sub: str
    uid: int
    sid: UUID
    g: list[int] = []
    gx: bool = False
    iat: int
    exp: int
    iss: str


class _Ended(msgspec.Struct):
    until: float
    told: bool = False


class _EdDSAOnly(jws.JWSRegistry):
    """RFC 9864 asks new protocols to say Ed25519; peers that check our tokens (Hasura) know EdDSA."""

    algorithms = {ALGORITHM: copy.copy(jws.JWSRegistry.algorithms[ALGORITHM])}  # noqa: RUF012


_EdDSAOnly.algorithms[ALGORITHM].security_warning = None
_registry = _EdDSAOnly(algorithms=[ALGORITHM])
_header = msgspec.json.Decoder(_Header)
_payload = msgspec.json.Decoder(_Payload)
_encode = msgspec.json.Encoder().encode


class Tokens:
    """Mints and verifies. Verified tokens are remembered by hash: verifying costs as much as a look-up."""

    def __init__(
        self, keys: Keys, *, issuer: str = "clubroom", clock: Callable[[], float] = time.time
    ) -> None:
        self._kid = keys.newest.kid
        self._keys = {one.kid: _signing_key(one) for one in keys.all}
        self._issuer = issuer
        self._clock = clock
        self._verified: OrderedDict[bytes, Claims] = OrderedDict()
        self._ended: OrderedDict[UUID, _Ended] = OrderedDict()

    def belong_to(self, epoch: str) -> None:
        """Tokens of before a restore are refused: `uid` might name somebody else in the database of now."""
        if self._issuer != f"clubroom:{epoch}":
            self._issuer = f"clubroom:{epoch}"
            self._verified.clear()

    def mint(self, user: str, key: int, session: UUID, groups: Sequence[int]) -> str:
        """A token for ten minutes. More than 512 groups are left out, and the database is asked instead."""
        token = self._minted(user, key, session, groups if len(groups) <= GROUPS_MAX else None)
        return token if len(token) <= TOKEN_BYTES_MAX else self._minted(user, key, session, None)

    def verify(self, token: str) -> Claims:
        """Whose token this is. Raises Unauthorized, always with the same words."""
        if len(token) > TOKEN_BYTES_MAX or not token.isascii():
            raise Unauthorized
        digest = hashlib.sha256(token.encode()).digest()
        claims = self._verified.get(digest)
        if claims is None:
            claims = self._checked(token)
            self._verified[digest] = claims
            if len(self._verified) > CACHED_MAX:
                self._verified.popitem(last=False)
        else:
            self._verified.move_to_end(digest)
        if claims.expires_at + LEEWAY_SECONDS < self._clock():
            del self._verified[digest]
            raise Unauthorized
        if claims.session in self._ended:
            raise Unauthorized
        return claims

    def refuse(self, session: UUID) -> None:
        """Refuses the tokens of an ended session from now on, until the last of them has expired."""
        now = self._clock()
        while self._ended and (next(iter(self._ended.values())).until < now or len(self._ended) >= ENDED_MAX):
            self._ended.popitem(last=False)
        self._ended.setdefault(session, _Ended(now + ACCESS_SECONDS + 2 * LEEWAY_SECONDS))

    def end(self, session: UUID) -> bool:
        """As `refuse`, for what the database told. True the first time: its sockets are to be closed."""
        self.refuse(session)
        entry = self._ended[session]
        news, entry.told = not entry.told, True
        return news

    def is_ended(self, session: UUID) -> bool:
        """Whether this server knows that the device was signed out."""
        return session in self._ended

    def public_keys(self) -> dict[str, list[dict[str, str]]]:
        """The JWK set by which others (Hasura) can check our tokens."""
        return {
            "keys": [
                {**{k: str(v) for k, v in key.as_dict(private=False).items()}, "kid": kid, "alg": ALGORITHM}
                for kid, key in self._keys.items()
            ]
        }

    def _minted(self, user: str, key: int, session: UUID, groups: Sequence[int] | None) -> str:
        now = int(self._clock())
        claims: dict[str, object] = {"sub": user, "uid": key, "sid": session}
        claims |= {"gx": True} if groups is None else {"g": list(groups)}
        claims |= {"iat": now, "exp": now + ACCESS_SECONDS, "iss": self._issuer}
        header = {"alg": ALGORITHM, "typ": TYPE, "kid": self._kid}
        return jws.serialize_compact(header, _encode(claims), self._keys[self._kid], registry=_registry)

    def _checked(self, token: str) -> Claims:
        """Shape, header, signature, issuer; the caller judges the time."""
        try:
            header = _header.decode(_part(token.partition(".")[0]))
            if header.alg != ALGORITHM or header.typ != TYPE:
                raise Unauthorized
            signed = jws.deserialize_compact(token, self._keys[header.kid], registry=_registry)
            payload = _payload.decode(signed.payload)
        except (JoseError, msgspec.DecodeError, binascii.Error, KeyError, ValueError):
            raise Unauthorized from None
        if payload.iss != self._issuer:
            raise Unauthorized
        return Claims(
            user=payload.sub,
            key=payload.uid,
            session=payload.sid,
            groups=frozenset(payload.g),
            more=payload.gx,
            expires_at=payload.exp,
        )


def _part(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _signing_key(keys: SecretKeys) -> OKPKey:
    def text(raw: bytes) -> str:
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    return OKPKey.import_key(
        {"kty": "OKP", "crv": "Ed25519", "x": text(keys.signing_public), "d": text(keys.signing_seed)}
    )
