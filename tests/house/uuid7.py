"""UUIDv7, as clients make them (RFC 9562)."""

import os
import time
from uuid import UUID


def uuid7() -> UUID:
    raw = bytearray((time.time_ns() // 1_000_000).to_bytes(6, "big") + os.urandom(10))
    raw[6] = raw[6] & 0x0F | 0x70
    raw[8] = raw[8] & 0x3F | 0x80
    return UUID(bytes=bytes(raw))
