"""What becomes of the occurrences of an event when its plan is changed. Pure. docs/decisions/0036.

An occurrence keeps its key, and with it the answers to it, as long as the rule gives it in some way: on the
same day, or else as the first of those that are changed, or else in the same week.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from clubroom import wire
from clubroom.actions.events import EventSays
from clubroom.chat.events.recurrence import (
    LOCAL,
    ONCE,
    checked_zone,
    local_time,
    moment,
    occurrence,
    occurrences,
    said,
)
from clubroom.dba.events import Planned, Said
from clubroom.errors import AnswersClosed, InvalidField, NotFound


def all_changed(before: Said, to: EventSays, now: datetime) -> list[Planned]:
    """All of it. Of a series, what has begun stays as it was, and so does what lies before an earlier change
    of the following ones. Raises InvalidField.
    """
    known, at = before.occurrences, said(now)
    begun = {one.key for one in known if one.start is not None and one.start <= at}
    return _replanned(before, to, [], known, set() if before.says.rule is None else begun)


def following_changed(before: Said, to: EventSays, key: str, now: datetime) -> list[Planned]:
    """From the occurrence `key` on. Raises InvalidField, NotFound."""
    first = _named(before, key)
    if first.planned is None:
        raise InvalidField("key: the rule does not give it any more")
    split = first.planned
    earlier = [one for one in before.occurrences if one.planned is not None and one.planned < split]
    if not earlier:
        return all_changed(before, to, now)
    lone = [one for one in before.occurrences if one.planned is None and not one.cancelled]
    days = [day for one in (*earlier, *lone) if (day := _day(one))]
    start = "" if to.start is None else to.start[:10]
    if any(start <= day.isoformat() for day in days):
        raise InvalidField("start: on a day before the first that is changed")
    later = [one for one in before.occurrences if one.planned is not None and one.planned >= split]
    return _replanned(before, to, [*earlier, *lone], later, set())


def this_changed(before: Said, to: EventSays, key: str) -> list[Planned]:
    """One alone: its time and place. Raises InvalidField, NotFound, AnswersClosed (it is cancelled)."""
    one = _named(before, key)
    if one.cancelled:
        raise AnswersClosed
    if to.start is None or to.zone != before.says.zone:
        raise InvalidField("start: a local time of the event's zone")
    zone = checked_zone(to.zone)
    start = local_time(to.start, "start")
    end = None if to.end is None else local_time(to.end, "end")
    if end is not None and moment(end, zone) <= moment(start, zone):
        raise InvalidField("The end is not after the start.")
    moved = occurrence(key, start, None if end is None else end - start, zone)
    place = None if to.place == before.says.place else to.place
    changed = replace(moved, place=place, planned=one.planned)
    return [changed if other is one else other for other in before.occurrences if _lives(other)]


def _named(before: Said, key: str) -> Planned:
    if before.says.rule is None:
        raise InvalidField("scope: it is no series")
    for one in before.occurrences:
        if one.key == key:
            return one
    raise NotFound


def _lives(one: Planned) -> bool:
    """Not given up."""
    return one.planned is not None or not one.cancelled


def _replanned(
    before: Said, to: EventSays, kept: Iterable[Planned], known: Sequence[Planned], begun: set[str]
) -> list[Planned]:
    wanted = occurrences(to)
    given = {one.planned: one for one in occurrences(before.says)}
    pairs = _paired(known, wanted, begun)
    stays = [replace(one, planned=None) for one in kept]
    paired = {one.key for one in pairs.values()}
    for one in known:
        past = one.key in begun and one.planned is not None
        if one.key not in paired and (past or (one.planned is None and not one.cancelled)):
            stays.append(replace(one, planned=None))
    made = [_pinned(one, before.says, to) for one in stays]
    used = {one.key for one in (*before.occurrences, *made)}
    for new in wanted:
        old = pairs.get(new.key)
        if old is None:
            made.append(replace(new, key=_free_key(new, used)))
        elif old.key in begun:
            made.append(_pinned(replace(old, planned=new.planned), before.says, to))
        else:
            made.append(_moved(old, given.get(old.planned), new, to))
    if len(made) > wire.OCCURRENCES_MAX:
        raise InvalidField(f"rule: at most {wire.OCCURRENCES_MAX} times, with those that stay")
    return made


def _moved(old: Planned, given: Planned | None, new: Planned, to: EventSays) -> Planned:
    """As the rule gives it from now on. Where that is when it was given before, it keeps a time of its own;
    a place of its own, and that it is cancelled, it keeps anyway.
    """
    place = None if old.place == to.place else old.place
    if given is None:  # it was given up, or stood alone
        return replace(new, key=old.key, place=place)
    if (given.start, given.end) == (new.start, new.end):
        return replace(old, place=place, planned=new.planned)
    return replace(new, key=old.key, place=place, cancelled=old.cancelled)


def _pinned(one: Planned, was: EventSays, to: EventSays) -> Planned:
    """Where it was, wherever the others go."""
    place = was.place if one.place is None else one.place
    return replace(one, place=None if place == to.place else place)


def _paired(known: Sequence[Planned], wanted: Sequence[Planned], begun: set[str]) -> dict[str, Planned]:
    """Which of those that are known each of the wanted ones is, by its key."""
    pairs: dict[str, Planned] = {}
    days = {day: one for one in sorted(known, key=_weight) if (day := _day(one))}
    for new in wanted:
        if (day := _day(new)) and day in days:
            pairs[new.key] = days[day]
    taken = {one.key for one in pairs.values()}
    open_new = [new for new in wanted if new.key not in pairs]
    planned = sorted((one for one in known if one.planned is not None), key=lambda one: one.planned or "")
    open_old = [one for one in planned if one.key not in taken and one.key not in begun]
    if open_new and open_old and (open_new[0], open_old[0]) == (wanted[0], planned[0]):
        pairs[open_new.pop(0).key] = open_old.pop(0)
    for new in open_new:
        week = [one for one in open_old if _week(one) == _week(new) is not None]
        if week:
            pairs[new.key] = week[0]
            open_old.remove(week[0])
    return pairs


def _free_key(new: Planned, used: set[str]) -> str:
    """Its own, unless one that has moved away has it: then that of the next minute. Raises InvalidField."""
    key = new.key if new.key not in used else new.planned or new.key
    while key in used:
        if key == ONCE:
            raise InvalidField("start: it took place before, and needs a date again")
        key = (datetime.fromisoformat(key) + timedelta(minutes=1)).strftime(LOCAL)
    return key


def _weight(one: Planned) -> tuple[bool, bool]:
    """Of two on one day the one that the rule gives is meant, or else the one that takes place."""
    return one.planned is not None, not one.cancelled


def _day(one: Planned) -> date | None:
    """On which the rule gives it, or gave it; None = it has no date, or was the only one."""
    said = one.key if one.planned is None else one.planned
    return None if said == ONCE else date.fromisoformat(said[:10])


def _week(one: Planned) -> tuple[int, int] | None:
    day = _day(one)
    return None if day is None else day.isocalendar()[:2]
