"""Drafts of events: typed together by whoever may make events there, and seen by nobody else."""

import time
from collections.abc import Iterator
from uuid import UUID

import msgspec

from clubroom import errors, wire
from clubroom.chat.messages import Messages, checked_id
from clubroom.claims import Claims
from clubroom.dba import drafts as stored
from clubroom.wire.text import checked_unfinished


async def put_draft(chat: Messages, who: Claims, key: UUID, to: wire.PutEventDraft) -> wire.EventDraftEntry:
    """What was typed so far, half typed as it is.

    Raises InvalidField, InvalidText, TooLarge, NotFound, Forbidden, DraftChanged, Full, IdConflict,
    RateLimited.
    """
    wire.possible_group(to.group)
    checked_id(key)
    if not 0 <= to.version <= wire.EVENT_DRAFT_VERSION_MAX:
        raise errors.InvalidField("version: of the draft, 0 = there was none")
    says = checked_says(to.says)
    chat.pace.take(who.key, time.monotonic())
    return await stored.put(chat.database, who.key, to.group, key, to.version, says)


async def draft(chat: Messages, who: Claims, key: UUID) -> wire.EventDraft:
    """With all that it says. Raises NotFound."""
    return await stored.draft(chat.database, who.key, key)


async def drafts(chat: Messages, who: Claims, group: int) -> wire.EventDrafts:
    """Of a room, or of a club and its rooms; of places where one may make no events there are none.

    Raises NotFound.
    """
    wire.possible_group(group)
    return await stored.drafts(chat.database, who.key, group)


async def discard_draft(chat: Messages, who: Claims, key: UUID) -> None:
    """Raises NotFound, DraftChanged, RateLimited."""
    chat.pace.take(who.key, time.monotonic())
    await stored.discard(chat.database, who.key, key)


def checked_says(says: wire.DraftSays) -> str:
    """As it is stored: whatever it says, it is small, and can be stored and shown.

    Raises InvalidField, InvalidText, TooLarge.
    """
    if not all(0 <= number <= wire.EVENT_DRAFT_NUMBER_MAX for number in _numbers(says)):
        raise errors.InvalidField(f"0 to {wire.EVENT_DRAFT_NUMBER_MAX}")
    for text in (says.name, says.zone, says.text, says.place, says.host, says.start, says.end, says.rule):
        checked_unfinished(text or "")
    encoded = msgspec.json.encode(says)
    if len(encoded) > wire.EVENT_DRAFT_BYTES_MAX:
        raise errors.TooLarge(f"At most {wire.EVENT_DRAFT_BYTES_MAX} bytes.")
    return encoded.decode()


def _numbers(says: wire.DraftSays) -> Iterator[int]:
    yield from (says.places or 0, says.guests, says.closes_min)
    yield from (one.places for one in says.label_places)
