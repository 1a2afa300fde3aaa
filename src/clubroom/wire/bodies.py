"""The bodies of the HTTP calls and of their answers (docs/protocol.md)."""

from typing import Literal
from uuid import UUID

import msgspec

from clubroom.actions import Level, LinkPreview, MessageImage
from clubroom.wire.frames import NewImage, Reset
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
    """`POST /api/sessions`: e-mail and password, the secret of a sign-in link, or what the browser made with
    a passkey (`PublicKeyCredential.toJSON`, as text).
    """

    email: str | None = None
    password: str | None = None
    link: str | None = None
    passkey: str | None = None
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
    """`POST /api/clubs/preview`: a code as it was typed."""

    code: str


class PutMessage(Incoming, frozen=True):
    """`PUT /api/messages/{id}`. With images there need not be any text."""

    group: int
    text: str
    reply_to: UUID | None = None
    images: list[NewImage] = msgspec.field(default_factory=list)


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


class PutFollow(Incoming, frozen=True):
    """`PUT /api/groups/{g}/follow`: a public channel in one's list, or not."""

    on: bool


class PutMute(Incoming, frozen=True):
    """`PUT /api/groups/{g}/mute`: quiet from a group for so many seconds; null = for good, 0 = no longer."""

    for_s: int | None


class PutLevel(Incoming, frozen=True):
    """`PUT /api/groups/{g}/level`: what one wants to be told of a group; null = as its club says."""

    level: Level | None


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
    """What a valid code shows before one joins; `sign` and `colour` stand for a picture. With `asks` whoever
    runs the club lets people in, who may be asked a `question`.
    """

    name: str
    members: int
    sign: str | None
    colour: int
    asks: bool
    question: str


class Invitation(Outgoing, frozen=True):
    """`GET /api/groups/{g}/code`. `only_here` = the link opens on this computer alone."""

    code: str
    url: str
    only_here: bool


class Emote(Outgoing, frozen=True):
    """One kind of reaction, and who reacted so, by user id."""

    emote: str
    users: list[str]


class Message(Outgoing, frozen=True, omit_defaults=True):
    """A message as it stands now. A deleted one says nothing. Emotes are in the order of code points.
    `event` = the group of the event whose card it is.
    """

    id: UUID
    group: int
    seq: int
    author: str
    text: str
    sent_at: str
    reply_to: UUID | None = None
    event: int | None = None
    images: list[MessageImage] = msgspec.field(default_factory=list)
    preview: LinkPreview | None = None
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
    """`GET /api/groups/{g}/online`: who of the group is online now; `users` names at most 500 of `n`, and
    `idle` those of them who show no room on any of their devices.
    """

    n: int
    users: list[str]
    idle: list[str]


class Host(Outgoing, frozen=True):
    """`GET /api/host`: what a client must know before anybody signs in. `mail` = letters reach people.
    `issuer` = by whom one may sign in besides (its name, for a button), `issuer_only` = by nothing else.
    `operator` = who runs it; null as long as they are not named.
    """

    version: str
    create: Literal["open", "word", "closed"]
    url: str
    only_here: bool
    mail: bool
    issuer: str | None = None
    issuer_only: bool = False
    operator: str | None = None


class Health(Outgoing, frozen=True):
    """`GET /api/health`."""

    status: Literal["ok"]


class Problem(Outgoing, frozen=True, omit_defaults=True):
    """RFC 9457, media type `application/problem+json`. Decide by `code`. Of an amount that is too much
    `limit` says what would do, and `used` what of it is taken.
    """

    type: str
    title: str
    status: int
    code: str
    detail: str | None = None
    retry_ms: int | None = None
    limit: int | None = None
    used: int | None = None
