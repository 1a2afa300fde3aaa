"""What somebody wants to be told, as it is judged where it is decided: levels, mutes and quiet hours."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from clubroom.dba.embedded import EmbeddedPostgres
from house.databases import connected
from house.person import Json, Person
from house.server import House

KEPT = """
insert into quiet_hours(user_id, time_zone, spans, week) values ($1, $2, $3, _week_of($3))
on conflict (user_id) do update set time_zone = $2, spans = $3, week = excluded.week
"""
NIGHT: Json = {"days": [0, 1, 2, 3, 4, 5, 6], "from": "22:00", "to": "07:00"}
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
async def judge(postgres: EmbeddedPostgres) -> AsyncIterator[asyncpg.Connection]:
    """Asks as the functions of the house do."""
    async with connected(postgres.owner_dsn, role="clubroom_writer", search_path="clubroom") as connection:
        yield connection


def key(house: House, person: Person) -> int:
    return house.process.tokens.verify(person.token).key


async def quiet(judge: asyncpg.Connection, who: int, *moments: datetime) -> list[bool]:
    found = await judge.fetch("select _is_quiet($1, m) as so from unnest($2::timestamptz[]) m", who, moments)
    return [row["so"] for row in found]


async def edges(judge: asyncpg.Connection, who: int, first: str, last: str) -> list[bool]:
    """A minute before quiet hours begin, as they do, a second before they end, and as they do."""
    begins, ends = datetime.fromisoformat(first), datetime.fromisoformat(last)
    return await quiet(judge, who, begins - timedelta(minutes=1), begins, ends - timedelta(seconds=1), ends)


async def test_ones_own_word_for_a_room_counts_before_that_for_its_club_and_before_the_clubs(
    house: House, judge: asyncpg.Connection
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    room, closed = await ann.channel(club), await ann.channel(club, private=True)
    await ann.ok("POST", f"/api/groups/{closed}/members", {"users": [ben.user]})
    talk = await ann.dm(ben)
    groups, who = (club, room, closed, talk), key(house, ben)

    async def levels() -> list[str]:
        return [await judge.fetchval("select _level_of($1, $2)", who, group) for group in groups]

    assert await levels() == ["all", "all", "all", "all"]
    await ann.ok("PATCH", f"/api/groups/{club}", {"default_level": "mentions"})
    assert await levels() == ["mentions", "mentions", "mentions", "all"]
    await ben.ok("PUT", f"/api/groups/{room}/level", {"level": "all"})
    assert await levels() == ["mentions", "all", "mentions", "all"]
    await ben.ok("PUT", f"/api/groups/{club}/level", {"level": "nothing"})
    assert await levels() == ["nothing", "all", "nothing", "all"]
    await ben.ok("PUT", f"/api/groups/{talk}/level", {"level": "nothing"})
    await ben.ok("PUT", f"/api/groups/{room}/level", {"level": None})
    assert await levels() == ["nothing"] * 4
    await ben.ok("PUT", f"/api/groups/{club}/level", {"level": None})
    assert await levels() == ["mentions", "mentions", "mentions", "nothing"]


async def test_of_everybody_who_is_asked_for_there_is_one_answer(
    house: House, judge: asyncpg.Connection
) -> None:
    club, people = await house.club("Ann", "Ben", "Cleo", "Dan")
    _, ben, cleo, dan = people
    await ben.ok("PUT", f"/api/groups/{club}/level", {"level": "mentions"})
    await cleo.ok("PUT", f"/api/groups/{club}/mute", {"for_s": 3_600})
    await dan.ok("PUT", "/api/me/quiet", {"spans": [NIGHT], "time_zone": "Europe/Berlin"})

    async def wishes(moment: datetime) -> list[tuple[Any, ...]]:
        keys = [key(house, person) for person in people]
        found = await judge.fetch("select * from _notification_wishes($1, $2, $3)", club, keys, moment)
        by_key = {row["user_id"]: tuple(row)[1:] for row in found}
        assert len(found) == len(keys) == len(by_key)
        return [by_key[each] for each in keys]

    now = datetime.now(BERLIN)
    later = (now + timedelta(days=2)).replace(hour=23)
    plain, called = ("all", False, False), ("mentions", False, False)
    assert (await wishes(now))[:3] == [plain, called, ("all", True, False)]
    assert await wishes(later) == [plain, called, plain, ("all", False, True)]
    assert await wishes(later.replace(hour=12)) == [plain, called, plain, plain]


async def test_quiet_hours_go_over_midnight_and_from_sunday_into_monday(
    house: House, judge: asyncpg.Connection
) -> None:
    ann = await house.person("Ann")
    who = key(house, ann)
    noon = datetime(2026, 6, 1, 12, tzinfo=UTC)  # a Monday
    assert await quiet(judge, who, noon) == [False]
    sunday = {"days": [6], "from": "21:30", "to": "06:15"}
    await ann.ok("PUT", "/api/me/quiet", {"spans": [sunday], "time_zone": "Asia/Kolkata"})
    night = ("2026-06-07T21:30+05:30", "2026-06-08T06:15+05:30")
    assert await edges(judge, who, *night) == [False, True, True, False]
    assert await edges(judge, who, "2026-06-06T21:30+05:30", "2026-06-07T06:15+05:30") == [False] * 4
    whole_day = {"days": [2], "from": "00:00", "to": "00:00"}
    await ann.ok("PUT", "/api/me/quiet", {"spans": [whole_day, sunday]})
    assert await edges(judge, who, *night) == [False, True, True, False]
    day = ("2026-06-10T00:00+05:30", "2026-06-11T00:00+05:30")
    assert await edges(judge, who, *day) == [False, True, True, False]
    await ann.ok("PATCH", "/api/me", {"time_zone": "America/St_Johns"})  # they go along
    assert await edges(judge, who, "2026-06-07T21:30-02:30", "2026-06-08T06:15-02:30") == [
        False, True, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-03-28T22:00+01:00", "2026-03-29T07:00+02:00"),
        ("2026-10-24T22:00+02:00", "2026-10-25T07:00+01:00"),
    ],
    ids=["forward", "back"],
)
async def test_a_night_in_which_the_clock_is_moved_is_quiet_from_ten_to_seven(
    house: House, judge: asyncpg.Connection, first: str, last: str
) -> None:
    ann = await house.person("Ann")
    who = key(house, ann)
    await ann.ok("PUT", "/api/me/quiet", {"spans": [NIGHT], "time_zone": "Europe/Berlin"})
    assert await edges(judge, who, first, last) == [False, True, True, False]


async def test_an_hour_that_comes_twice_is_quiet_twice_and_one_that_never_comes_never(
    house: House, judge: asyncpg.Connection
) -> None:
    ann = await house.person("Ann")
    who = key(house, ann)
    half = {"days": [6], "from": "02:00", "to": "03:00"}
    await ann.ok("PUT", "/api/me/quiet", {"spans": [half], "time_zone": "Europe/Berlin"})
    back = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)
    hours = [back + timedelta(hours=n) for n in range(4)]  # 01:30, 02:30, 02:30, 03:30
    assert await quiet(judge, who, *hours) == [False, True, True, False]
    forward = datetime(2026, 3, 29, 0, 0, tzinfo=UTC)
    minutes = [forward + timedelta(minutes=10 * n) for n in range(18)]
    assert await quiet(judge, who, *minutes) == [False] * 18


async def test_any_hours_are_judged_as_a_calendar_would(house: House, judge: asyncpg.Connection) -> None:
    ann = await house.person("Ann")
    who, random = key(house, ann), Random(28)
    transaction = judge.transaction()
    await transaction.start()
    for zone in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"):
        for _ in range(10):
            spans = [_any_span(random) for _ in range(random.randint(1, 4))]
            await judge.execute(KEPT, who, zone, json.dumps(spans))
            moments = [_any_moment(random) for _ in range(30)]
            judged = await quiet(judge, who, *moments)
            walls = [moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for moment in moments]
            expected = [any(_in_span(wall, span) for span in spans) for wall in walls]
            assert judged == expected, (zone, spans, moments)
    await transaction.rollback()


def _any_span(random: Random) -> Json:
    times = [f"{random.randrange(24):02}:{random.choice((0, 1, 30, 59)):02}" for _ in range(2)]
    return {"days": random.sample(range(7), random.randint(1, 7)), "from": times[0], "to": times[1]}


def _any_moment(random: Random) -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=random.randrange(365 * 86_400))


def _in_span(wall: datetime, span: Json) -> bool:
    """Looks at today and at yesterday, day by day."""
    for date in (wall.date(), wall.date() - timedelta(days=1)):
        begins = datetime.fromisoformat(f"{date}T{span['from']}")
        ends = datetime.fromisoformat(f"{date}T{span['to']}")
        ends += timedelta(days=1) if ends <= begins else timedelta()
        if date.weekday() in span["days"] and begins <= wall < ends:
            return True
    return False
