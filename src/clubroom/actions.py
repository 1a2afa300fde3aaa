"""The words of the log: every durable thing that happens is one of these, past tense, frozen.

An action is stored as JSON without its place and sent as `{"seq":…,"at":…,` + the stored bytes, so the same
bytes serve the log, every live socket and every replay. docs/protocol.md keeps the table of whose log each
belongs to and who is told. A client that meets an action it does not know moves its cursor and goes on.
"""

from typing import Literal
from uuid import UUID

import msgspec

Role = Literal["owner", "admin", "member"]
GroupKind = Literal["club", "admins", "self", "channel", "dm"]


class Action(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    tag_field="type",
):
    """The common shape. `type` in JSON is the class in snake case."""


class AccountCreated(Action, frozen=True, tag="account_created"):
    """First in a person's self group."""

    user: str
    name: str


class SignInChanged(Action, frozen=True, tag="sign_in_changed"):
    """In the self group: the e-mail address that this person now signs in with."""

    email: str


class AddedToGroup(Action, frozen=True, tag="added_to_group"):
    """In the self group: this person may now read `group`; the client refreshes its token and fetches it."""

    group: int
    kind: GroupKind
    name: str
    parent: int | None = None


class RemovedFromGroup(Action, frozen=True, tag="removed_from_group"):
    """In the self group: `group` is closed to this person from now on."""

    group: int


class ClubCreated(Action, frozen=True, tag="club_created"):
    """First in a club's log."""

    by: str
    name: str


class ClubChanged(Action, frozen=True, tag="club_changed"):
    """What the owner decided: whether only admins make channels, whether members write to each other."""

    by: str
    rooms_by_admins: bool
    dms_off: bool


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


class ChannelFollowed(Action, frozen=True, tag="channel_followed"):
    """In the self group: the public channel `group` is in this person's list (`on`) or not."""

    group: int
    on: bool


class DmCreated(Action, frozen=True, tag="dm_created"):
    """First in the log of a conversation of two to ten people, who join right after."""

    by: str


class PersonBlocked(Action, frozen=True, tag="person_blocked"):
    """In the self group: `user` opens no conversation with this person, nor this person with them."""

    user: str


class PersonUnblocked(Action, frozen=True, tag="person_unblocked"):
    """In the self group: the block is over."""

    user: str


class MemberJoined(Action, frozen=True, tag="member_joined"):
    """In the log of the group that was joined. `by` = whoever added them."""

    user: str
    name: str
    role: Role
    by: str | None = None


class RoleChanged(Action, frozen=True, tag="role_changed"):
    """A member is something else from now on."""

    user: str
    role: Role


class MemberRemoved(Action, frozen=True, tag="member_removed"):
    """The last action its `user` hears of this group. `by` is the same person when they left on their own."""

    user: str
    by: str


class JoinCodeCreated(Action, frozen=True, tag="join_code_created"):
    """In the admins' log: a new club code exists. The code itself is never in a log."""

    by: str


class MessagePosted(Action, frozen=True, tag="message_posted"):
    """A message as it stands now: an edit or a deletion rewrites this action at its place (L4). `reply_to` is
    the id of the message that it answers.
    """

    id: UUID
    author: str
    text: str
    reply_to: UUID | None = None
    deleted: bool = False


class MessageEdited(Action, frozen=True, tag="message_edited"):
    """Its author wrote it anew; rewritten, too, by whatever is done to the text later."""

    id: UUID
    text: str
    deleted: bool = False


class MessageDeleted(Action, frozen=True, tag="message_deleted"):
    """The message says nothing any more, and has no emotes and no pin."""

    id: UUID
    by: str


class MessagePinned(Action, frozen=True, tag="message_pinned"):
    """The message is one of those that the room holds on to."""

    id: UUID
    by: str


class MessageUnpinned(Action, frozen=True, tag="message_unpinned"):
    """It is not any more."""

    id: UUID
    by: str


class EmoteAdded(Action, frozen=True, tag="emote_added"):
    """Somebody reacted to a message."""

    id: UUID
    emote: str
    user: str


class EmoteRemoved(Action, frozen=True, tag="emote_removed"):
    """Somebody took a reaction back."""

    id: UUID
    emote: str
    user: str


AnyAction = (
    AccountCreated
    | SignInChanged
    | AddedToGroup
    | RemovedFromGroup
    | ClubCreated
    | ClubChanged
    | ChannelListed
    | ChannelCreated
    | ChannelChanged
    | ChannelFollowed
    | DmCreated
    | PersonBlocked
    | PersonUnblocked
    | MemberJoined
    | MemberRemoved
    | RoleChanged
    | JoinCodeCreated
    | MessagePosted
    | MessageEdited
    | MessageDeleted
    | MessagePinned
    | MessageUnpinned
    | EmoteAdded
    | EmoteRemoved
)

encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(AnyAction).decode


class Logged(msgspec.Struct, frozen=True):
    """An action with its place: committed, and on its way to whoever may hear it.

    `at` is RFC 3339 UTC with microseconds, `body` the stored JSON. `cut` names the person (by the database's
    number) whom this action removes from the group, `joined` the one whom it lets in, `opens` the group that
    from here on everybody hears who hears this one.
    """

    group: int
    seq: int
    at: str
    body: bytes
    joined: int | None = None
    cut: int | None = None
    opens: int | None = None

    def placed(self) -> bytes:
        """The bytes as every receiver gets them."""
        return b'{"seq":%d,"at":"%s",' % (self.seq, self.at.encode()) + self.body[1:]
