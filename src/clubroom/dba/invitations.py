"""Invitations: made, mailed, listed, accepted. `moment` null = now by the database's clock."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from clubroom import wire
from clubroom.dba.attempts import Limit, listed, unless_refused
from clubroom.dba.pool import Database
from clubroom.dba.sessions import SignedIn
from clubroom.wire import CLUB_MEMBERS_MAX, CLUBS_A_PERSON_MAX, INVITATIONS_OPEN_MAX


class NewInvitation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One that was checked: its place in the call, who it would be, and the link that was made for its letter
    (HMAC and sealed secret, in hex).
    """

    row: int
    name: str
    labels: list[UUID]
    sub: str
    email: str | None = None
    mac: str | None = None
    sealed: str | None = None


class Made(msgspec.Struct, frozen=True):
    """`rows` without those that were wrong. `repeated` = an earlier call had done it."""

    rows: list[wire.InvitedRow]
    sent: int
    repeated: bool


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """One more for an invitation, with the link that was made for it."""

    invitation: int
    email: str
    mac: str
    sealed: str


class Due(msgspec.Struct, frozen=True):
    """An invitation to which a letter may go out."""

    invitation: int
    email: str


class Came(msgspec.Struct, frozen=True):
    """Whoever came, the club, and what their tokens are minted from."""

    person: SignedIn
    group: int
    name: str


async def invite(
    db: Database,
    who: int,
    club: int,
    people: Sequence[NewInvitation],
    *,
    key: UUID,
    asked_mac: bytes,
    as_members: bool,
    language: str | None,
    limits: list[Limit],
    open_max: int = INVITATIONS_OPEN_MAX,
    members_max: int = CLUB_MEMBERS_MAX,
    moment: datetime | None = None,
) -> Made:
    """All whom the club does not know yet. Raises NotFound (an unknown label, too), Forbidden, Full,
    IdConflict.
    """
    result = await db.command(
        "invite_people",
        who=who,
        club=club,
        call_key=key,
        mac_of_call=asked_mac,
        people=_json(people),
        as_members=as_members,
        language=language,
        limits=listed(limits),
        open_max=open_max,
        members_max=members_max,
        moment=moment,
    )
    return msgspec.convert(result, Made)


async def page(
    db: Database,
    who: int,
    club: int,
    *,
    after: int,
    waiting: bool,
    n: int,
    moment: datetime | None = None,
) -> wire.Invitations:
    """In the order in which they were made. Raises NotFound, Forbidden."""
    found = await db.read(
        "invitations_of", who=who, club=club, after=after, waiting=waiting, n=n, moment=moment
    )
    return msgspec.json.decode(found, type=wire.Invitations)


async def due(
    db: Database,
    who: int,
    club: int,
    invitations: Sequence[int] | None,
    *,
    n: int,
    moment: datetime | None = None,
) -> list[Due]:
    """Of these, or of all. Raises NotFound, Forbidden."""
    ids = None if invitations is None else list(invitations)
    rows = await db.read("due_invitations", who=who, club=club, ids=ids, n=n, moment=moment)
    return [Due(row["id"], row["email"]) for row in rows]


async def send(
    db: Database,
    who: int,
    club: int,
    letters: Sequence[Letter],
    *,
    language: str | None,
    limits: list[Limit],
    moment: datetime | None = None,
) -> wire.LettersSent:
    """Raises NotFound, Forbidden, RateLimited."""
    result = await db.command(
        "send_invitations",
        who=who,
        club=club,
        letters=_json(letters),
        language=language,
        limits=listed(limits),
        moment=moment,
    )
    return msgspec.convert(unless_refused(result), wire.LettersSent)


async def add_link(
    db: Database, who: int, club: int, invitation: int, link_mac: bytes, *, moment: datetime | None = None
) -> None:
    """Raises NotFound, Forbidden."""
    await db.command(
        "link_invitation", who=who, club=club, invitation=invitation, link_mac=link_mac, moment=moment
    )


async def withdraw(db: Database, who: int, club: int, invitation: int) -> None:
    """Raises NotFound, Forbidden (of a member without a device)."""
    await db.command("withdraw_invitation", who=who, club=club, invitation=invitation)


async def preview(
    db: Database, macs: list[bytes], *, limits: list[Limit], moment: datetime | None = None
) -> wire.InvitationPreview:
    """`limits` count and stop wrong ones alone. Raises InvalidCode, RateLimited."""
    result = await db.command("preview_invitation", macs=macs, address_limits=listed(limits), moment=moment)
    return msgspec.convert(unless_refused(result), wire.InvitationPreview)


async def accept(
    db: Database,
    macs: list[bytes],
    *,
    who: int | None,
    sub: str,
    name: str | None,
    session: UUID,
    device: str | None,
    key: UUID | None,
    limits: list[Limit],
    address_limits: list[Limit],
    account_limits: list[Limit],
    members_max: int = CLUB_MEMBERS_MAX,
    clubs_max: int = CLUBS_A_PERSON_MAX,
    moment: datetime | None = None,
) -> Came:
    """`who` None: somebody new, as `sub`, or whoever stood there without a device. Raises InvalidCode,
    RateLimited, Full.
    """
    result = await db.command(
        "accept_invitation",
        macs=macs,
        who=who,
        as_sub=sub,
        as_name=name,
        session=session,
        device=device,
        key=key,
        limits=listed(limits),
        address_limits=listed(address_limits),
        account_limits=listed(account_limits),
        members_max=members_max,
        clubs_max=clubs_max,
        moment=moment,
    )
    found = unless_refused(result)
    return Came(msgspec.convert(found, SignedIn), found["group"], found["name"])


async def rename_managed(db: Database, who: int, club: int, user: str, name: str) -> None:
    """Raises NotFound, Forbidden (it is somebody's own account)."""
    await db.command("rename_managed", who=who, club=club, target_sub=user, new_name=name)


async def put_contact(db: Database, who: int, club: int, to: wire.PutContact) -> None:
    """How `who` is reached in this club. Raises NotFound."""
    await db.command(
        "put_contact",
        who=who,
        club=club,
        address=to.email,
        phone_number=to.phone,
        said=to.note,
        seen_by=to.visible_to,
    )


async def contacts(db: Database, who: int, club: int) -> wire.Contacts:
    """What `who` may see. Raises NotFound."""
    found = await db.read("club_contacts", who=who, club=club)
    return msgspec.json.decode(found, type=wire.Contacts)


def _json(items: Sequence[Any]) -> str:
    return msgspec.json.encode(list(items)).decode()
