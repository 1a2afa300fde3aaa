"""Tokens for reading: JWTs that a gateway beside us verifies, and that are no use here.

ES256 and `typ` reading+jwt; claims `sub` (user id), `aud` (always clubroom-reading), `iss` (our address),
`iat`, `exp`, and whatever else the gateway wants, as the app shapes it. The key is another than that of
access tokens, so neither kind passes for the other, also where somebody forgets to look at the audience.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jws
from joserfc.jwk import ECKey

from clubroom.auth.keys import Keys
from clubroom.wire import TOKEN_BYTES_MAX

READING_SECONDS = 300
GROUPS_MAX = 512
ALGORITHM, TYPE, AUDIENCE = "ES256", "reading+jwt", "clubroom-reading"
COORDINATE_BYTES = 32
Shape = Callable[[str, Sequence[int] | None], Mapping[str, object]]
"""The gateway's own claims, of a user id and its groups; None = too many for a token."""

_encode = msgspec.json.Encoder().encode
_registry = jws.JWSRegistry(algorithms=[ALGORITHM])


class ReadingTokens:
    """Mints them, and tells the keys by which others verify."""

    def __init__(self, keys: Keys, *, issuer: str, shape: Shape, clock: Callable[[], float]) -> None:
        self._keys = [_signing_key(key) for key in keys.reading]
        self._issuer = issuer
        self._shape = shape
        self._clock = clock

    def mint(self, user: str, groups: Sequence[int]) -> str:
        """A token for five minutes. More than 512 groups are left out."""
        token = self._minted(user, groups if len(groups) <= GROUPS_MAX else None)
        return token if len(token) <= TOKEN_BYTES_MAX else self._minted(user, None)

    def public_keys(self) -> dict[str, list[dict[str, str]]]:
        """The JWK set (RFC 7517), the newest key first; that of access tokens is not among them."""
        return {
            "keys": [
                {**{k: str(v) for k, v in key.as_dict(private=False).items()}, "alg": ALGORITHM, "use": "sig"}
                for key in self._keys
            ]
        }

    def _minted(self, user: str, groups: Sequence[int] | None) -> str:
        now = int(self._clock())
        claims = dict(self._shape(user, groups)) | {
            "sub": user,
            "aud": AUDIENCE,
            "iss": self._issuer,
            "iat": now,
            "exp": now + READING_SECONDS,
        }
        key = self._keys[0]
        header = {"alg": ALGORITHM, "typ": TYPE, "kid": key.kid}
        return jws.serialize_compact(header, _encode(claims), key, registry=_registry)


def _signing_key(key: ec.EllipticCurvePrivateKey) -> ECKey:
    def text(number: int) -> str:
        return base64.urlsafe_b64encode(number.to_bytes(COORDINATE_BYTES)).rstrip(b"=").decode()

    private = key.private_numbers()
    x, y = text(private.public_numbers.x), text(private.public_numbers.y)
    kid = hashlib.sha256(f"{x}.{y}".encode()).hexdigest()[:16]
    secret = text(private.private_value)
    return ECKey.import_key({"kty": "EC", "crv": "P-256", "x": x, "y": y, "d": secret, "kid": kid})
