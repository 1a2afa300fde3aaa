"""Invitations: named people, each with a link that works once and for sixty days.

Who is invited stands in no log, and no answer tells whether an address has an account: what the club itself
knows of it is all that is looked at.
"""

import secrets
from collections.abc import Sequence
from uuid import uuid4

import msgspec

from clubroom import wire
from clubroom.auth.accounts import new_user_id
from clubroom.auth.credentials import checked_email
from clubroom.auth.keys import mac
from clubroom.auth.room import UNKNOWN, Auth, Caller, Opened
from clubroom.auth.sessions import LINK_CHARACTERS_MAX, LINK_RANDOM_BYTES
from clubroom.auth.tokens import ACCESS_SECONDS
from clubroom.claims import Claims
from clubroom.dba import invitations
from clubroom.dba.invitations import Letter, NewInvitation
from clubroom.errors import InvalidCode, InvalidField, InvalidText, NotFound, TextTooLong
from clubroom.wire.text import checked_name


class Accepted(msgspec.Struct, frozen=True):
    """Whoever came; `opened` for a device that was not signed in."""

    came: wire.CameIn
    opened: Opened | None


async def invite(
    who: Claims, group: int, new: wire.NewInvitations, auth: Auth, caller: Caller = UNKNOWN
) -> tuple[wire.InvitationsMade, bool]:
    """Invites whom the club does not know yet; says of each row what became of it, and whether an earlier
    call had done it. Rows that cannot be are passed over.

    Raises InvalidField (nobody, or too many), NotFound, Forbidden, Full, IdConflict.
    """
    wire.possible_group(group)
    if not 1 <= len(new.people) <= wire.INVITED_AT_ONCE_MAX:
        raise InvalidField(f"Between 1 and {wire.INVITED_AT_ONCE_MAX} people.")
    right: list[NewInvitation] = []
    wrong: list[wire.InvitedRow] = []
    for row, one in enumerate(new.people):
        checked = _checked(row, one, new, auth)
        right.append(checked) if isinstance(checked, NewInvitation) else wrong.append(checked)
    made = await invitations.invite(
        auth.db,
        who.key,
        group,
        right,
        key=new.key,
        asked_mac=mac(auth.keys.sent_mac, msgspec.json.encode((group, new))),
        as_members=new.as_members,
        language=caller.language,
        limits=auth.limits.mailed_invitations(group, who.key),
        moment=auth.moment(),
    )
    rows = sorted([*made.rows, *wrong], key=lambda one: one.row)
    return wire.InvitationsMade(rows=rows, sent=made.sent), made.repeated


def _checked(
    row: int, one: wire.Invited, new: wire.NewInvitations, auth: Auth
) -> NewInvitation | wire.InvitedRow:
    labels = list(dict.fromkeys([*new.labels, *one.labels]))
    if len(labels) > wire.LABELS_A_MEMBER_MAX:
        raise InvalidField(f"At most {wire.LABELS_A_MEMBER_MAX} labels for one person.")
    try:
        name = checked_name(one.name)
    except (InvalidText, TextTooLong):
        return wire.InvitedRow(row=row, result="wrong", why="name")
    try:
        email = checked_email(one.email) if one.email and one.email.strip() else None
    except InvalidField:
        return wire.InvitedRow(row=row, result="wrong", why="email")
    link_mac = sealed = None
    if new.send and email is not None:
        link_mac, sealed = _sealed_link(email, auth)
    return NewInvitation(
        row=row, name=name, email=email, labels=labels, sub=new_user_id(), mac=link_mac, sealed=sealed
    )


def _sealed_link(email: str, auth: Auth) -> tuple[str, str]:
    """A fresh link for a letter to this address: its HMAC, and the secret, sealed."""
    secret = _secret()
    return auth.keys.link_macs(secret)[0].hex(), auth.keys.seal_link(secret, email).hex()


def _secret() -> str:
    return secrets.token_urlsafe(LINK_RANDOM_BYTES)


async def page(
    who: Claims, group: int, auth: Auth, *, after: int, waiting: bool, limit: int
) -> wire.Invitations:
    """Who was invited; with `waiting` who has not come. Raises NotFound, Forbidden."""
    return await invitations.page(
        auth.db,
        who.key,
        wire.possible_group(group),
        after=after,
        waiting=waiting,
        n=limit,
        moment=auth.moment(),
    )


async def send_again(
    who: Claims, group: int, which: Sequence[int] | None, auth: Auth, caller: Caller = UNKNOWN
) -> wire.LettersSent:
    """A letter to each of these, or to all who have not come, at most once a day each; at most as many at
    once as can be invited at once. Raises InvalidField, NotFound, Forbidden, RateLimited.
    """
    wire.possible_group(group)
    if which is not None and not 1 <= len(which) <= wire.INVITED_AT_ONCE_MAX:
        raise InvalidField(f"Between 1 and {wire.INVITED_AT_ONCE_MAX} invitations.")
    if which is not None and not all(0 < one <= wire.SEQ_MAX for one in which):
        raise NotFound
    due = await invitations.due(
        auth.db, who.key, group, which, n=wire.INVITED_AT_ONCE_MAX, moment=auth.moment()
    )
    letters = []
    for one in due:
        link_mac, sealed = _sealed_link(one.email, auth)
        letters.append(Letter(invitation=one.invitation, email=one.email, mac=link_mac, sealed=sealed))
    return await invitations.send(
        auth.db,
        who.key,
        group,
        letters,
        language=caller.language,
        limits=auth.limits.mailed_invitations(group, who.key),
        moment=auth.moment(),
    )


async def link(who: Claims, group: int, invitation: int, auth: Auth) -> wire.InvitationLink:
    """One more link for one person, to be handed over by hand. Raises NotFound, Forbidden."""
    secret = _secret()
    await invitations.add_link(
        auth.db,
        who.key,
        wire.possible_group(group),
        _possible(invitation),
        auth.keys.link_macs(secret)[0],
        moment=auth.moment(),
    )
    return wire.InvitationLink(url=f"{auth.settings.public_url}/welcome#{secret}")


async def withdraw(who: Claims, group: int, invitation: int, auth: Auth) -> None:
    """Its links open nothing any more. Raises NotFound, Forbidden (of a member without a device)."""
    await invitations.withdraw(auth.db, who.key, wire.possible_group(group), _possible(invitation))


def _possible(invitation: int) -> int:
    if not 0 < invitation <= wire.SEQ_MAX:
        raise NotFound
    return invitation


async def preview(secret: str, peer: str, auth: Auth) -> wire.InvitationPreview:
    """What a link opens; uses nothing up. Raises InvalidCode, RateLimited."""
    return await invitations.preview(
        auth.db,
        auth.keys.link_macs(_typed(secret)),
        limits=auth.limits.wrong_invitations_from(peer),
        moment=auth.moment(),
    )


async def accept(
    who: Claims | None, said: wire.AcceptInvitation, peer: str, auth: Auth, caller: Caller = UNKNOWN
) -> Accepted:
    """Into the club: signed in with that account; else as a new one, or as the member who had no device.

    Raises InvalidCode (unknown, used, withdrawn, expired, blocked: one and the same), InvalidText,
    TextTooLong, RateLimited, Full, IssuerOnly (nobody is signed in).
    """
    if who is None:
        auth.require_own_ways()
    name = checked_name(said.name) if said.name is not None else None
    came = await invitations.accept(
        auth.db,
        auth.keys.link_macs(_typed(said.secret)),
        who=who.key if who else None,
        sub=new_user_id(),
        name=name,
        session=uuid4(),
        device=caller.device,
        key=said.key,
        limits=auth.limits.wrong_invitations(who.key) if who else [],
        address_limits=auth.limits.wrong_invitations_from(peer),
        account_limits=[] if who else auth.limits.accounts(peer),
        moment=auth.moment(),
    )
    opened = None if who else auth.opened(came.person)
    if who:
        token = auth.tokens.mint(who.user, who.key, who.session, came.person.groups)
    else:
        assert opened is not None
        token = opened.access_token
    answer = wire.CameIn(
        user=came.person.user, access_token=token, expires_in=ACCESS_SECONDS, group=came.group, name=came.name
    )
    return Accepted(answer, opened)


def _typed(secret: str) -> str:
    """What cannot be a secret is no guess, and counts for none."""
    if len(secret) > LINK_CHARACTERS_MAX or not secret.isascii():
        raise InvalidCode
    return secret
