"""What is decided for a club, and the record of what was done there."""

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from clubroom.actions import Level
from clubroom.wire.groups import History, Someone
from clubroom.wire.shapes import Incoming, Outgoing


class NewClubEmote(Incoming, frozen=True):
    """`PUT /api/groups/{group}/emotes/{file}`: what is written between two colons."""

    name: str


class PatchGroup(Incoming, frozen=True):
    """`PATCH /api/groups/{g}`: what changes; what is not said stays, null takes a value away. Of clubs and
    channels `name` and `announce`, of channels the next three, of clubs the rest.
    """

    name: str | UnsetType = UNSET
    announce: bool | UnsetType = UNSET
    description: str | UnsetType = UNSET
    landing: bool | UnsetType = UNSET
    archived: bool | UnsetType = UNSET
    time_zone: str | UnsetType | None = UNSET
    language: str | UnsetType | None = UNSET
    sign: str | UnsetType | None = UNSET
    colour: int | UnsetType = UNSET
    history: History | UnsetType = UNSET
    members_invite: bool | UnsetType = UNSET
    joining_paused: bool | UnsetType = UNSET
    rooms_by_admins: bool | UnsetType = UNSET
    dms_off: bool | UnsetType = UNSET
    default_level: Level | UnsetType | None = UNSET
    events_by_members: bool | UnsetType = UNSET


class DeleteClub(Incoming, frozen=True):
    """`DELETE /api/groups/{g}`: the club's name, so that nobody ends one by mistake."""

    name: str


class GroupNamed(Outgoing, frozen=True):
    """A group with its name."""

    group: int
    name: str


class AuditEntry(Outgoing, frozen=True):
    """Something that was done. `by` null = the host. Names are as they are now."""

    id: int
    at: str
    what: str
    by: Someone | None
    about_user: Someone | None
    about_group: GroupNamed | None
    details: dict[str, Any]


class Audit(Outgoing, frozen=True):
    """`GET /api/groups/{g}/audit`: newest first; `more` = there are older ones."""

    entries: list[AuditEntry]
    more: bool


def changed(patch: PatchGroup) -> dict[str, Any]:
    """What was said, by name."""
    said: dict[str, Any] = msgspec.to_builtins(patch)
    return said
