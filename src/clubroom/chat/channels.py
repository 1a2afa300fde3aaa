"""The rooms of a club: made, changed, followed, filled with people; at the pace of posts."""

import time

import msgspec
from msgspec import UNSET

from clubroom import errors, wire
from clubroom.actions import Level
from clubroom.chat.club.look import checked_look
from clubroom.chat.messages import Messages, checked_id
from clubroom.claims import Claims
from clubroom.dba import rooms
from clubroom.dba.rooms import MadeGroup
from clubroom.wire.text import checked_name, checked_text

_OF_CHANNELS_ALONE = ("description", "landing", "archived")
_OF_BOTH = ("name", "announce")


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
    """A channel by whoever runs it; a club by its owner, and what its admins may of it by them.

    Raises InvalidText, TextTooLong, InvalidField (nothing, or what is of both kinds), NotFound, Forbidden,
    RateLimited.
    """
    wire.possible_group(group)
    said = wire.changed(to)
    channel = said.keys() & _OF_CHANNELS_ALONE
    club = said.keys() - _OF_CHANNELS_ALONE - {*_OF_BOTH}
    if not said or (channel and club):
        raise errors.InvalidField("Say what changes, of a channel or of a club.")
    if to.name is not UNSET:
        to = msgspec.structs.replace(to, name=checked_name(to.name))
    if to.description is not UNSET:
        to = msgspec.structs.replace(to, description=checked_description(to.description))
    to = checked_look(to)
    chat.pace.take(who.key, time.monotonic())
    await rooms.change_group(chat.database, who.key, group, to)


async def follow_channel(chat: Messages, who: Claims, group: int, *, on: bool) -> None:
    """Into one's own list, or out of it. Raises NotFound, Forbidden, RateLimited."""
    wire.possible_group(group)
    chat.pace.take(who.key, time.monotonic())
    await rooms.follow_channel(chat.database, who.key, group, on=on)


async def mute_group(chat: Messages, who: Claims, group: int, for_s: int | None) -> None:
    """Quiet from it for so many seconds; None = for good, 0 = no longer.

    Raises InvalidField, NotFound, Forbidden (one's own notes), RateLimited.
    """
    wire.possible_group(group)
    if for_s is not None and not 0 <= for_s <= wire.MUTED_SECONDS_MAX:
        raise errors.InvalidField(f"for_s: 0 to {wire.MUTED_SECONDS_MAX}")
    chat.pace.take(who.key, time.monotonic())
    await rooms.mute_group(chat.database, who.key, group, for_s)


async def set_level(chat: Messages, who: Claims, group: int, level: Level | None) -> None:
    """What one wants to be told of it; None = as its club says.

    Raises NotFound, Forbidden (one's own notes), RateLimited.
    """
    wire.possible_group(group)
    chat.pace.take(who.key, time.monotonic())
    await rooms.set_level(chat.database, who.key, group, level)


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
