"""The days of a rule of RFC 5545: of the part of it that has one meaning, up to a last day.

The library for it goes on to the year 9999 where a rule never meets a day, and can be made to take minutes.
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from clubroom.errors import InvalidField

Parts = Mapping[str, str]
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_NUMBERED = re.compile(r"\d")


def check_days(parts: Parts) -> None:
    """What is numbered is numbered within a month, and all of it: readers of rules differ about the rest.

    Raises InvalidField.
    """
    freq, days = parts["FREQ"], parts.get("BYDAY")
    numbered = {bool(_NUMBERED.search(day)) for day in (days or "").split(",")}
    of_a_month = freq == "MONTHLY" or (freq == "YEARLY" and "BYMONTH" in parts)
    if not of_a_month and ("BYMONTHDAY" in parts or "BYSETPOS" in parts or True in numbered):
        raise InvalidField("rule: a day of the month needs a month")
    if freq == "YEARLY" and days is not None and not of_a_month:
        raise InvalidField("rule: a weekday of the year needs a month")
    if len(numbered) > 1:
        raise InvalidField("rule: all weekdays are numbered, or none is")
    if "BYSETPOS" in parts and days is None:
        raise InvalidField("rule: BYSETPOS needs BYDAY")


def days_of(parts: Parts, start: date, last: date) -> Iterator[date]:
    """From `start` to `last`, in order; `start` is among them where the rule meets it."""
    for period in _periods(parts, start, last):
        met = [day for day in period if _meets(parts, day, start)]
        if "BYSETPOS" in parts:
            place = int(parts["BYSETPOS"])
            at = place - 1 if place > 0 else len(met) + place
            met = met[at : at + 1] if at >= 0 else []
        yield from (day for day in met if start <= day <= last)


def _periods(parts: Parts, start: date, last: date) -> Iterator[list[date]]:
    """The days of each `INTERVAL`th day, week, month or year."""
    freq, step = parts["FREQ"], int(parts.get("INTERVAL", 1))
    if freq in ("DAILY", "WEEKLY"):
        long = 1 if freq == "DAILY" else 7
        first_weekday = WEEKDAYS.index(parts.get("WKST", "MO"))
        first = start - timedelta(days=(start.weekday() - first_weekday) % long)
        while first <= last:
            yield [first + timedelta(days=n) for n in range(long)]
            first += timedelta(days=step * long)
        return
    month = start.year * 12 + (start.month - 1 if freq == "MONTHLY" else 0)
    while month // 12 <= last.year:
        months = range(month, month + (1 if freq == "MONTHLY" else 12))
        yield [day for one in months for day in _month(one)]
        month += step * len(months)


def _month(number: int) -> Iterator[date]:
    year, month = number // 12, number % 12 + 1
    return (date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1))


def _meets(parts: Parts, day: date, start: date) -> bool:
    freq = parts["FREQ"]
    months = _numbers(parts.get("BYMONTH")) or ([start.month] if freq == "YEARLY" else [])
    if months and day.month not in months:
        return False
    in_month = monthrange(day.year, day.month)[1]
    monthdays = _numbers(parts.get("BYMONTHDAY"))
    weekdays = parts["BYDAY"].split(",") if "BYDAY" in parts else []
    if not monthdays and not weekdays and freq != "DAILY":
        return day.weekday() == start.weekday() if freq == "WEEKLY" else day.day == start.day
    if monthdays and not {day.day, day.day - in_month - 1} & set(monthdays):
        return False
    name = WEEKDAYS[day.weekday()]
    names = {name, f"{(day.day - 1) // 7 + 1}{name}", f"-{(in_month - day.day) // 7 + 1}{name}"}
    return not weekdays or bool(names & set(weekdays))


def _numbers(listed: str | None) -> list[int]:
    return [int(one) for one in listed.split(",")] if listed else []
