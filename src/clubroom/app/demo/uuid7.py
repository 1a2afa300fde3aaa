"""Names of messages, as clients make them (RFC 9562)."""

import random
from uuid import UUID


def uuid7(seconds: float, rng: random.Random) -> UUID:
    """A name that says when (since 1970); the rest is chance."""
    raw = bytearray(int(seconds * 1000).to_bytes(6, "big") + rng.randbytes(10))
    raw[6] = raw[6] & 0x0F | 0x70
    raw[8] = raw[8] & 0x3F | 0x80
    return UUID(bytes=bytes(raw))
