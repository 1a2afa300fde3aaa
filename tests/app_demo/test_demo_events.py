"""What the demo's choir meets for, whenever the demo is made."""

from datetime import datetime, timedelta

import pytest

from clubroom import wire
from clubroom.app.demo.agenda import Plan, agenda, zone_here
from clubroom.app.demo.people import CHOIR_KEYS
from clubroom.chat.events.events import checked_event
from clubroom.chat.events.recurrence import occurrences

ENDS = [
    datetime(2026, 11, 27, 20, 51),
    datetime(2027, 1, 1, 3, 12),
    datetime(2028, 2, 29, 12, 0),
    datetime(2026, 8, 20, 7, 5),
    datetime(2026, 6, 20, 23, 59),
    datetime(2027, 3, 28, 2, 30),
]


def plans(end: datetime) -> dict[str, Plan]:
    return {plan.key: plan for plan in agenda(end)}


@pytest.mark.parametrize("end", ENDS)
def test_every_event_can_be_made_and_people_answer_to_occurrences_that_it_has(end: datetime) -> None:
    for plan in agenda(end):
        new = wire.NewEvent(group=1, zone=zone_here(end), **plan.says)
        keys = {one.key for one in occurrences(checked_event(new))}
        assert {*plan.mine, *plan.cancelled, *(turn.key for turn in plan.turns)} <= keys
        assert all(turn.going + turn.maybe + turn.no < len(CHOIR_KEYS) for turn in plan.turns)
        assert end - timedelta(days=365) < plan.made < end - timedelta(days=7)
        assert {person for _, _, person, _ in plan.said} <= set(CHOIR_KEYS)


@pytest.mark.parametrize("end", ENDS)
def test_one_is_past_one_goes_on_one_is_full_and_one_comes_again(end: datetime) -> None:
    found = plans(end)
    now = end.strftime("%Y-%m-%dT%H:%M")
    assert found["concert"].says["end"] < now
    assert found["sorting"].says["start"] <= now < found["sorting"].says["end"]
    trip = found["trip"]
    assert now < trip.says["start"]
    assert sum(turn.going for turn in trip.turns) > trip.says["places"]
    assert "COUNT=20" in found["rehearsal"].says["rule"]
    assert "start" not in found["weekend"].says
