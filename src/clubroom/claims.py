"""Who is asking: what a verified access token says. Pure data, passed first to every public verb."""

from uuid import UUID

import msgspec


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """One person on one signed-in device.

    `user` is the user id as every edge knows it (the identity provider's `sub`), `key` the database's own
    number for it (docs/decisions/0002), `session` the signed-in device, `groups` the groups with a
    membership row. With `more` the list was too long for a token and the database is asked instead.
    `expires_at` is in seconds since 1970.
    """

    user: str
    key: int
    session: UUID
    groups: frozenset[int]
    more: bool = False
    expires_at: float = 0.0
