"""Refresh tokens: opaque to whoever holds one, and nothing that would open a door is stored.

A token is the session's id, its number in the session's chain (0, 1, 2 …) and an HMAC over both. The database
keeps the newest number alone. So the successor of a token is always the same one, however often and from
whatever tab it is asked for; a token of any age is known for a replay; and nobody can invent one.
"""

import base64
import binascii
import struct
from hmac import compare_digest
from uuid import UUID

import msgspec

from clubroom.auth.keys import Keys
from clubroom.errors import InvalidRefresh

_PLACE = struct.Struct(">16sQ")
_MAC_BYTES = 32
TOKEN_CHARACTERS = (_PLACE.size + _MAC_BYTES) * 8 // 6 + 1
GENERATION_MAX = 2**62


class RefreshPlace(msgspec.Struct, frozen=True):
    """What a refresh token stands for: a session, and its place in that session's chain."""

    session: UUID
    generation: int


def written(keys: Keys, place: RefreshPlace) -> str:
    """The token for a place: always the same one."""
    packed = _PLACE.pack(place.session.bytes, place.generation)
    return base64.urlsafe_b64encode(packed + next(keys.refresh_macs(packed))).rstrip(b"=").decode()


def read(keys: Keys, token: str) -> RefreshPlace:
    """The place a token stands for. Raises InvalidRefresh for anything this server did not write."""
    if len(token) != TOKEN_CHARACTERS or not token.isascii():
        raise InvalidRefresh
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise InvalidRefresh from None
    packed, proof = raw[: _PLACE.size], raw[_PLACE.size :]
    if not any([compare_digest(proof, mac) for mac in keys.refresh_macs(packed)]):  # noqa: C419 - all of them
        raise InvalidRefresh
    session, generation = _PLACE.unpack(packed)
    if generation > GENERATION_MAX:
        raise InvalidRefresh
    return RefreshPlace(UUID(bytes=session), generation)
