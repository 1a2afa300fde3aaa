"""The bodies of the HTTP calls and of their answers (docs/protocol.md)."""

from typing import Literal
from uuid import UUID

import msgspec

from clubroom.actions import GroupKind, Role
from clubroom.wire.frames import Reset
from clubroom.wire.shapes import Incoming, Outgoing

# --- HTTP, what a client sends ----------------------------------------------------------------------------


class NewAccount(Incoming, frozen=True):
    """`POST /api/accounts`. With `key` the call may be repeated for 10 minutes; `keep` = `cookie` puts the
    refresh token into a cookie instead of the body.
    """

    name: str
    key: UUID | None = None
    email: str | None = None
    password: str | None = None
    keep: Literal["cookie"] | None = None


class NewSession(Incoming, frozen=True):
    """`POST /api/sessions`: e-mail and password, or the secret of a sign-in link."""

    email: str | None = None
    password: str | None = None
    link: str | None = None
    keep: Literal["cookie"] | None = None


class NewTokens(Incoming, frozen=True):
    """`POST /api/tokens`: the refresh token here or in the cookie."""

    refresh_token: str | None = None
    keep: Literal["cookie"] | None = None


class SignIn(Incoming, frozen=True):
    """`PUT /api/me/sign-in`: from now on this person can sign in so. `current` when one was set before."""

    email: str
    password: str
    current: str | None = None


class NewClub(Incoming, frozen=True):
    """`POST /api/clubs`. `word` where the host asks for it."""

    key: UUID
    name: str
    word: str | None = None


class ClubCode(Incoming, frozen=True):
    """`POST /api/clubs/join` and `/preview`: a code as it was typed."""

    code: str


class PutMessage(Incoming, frozen=True):
    """`PUT /api/messages/{id}`."""

    group: int
    text: str
    reply_to: UUID | None = None


class PatchMessage(Incoming, frozen=True):
    """`PATCH /api/messages/{id}`: what it says from now on."""

    text: str


class PutRead(Incoming, frozen=True):
    """`PUT /api/groups/{g}/read`. With `back` the pointer goes to an earlier place: unread from there on."""

    seq: int
    back: bool = False


class NewChannel(Incoming, frozen=True):
    """`POST /api/groups/{g}/channels`. A `private` one is for those who are added."""

    key: UUID
    name: str
    private: bool = False
    description: str = ""
    announce: bool = False
    landing: bool = False


class PatchGroup(Incoming, frozen=True):
    """`PATCH /api/groups/{g}`: what changes. The first five of a channel, the last two of a club."""

    name: str | None = None
    description: str | None = None
    announce: bool | None = None
    landing: bool | None = None
    archived: bool | None = None
    rooms_by_admins: bool | None = None
    dms_off: bool | None = None


class PutFollow(Incoming, frozen=True):
    """`PUT /api/groups/{g}/follow`: a public channel in one's list, or not."""

    on: bool


class NewMembers(Incoming, frozen=True):
    """`POST /api/groups/{g}/members`. Without `history` they read nothing that was said before."""

    users: list[str]
    history: bool = True


class NewDm(Incoming, frozen=True):
    """`POST /api/dms`: the others, by user id. The same people find the same conversation, with any `key`."""

    users: list[str]
    key: UUID | None = None


class Sync(Incoming, frozen=True):
    """`POST /api/sync`: every cursor at once. With `epoch` of another database all come as resets."""

    cursors: dict[int, int]
    epoch: str | None = None


# --- HTTP, what the server answers ------------------------------------------------------------------------


class Tokens(Outgoing, frozen=True, omit_defaults=True):
    """Signed in. `expires_in` in seconds; no `refresh_token` when it travels in the cookie."""

    user: str
    access_token: str
    expires_in: int
    refresh_token: str | None = None


class SignInLink(Outgoing, frozen=True):
    """A one-use link for one's next device, valid for 10 minutes."""

    url: str


class SignInSet(Outgoing, frozen=True):
    """How this person signs in now."""

    email: str


class Someone(Outgoing, frozen=True):
    """A person with their name."""

    user: str
    name: str


class GroupEntry(Outgoing, frozen=True):
    """A group of mine. `unread` counts others' messages after my read pointer, `mentions` those of them that
    call me by name, both up to 100. `followed` = it is in my list; `manages` = I may change it; `people` are
    the others of a conversation.
    """

    group: int
    kind: GroupKind
    name: str
    parent: int | None
    role: Role
    head: int
    read: int
    unread: int
    mentions: int
    private: bool
    followed: bool
    manages: bool
    may_post: bool
    description: str
    announce: bool
    landing: bool
    archived: bool
    rooms_by_admins: bool
    dms_off: bool
    people: list[Someone]


class Me(Outgoing, frozen=True):
    """`GET /api/me`. `email` null = only this device is signed in so far."""

    user: str
    name: str
    email: str | None
    epoch: str
    groups: list[GroupEntry]
    blocked: list[str]


class GroupMade(Outgoing, frozen=True):
    """A channel or a conversation (made now or by an earlier call)."""

    group: int


class ClubMade(Outgoing, frozen=True):
    """A club, its code in groups of four, and an access token that already knows it."""

    group: int
    code: str
    access_token: str


class ClubJoined(Outgoing, frozen=True):
    """Joined (or a member already: the same answer)."""

    group: int
    name: str
    access_token: str


class ClubPreview(Outgoing, frozen=True):
    """What a valid code shows before one joins."""

    name: str
    members: int


class Invitation(Outgoing, frozen=True):
    """`GET /api/groups/{g}/code`, for admins. `only_here` = the link opens on this computer alone."""

    code: str
    url: str
    only_here: bool


class Emote(Outgoing, frozen=True):
    """One kind of reaction, and who reacted so, by user id."""

    emote: str
    users: list[str]


class Message(Outgoing, frozen=True, omit_defaults=True):
    """A message as it stands now. A deleted one says nothing. Emotes are in the order of code points."""

    id: UUID
    group: int
    seq: int
    author: str
    text: str
    sent_at: str
    reply_to: UUID | None = None
    edited_at: str | None = None
    deleted: bool = False
    emotes: list[Emote] = msgspec.field(default_factory=list)


class Posted(Outgoing, frozen=True):
    """Sent: flushed to disk with its place. `duplicate` = an earlier call with this id had done it."""

    id: UUID
    group: int
    seq: int
    at: str
    duplicate: bool


class Page(Outgoing, frozen=True):
    """Messages oldest first; `more` = there are further ones in the direction that was asked for."""

    messages: list[Message]
    more: bool


class Seen(Outgoing, frozen=True):
    """`GET /api/messages/{id}/seen`: how many have seen it, its author aside; `users` names at most 100."""

    n: int
    users: list[str]


class Member(Outgoing, frozen=True):
    """Somebody whom the log of a group names. `left` = no member now, but messages may stand here."""

    user: str
    name: str
    role: Role
    left: bool = False


class Snapshot(Outgoing, frozen=True):
    """The state of a group at `seq`, for whoever asks. Messages from `window` on are complete. A public
    channel (not `private`) names no members: they are those of its `parent`.
    """

    group: int
    epoch: str
    seq: int
    kind: GroupKind
    name: str
    parent: int | None
    members: list[Member]
    messages: list[Message]
    window: int
    private: bool
    description: str
    announce: bool
    landing: bool
    archived: bool
    rooms_by_admins: bool
    dms_off: bool
    pinned: list[UUID]


class ActionsPage(Outgoing, frozen=True):
    """`GET /api/groups/{g}/actions`: as in the frame `actions`; `head` is where the log stands."""

    group: int
    first: int = msgspec.field(name="from")
    last: int = msgspec.field(name="to")
    actions: list[msgspec.Raw]
    more: bool
    head: int


class Synced(Outgoing, frozen=True):
    """`POST /api/sync`: pages and resets, at most 500 actions or 256 KB in all, and every head."""

    epoch: str
    heads: dict[int, int]
    read: dict[int, int]
    pages: list[ActionsPage]
    resets: list[Reset]


class ReadPointer(Outgoing, frozen=True):
    """Where this person's read pointer stands now (it never goes back)."""

    group: int
    seq: int


class Online(Outgoing, frozen=True):
    """`GET /api/groups/{g}/online`: who of the group is online now; `users` names at most 500 of `n`."""

    n: int
    users: list[str]


class Host(Outgoing, frozen=True):
    """`GET /api/host`: what a client must know before anybody signs in."""

    version: str
    create: Literal["open", "word", "closed"]
    url: str
    only_here: bool


class Health(Outgoing, frozen=True):
    """`GET /api/health`."""

    status: Literal["ok"]


class Problem(Outgoing, frozen=True, omit_defaults=True):
    """RFC 9457, media type `application/problem+json`. Decide by `code`."""

    type: str
    title: str
    status: int
    code: str
    detail: str | None = None
    retry_ms: int | None = None
