"""The rooms of a club: made, changed, followed, filled with people; at the pace of posts."""

import time

import msgspec

from clubroom import errors, wire
from clubroom.chat.messages import Messages, checked_id
from clubroom.claims import Claims
from clubroom.dba import rooms
from clubroom.dba.rooms import MadeGroup
from clubroom.wire.text import checked_name, checked_text

_OF_A_CHANNEL = ("name", "description", "announce", "landing", "archived")
_OF_A_CLUB = ("rooms_by_admins", "dms_off")


async def create_channel(chat: Messages, who: Claims, club: int, new: wire.NewChannel) -> MadeGroup:
    """Any member may, unless the club keeps that to whoever runs it. The same key again gives the same room.

    Raises InvalidText, TextTooLong, InvalidField, NotFound, Forbidden, Full, IdConflict, RateLimited.
    """
    checked_id(new.key)
    named = msgspec.structs.replace(
        new, name=checked_name(new.name), description=checked_description(new.description)
    )
    wire.possible_group(club)
    chat.pace.take(who.key, time.monotonic())
    return await rooms.create_channel(chat.database, who.key, club, named)


async def change_group(chat: Messages, who: Claims, group: int, to: wire.PatchGroup) -> None:
    """A channel by whoever runs it, a club by its owner. Raises InvalidText, TextTooLong, InvalidField
    (nothing, or both at once), NotFound, Forbidden, RateLimited.
    """
    wire.possible_group(group)
    channel = any(getattr(to, name) is not None for name in _OF_A_CHANNEL)
    club = any(getattr(to, name) is not None for name in _OF_A_CLUB)
    if channel == club:
        raise errors.InvalidField("Say what changes, of a channel or of a club.")
    if to.name is not None:
        to = msgspec.structs.replace(to, name=checked_name(to.name))
    if to.description is not None:
        to = msgspec.structs.replace(to, description=checked_description(to.description))
    chat.pace.take(who.key, time.monotonic())
    change = rooms.change_club if club else rooms.change_channel
    await change(chat.database, who.key, group, to)


async def follow_channel(chat: Messages, who: Claims, group: int, *, on: bool) -> None:
    """Into one's own list, or out of it. Raises NotFound, Forbidden, RateLimited."""
    wire.possible_group(group)
    chat.pace.take(who.key, time.monotonic())
    await rooms.follow_channel(chat.database, who.key, group, on=on)


async def add_members(chat: Messages, who: Claims, group: int, new: wire.NewMembers) -> None:
    """Members of the club into one of its rooms. Raises InvalidField, NotFound, Forbidden, RateLimited."""
    wire.possible_group(group)
    people = checked_people(new.users, wire.ADDED_AT_ONCE_MAX)
    chat.pace.take(who.key, time.monotonic())
    await rooms.add_members(chat.database, who.key, group, people, history=new.history)


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
