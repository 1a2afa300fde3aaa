"""A club's own emotes: whoever runs it makes, names and removes them. At the pace of posts."""

import time
from uuid import UUID

from clubroom import errors, wire
from clubroom.chat.emotes import OF_A_CLUB
from clubroom.chat.messages import Messages
from clubroom.claims import Claims
from clubroom.dba import club_emotes


async def define_emote(chat: Messages, who: Claims, club: int, file: UUID, new: wire.NewClubEmote) -> None:
    """Made of a file that is ready, or named anew. The same again changes nothing.

    Raises InvalidField (no such name, or no file to make one of), NotFound, Forbidden, NameTaken, Full,
    RateLimited.
    """
    if not OF_A_CLUB.fullmatch(f":{new.name}:"):
        raise errors.InvalidField(
            f"name: {wire.EMOTE_NAME_CHARACTERS_MIN} to {wire.EMOTE_NAME_CHARACTERS_MAX} of a-z, 0-9 and _"
        )
    wire.possible_group(club)
    chat.pace.take(who.key, time.monotonic())
    await club_emotes.define(chat.database, who.key, club, file, new.name)


async def remove_emote(chat: Messages, who: Claims, club: int, file: UUID) -> None:
    """Its picture goes, its name stays where it was written. Raises NotFound, Forbidden, RateLimited."""
    wire.possible_group(club)
    chat.pace.take(who.key, time.monotonic())
    await club_emotes.remove(chat.database, who.key, club, file)
