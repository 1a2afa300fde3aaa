"""Clubs, their rooms and who is in them."""

from typing import Literal
from uuid import UUID

from clubroom.actions.shape import Action, Level, Role


class ClubCreated(Action, frozen=True, tag="club_created"):
    """First in a club's log."""

    by: str
    name: str


class ClubChanged(Action, frozen=True, tag="club_changed"):
    """The club as it is from now on, all of it; older ones said the first three alone. `was` is its name
    before, where that is another one; `picture` = the file of its picture.
    """

    by: str
    rooms_by_admins: bool
    dms_off: bool
    name: str | None = None
    was: str | None = None
    time_zone: str | None = None
    language: str | None = None
    sign: str | None = None
    colour: int | None = None
    picture: UUID | None = None
    history: Literal["all", "month", "none"] | None = None
    members_invite: bool | None = None
    announce: bool | None = None
    joining_paused: bool | None = None
    default_level: Level | None = None
    events_by_members: bool | None = None


class GroupRenamed(Action, frozen=True, tag="group_renamed"):
    """In the admins' log: it is called as its club is."""

    by: str
    name: str


class ClubSuspended(Action, frozen=True, tag="club_suspended"):
    """In the logs of a club and of all below: the host lets it be read and no more, or not."""

    on: bool


class ClubDeleted(Action, frozen=True, tag="club_deleted"):
    """The last that anybody hears of a club, and of each group below it."""

    by: str


class ChannelListed(Action, frozen=True, tag="channel_listed"):
    """In the club's log: from here on everybody who hears it hears the public channel `group`, too."""

    group: int
    by: str
    name: str
    description: str
    announce: bool
    landing: bool


class ChannelCreated(Action, frozen=True, tag="channel_created"):
    """First in a channel's log. A public one (not `private`) has the members of its club."""

    by: str
    name: str
    private: bool
    description: str
    announce: bool
    landing: bool


class ChannelChanged(Action, frozen=True, tag="channel_changed"):
    """In the channel's log: how it is from now on. `announce` = only whoever runs it writes, `landing` = new
    members find it in their list.
    """

    by: str
    name: str
    description: str
    announce: bool
    landing: bool
    archived: bool


class DmCreated(Action, frozen=True, tag="dm_created"):
    """First in the log of a conversation of two to ten people, who join right after."""

    by: str


class MemberJoined(Action, frozen=True, tag="member_joined"):
    """In the log of the group that was joined. `by` = whoever added them; `managed` = nobody has signed in as
    them yet; `avatar` = the file of their picture.
    """

    user: str
    name: str
    role: Role
    by: str | None = None
    managed: bool = False
    avatar: UUID | None = None


class RoleChanged(Action, frozen=True, tag="role_changed"):
    """A member is something else from now on. Without `by` it came about by itself: somebody left."""

    user: str
    role: Role
    by: str | None = None


class LabelDefined(Action, frozen=True, tag="label_defined"):
    """In the club's log: there is a label, or it has another name from now on."""

    label: UUID
    name: str
    by: str


class LabelRemoved(Action, frozen=True, tag="label_removed"):
    """Nobody carries it any more, and it calls nobody."""

    label: UUID
    by: str


class ClubEmoteDefined(Action, frozen=True, tag="club_emote_defined"):
    """In the club's log: `file` is shown for `:name:` from now on; an emote that had another name has it no
    more.
    """

    file: UUID
    name: str
    by: str


class ClubEmoteRemoved(Action, frozen=True, tag="club_emote_removed"):
    """What texts and reactions called so is a word from now on."""

    file: UUID
    by: str


class MemberLabelled(Action, frozen=True, tag="member_labelled"):
    """All the labels that a member carries from now on, in their order."""

    user: str
    labels: list[UUID]
    by: str


class MemberRemoved(Action, frozen=True, tag="member_removed"):
    """The last action its `user` hears of this group. `by` is the same person when they left on their own."""

    user: str
    by: str
