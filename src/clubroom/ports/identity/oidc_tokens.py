"""What an issuer signs (JWS), judged here: by which algorithm and which of its keys, for whom, until when.

The header only chooses among what we allow and among the keys that the issuer publishes: it names no key by
its address, and no algorithm whose key is a shared secret.
"""

import base64
import binascii
import copy
from hmac import compare_digest
from typing import TypeVar

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from clubroom.ports.identity import NotVouched

LEEWAY_S = 60
ISSUED_AGO_S = 600
TOKEN_BYTES_MAX = 16_000
KEYS_MAX = 100
RSA_BITS_MIN = 2_048
SUB_CHARACTERS_MAX = 255
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
KINDS = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC", "EdDSA": "OKP", "Ed25519": "OKP"}
CURVES = {"ES256": "P-256", "EdDSA": "Ed25519", "Ed25519": "Ed25519"}
LOGOUT_TYPES = {None, "JWT", "logout+jwt"}
Key = RSAKey | ECKey | OKPKey
T = TypeVar("T")


class Jwk(msgspec.Struct, frozen=True):
    """A key as an issuer publishes it; what is not named here is not looked at."""

    kty: str
    kid: str | None = None
    use: str | None = None
    alg: str | None = None
    crv: str | None = None
    n: str | None = None
    e: str | None = None
    x: str | None = None
    y: str | None = None


class Jwks(msgspec.Struct, frozen=True):
    """The set. Keys of kinds that we do not know may look in whatever way they like."""

    keys: list[msgspec.Raw]

    def known(self) -> list[Jwk]:
        """Those that could sign for us. Raises NotVouched."""
        if len(self.keys) > KEYS_MAX:
            raise NotVouched("too_many_keys")
        found = []
        for raw in self.keys:
            try:
                one = msgspec.json.decode(raw, type=Jwk)
            except msgspec.DecodeError:
                continue
            if one.kty in ("RSA", "EC", "OKP") and one.use in (None, "sig"):
                found.append(one)
        return found


class Header(msgspec.Struct, frozen=True):
    """The part of a JOSE header that we listen to. `crit` names what we would have to understand."""

    alg: str
    kid: str | None = None
    typ: str | None = None
    crit: list[str] | None = None


class IdToken(msgspec.Struct, frozen=True, kw_only=True):
    """The claims of an ID token that we use."""

    iss: str
    sub: str
    aud: str | list[str]
    exp: float
    iat: float
    nbf: float | None = None
    azp: str | None = None
    nonce: str | None = None
    sid: str | None = None


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What an issuer tells of a person, in an ID token or when it is asked. Only `true` is verified."""

    sub: str
    email: str | None = None
    email_verified: bool | str | None = None
    name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    nickname: str | None = None
    preferred_username: str | None = None


class LogoutToken(msgspec.Struct, frozen=True, kw_only=True):
    """OpenID Connect Back-Channel Logout 1.0. A nonce would make it an ID token."""

    iss: str
    aud: str | list[str]
    iat: float
    exp: float
    jti: str
    events: dict[str, msgspec.Raw]
    sub: str | None = None
    sid: str | None = None
    nonce: str | None = None


def header_of(token: str) -> Header:
    """Of what alg and by which key it says it is. Raises NotVouched."""
    if len(token) > TOKEN_BYTES_MAX or not token.isascii() or token.count(".") != 2:
        raise NotVouched("no_token")
    try:
        header = msgspec.json.decode(_part(token.partition(".")[0]), type=Header)
    except (msgspec.DecodeError, binascii.Error, ValueError):
        raise NotVouched("no_token") from None
    if header.alg not in KINDS:
        raise NotVouched("algorithm")
    if header.crit is not None:
        raise NotVouched("critical_header")
    return header


def key_for(header: Header, keys: list[Jwk]) -> Jwk | None:
    """The one key that is meant; None = it is not here (yet)."""
    fitting = [
        one
        for one in keys
        if one.kty == KINDS[header.alg]
        and one.alg in (None, header.alg, *(("EdDSA", "Ed25519") if one.kty == "OKP" else ()))
        and one.crv == CURVES.get(header.alg)
        and (header.kid is None or one.kid == header.kid)
    ]
    return fitting[0] if len(fitting) == 1 else None


def opened(token: str, header: Header, jwk: Jwk) -> bytes:
    """What was signed by this key. Raises NotVouched."""
    try:
        key = _imported(jwk)
        signed = jws.deserialize_compact(token, key, registry=_Allowed.only(header.alg))
    except (JoseError, binascii.Error, ValueError, TypeError, KeyError):
        raise NotVouched("signature") from None
    return signed.payload


def id_token(payload: bytes, *, issuer: str, client_id: str, nonce: str, now: float) -> IdToken:
    """Raises NotVouched for a token of another issuer, for somebody else, too old, or of another trip."""
    said = _decoded(payload, IdToken)
    _of_us(said, issuer, client_id)
    if said.azp is not None and said.azp != client_id:
        raise NotVouched("authorized_party")
    if said.nonce is None or not compare_digest(said.nonce.encode(), nonce.encode()):
        raise NotVouched("nonce")
    if said.exp + LEEWAY_S < now:
        raise NotVouched("expired")
    if said.iat - LEEWAY_S > now or said.iat + ISSUED_AGO_S < now or (said.nbf or 0) - LEEWAY_S > now:
        raise NotVouched("issued_at")
    _require_name(said.sub)
    return said


def logout_token(payload: bytes, header: Header, *, issuer: str, client_id: str, now: float) -> LogoutToken:
    """Raises NotVouched."""
    said = _decoded(payload, LogoutToken)
    _of_us(said, issuer, client_id)
    if header.typ not in LOGOUT_TYPES or LOGOUT_EVENT not in said.events or said.nonce is not None:
        raise NotVouched("no_logout_token")
    if said.exp + LEEWAY_S < now or said.iat - LEEWAY_S > now or said.iat + ISSUED_AGO_S < now:
        raise NotVouched("expired")
    if not (said.sub or said.sid) or not said.jti:
        raise NotVouched("no_logout_token")
    for name in (said.sub, said.sid):
        if name is not None:
            _require_name(name)
    return said


def said_of(payload: bytes) -> Said:
    """What is told of a person. Raises NotVouched."""
    return _decoded(payload, Said)


def called(said: Said) -> str | None:
    """How they are called, if that is no address: every member of a club would read it."""
    whole = " ".join(part for part in (said.given_name, said.family_name) if part)
    for name in (said.name, whole, said.nickname, said.preferred_username):
        if name and name.strip() and "@" not in name:
            return name.strip()
    return None


def filled_in(said: Said, more: Said) -> Said:
    """What the ID token says stays. An address comes with its own flag; what is told of somebody else is not
    listened to (OpenID Connect Core 5.3.2).
    """
    if more.sub != said.sub:
        return said
    if said.email is None:
        said = msgspec.structs.replace(said, email=more.email, email_verified=more.email_verified)
    if called(said) is None:
        said = msgspec.structs.replace(
            said,
            name=more.name,
            given_name=more.given_name,
            family_name=more.family_name,
            nickname=more.nickname,
            preferred_username=more.preferred_username,
        )
    return said


def _of_us(said: IdToken | LogoutToken, issuer: str, client_id: str) -> None:
    if said.iss != issuer:
        raise NotVouched("issuer")
    audience = [said.aud] if isinstance(said.aud, str) else said.aud
    if client_id not in audience:
        raise NotVouched("audience")
    if len(audience) > 1 and getattr(said, "azp", None) != client_id:
        raise NotVouched("authorized_party")


def _require_name(name: str) -> None:
    if not 0 < len(name) <= SUB_CHARACTERS_MAX or not name.isascii() or not name.isprintable():
        raise NotVouched("subject")


def _imported(jwk: Jwk) -> Key:
    named = {
        name: value
        for name in ("kty", "crv", "n", "e", "x", "y")
        if (value := getattr(jwk, name)) is not None
    }
    if jwk.kty == "OKP":
        return OKPKey.import_key(named)
    if jwk.kty == "EC":
        return ECKey.import_key(named)
    if int.from_bytes(_part(jwk.n or "")).bit_length() < RSA_BITS_MIN:
        raise NotVouched("weak_key")
    return RSAKey.import_key(named)


class _Allowed(jws.JWSRegistry):
    """RFC 9864 says Ed25519 for what issuers still call EdDSA; both are the same here."""

    algorithms = {name: copy.copy(jws.JWSRegistry.algorithms[name]) for name in KINDS}  # noqa: RUF012

    @classmethod
    def only(cls, algorithm: str) -> "_Allowed":
        """Judges by this one."""
        return cls(algorithms=[algorithm], strict_check_header=False)


for _one in _Allowed.algorithms.values():
    _one.security_warning = None


def _decoded(payload: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(payload, type=kind)
    except (msgspec.DecodeError, RecursionError):
        raise NotVouched("claims") from None


def _part(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
