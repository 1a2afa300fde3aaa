"""Which Redis it is. Apart from the adapter, so that settings can be read without its client library."""

from urllib.parse import unquote, urlsplit

import msgspec

LOOKS_LIKE = "redis://user:password@host:6379/0, or rediss:// for an encrypted line"
SCHEMES = {"redis": False, "rediss": True}
PORT = 6379


class RedisServer(msgspec.Struct, frozen=True, kw_only=True):
    """`encrypted` = TLS from the first byte, to whom the computer's certificates vouch for."""

    host: str
    port: int = PORT
    number: int = 0
    encrypted: bool = False
    user: str | None = None
    password: str | None = None

    def __repr__(self) -> str:
        return f"RedisServer({self.host}:{self.port}/{self.number})"


def server_of(url: str) -> RedisServer:
    """The server that an address of the form above names. What is no letter or digit in user and password is
    escaped as %40 is. Raises ValueError, which repeats nothing of it.
    """
    try:
        parts = urlsplit(url)
        encrypted, port, number = SCHEMES[parts.scheme], parts.port or PORT, int(parts.path.strip("/") or 0)
    except (ValueError, KeyError):
        raise ValueError(LOOKS_LIKE) from None
    if not parts.hostname or number < 0 or parts.query or parts.fragment:
        raise ValueError(LOOKS_LIKE)
    return RedisServer(
        host=parts.hostname,
        port=port,
        number=number,
        encrypted=encrypted,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )
