"""The two bases: what a client sends is strict, what the server sends is complete."""

import msgspec


class Incoming(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sent by a client: strict."""


class Outgoing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False):
    """Sent by the server."""
