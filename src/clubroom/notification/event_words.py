"""Moments of an event in words: by the clock on the wall where it takes place."""

from datetime import datetime
from zoneinfo import ZoneInfo

DAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "de": ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
}
MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "de": ("Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."),
}


def when(moment: datetime, zone: str, language: str) -> str:
    """Like "Fri 28 Nov, 18:30"."""
    there = moment.astimezone(ZoneInfo(zone))
    known = language if language in DAYS else "en"
    day, month = DAYS[known][there.weekday()], MONTHS[known][there.month - 1]
    if known == "de":
        return f"{day}, {there.day}. {month}, {there:%H:%M}"
    return f"{day} {there.day} {month}, {there:%H:%M}"
