"""The story of a year: believable hours, times that rise, the same for the same seed."""

from collections import Counter
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise

import pytest

from clubroom.app.demo import chess
from clubroom.app.demo.calendar import concerts, easter, moment, paused, silent
from clubroom.app.demo.make import MESSAGES
from clubroom.app.demo.people import CHOIR_KEYS, CHOIR_OWNER, ME
from clubroom.app.demo.year import Happening, Story, compose

ENDS = [
    datetime(2026, 11, 22, 20, 51),
    datetime(2027, 1, 1, 3, 12),
    datetime(2028, 2, 29, 12, 0),
    datetime(2026, 7, 20, 7, 5),
    datetime(2026, 6, 20, 16, 30),
    datetime(2027, 7, 22, 3, 49),
]


@cache
def _year(end: datetime, seed: int = 1) -> Story:
    return compose(end, MESSAGES, seed)


def _messages(story: Story) -> list[Happening]:
    return [one for one in story.happenings if one.text is not None]


@pytest.mark.parametrize("end", ENDS)
def test_a_year_has_five_thousand_messages_and_all_sixty_people(end: datetime) -> None:
    story = _year(end)
    assert len(_messages(story)) == MESSAGES
    joined = [one.person for one in story.happenings if one.text is None]
    assert sorted([CHOIR_OWNER, *joined]) == sorted(CHOIR_KEYS)


@pytest.mark.parametrize("end", ENDS)
def test_times_rise_and_nobody_writes_at_night_or_while_they_sing(end: datetime) -> None:
    story = _year(end)
    assert all(earlier.at < later.at for earlier, later in pairwise(story.happenings))
    assert story.opened_at < story.happenings[0].at
    assert story.happenings[-1].at <= end
    assert end - story.opened_at < timedelta(days=367)
    disturbed = [one for one in _messages(story) if silent(one.at)]
    assert not disturbed


@pytest.mark.parametrize("end", ENDS)
def test_nobody_writes_before_they_have_joined(end: datetime) -> None:
    inside = {CHOIR_OWNER}
    for one in _year(end).happenings:
        if one.text is None:
            inside.add(one.person)
        assert one.person in inside


@pytest.mark.parametrize("end", ENDS)
def test_some_twenty_messages_of_others_are_new_from_the_beginning_of_a_thread_on(end: datetime) -> None:
    story = _year(end)
    new = _messages(story)[story.read :]
    assert 15 <= len(new) <= 27
    assert new[0].begins
    assert ME not in {one.person for one in new}
    assert end - new[-1].at < timedelta(hours=14)


@pytest.mark.parametrize("end", ENDS)
def test_most_messages_were_said_only_once(end: datetime) -> None:
    texts = [one.text or "" for one in _messages(_year(end))]
    assert len({text for text in texts if len(text) > 12}) >= 0.6 * MESSAGES
    assert Counter(text for text in texts if len(text) > 40).most_common(1)[0][1] <= 8


def test_the_same_seed_tells_the_same_story_and_another_seed_another() -> None:
    end = ENDS[0]
    assert compose(end, MESSAGES, 1) == _year(end)
    assert compose(end, MESSAGES, 2) != _year(end)
    assert chess.compose(end, 1) == chess.compose(end, 1)


def test_tuesdays_and_concerts_are_lively_and_the_summer_is_quiet() -> None:
    days = Counter(one.at.date() for one in _messages(_year(ENDS[0])))
    tuesdays = [count for day, count in days.items() if day.weekday() == 1 and not paused(day)]
    thursdays = [count for day, count in days.items() if day.weekday() == 3 and not paused(day)]
    assert sum(tuesdays) / len(tuesdays) > 1.5 * sum(thursdays) / len(thursdays)
    assert sum(n for day, n in days.items() if day.month == 8) < 0.5 * sum(
        n for day, n in days.items() if day.month == 6
    )
    assert days[concerts(2026)[1]] > 25


def test_the_small_club_ends_with_two_new_messages() -> None:
    story = chess.compose(ENDS[0], 1)
    assert len(_messages(story)) - story.read == 2
    assert all(earlier.at < later.at for earlier, later in pairwise(story.happenings))


def test_the_calendar_knows_easter_and_three_concerts_on_saturdays() -> None:
    assert [easter(year) for year in (2024, 2025, 2026, 2038)] == [
        date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2038, 4, 25),
    ]  # fmt: skip
    assert {day.weekday() for day in concerts(2026)} == {5}
    assert "easter" in moment(datetime(2026, 4, 5, 10)).tags
    assert "xmas" in moment(datetime(2026, 12, 25, 10)).tags
    assert {"tue-after", "term"} <= moment(datetime(2026, 11, 17, 22)).tags
