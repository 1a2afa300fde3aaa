"""When events take place: rules, clocks that change, and rules that are meant to hurt."""

from datetime import date, datetime, time, timedelta
from itertools import islice
from time import process_time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from clubroom.actions.events import EventSays
from clubroom.chat.events.days import WEEKDAYS, check_days, days_of
from clubroom.chat.events.recurrence import occurrences
from clubroom.errors import InvalidField

THURSDAY = "2036-01-03T19:00"
REFUSED_WITHIN_S = 0.1  # of work, whatever else the machine does; they take a few milliseconds


def planned(**said: Any) -> EventSays:
    """A rehearsal on a Thursday."""
    usual: dict[str, Any] = {
        "name": "Rehearsal", "text": "", "place": "", "host": None, "zone": "Europe/Berlin",
        "start": THURSDAY, "end": "2036-01-03T21:00",
        "rule": None, "places": None, "label_places": [], "guests": 0,
        "closes_min": 0, "asked": [], "list_shown": "all",
    }  # fmt: skip
    return EventSays(**(usual | said))


def local_starts(says: EventSays) -> list[datetime]:
    """What a clock on the wall there shows."""
    zone = ZoneInfo(says.zone)
    found = [datetime.fromisoformat(one.start or "") for one in occurrences(says)]
    return [one.astimezone(zone).replace(tzinfo=None) for one in found]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
def test_a_weekly_rehearsal_at_seven_stays_at_seven_for_two_years(zone: str) -> None:
    says = planned(zone=zone, rule="FREQ=WEEKLY;COUNT=104;BYDAY=TH")
    first = datetime.fromisoformat(THURSDAY)
    assert local_starts(says) == [first + timedelta(weeks=n) for n in range(104)]
    hours = {datetime.fromisoformat(one.start or "").hour for one in occurrences(says)}
    assert len(hours) == 2, "in the world's time it is one hour in winter and another in summer"
    for one in occurrences(says):
        long = datetime.fromisoformat(one.end or "") - datetime.fromisoformat(one.start or "")
        assert long == timedelta(hours=2)
    assert [one.key for one in occurrences(says)][:2] == [THURSDAY, "2036-01-10T19:00"]


@pytest.mark.parametrize(
    ("zone", "start", "moment"),
    [
        pytest.param("Europe/Berlin", "2036-03-30T02:30", "2036-03-30T01:30", id="Berlin, left out"),
        pytest.param("Europe/Berlin", "2036-10-26T02:30", "2036-10-26T00:30", id="Berlin, twice"),
        pytest.param("America/New_York", "2036-03-09T02:30", "2036-03-09T07:30", id="New York, left out"),
        pytest.param("America/New_York", "2036-11-02T01:30", "2036-11-02T05:30", id="New York, twice"),
        pytest.param("Australia/Lord_Howe", "2036-10-05T02:15", "2036-10-04T15:45", id="half an hour"),
    ],
)
def test_an_hour_that_is_left_out_is_the_next_and_one_that_comes_twice_the_first(
    zone: str, start: str, moment: str
) -> None:
    [one] = occurrences(planned(zone=zone, start=start, end=None))
    assert one.start == f"{moment}:00.000000Z"


def test_an_event_that_begins_in_the_hour_left_out_still_ends_after_it_begins() -> None:
    [one] = occurrences(planned(start="2036-03-30T02:30", end="2036-03-30T03:45"))
    assert (one.start or "") < (one.end or "")
    with pytest.raises(InvalidField):
        occurrences(planned(start="2036-03-30T02:45", end="2036-03-30T03:30"))
    nightly = planned(start="2036-03-28T02:30", end="2036-03-28T03:15", rule="FREQ=DAILY;COUNT=4")
    assert all((one.start or "") < (one.end or "") for one in occurrences(nightly))


BOMBS = {
    "seconds": "FREQ=SECONDLY;COUNT=5",
    "minutes": "FREQ=MINUTELY;UNTIL=20990101T000000",
    "hours": "FREQ=HOURLY;COUNT=5",
    "hours of a day": "FREQ=DAILY;BYHOUR=1,2,3;COUNT=5",
    "seconds of a day": "FREQ=DAILY;BYSECOND=0,1,2;COUNT=5",
    "no end": "FREQ=DAILY",
    "two ends": "FREQ=DAILY;COUNT=5;UNTIL=20360201T190000",
    "a huge interval": f"FREQ=DAILY;INTERVAL={10**30};COUNT=2",
    "no interval": "FREQ=DAILY;INTERVAL=0;COUNT=2",
    "a huge count": f"FREQ=DAILY;COUNT={10**12}",
    "no count": "FREQ=DAILY;COUNT=0",
    "more than there may be": "FREQ=DAILY;COUNT=121",
    "more days than there may be": "FREQ=DAILY;UNTIL=20370101T190000",
    "a far end": "FREQ=YEARLY;UNTIL=99991231T235959",
    "an end that is no time": "FREQ=DAILY;UNTIL=20361340T250000",
    "an end before the start": "FREQ=DAILY;UNTIL=20360102T190000",
    "an end without a time": "FREQ=DAILY;UNTIL=20360201",
    "a day that never comes": "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30;COUNT=5",
    "a day that no year has": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=5",
    "a weekday that it steps over": "FREQ=DAILY;INTERVAL=7;BYDAY=MO;COUNT=5",
    "a place that no month has": "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR;BYSETPOS=2;COUNT=5",
    "a place of numbered days": "FREQ=MONTHLY;BYDAY=5TH;BYSETPOS=2;COUNT=5",
    "every place of every year": "FREQ=YEARLY;BYMONTH=1,2,3,4,5,6,7,8,9,10,12;BYDAY=5MO;BYMONTHDAY=1;COUNT=5",
    "places without days": "FREQ=MONTHLY;BYMONTHDAY=3;BYSETPOS=1;COUNT=5",
    "place 0": "FREQ=MONTHLY;BYDAY=TH;BYSETPOS=0;COUNT=5",
    "a far place": "FREQ=MONTHLY;BYDAY=TH;BYSETPOS=366;COUNT=5",
    "a numbered day of a week": "FREQ=WEEKLY;BYDAY=2TH;COUNT=5",
    "a numbered day of a year": "FREQ=YEARLY;BYDAY=20TH;COUNT=5",
    "weekdays with and without numbers": "FREQ=MONTHLY;BYDAY=TH,2FR;COUNT=5",
    "a weekday of a year": "FREQ=YEARLY;BYDAY=TH;COUNT=5",
    "day 53": "FREQ=MONTHLY;BYDAY=53TH;COUNT=5",
    "day 32": "FREQ=MONTHLY;BYMONTHDAY=32;COUNT=5",
    "month 13": "FREQ=YEARLY;BYMONTH=13;COUNT=5",
    "days of the year": "FREQ=YEARLY;BYYEARDAY=1,2,3;COUNT=5",
    "weeks of the year": "FREQ=YEARLY;BYWEEKNO=1;COUNT=5",
    "Easter": "FREQ=YEARLY;BYEASTER=1;COUNT=5",
    "the same part twice": "FREQ=DAILY;COUNT=5;COUNT=6",
    "thousands of parts": "FREQ=DAILY;COUNT=5" + ";BYDAY=MO" * 10_000,
    "thousands of days": "FREQ=MONTHLY;COUNT=5;BYMONTHDAY=" + ",".join(["3"] * 10_000),
    "thousands of weekdays": "FREQ=WEEKLY;COUNT=5;BYDAY=" + ",".join(["TH"] * 10_000),
    "a name": "RRULE:FREQ=DAILY;COUNT=5",
    "another start": "DTSTART:20360101T000000\nRRULE:FREQ=DAILY;COUNT=5",
    "a line": "FREQ=DAILY;COUNT=5\n",
    "other digits": "FREQ=DAILY;COUNT=٥",
    "more of other digits": "FREQ=DAILY;COUNT=1٥",
    "small letters": "freq=daily;count=5",
    "nothing": "",
    "semicolons": ";" * 200,
    "a start that is no day of it": "FREQ=WEEKLY;BYDAY=MO;COUNT=5",
    "more years than there may be": "FREQ=YEARLY;COUNT=12",
    "years apart": "FREQ=YEARLY;INTERVAL=99;COUNT=2",
}


@pytest.mark.parametrize("rule", BOMBS.values(), ids=BOMBS)
def test_a_rule_that_is_meant_to_hurt_is_refused_at_once(rule: str) -> None:
    begun = process_time()
    with pytest.raises(InvalidField, match="rule"):
        occurrences(planned(rule=rule))
    assert process_time() - begun < REFUSED_WITHIN_S


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"zone": "Mars/Olympus"}, id="no zone"),
        pytest.param({"zone": ""}, id="an empty zone"),
        pytest.param({"zone": "../../etc/passwd"}, id="a path"),
        pytest.param({"zone": "Europe/Berlin\0"}, id="a zone with more"),
        pytest.param({"zone": "europe/berlin"}, id="a zone in small letters"),
        pytest.param({"start": "2036-02-30T19:00"}, id="no day"),
        pytest.param({"start": "2036-01-03T24:00"}, id="no hour"),
        pytest.param({"start": "1999-12-31T19:00"}, id="long ago"),
        pytest.param({"start": "9999-12-31T19:00", "end": None}, id="never"),
        pytest.param({"start": "2036-01-03"}, id="no time"),
        pytest.param({"start": "2036-01-03T19:00Z"}, id="no local time"),
        pytest.param({"start": "٢٠٣٦-01-03T19:00"}, id="other digits"),
        pytest.param({"end": THURSDAY}, id="it ends when it begins"),
        pytest.param({"end": "2036-01-03T18:59"}, id="it ends before"),
        pytest.param({"start": None}, id="an end without a start"),
        pytest.param({"start": None, "end": None, "rule": "FREQ=DAILY;COUNT=2"}, id="a rule without a start"),
    ],
)
def test_no_time_is_made_of_what_is_none(said: dict[str, Any]) -> None:
    with pytest.raises(InvalidField):
        occurrences(planned(**said))


@st.composite
def rules(draw: st.DrawFn) -> tuple[str, date]:
    """A rule that is understood here, and a start that need not be a day of it."""
    freq = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={freq}"]
    some = draw(st.sets(st.sampled_from(["INTERVAL", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS", "WKST"])))
    of_a_month = freq == "MONTHLY" or (freq == "YEARLY" and "BYMONTH" in some)
    numbers = draw(st.sampled_from([[""], ["1", "2", "5", "-1", "-5"]])) if of_a_month else [""]
    weekday = st.builds("{}{}".format, st.sampled_from(numbers), st.sampled_from(WEEKDAYS))
    if "INTERVAL" in some:
        parts.append(f"INTERVAL={draw(st.integers(1, 15))}")
    if "WKST" in some:
        parts.append(f"WKST={draw(st.sampled_from(['MO', 'SU']))}")
    if "BYMONTH" in some:
        parts.append(f"BYMONTH={_listed(draw(st.sets(st.integers(1, 12), min_size=1)))}")
    if "BYDAY" in some and (of_a_month or freq != "YEARLY"):
        parts.append(f"BYDAY={_listed(draw(st.sets(weekday, min_size=1, max_size=7)))}")
        if "BYSETPOS" in some and of_a_month:
            parts.append(f"BYSETPOS={draw(st.integers(-5, 5).filter(bool))}")
    if "BYMONTHDAY" in some and of_a_month:
        monthdays = st.sets(st.integers(-31, 31).filter(bool), min_size=1, max_size=10)
        parts.append(f"BYMONTHDAY={_listed(draw(monthdays))}")
    return ";".join(parts), draw(st.dates(date(2001, 1, 1), date(2080, 1, 1)))


@settings(max_examples=200, deadline=None)
@given(rules())
@example(("FREQ=MONTHLY;BYMONTH=4;BYDAY=FR,TU,WE;BYSETPOS=-5;BYMONTHDAY=1,2,4,9", date(2050, 11, 20)))
def test_any_rule_gives_the_days_that_another_reader_of_it_finds(drawn: tuple[str, date]) -> None:
    rule, start = drawn
    parts = dict(part.split("=") for part in rule.split(";"))
    check_days(parts)
    found = list(days_of(parts, start, start + timedelta(days=4 * 366)))
    assume(found)
    # Asked for one more, the other may look for minutes for a day that never comes.
    others = islice(rrulestr(rule, dtstart=datetime.combine(start, time.min)), len(found))
    assert found == [one.date() for one in others]


def _listed(values: set[Any]) -> str:
    return ",".join(map(str, sorted(values)))
