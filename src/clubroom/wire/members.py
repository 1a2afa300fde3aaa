"""What is said of the members of a club: who runs it, what they are called together."""

from uuid import UUID

import msgspec

from clubroom.actions import Role
from clubroom.wire.shapes import Incoming


class NewRole(Incoming, frozen=True):
    """`PUT /api/groups/{group}/members/{user}/role`. `hand_over` = the owner who asks becomes an admin."""

    role: Role
    hand_over: bool = False


class NewLabel(Incoming, frozen=True):
    """`PUT /api/groups/{group}/labels/{label}`."""

    name: str


class MemberLabels(Incoming, frozen=True):
    """`PUT /api/groups/{group}/members/{user}/labels`: exactly these."""

    labels: list[UUID]


class LabelledMembers(Incoming, frozen=True):
    """`POST /api/groups/{group}/labels/{label}/members`: user ids."""

    add: list[str] = msgspec.field(default_factory=list)
    remove: list[str] = msgspec.field(default_factory=list)
