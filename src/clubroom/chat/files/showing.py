"""A file becomes the picture of a person or club, or the cover of an event. Null = from here on there is
none: then initials, a sign, or a date alone stands there, as where there never was one.
"""

import time
from uuid import UUID

from clubroom import wire
from clubroom.chat.files.room import Files
from clubroom.claims import Claims
from clubroom.dba import pictures
from clubroom.dba.attempts import Limit

AVATARS_A_PERSON_A_DAY = 20  # each is told in all of their groups, as a new name is
DAY_S = 86_400


async def set_avatar(files: Files, who: Claims, file: UUID | None) -> None:
    """One's own. Raises InvalidField, RateLimited."""
    files.pace.take(who.key, time.monotonic())
    limits = [Limit("avatar", str(who.key), AVATARS_A_PERSON_A_DAY, DAY_S)]
    await pictures.set_avatar(files.database, who.key, file, limits=limits)


async def set_picture(files: Files, who: Claims, club: int, file: UUID | None) -> None:
    """Of a club, by who runs it. Raises NotFound, Forbidden, InvalidField, RateLimited."""
    wire.possible_group(club)
    files.pace.take(who.key, time.monotonic())
    await pictures.set_picture(files.database, who.key, club, file)


async def set_cover(files: Files, who: Claims, event: UUID, file: UUID | None) -> None:
    """Of an event with all its dates, by who may change it.

    Raises NotFound, Forbidden, AnswersClosed (it is cancelled), InvalidField, RateLimited.
    """
    files.pace.take(who.key, time.monotonic())
    await pictures.set_cover(files.database, who.key, event, file)
