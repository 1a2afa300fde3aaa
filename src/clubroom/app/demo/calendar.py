"""The choir's year: terms and pauses, rehearsals and concerts, and what a given hour is good for."""

from datetime import date, datetime, time, timedelta

import msgspec

REHEARSAL_WEEKDAY = 1
REHEARSAL_BEGINS, REHEARSAL_ENDS = time(19, 30), time(21, 33)
CONCERT_BEGINS, CONCERT_ENDS = time(18, 0), time(20, 50)
WAKES, SLEEPS = time(6, 50), time(23, 20)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LEAD_DAYS, AFTER_DAYS = 35, 4
PROGRAMMES = {
    "spring": ["the Fauré", "Locus iste", "the Tallis", "the Allegri", "the Stanford Beati"],
    "summer": ["The Blue Bird", "Furusato", "Lamma bada", "Abendlied", "the Brahms"],
    "christmas": ["Lulajże, Jezuniu", "the Praetorius", "the Holst", "the Mendelssohn", "Gaudete"],
}


class Moment(msgspec.Struct, frozen=True):
    """What may be talked about at a time: its tags, the programme that is rehearsed, the next concert."""

    day: date
    tags: frozenset[str]
    programme: list[str]
    concert: date


def moment(at: datetime) -> Moment:
    """See `Moment`. `at` is local time."""
    day, season = at.date(), _season(at.date())
    concert = next(one for one in concerts(day.year) + concerts(day.year + 1) if one >= day)
    tags = {WEEKDAYS[day.weekday()], season, "pause" if paused(day) else "term"}
    tags |= _hours(at) | _around_concert(day, concert, at.time())
    if not paused(day) and paused(day - timedelta(days=9)):
        tags.add("start")
    if (day.month, day.day) in {(12, 24), (12, 25), (12, 26)}:
        tags.add("xmas")
    if timedelta(-1) <= day - easter(day.year) <= timedelta(1):
        tags.add("easter")
    if not paused(day):
        tags |= _around_rehearsal(at)
    if not paused(day + timedelta(days=(REHEARSAL_WEEKDAY - day.weekday()) % 7)):
        tags.add("next")
    return Moment(day, frozenset(tags), PROGRAMMES[season], concert)


def concerts(year: int) -> list[date]:
    """Three Saturdays, in their order."""
    return [_saturday_from(date(year, *day)) for day in ((3, 21), (6, 20), (12, 14))]


def paused(day: date) -> bool:
    """No rehearsals: summer, Easter, Christmas."""
    if (7, 8) <= (day.month, day.day) <= (8, 27) or (day.month == 12 and day.day > 21):
        return True
    return (day.month == 1 and day.day < 7) or timedelta(-3) <= day - easter(day.year) <= timedelta(4)


def silent(at: datetime) -> bool:
    """Nobody writes: they sleep, or they sing."""
    day, hour = at.date(), at.time()
    if not WAKES <= hour <= SLEEPS:
        return True
    if day in concerts(day.year):
        return CONCERT_BEGINS <= hour <= CONCERT_ENDS
    return _rehearses(day) and REHEARSAL_BEGINS <= hour <= REHEARSAL_ENDS


def first_word(at: datetime) -> datetime:
    """`at`, or the end of the silence that it falls into."""
    while silent(at):
        day, hour = at.date(), at.time()
        if hour > SLEEPS:
            at = datetime.combine(day + timedelta(days=1), WAKES)
        elif hour < WAKES:
            at = datetime.combine(day, WAKES)
        else:
            at = datetime.combine(day, CONCERT_ENDS if day in concerts(day.year) else REHEARSAL_ENDS)
        at += timedelta(minutes=3)
    return at


def liveliness(day: date) -> float:
    """How much is written on a day, next to others."""
    usual = (1.1, 2.5, 1.3, 0.9, 0.8, 0.7, 0.9)[day.weekday()]
    if paused(day):
        return 0.3 * (3 if (day.month, day.day) in {(12, 24), (12, 25)} else 1)
    concert = next(one for one in concerts(day.year) + concerts(day.year + 1) if one >= day)
    if any(0 < (day - past).days <= AFTER_DAYS for past in concerts(day.year)):
        return 1.9
    if day == concert:
        return 3.2
    if (concert - day).days <= 6:
        return usual * 1.6
    return usual * (1.15 if (concert - day).days <= LEAD_DAYS else 1.0)


def easter(year: int) -> date:
    """Easter Sunday, by the anonymous Gregorian computation."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)


def _season(day: date) -> str:
    if (1, 7) <= (day.month, day.day) <= (3, 31):
        return "spring"
    return "summer" if 4 <= day.month <= 8 else "christmas"


def _saturday_from(day: date) -> date:
    return day + timedelta(days=(5 - day.weekday()) % 7)


def _rehearses(day: date) -> bool:
    return day.weekday() == REHEARSAL_WEEKDAY and not paused(day)


def _hours(at: datetime) -> set[str]:
    if at.hour < 11:
        return {"morning"}
    return {"evening"} if at.hour >= 18 else {"day-time"}


def _around_rehearsal(at: datetime) -> set[str]:
    if at.weekday() == REHEARSAL_WEEKDAY:
        return {"tue-before"} if at.time() < REHEARSAL_BEGINS else {"tue-after"}
    return {"rehearsed"} if at.weekday() in {2, 3} else set()


def _around_concert(day: date, concert: date, hour: time) -> set[str]:
    if any(0 < (day - past).days <= AFTER_DAYS for past in concerts(day.year)):
        return {"after"}
    left = (concert - day).days
    if left == 0:
        return {"day"} if hour < CONCERT_BEGINS else {"night"}
    if left <= 6:
        return {"week"}
    return {"lead"} if left <= LEAD_DAYS else set()
