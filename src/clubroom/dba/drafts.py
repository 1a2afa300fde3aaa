"""Drafts of events."""

from datetime import datetime
from uuid import UUID

import msgspec

from clubroom import wire
from clubroom.dba.pool import Database

FORGOTTEN_AT_ONCE = 100


async def put(
    db: Database,
    who: int,
    group: int,
    key: UUID,
    based_on: int,
    says: str,
    *,
    drafts_max: int = wire.EVENT_DRAFTS_A_GROUP_MAX,
) -> wire.EventDraftEntry:
    """`says` = DraftSays as JSON. Raises NotFound, Forbidden, DraftChanged, Full, IdConflict."""
    result = await db.command(
        "put_event_draft",
        who=who,
        for_group=group,
        draft_key=key,
        based_on=based_on,
        says=says,
        drafts_max=drafts_max,
    )
    return msgspec.convert(result, wire.EventDraftEntry)


async def draft(db: Database, who: int, key: UUID) -> wire.EventDraft:
    """Raises NotFound."""
    found = await db.read("event_draft", who=who, draft_key=key)
    return msgspec.json.decode(found, type=wire.EventDraft)


async def drafts(db: Database, who: int, group: int) -> wire.EventDrafts:
    """Raises NotFound."""
    found = await db.read("event_drafts_of", who=who, of_group=group)
    return msgspec.json.decode(found, type=wire.EventDrafts)


async def discard(db: Database, who: int, key: UUID) -> None:
    """Raises NotFound, DraftChanged."""
    await db.command("discard_event_draft", who=who, draft_key=key)


async def forget(
    db: Database,
    *,
    untouched_days: int = wire.EVENT_DRAFT_DAYS,
    n: int = FORGOTTEN_AT_ONCE,
    moment: datetime | None = None,
) -> bool:
    """Drops those that nobody touched for so long; whether there may be more."""
    return bool(await db.read("forget_event_drafts", untouched_days=untouched_days, n=n, moment=moment))
