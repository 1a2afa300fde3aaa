"""Messages: sent, and read in pages."""

import hashlib
import hmac
import time
from collections import Counter
from typing import Any
from uuid import UUID

from clubroom import actions, errors, wire
from clubroom.chat.pace import Pace
from clubroom.claims import Claims
from clubroom.dba import reading
from clubroom.dba.pool import Database, rfc3339
from clubroom.dba.posting import NewMessage, Place, PostLane
from clubroom.wire.text import checked_text

MAC_BYTES = 16


class Messages:
    """What the verbs need: the lane into the log, the database, the key of `sent_mac` (L8), and the pace."""

    def __init__(self, database: Database, lane: PostLane, sent_mac_key: bytes, pace: Pace) -> None:
        self.database = database
        self.lane = lane
        self.sent_mac_key = sent_mac_key
        self.pace = pace
        self.outcomes = Counter(stored=0, duplicate=0)  # of posts; a refused one counts by its code


async def post_message(chat: Messages, claims: Claims, group: int, message_id: UUID, text: str) -> Place:
    """Sends a message; returns after its commit.

    Raises InvalidText, TextTooLong, InvalidField (an id that is no UUIDv7), NotFound (outside the group),
    Forbidden (may not post), IdConflict, RateLimited, Unavailable (not known whether it was stored: repeat
    with this id).
    """
    try:
        place = await _post(chat, claims, group, message_id, text)
    except errors.ClubroomError as error:
        chat.outcomes[error.code] += 1
        raise
    chat.outcomes["duplicate" if place.duplicate else "stored"] += 1
    return place


async def _post(chat: Messages, claims: Claims, group: int, message_id: UUID, text: str) -> Place:
    checked_text(text, wire.TEXT_CODE_POINTS_MAX)
    checked_id(message_id)
    wire.possible_group(group)
    chat.pace.take(claims.key, time.monotonic())
    body = actions.encode(actions.MessagePosted(id=message_id, author=claims.user, text=text))
    mac = hmac.digest(chat.sent_mac_key, text.encode(), hashlib.sha256)[:MAC_BYTES]
    return await chat.lane.post(NewMessage(message_id, group, claims.key, text, mac, body))


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


def checked_id(name: UUID) -> UUID:
    """Clients name what they create by UUIDv7 (L8). Raises InvalidField."""
    if name.version != 7:
        raise errors.InvalidField("The id must be a UUIDv7.")
    return name


def _message(row: Any) -> wire.Message:
    return wire.Message(
        id=row["id"],
        group=row["group_id"],
        seq=row["seq"],
        author=row["author"],
        text=row["text"],
        sent_at=rfc3339(row["sent_at"]),
    )
