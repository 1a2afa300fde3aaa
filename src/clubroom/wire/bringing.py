"""Bringing people: invitations, members without a device, how members are reached (docs/protocol.md)."""

from typing import Literal
from uuid import UUID

import msgspec

from clubroom.wire.shapes import Incoming, Outgoing

InvitationState = Literal["invited", "sent", "failed", "came", "withdrawn"]
"""`invited`: no letter has gone out (yet); `failed`: it could not be delivered."""

ContactFor = Literal["admins", "members"]

# --- what a client sends ----------------------------------------------------------------------------------


class Invited(Incoming, frozen=True):
    """One of those whom one invites. Without an address somebody hands the link over. `labels` are ids."""

    name: str
    email: str | None = None
    labels: list[UUID] = msgspec.field(default_factory=list)


class NewInvitations(Incoming, frozen=True):
    """`POST /api/groups/{g}/invitations`. `labels` for all of them; with `as_members` they are members at
    once, without a device.
    """

    key: UUID
    people: list[Invited]
    labels: list[UUID] = msgspec.field(default_factory=list)
    send: bool = True
    as_members: bool = False


class SendInvitations(Incoming, frozen=True):
    """`POST /api/groups/{g}/invitations/send`: once more to these, or to all who have not come."""

    invitations: list[int] | None = None


class InvitationSecret(Incoming, frozen=True):
    """`POST /api/invitations/preview`: what stands behind the # of the link."""

    secret: str


class AcceptInvitation(Incoming, frozen=True):
    """`POST /api/invitations/accept`. Signed out: as a new person, called `name` if it is not the name in the
    invitation. With `key` the call may be repeated for 10 minutes; `keep` as for accounts.
    """

    secret: str
    name: str | None = None
    key: UUID | None = None
    keep: Literal["cookie"] | None = None


class PutManaged(Incoming, frozen=True):
    """`PUT /api/groups/{g}/managed/{user}`: what a member without a device is called."""

    name: str


class PutContact(Incoming, frozen=True):
    """`PUT /api/groups/{g}/contact`: how one is reached. `visible_to` null = by nobody; nothing is kept."""

    email: str | None = None
    phone: str | None = None
    note: str | None = None
    visible_to: ContactFor | None = None


# --- what the server answers ------------------------------------------------------------------------------


class InvitedRow(Outgoing, frozen=True, omit_defaults=True):
    """What became of the `row`th of those sent (from 0). `known`: invited or here before; `wrong`: the name
    or the address (`why`) cannot be one.
    """

    row: int
    result: Literal["new", "known", "wrong"] = msgspec.field(name="is")
    invitation: int | None = None
    why: Literal["name", "email"] | None = None


class InvitationsMade(Outgoing, frozen=True):
    """`sent` = how many letters are on their way."""

    rows: list[InvitedRow]
    sent: int


class ListedInvitation(Outgoing, frozen=True):
    """An invitation, as those see it who run the club. `email` null = none, or withdrawn. `user` = who came,
    or the member without a device who stands for them; `due` = a letter may go out now.
    """

    invitation: int
    name: str
    email: str | None
    labels: list[UUID]
    state: InvitationState
    by: str
    at: str
    sent_at: str | None
    came_at: str | None
    user: str | None
    due: bool


class Invitations(Outgoing, frozen=True):
    """`GET /api/groups/{g}/invitations`. `waiting` and `came` count all of the club's."""

    invitations: list[ListedInvitation]
    more: bool
    waiting: int
    came: int


class LettersSent(Outgoing, frozen=True):
    """`held` = not today any more, by the limits of a day."""

    sent: int
    held: int


class InvitationLink(Outgoing, frozen=True):
    """A link for one person: once, for 60 days."""

    url: str


class InvitationPreview(Outgoing, frozen=True):
    """What a link opens. `managed` = whoever opens it is a member already, and signs in for the first
    time.
    """

    club: str
    sign: str | None
    colour: int
    name: str
    by: str
    members: int
    managed: bool


class CameIn(Outgoing, frozen=True, omit_defaults=True):
    """In the club. `refresh_token` for a device that was not signed in, unless it travels in the cookie."""

    user: str
    access_token: str
    expires_in: int
    group: int
    name: str
    refresh_token: str | None = None


class Contact(Outgoing, frozen=True, omit_defaults=True):
    """How somebody is reached, and who may see it. Of a member without a device, for admins alone: where
    their mail goes.
    """

    user: str
    visible_to: ContactFor
    email: str | None = None
    phone: str | None = None
    note: str | None = None


class Contacts(Outgoing, frozen=True):
    """`GET /api/groups/{g}/contacts`: what the asker may see, their own included. `since` says when everybody
    came, by user id, to those who run the club; to others nothing.
    """

    contacts: list[Contact]
    since: dict[str, str]
