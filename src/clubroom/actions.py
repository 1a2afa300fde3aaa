"""The words of the log: every durable thing that happens is one of these, past tense, frozen.

An action is stored as JSON without its place and sent as `{"seq":…,"at":…,` + the stored bytes, so the same
bytes serve the log, every live socket and every replay. docs/protocol.md keeps the table of whose log each
belongs to and who is told. A client that meets an action it does not know moves its cursor and goes on.
"""

from typing import Literal
from uuid import UUID

import msgspec

Role = Literal["owner", "admin", "member"]
GroupKind = Literal["club", "admins", "self"]


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


class MemberJoined(Action, frozen=True, tag="member_joined"):
    """In the log of the group that was joined."""

    user: str
    name: str
    role: Role


class MemberRemoved(Action, frozen=True, tag="member_removed"):
    """The last action its `user` hears of this group. `by` is the same person when they left on their own."""

    user: str
    by: str


class JoinCodeCreated(Action, frozen=True, tag="join_code_created"):
    """In the admins' log: a new club code exists. The code itself is never in a log."""

    by: str


class MessagePosted(Action, frozen=True, tag="message_posted"):
    """A message as its author sent it."""

    id: UUID
    author: str
    text: str


AnyAction = (
    AccountCreated
    | SignInChanged
    | AddedToGroup
    | RemovedFromGroup
    | ClubCreated
    | MemberJoined
    | MemberRemoved
    | JoinCodeCreated
    | MessagePosted
)

encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(AnyAction).decode


class Logged(msgspec.Struct, frozen=True):
    """An action with its place: committed, and on its way to whoever may hear it.

    `at` is RFC 3339 UTC with microseconds, `body` the stored JSON. `cut` names the person (by the database's
    number) whom this action removes from the group, `joined` the one whom it lets in.
    """

    group: int
    seq: int
    at: str
    body: bytes
    joined: int | None = None
    cut: int | None = None

    def placed(self) -> bytes:
        """The bytes as every receiver gets them."""
        return b'{"seq":%d,"at":"%s",' % (self.seq, self.at.encode()) + self.body[1:]
