"""The words of the log: every durable thing that happens is one of these, past tense, frozen.

An action is stored as JSON without its place and sent as `{"seq":…,"at":…,` + the stored bytes, so the same
bytes serve the log, every live socket and every replay. docs/protocol.md keeps the table of whose log each
belongs to and who is told. A client that meets an action it does not know moves its cursor and goes on.
"""

import msgspec

from clubroom.actions.clubs import (
    ChannelChanged,
    ChannelCreated,
    ChannelListed,
    ClubChanged,
    ClubCreated,
    ClubDeleted,
    ClubEmoteDefined,
    ClubEmoteRemoved,
    ClubSuspended,
    DmCreated,
    GroupRenamed,
    LabelDefined,
    LabelRemoved,
    MemberJoined,
    MemberLabelled,
    MemberRemoved,
    RoleChanged,
)
from clubroom.actions.door import (
    InvitationsSent,
    JoinAsked,
    JoinCodeChanged,
    JoinCodeCreated,
    JoinCodeRevoked,
    JoinSettled,
    ReportClosed,
    Reported,
)
from clubroom.actions.events import (
    EventAnswered,
    EventCancelled,
    EventChanged,
    EventCounted,
    EventCover,
    EventCovered,
    EventCreated,
    EventReminded,
    EventTicked,
)
from clubroom.actions.messages import (
    EmoteAdded,
    EmoteRemoved,
    LinkPreview,
    LinkPreviewed,
    MessageDeleted,
    MessageEdited,
    MessageImage,
    MessagePinned,
    MessagePosted,
    MessageUnpinned,
)
from clubroom.actions.people import (
    AccountCreated,
    AccountDeleted,
    ActivitySeen,
    AddedToGroup,
    ChannelFollowed,
    EmailVerified,
    GroupMuted,
    GroupUnmuted,
    IdentitiesChanged,
    JoinAnswered,
    LettersChanged,
    LevelChanged,
    PasskeysChanged,
    PersonArrived,
    PersonBlocked,
    PersonPictured,
    PersonRenamed,
    PersonUnblocked,
    ProfileChanged,
    QuietHoursChanged,
    QuietSpan,
    RemovedFromGroup,
    SignInChanged,
    SignInLinkHanded,
)
from clubroom.actions.shape import Action, GroupKind, Level, Role

__all__ = [
    "AccountCreated",
    "AccountDeleted",
    "Action",
    "AddedToGroup",
    "AnyAction",
    "ChannelChanged",
    "ChannelCreated",
    "ChannelFollowed",
    "ChannelListed",
    "ClubChanged",
    "ClubCreated",
    "ClubDeleted",
    "ClubEmoteDefined",
    "ClubEmoteRemoved",
    "ClubSuspended",
    "DmCreated",
    "EmailVerified",
    "EmoteAdded",
    "EmoteRemoved",
    "EventAnswered",
    "EventCancelled",
    "EventChanged",
    "EventCounted",
    "EventCover",
    "EventCovered",
    "EventCreated",
    "EventReminded",
    "EventTicked",
    "GroupKind",
    "GroupRenamed",
    "IdentitiesChanged",
    "InvitationsSent",
    "JoinAnswered",
    "JoinAsked",
    "JoinCodeChanged",
    "JoinCodeCreated",
    "JoinCodeRevoked",
    "JoinSettled",
    "LabelDefined",
    "LabelRemoved",
    "LettersChanged",
    "Level",
    "LevelChanged",
    "LinkPreview",
    "LinkPreviewed",
    "Logged",
    "MemberJoined",
    "MemberLabelled",
    "MemberRemoved",
    "MessageDeleted",
    "MessageEdited",
    "MessageImage",
    "MessagePinned",
    "MessagePosted",
    "MessageUnpinned",
    "PasskeysChanged",
    "PersonArrived",
    "PersonBlocked",
    "PersonPictured",
    "PersonRenamed",
    "PersonUnblocked",
    "ProfileChanged",
    "QuietHoursChanged",
    "QuietSpan",
    "RemovedFromGroup",
    "ReportClosed",
    "Reported",
    "Role",
    "RoleChanged",
    "SignInChanged",
    "SignInLinkHanded",
    "decode",
    "encode",
]

AnyAction = (
    AccountCreated
    | SignInChanged
    | EmailVerified
    | PasskeysChanged
    | IdentitiesChanged
    | SignInLinkHanded
    | ProfileChanged
    | LettersChanged
    | AddedToGroup
    | RemovedFromGroup
    | ClubCreated
    | ClubChanged
    | GroupRenamed
    | ClubSuspended
    | ClubDeleted
    | ChannelListed
    | ChannelCreated
    | ChannelChanged
    | ChannelFollowed
    | GroupMuted
    | GroupUnmuted
    | LevelChanged
    | QuietHoursChanged
    | ActivitySeen
    | DmCreated
    | PersonBlocked
    | PersonUnblocked
    | MemberJoined
    | MemberRemoved
    | RoleChanged
    | LabelDefined
    | LabelRemoved
    | ClubEmoteDefined
    | ClubEmoteRemoved
    | MemberLabelled
    | PersonRenamed
    | PersonPictured
    | PersonArrived
    | AccountDeleted
    | JoinCodeCreated
    | JoinCodeChanged
    | JoinCodeRevoked
    | JoinAsked
    | JoinSettled
    | JoinAnswered
    | Reported
    | ReportClosed
    | InvitationsSent
    | EventCreated
    | EventChanged
    | EventCancelled
    | EventCovered
    | EventAnswered
    | EventCounted
    | EventReminded
    | EventTicked
    | MessagePosted
    | MessageEdited
    | MessageDeleted
    | MessagePinned
    | MessageUnpinned
    | EmoteAdded
    | EmoteRemoved
    | LinkPreviewed
)

encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(AnyAction).decode


class Logged(msgspec.Struct, frozen=True):
    """An action with its place: committed, and on its way to whoever may hear it.

    `at` is RFC 3339 UTC with microseconds, `body` the stored JSON. `cut` names the person (by the database's
    number) whom this action removes from the group, `joined` the one whom it lets in, `opens` the group that
    from here on everybody hears who hears this one; after one that `closes` nobody hears anything.
    """

    group: int
    seq: int
    at: str
    body: bytes
    joined: int | None = None
    cut: int | None = None
    opens: int | None = None
    closes: bool = False

    def placed(self) -> bytes:
        """The bytes as every receiver gets them."""
        return b'{"seq":%d,"at":"%s",' % (self.seq, self.at.encode()) + self.body[1:]
