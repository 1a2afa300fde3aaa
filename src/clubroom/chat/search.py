"""Messages found again, by their words and by what is known of them."""

import asyncio
import time
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from clubroom import errors, wire
from clubroom.chat.messages import Messages, page_around
from clubroom.claims import Claims
from clubroom.dba import search
from clubroom.dba.pool import Database, rfc3339
from clubroom.dba.search import Asked, Has, Place

RESTS = 2
LOOKS = 20
LOOK_S_MAX = 1.2
"""With the worker's own half second, what was said is found within two."""


class Filling:
    """The worker's job: what was said comes to be found. It gives way to whoever posts: it rests twice as
    long as a piece took, and where looking takes long, with many thousand groups, it looks less often.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.not_before = 0.0

    async def __call__(self) -> bool:
        """A piece of it; True = there is more."""
        begun = time.monotonic()
        if begun < self.not_before:
            return False
        state = await search.fill_search(self.database)
        took_s = time.monotonic() - begun
        if state == "idle":
            self.not_before = begun + min(LOOKS * took_s, LOOK_S_MAX)
        elif state == "more":
            await asyncio.sleep(RESTS * took_s)
        return state == "more"


async def search_messages(
    chat: Messages, who: Claims, q: str, asked: Asked, cursor: str | None, limit: int
) -> wire.Found:
    """What `who` may read, the newest first. `q` may be blank where something else is asked for.

    Raises InvalidField (nothing asked for, too many words, a cursor that is none), TextTooLong, InvalidText,
    NotFound (a club or room outside of which they are), RateLimited.
    """
    asked = checked(asked, checked_words(q))
    beyond = _place(cursor) if cursor is not None else None
    chat.searches.take(who.key, time.monotonic())
    found, place = await search.search_messages(chat.database, who.key, asked, beyond, limit)
    return wire.Found(
        messages=msgspec.json.decode(found, type=list[wire.Message]),
        cursor=f"{rfc3339(place.at)}_{place.message}" if place else None,
    )


async def page_at(chat: Messages, who: Claims, group: int, at: datetime, limit: int) -> wire.Page:
    """The page around the first message at a moment or after it. Raises NotFound, InvalidField."""
    wire.possible_group(group)
    seq = await search.seq_at(chat.database, who.key, group, at)
    return await page_around(chat, who, group, seq, limit)


def checked_words(q: str) -> list[str] | None:
    """One after the other. Raises TextTooLong, InvalidField (too many), InvalidText."""
    words = q.split()
    if len(q) > wire.SEARCH_CODE_POINTS_MAX:
        raise errors.TextTooLong(f"At most {wire.SEARCH_CODE_POINTS_MAX} characters.")
    if len(words) > wire.SEARCH_WORDS_MAX:
        raise errors.InvalidField(f"At most {wire.SEARCH_WORDS_MAX} words.")
    if "\0" in q or any("\ud800" <= character <= "\udfff" for character in q):
        raise errors.InvalidText("There is a character in it that cannot be searched for.")
    return words or None


def checked(asked: Asked, words: list[str] | None) -> Asked:
    """As the database can be asked it. Raises InvalidField, NotFound."""
    for group in (asked.club, asked.room):
        if group is not None:
            wire.possible_group(group)
    author = asked.author
    if author is not None and (len(author) > wire.USER_CHARACTERS_MAX or "\0" in author):
        author = ""  # nobody's id: found is what nobody said
    asked = msgspec.structs.replace(asked, words=words, author=author)
    if asked == Asked(club=asked.club):
        raise errors.InvalidField("Say what is searched for.")
    return asked


def having(text: str) -> frozenset[Has]:
    """`image,link` and the like; an empty text is nothing. Raises InvalidField."""
    try:
        return msgspec.convert(text.split(",") if text else [], frozenset[Has])
    except msgspec.ValidationError:
        raise errors.InvalidField("has: link, image and file, with commas between them.") from None


def moment(text: str) -> datetime:
    """What was asked for, in UTC. Raises InvalidField for what is none, or names no zone."""
    try:
        at = msgspec.convert(text, datetime)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except (msgspec.ValidationError, OverflowError):
        pass
    raise errors.InvalidField("This is no moment as RFC 3339 writes it, with its zone.")


def _place(cursor: str) -> Place:
    at, _, message = cursor.partition("_")
    try:
        return Place(moment(at), UUID(message))
    except ValueError:
        raise errors.InvalidField("This is no cursor of an earlier answer.") from None
