"""What a group is like, as its members see it."""

from typing import Literal
from uuid import UUID

import msgspec

from clubroom.actions import GroupKind, Level, Role
from clubroom.wire.account import Language, LettersWanted, QuietHours
from clubroom.wire.bodies import Message
from clubroom.wire.events import EventEntry, EventLook
from clubroom.wire.shapes import Outgoing

History = Literal["all", "month", "none"]
"""How much of a club its newcomers read: everything, the last 30 days, or what is said since they came."""


class Someone(Outgoing, frozen=True):
    """A person with their name."""

    user: str
    name: str


class Label(Outgoing, frozen=True):
    """What members of a club may be called together, like "tenor"; `label` is its id."""

    label: UUID
    name: str


class ClubEmote(Outgoing, frozen=True):
    """One of a club's own: what is shown for `:name:`. `file` is its picture, and its id."""

    file: UUID
    name: str


class Member(Outgoing, frozen=True, omit_defaults=True):
    """Somebody whom the log of a group names. `left` = no member now, but messages may stand here. `labels`
    are ids, in their order; `managed` = nobody has signed in as them yet; `gone` = the account was deleted;
    `avatar` = the file of their picture.
    """

    user: str
    name: str
    role: Role
    left: bool
    labels: list[UUID] = msgspec.field(default_factory=list)
    managed: bool = False
    gone: bool = False
    avatar: UUID | None = None


class GroupLook(Outgoing, frozen=True):
    """What its owner or whoever runs it decided. From `time_zone` to `members_invite` only of clubs, where
    null means everybody's own; `picture` is a file, and where there is none `sign` and `colour` (0 to 11)
    stand for it. `default_level` = what is told of a club to who has not said otherwise, null = all.
    `suspended` = by the host, as the whole club: read, and nothing more.
    """

    group: int
    kind: GroupKind
    name: str
    parent: int | None
    private: bool
    description: str
    announce: bool
    landing: bool
    archived: bool
    rooms_by_admins: bool
    dms_off: bool
    time_zone: str | None
    language: str | None
    sign: str | None
    colour: int
    picture: UUID | None
    history: History
    joining_paused: bool
    members_invite: bool
    default_level: Level | None
    events_by_members: bool
    suspended: bool


class Mute(Outgoing, frozen=True):
    """Quiet is wanted from a group; `until` null = for good."""

    until: str | None


class GroupEntry(GroupLook, frozen=True):
    """A group of mine. `unread` counts others' messages after my read pointer, `mentions` those of them that
    call me by name or by a label, both up to 100. `followed` = it is in my list; `manages` = I may change it;
    `level` = what this person wants to be told of it, null = as its club says; `mute` = they want quiet from
    it; `people` are the others of a conversation; `event` where it is one.
    """

    role: Role
    head: int
    read: int
    unread: int
    mentions: int
    followed: bool
    manages: bool
    may_post: bool
    level: Level | None
    mute: Mute | None
    people: list[Someone]
    event: EventEntry | None


class Me(Outgoing, frozen=True):
    """`GET /api/me`. `email` null = there is none; `password`: one is set; `passkeys` and `identities` count
    them. `time_zone` and `language` null =
    as the browser says. `invisible`: nobody sees whether they are here. `quiet`: the hours at which they are
    told nothing, null = there are none. `letters`: which they want. `host`: runs this place.
    `activity_seen` is how far they have looked at their activity, `activity_unseen` what came since, up
    to 10.
    """

    user: str
    name: str
    email: str | None
    email_verified: bool
    password: bool
    passkeys: int
    identities: int
    time_zone: str | None
    language: Language | None
    invisible: bool
    quiet: QuietHours | None
    letters: LettersWanted
    epoch: str
    groups: list[GroupEntry]
    blocked: list[str]
    host: bool
    activity_seen: str
    activity_unseen: int


class Snapshot(GroupLook, frozen=True):
    """The state of a group at `seq`, for whoever asks. Messages from `window` on are complete. A public
    channel (not `private`) names no members: they are those of its `parent`.
    """

    epoch: str
    seq: int
    members: list[Member]
    labels: list[Label]
    messages: list[Message]
    window: int
    pinned: list[UUID]
    event: EventLook | None
    club_emotes: list[ClubEmote]
