"""What happened to one person: whoever called, answered, reacted to or added them."""

import time

import msgspec

from clubroom import errors, wire
from clubroom.chat.messages import Messages
from clubroom.chat.search import moment
from clubroom.claims import Claims
from clubroom.dba import activity
from clubroom.dba.activity import Spot
from clubroom.dba.pool import rfc3339


async def activity_page(chat: Messages, who: Claims, before: str | None, limit: int) -> wire.ActivityPage:
    """The newest first, as far as `who` may read it now. Raises InvalidField (a cursor that is none)."""
    beyond = _spot(before) if before is not None else None
    entries, spot = await activity.activity_of(chat.database, who.key, beyond, limit)
    news = await activity.news(chat.database, who.key)
    return wire.ActivityPage(
        entries=[msgspec.json.decode(entry, type=wire.ActivityEntry) for entry in entries],
        seen=news.seen,
        unseen=news.unseen,
        cursor=f"{rfc3339(spot.at)}_{spot.group}_{spot.seq}" if spot else None,
    )


async def see_activity(chat: Messages, who: Claims, at: str) -> None:
    """So far it was looked at; never back. Raises InvalidField, RateLimited."""
    upto = moment(at)
    chat.pace.take(who.key, time.monotonic())
    await activity.see(chat.database, who.key, upto)


def _spot(cursor: str) -> Spot:
    at, _, place = cursor.partition("_")
    group, _, seq = place.partition("_")
    if not all(number.isdecimal() and number.isascii() and len(number) < 19 for number in (group, seq)):
        raise errors.InvalidField("This is no cursor of an earlier answer.")
    return Spot(moment(at), int(group), int(seq))
