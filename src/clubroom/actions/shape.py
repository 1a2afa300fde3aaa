"""What all actions have in common."""

from typing import Literal

import msgspec

Role = Literal["owner", "admin", "member"]
GroupKind = Literal["club", "admins", "self", "channel", "dm", "event"]
Level = Literal["all", "mentions", "nothing"]
"""Of a group one is told everything, what calls one, or nothing."""


class Action(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    tag_field="type",
):
    """The common shape. `type` in JSON is the class in snake case."""
