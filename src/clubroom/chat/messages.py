"""Messages: sent, and read in pages."""

import hashlib
import hmac
import time
from collections import Counter
from collections.abc import Sequence
from uuid import UUID

import msgspec

from clubroom import actions, errors, wire
from clubroom.chat.images import named_images, shown_images
from clubroom.chat.mentions import mentioned
from clubroom.chat.pace import Pace
from clubroom.claims import Claims
from clubroom.dba import message_acts, previews, reading
from clubroom.dba.pool import Database
from clubroom.dba.posting import NewMessage, Place, PostLane
from clubroom.wire.text import checked_text

MAC_BYTES = 16
SEARCHES_A_SECOND = 5.0
SEARCHES_BURST_S = 4.0


class Messages:
    """What the verbs need: the lane into the log, the database, the key of `sent_mac` (L8), and the pace."""

    def __init__(self, database: Database, lane: PostLane, sent_mac_key: bytes, pace: Pace) -> None:
        self.database = database
        self.lane = lane
        self.sent_mac_key = sent_mac_key
        self.pace = pace
        self.searches = Pace(SEARCHES_A_SECOND, SEARCHES_BURST_S)
        self.outcomes = Counter(stored=0, duplicate=0)  # of posts; a refused one counts by its code


async def post_message(
    chat: Messages,
    claims: Claims,
    group: int,
    message_id: UUID,
    text: str,
    reply_to: UUID | None = None,
    images: Sequence[wire.NewImage] = (),
) -> Place:
    """Sends a message; returns after its commit.

    Raises InvalidText, TextTooLong, InvalidField (an id that is no UUIDv7, an answer to what is not there,
    too many names or images, an image that may not stand there), NotFound (outside the group), Forbidden
    (may not post, or not call everybody), IdConflict, RateLimited, Unavailable (not known whether it was
    stored: repeat with this id).
    """
    try:
        place = await _post(chat, claims, group, message_id, text, reply_to, images)
    except errors.ClubroomError as error:
        chat.outcomes[error.code] += 1
        raise
    chat.outcomes["duplicate" if place.duplicate else "stored"] += 1
    return place


async def _post(
    chat: Messages,
    claims: Claims,
    group: int,
    message_id: UUID,
    text: str,
    reply_to: UUID | None,
    images: Sequence[wire.NewImage],
) -> Place:
    if text or not images:
        checked_text(text, wire.TEXT_CODE_POINTS_MAX)
    checked_id(message_id)
    wire.possible_group(group)
    called = mentioned(text)
    chat.pace.take(claims.key, time.monotonic())
    shown = await shown_images(chat.database, claims.key, images) if images else []
    posted = actions.MessagePosted(
        id=message_id, author=claims.user, text=text, reply_to=reply_to, images=shown or []
    )
    said = text if reply_to is None else f"{text}\0{reply_to}"
    said += "".join(f"\0{image.id} {image.alt}" for image in images)
    mac = hmac.digest(chat.sent_mac_key, said.encode(), hashlib.sha256)[:MAC_BYTES]
    return await chat.lane.post(
        NewMessage(
            id=message_id,
            group=group,
            author=claims.key,
            text=text,
            mac=mac,
            body=actions.encode(posted),
            reply_to=reply_to,
            called=_as_json(called),
            images=named_images(shown) if images else None,
        )
    )


async def edit_message(chat: Messages, claims: Claims, message_id: UUID, text: str) -> None:
    """What one's own message says from now on; nobody new is called by it. Raises InvalidText, TextTooLong,
    InvalidField (too many names), NotFound, Forbidden, Full (edited too often), RateLimited.
    """
    if text:  # nothing is enough where images stand
        checked_text(text, wire.TEXT_CODE_POINTS_MAX)
    called = _as_json(mentioned(text))
    chat.pace.take(claims.key, time.monotonic())
    await message_acts.edit_message(chat.database, claims.key, message_id, text, called)


async def delete_message(chat: Messages, claims: Claims, message_id: UUID) -> None:
    """Nothing of what it said stays. For its author and who runs the room. Raises NotFound, Forbidden."""
    await message_acts.delete_message(chat.database, claims.key, message_id)


async def remove_preview(chat: Messages, claims: Claims, message_id: UUID) -> None:
    """What its link shows goes, and does not come back. For its author and who runs the room.

    Raises NotFound, Forbidden.
    """
    await previews.remove(chat.database, claims.key, message_id)


async def pin_message(chat: Messages, claims: Claims, message_id: UUID, *, pin: bool) -> None:
    """Raises NotFound, Forbidden, Full, RateLimited."""
    chat.pace.take(claims.key, time.monotonic())
    await message_acts.pin_message(chat.database, claims.key, message_id, pin=pin)


async def pinned(chat: Messages, claims: Claims, group: int) -> wire.Page:
    """The newest pin first, all of them. Raises NotFound."""
    wire.possible_group(group)
    found = await message_acts.pinned_messages(chat.database, claims.key, group)
    return wire.Page(messages=[_message(one) for one in found], more=False)


async def one_message(chat: Messages, claims: Claims, message_id: UUID) -> wire.Message:
    """Wherever it stands, for quotes and links. Raises NotFound."""
    return _message(await message_acts.message_by_id(chat.database, claims.key, message_id))


async def seen_by(chat: Messages, claims: Claims, message_id: UUID) -> wire.Seen:
    """Who has seen it, its author aside. Raises NotFound."""
    return await message_acts.seen_by(chat.database, claims.key, message_id)


async def page_before(chat: Messages, claims: Claims, group: int, before: int, limit: int) -> wire.Page:
    """The `limit` messages before seq `before`, oldest first. Raises NotFound."""
    wire.possible_group(group)
    rows = await reading.messages_before(chat.database, claims.key, group, before, limit + 1)
    return wire.Page(messages=[_message(row) for row in reversed(rows[:limit])], more=len(rows) > limit)


async def page_after(chat: Messages, claims: Claims, group: int, after: int, limit: int) -> wire.Page:
    """The `limit` messages after seq `after`, oldest first. Raises NotFound."""
    wire.possible_group(group)
    rows = await reading.messages_from(
        chat.database, claims.key, group, min(after, wire.SEQ_MAX - 1) + 1, limit + 1
    )
    return wire.Page(messages=[_message(row) for row in rows[:limit]], more=len(rows) > limit)


async def page_around(chat: Messages, claims: Claims, group: int, around: int, limit: int) -> wire.Page:
    """Half of `limit` up to seq `around`, half after it; `more` = there are older ones. Raises NotFound."""
    older = await page_before(chat, claims, group, min(around, wire.SEQ_MAX - 1) + 1, limit - limit // 2)
    newer = await page_after(chat, claims, group, around, limit // 2)
    return wire.Page(messages=older.messages + newer.messages, more=older.more)


def _as_json(called: list[str]) -> str | None:
    return msgspec.json.encode(called).decode() if called else None


def checked_id(name: UUID) -> UUID:
    """Clients name what they create by UUIDv7 (L8). Raises InvalidField."""
    if name.version != 7:
        raise errors.InvalidField("The id must be a UUIDv7.")
    return name


def _message(found: str) -> wire.Message:
    return msgspec.json.decode(found, type=wire.Message)
