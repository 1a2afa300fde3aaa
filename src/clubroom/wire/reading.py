"""What is answered to whoever reads through a gateway, and to the gateway (docs/protocol.md)."""

from clubroom.wire.shapes import Outgoing


class ReadingToken(Outgoing, frozen=True):
    """`POST /api/tokens/reading`: a JWT for a gateway that only reads. `expires_in` in seconds."""

    token: str
    expires_in: int


class Jwk(Outgoing, frozen=True):
    """A public key (RFC 7517): on the curve P-256, `x` and `y` base64url."""

    kty: str
    crv: str
    x: str
    y: str
    kid: str
    alg: str
    use: str


class JwkSet(Outgoing, frozen=True):
    """`GET /api/jwks.json`: every key that a token for reading may be signed with, the newest first."""

    keys: list[Jwk]
