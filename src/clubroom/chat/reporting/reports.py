"""Messages and people are reported, and those who run the club close that. At the pace of posts."""

import time
from uuid import UUID

from clubroom import wire
from clubroom.chat.channels import checked_people
from clubroom.chat.messages import Messages
from clubroom.claims import Claims
from clubroom.dba import safety
from clubroom.wire.text import checked_text


async def report_message(chat: Messages, who: Claims, message: UUID, new: wire.NewReport) -> None:
    """To those who run its club. Raises InvalidText, TextTooLong, InvalidField, NotFound, Forbidden, Full,
    RateLimited.
    """
    reason = checked_text(new.reason.strip(), wire.REASON_CODE_POINTS_MAX)
    club = None if new.club is None else wire.possible_group(new.club)
    chat.pace.take(who.key, time.monotonic())
    await safety.report_message(chat.database, who.key, message, reason, club)


async def report_person(chat: Messages, who: Claims, club: int, new: wire.NewPersonReport) -> None:
    """Somebody in the club. Raises InvalidText, TextTooLong, NotFound, Forbidden, Full, RateLimited."""
    reason = checked_text(new.reason.strip(), wire.REASON_CODE_POINTS_MAX)
    wire.possible_group(club)
    [user] = checked_people([new.user], 1)
    chat.pace.take(who.key, time.monotonic())
    await safety.report_person(chat.database, who.key, club, user, reason)


async def reports(chat: Messages, who: Claims, club: int) -> wire.Reports:
    """What is open, for owners and admins; nobody sees what is about them. Raises NotFound, Forbidden."""
    return await safety.reports(chat.database, who.key, wire.possible_group(club))


async def close_report(chat: Messages, who: Claims, club: int, report: int) -> None:
    """It is gone, with the copy in it. Raises NotFound, Forbidden."""
    await safety.close_report(chat.database, who.key, wire.possible_group(club), wire.possible_group(report))
