"""One's name, time zone and language, whether one is to be seen, and when one is told nothing."""

import re
from functools import cache
from zoneinfo import available_timezones

import msgspec

from clubroom.actions import QuietSpan
from clubroom.auth.room import Auth
from clubroom.claims import Claims
from clubroom.dba import profiles
from clubroom.errors import InvalidField
from clubroom.wire import QUIET_SPANS_MAX, PatchMe, PutQuiet
from clubroom.wire.text import checked_name

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


async def change_profile(who: Claims, new: PatchMe, auth: Auth) -> None:
    """What is named changes, and is told: a name in every group of theirs, all of it on their own devices.

    Raises InvalidText, TextTooLong, InvalidField, RateLimited.
    """
    changes: dict[str, str | bool | None] = {}
    if new.name is not None:
        changes["name"] = checked_name(new.name)
    if new.time_zone is not None:
        changes["time_zone"] = _checked_zone(new.time_zone)
    if new.language is not None:
        changes["language"] = new.language or None
    if new.invisible is not None:
        changes["invisible"] = new.invisible
    if not changes:
        raise InvalidField("There is nothing to change.")
    await profiles.change_profile(
        auth.db, who.key, changes, limits=auth.limits.new_names(who.key), moment=auth.moment()
    )


async def set_quiet_hours(who: Claims, new: PutQuiet, auth: Auth) -> None:
    """All of them anew. Raises InvalidField, also for somebody without a time zone who names none."""
    if len(new.spans) > QUIET_SPANS_MAX:
        raise InvalidField(f"spans: at most {QUIET_SPANS_MAX}")
    zone = _checked_zone(new.time_zone or "")
    await profiles.set_quiet_hours(auth.db, who.key, [_checked_span(span) for span in new.spans], zone)


def _checked_span(span: QuietSpan) -> QuietSpan:
    """Its days in order."""
    days = sorted(set(span.days))
    if not days or len(days) != len(span.days) or not 0 <= days[0] <= days[-1] <= 6:
        raise InvalidField("days: numbers from 0 (Monday) to 6 (Sunday), each once")
    if not (_TIME.fullmatch(span.begins) and _TIME.fullmatch(span.ends)):
        raise InvalidField("from, to: a time like 22:00")
    return msgspec.structs.replace(span, days=days)


def _checked_zone(name: str) -> str | None:
    if name and name not in _zones():
        raise InvalidField("This is not a time zone.")
    return name or None


@cache
def _zones() -> frozenset[str]:
    """Those of IANA."""
    return frozenset(available_timezones())
