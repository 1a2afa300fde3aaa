"""What the demo's choir meets for: a concert that is past, something that goes on now, a trip that is full,
the rehearsals of a term, and a weekend that has no date yet. Pure: the same end gives the same events.
"""

import os
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import msgspec

from clubroom.actions.events import Answer
from clubroom.app.demo.calendar import CONCERT_BEGINS, REHEARSAL_WEEKDAY, concerts, paused
from clubroom.chat.events.recurrence import LOCAL, ONCE

TERM_WEEKS, WEEKS_PAST = 20, 8
REHEARSAL = time(19, 30)
NOTES = [
    "a little late",
    "straight from work",
    "with cake",
    "if the train runs",
    "until nine",
    "with a cough",
]


class Turn(msgspec.Struct, frozen=True):
    """One occurrence: how many of each answer. `came` = how many in a hundred of those who were going
    are ticked. `start` is local, None = no date. `said` = who answers what, instead of by chance.
    """

    key: str
    start: datetime | None
    going: int
    maybe: int = 0
    no: int = 0
    came: int = 0
    said: dict[Answer, tuple[str, ...]] = {}


class Plan(msgspec.Struct, frozen=True):
    """An event that was made at a local time. `mine` = what the demo's member said, by key; `said` =
    what was written in its chat: days before the end, hour, who, what.
    """

    key: str
    made: datetime
    says: dict[str, Any]
    turns: list[Turn]
    mine: dict[str, Answer] = {}
    cancelled: list[str] = []
    said: list[tuple[int, str, str, str]] = []


def agenda(end: datetime) -> list[Plan]:
    """In the order in which they were made. `end` is local."""
    plans = [_concert(end), _rehearsals(end), _trip(end), _sorting(end), _weekend(end)]
    return sorted(plans, key=lambda plan: plan.made)


def zone_here(at: datetime) -> str:
    """Of the clock that the story is told by: its name, or how many hours it is off."""
    linked = str(Path("/etc/localtime").resolve()).partition("zoneinfo/")[2]
    hours = round((at.astimezone().utcoffset() or timedelta()) / timedelta(hours=1))
    named = (os.environ.get("TZ", ""), linked, f"Etc/GMT{-hours:+d}")
    return next((name for name in named if name in available_timezones()), "UTC")


def _said(local: datetime) -> str:
    """As an event says it."""
    return local.strftime(LOCAL)


def _concert(end: datetime) -> Plan:
    day = [one for one in concerts(end.year - 1) + concerts(end.year) if one < end.date()][-1]
    start = datetime.combine(day, CONCERT_BEGINS)
    season = {3: "Spring", 6: "Summer"}.get(day.month, "Christmas")
    says = {
        "name": f"{season} concert", "start": _said(start), "end": _said(start + timedelta(hours=3)),
        "place": "Chapel on the quay",
        "text": "Black, with something red. **Warming up at five**, doors at half past.",
    }  # fmt: skip
    turn = Turn(ONCE, start, going=46, maybe=2, no=7, came=100)
    return Plan("concert", start - timedelta(days=40, hours=3), says, [turn], mine={ONCE: "going"})


def _rehearsals(end: datetime) -> Plan:
    day = (end - timedelta(weeks=WEEKS_PAST)).date()
    day += timedelta(days=(REHEARSAL_WEEKDAY - day.weekday()) % 7)
    first = datetime.combine(day, REHEARSAL)
    starts = [first + timedelta(weeks=week) for week in range(TERM_WEEKS)]
    says = {
        "name": "Rehearsal", "start": _said(first), "end": _said(first + timedelta(hours=2)),
        "rule": f"FREQ=WEEKLY;COUNT={TERM_WEEKS}", "place": "Parish hall, upstairs",
        "text": "Pencil, water, both books.",
    }  # fmt: skip
    held = [start for start in starts if not paused(start.date())]
    past, ahead = [one for one in held if one < end], [one for one in held if one >= end]
    turns = [
        Turn(_said(one), one, going=30 + n * 5 % 14, no=4 + n % 5, came=94) for n, one in enumerate(past)
    ]
    turns += [Turn(_said(one), one, going=17, maybe=3, no=5) for one in ahead[:1]]
    return Plan(
        "rehearsal", first - timedelta(days=4, hours=2), says, turns,
        mine={_said(one): "going" for one in past},
        cancelled=[_said(start) for start in starts if paused(start.date())],
    )  # fmt: skip


def _trip(end: datetime) -> Plan:
    start = datetime.combine(end.date() + timedelta(days=16), time(9, 15))
    says = {
        "name": "Minibus to the choir day", "start": _said(start), "end": _said(start + timedelta(hours=11)),
        "place": "From the quay, by the clock", "places": 8, "closes_min": 2 * 24 * 60,
        "text": "Eight seats, and Declan at the wheel. Whoever cannot come says so: others would like to.",
    }  # fmt: skip
    said = [
        (6, "19:02", "kofi", "Is there room for a cello?"),
        (6, "19:10", "declan", "If the cello says *going*, and somebody else does not."),
        (5, "08:41", "lotte", "I am number 9. Does anybody have the flu?"),
    ]
    turn = Turn(ONCE, start, going=12, no=3)
    return Plan("trip", end - timedelta(days=9, hours=4), says, [turn], mine={ONCE: "going"}, said=said)


def _sorting(end: datetime) -> Plan:
    start = (end - timedelta(minutes=40)).replace(second=0, microsecond=0)
    says = {
        "name": "Sorting the music cupboard", "start": _said(start), "end": _said(start + timedelta(hours=3)),
        "place": "Parish hall, downstairs", "text": "There is soup. Bring boxes.",
    }  # fmt: skip
    turn = Turn(ONCE, start, going=11, maybe=4, no=6, came=60)
    return Plan("sorting", end - timedelta(days=8, hours=2), says, [turn], mine={ONCE: "maybe"})


def _weekend(end: datetime) -> Plan:
    says = {"name": "Choir weekend", "text": "By the sea, if anybody finds a house with a piano in it."}
    turn = Turn(ONCE, None, going=14, maybe=9, no=2)
    return Plan("weekend", end - timedelta(days=8, hours=1), says, [turn])
