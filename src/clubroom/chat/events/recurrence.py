"""When an event takes place: local times of a zone, made into moments, one by one.

A series is a rule of RFC 5545 that ends. It is followed in local time, so that 19:00 stays 19:00 when clocks
change; a local time that is left out that day is an hour later, one that comes twice is the first.
"""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice, takewhile
from zoneinfo import ZoneInfo, available_timezones

from clubroom import wire
from clubroom.actions.events import EventSays
from clubroom.chat.events.days import check_days, days_of
from clubroom.dba.events import Planned
from clubroom.errors import InvalidField

ONCE = "once"
YEARS = range(2000, 2100)
SERIES_YEARS_MAX = 10
LOCAL = "%Y-%m-%dT%H:%M"
_LOCAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d", re.ASCII)
_MONTHDAY = r"-?(?:[1-9]|[12]\d|3[01])"
_DAY = r"(?:-?[1-5])?(?:MO|TU|WE|TH|FR|SA|SU)"
_PARTS = {
    "FREQ": re.compile(r"DAILY|WEEKLY|MONTHLY|YEARLY", re.ASCII),
    "INTERVAL": re.compile(r"[1-9]\d?", re.ASCII),
    "COUNT": re.compile(r"[1-9]\d{0,2}", re.ASCII),
    "UNTIL": re.compile(r"\d{8}T\d{6}", re.ASCII),
    "BYDAY": re.compile(rf"{_DAY}(?:,{_DAY}){{0,6}}", re.ASCII),
    "BYMONTHDAY": re.compile(rf"{_MONTHDAY}(?:,{_MONTHDAY}){{0,9}}", re.ASCII),
    "BYMONTH": re.compile(r"(?:[1-9]|1[0-2])(?:,(?:[1-9]|1[0-2])){0,11}", re.ASCII),
    "BYSETPOS": re.compile(r"-?[1-5]", re.ASCII),
    "WKST": re.compile(r"MO|SU", re.ASCII),
}


def occurrences(says: EventSays) -> list[Planned]:
    """All of them, in order. Raises InvalidField."""
    zone = checked_zone(says.zone)
    if says.start is None:
        if says.end is not None or says.rule is not None:
            raise InvalidField("Without a start there is no end and no rule.")
        return [Planned(key=ONCE, planned=ONCE)]
    start = local_time(says.start, "start")
    end = None if says.end is None else local_time(says.end, "end")
    if end is not None and moment(end, zone) <= moment(start, zone):
        raise InvalidField("end: not after the start")
    long = None if end is None else end - start
    starts = [start] if says.rule is None else _series(says.rule, start)
    return [occurrence(ONCE if says.rule is None else one.strftime(LOCAL), one, long, zone) for one in starts]


def occurrence(key: str, start: datetime, long: timedelta | None, zone: ZoneInfo) -> Planned:
    """`start` is local; it lasts so long by the clock on the wall."""
    begins = moment(start, zone)
    end = None if long is None else said(max(moment(start + long, zone), begins + timedelta(minutes=1)))
    return Planned(key=key, start=said(begins), end=end, planned=start.strftime(LOCAL))


def checked_zone(name: str) -> ZoneInfo:
    """Raises InvalidField for a zone that nobody knows."""
    if name not in _zones():
        raise InvalidField("zone: not a time zone like Europe/Berlin")
    return ZoneInfo(name)


def local_time(said: str, field: str) -> datetime:
    """Of the form 2026-11-28T18:30. Raises InvalidField."""
    try:
        found = datetime.strptime(said, LOCAL) if _LOCAL.fullmatch(said) else None
    except ValueError:
        found = None
    if found is None or found.year not in YEARS:
        raise InvalidField(f"{field}: a local time like 2026-11-28T18:30")
    return found


def moment(local: datetime, zone: ZoneInfo) -> datetime:
    """When that is."""
    return local.replace(tzinfo=zone).astimezone(UTC)


def said(when: datetime) -> str:
    """As the log writes it: as _rfc3339 in SQL."""
    return when.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _series(rule: str, start: datetime) -> list[datetime]:
    """At most so many, and not beyond so many years: a rule that meets no day is looked through in little."""
    parts = _checked_rule(rule)
    last = min(start.replace(year=start.year + SERIES_YEARS_MAX, day=1), datetime(YEARS.stop, 1, 1))
    count = int(parts.get("COUNT", wire.OCCURRENCES_MAX + 1))
    until = _until(parts["UNTIL"]) if "UNTIL" in parts else last
    if "COUNT" in parts and count > wire.OCCURRENCES_MAX:
        raise InvalidField(f"rule: at most {wire.OCCURRENCES_MAX} times")
    days = (datetime.combine(day, start.time()) for day in days_of(parts, start.date(), last.date()))
    starts = list(islice(takewhile(lambda one: one <= min(until, last), days), count))
    if len(starts) > wire.OCCURRENCES_MAX:
        raise InvalidField(f"rule: at most {wire.OCCURRENCES_MAX} times")
    if not starts or starts[0] != start:
        raise InvalidField("rule: the start is not a day of it")
    if until > last or ("COUNT" in parts and len(starts) < count):
        raise InvalidField(f"rule: it goes on for more than {SERIES_YEARS_MAX} years")
    return starts


def _until(said: str) -> datetime:
    try:
        return datetime.strptime(said, "%Y%m%dT%H%M%S")
    except ValueError:
        raise InvalidField("rule: UNTIL is a local time like 20261128T183000") from None


def _checked_rule(rule: str) -> dict[str, str]:
    """Only what a calendar of a club needs, and always with an end."""
    parts: dict[str, str] = {}
    for part in rule.split(";"):
        name, _, value = part.partition("=")
        if name not in _PARTS or name in parts or not _PARTS[name].fullmatch(value):
            raise InvalidField("rule: not a rule that is understood here")
        parts[name] = value
    if "FREQ" not in parts or ("COUNT" in parts) == ("UNTIL" in parts):
        raise InvalidField("rule: needs FREQ, and either COUNT or UNTIL")
    check_days(parts)
    return parts


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
