"""Members without a device, and how members are reached: what each says of themselves, for one club."""

import re

import msgspec

from clubroom import wire
from clubroom.auth.credentials import checked_email
from clubroom.auth.room import Auth
from clubroom.claims import Claims
from clubroom.dba import invitations
from clubroom.errors import InvalidField, NotFound
from clubroom.wire.text import checked_name, checked_text

_PHONE = re.compile(r"\+?[0-9][0-9 ()/.\-]*[0-9]")


async def rename_managed(who: Claims, group: int, user: str, name: str, auth: Auth) -> None:
    """By whoever runs the club, as long as nobody has signed in as them. Raises InvalidText, TextTooLong,
    NotFound, Forbidden.
    """
    if len(user) > wire.USER_CHARACTERS_MAX or "\0" in user:
        raise NotFound
    await invitations.rename_managed(auth.db, who.key, wire.possible_group(group), user, checked_name(name))


async def put_contact(who: Claims, group: int, said: wire.PutContact, auth: Auth) -> None:
    """How `who` is reached in this club, and by whom; with nothing said or nobody to see it nothing is kept.

    Raises InvalidField, InvalidText, TextTooLong, NotFound.
    """
    wire.possible_group(group)
    email, phone, note = _said(said.email), _said(said.phone), _said(said.note)
    kept = wire.PutContact(
        email=checked_email(email) if email else None,
        phone=checked_phone(phone) if phone else None,
        note=checked_text(note, wire.CONTACT_NOTE_CODE_POINTS_MAX) if note else None,
        visible_to=said.visible_to,
    )
    if kept.email is kept.phone is kept.note is None:
        kept = msgspec.structs.replace(kept, visible_to=None)
    await invitations.put_contact(auth.db, who.key, group, kept)


async def contacts(who: Claims, group: int, auth: Auth) -> wire.Contacts:
    """What `who` may see. Raises NotFound."""
    return await invitations.contacts(auth.db, who.key, wire.possible_group(group))


def checked_phone(text: str) -> str:
    """A telephone number as people write them. Raises InvalidField."""
    if len(text) > wire.PHONE_CHARACTERS_MAX or not _PHONE.fullmatch(text):
        raise InvalidField("This is not a telephone number.")
    return text


def _said(text: str | None) -> str:
    return (text or "").strip()
