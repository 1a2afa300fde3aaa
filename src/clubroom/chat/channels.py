"""The rooms of a club: made, changed, followed, filled with people."""

import msgspec

from clubroom import errors, wire
from clubroom.chat.messages import checked_id
from clubroom.claims import Claims
from clubroom.dba import rooms
from clubroom.dba.pool import Database
from clubroom.dba.rooms import MadeGroup
from clubroom.wire.text import checked_name, checked_text

_OF_A_CHANNEL = ("name", "description", "announce", "landing", "archived")
_OF_A_CLUB = ("rooms_by_admins", "dms_off")


async def create_channel(db: Database, who: Claims, club: int, new: wire.NewChannel) -> MadeGroup:
    """Any member may, unless the club keeps that to whoever runs it. The same key again gives the same room.

    Raises InvalidText, TextTooLong, InvalidField, NotFound, Forbidden, Full, IdConflict.
    """
    checked_id(new.key)
    named = msgspec.structs.replace(
        new, name=checked_name(new.name), description=checked_description(new.description)
    )
    return await rooms.create_channel(db, who.key, wire.possible_group(club), named)


async def change_group(db: Database, who: Claims, group: int, to: wire.PatchGroup) -> None:
    """A channel by whoever runs it, a club by its owner. Raises InvalidText, TextTooLong, InvalidField
    (nothing, or both at once), NotFound, Forbidden.
    """
    wire.possible_group(group)
    channel = any(getattr(to, name) is not None for name in _OF_A_CHANNEL)
    club = any(getattr(to, name) is not None for name in _OF_A_CLUB)
    if channel == club:
        raise errors.InvalidField("Say what changes, of a channel or of a club.")
    if club:
        await rooms.change_club(db, who.key, group, to)
        return
    if to.name is not None:
        to = msgspec.structs.replace(to, name=checked_name(to.name))
    if to.description is not None:
        to = msgspec.structs.replace(to, description=checked_description(to.description))
    await rooms.change_channel(db, who.key, group, to)


async def follow_channel(db: Database, who: Claims, group: int, *, on: bool) -> None:
    """Into one's own list, or out of it. Raises NotFound, Forbidden."""
    await rooms.follow_channel(db, who.key, wire.possible_group(group), on=on)


async def add_members(db: Database, who: Claims, group: int, new: wire.NewMembers) -> None:
    """Members of the club into one of its rooms. Raises InvalidField, NotFound, Forbidden."""
    await rooms.add_members(
        db,
        who.key,
        wire.possible_group(group),
        checked_people(new.users, wire.ADDED_AT_ONCE_MAX),
        history=new.history,
    )


def checked_people(users: list[str], most: int) -> list[str]:
    """User ids, each once. Raises InvalidField for none or too many, NotFound for what cannot be one."""
    people = list(dict.fromkeys(users))
    if not 1 <= len(people) <= most:
        raise errors.InvalidField(f"Between 1 and {most} people.")
    if any(len(user) > wire.USER_CHARACTERS_MAX or "\0" in user for user in people):
        raise errors.NotFound
    return people


def checked_description(text: str) -> str:
    """May be empty. Raises InvalidText, TextTooLong."""
    return checked_text(text.strip(), wire.DESCRIPTION_CODE_POINTS_MAX) if text.strip() else ""
