"""Numbers about a club: counted at once for a small one, and seldom, for all of them, for the others."""

import asyncio
from datetime import UTC, datetime, timedelta

import asyncpg

from clubroom import wire
from clubroom.dba import statistics
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.pool import Database
from clubroom.errors import Unavailable
from house.databases import connected, dsn
from house.events import made, says
from house.person import Json, Person
from house.server import House

PAST = {"start": "2026-03-28T18:30", "end": "2026-03-28T21:00", "zone": "Europe/Berlin"}


async def of(person: Person, club: int) -> Json:
    found: Json = await person.ok("GET", f"/api/groups/{club}/statistics")
    return found


async def counted(house: House, database: Database, ann: Person, club: int) -> wire.Statistics:
    """As the views have it."""
    who = house.process.tokens.verify(ann.token).key
    return await statistics.statistics(database, who, club, live_max=0)


async def later(house: House, database: Database, ann: Person, club: int) -> datetime:
    """A day after it was counted last, whoever did."""
    at = (await counted(house, database, ann, club)).at
    return max(datetime.now(UTC), datetime.fromisoformat(at or "2026-01-01T00:00:00Z")) + timedelta(days=1)


async def past_concert(ann: Person, club: int, came: list[Person], missed: list[Person]) -> str:
    """A concert to which all of them wanted to come, by who runs it."""
    event, _ = await made(ann, club, **PAST)
    ticks = []
    for person, here in [*((one, True) for one in came), *((one, False) for one in missed)]:
        await says(ann, event, "going", user=person.user, over=True)
        ticks.append({"user": person.user, "came": here, "at": "2026-03-28T18:00:00Z"})
    await ann.ok("PUT", f"/api/events/{event}/door", {"key": "once", "ticks": ticks})
    return event


async def test_a_small_club_is_counted_when_it_is_asked(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    await past_concert(ann, club, [ann, ben], [cleo])
    soon, group = await made(ann, club, name="Spring fair", places=1)
    for person, answer in ((ann, "going"), (ben, "going"), (cleo, "maybe")):
        await says(person, soon, answer)
    room = await ann.channel(club)
    found = await of(ann, club)
    assert (found["live"], found["members"]) == (True, 3)
    assert [one["name"] for one in found["events"]] == ["Spring fair", "Autumn concert"]
    fair, concert = found["events"]
    assert (fair["group"], fair["going"], fair["maybe"], fair["waiting"], fair["came"]) == (group, 1, 1, 1, 0)
    assert (concert["going"], concert["came"], concert["missed"]) == (3, 2, 1)
    assert [(one["group"], one["people"]) for one in found["groups"]] == [(club, 3), (room, 1)]
    assert found["months"] == [{"month": "2026-03", "events": 1, "going": 3, "came": 2, "ticked": 3}]


async def test_a_large_club_shows_what_was_counted_last_and_when(house: House, database: Database) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    await past_concert(ann, club, [ben], [])
    async with asyncio.timeout(30):  # PostgreSQL tells how much was written a little later
        while not (found := await counted(house, database, ann, club)).events:
            moment = await later(house, database, ann, club)
            await statistics.refresh(database, 0, moment=moment)
    assert not found.live
    assert found.at == moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert [(one.going, one.came) for one in found.events] == [(1, 1)]
    assert [(one.month, one.came) for one in found.months] == [("2026-03", 1)]
    assert [one.people for one in found.groups] == [2]
    await made(ann, club, name="Later")
    found = await counted(house, database, ann, club)
    assert [one.name for one in found.events] == ["Autumn concert"]


async def test_it_is_not_counted_again_before_its_time(house: House, database: Database) -> None:
    club, [ann] = await house.club("Ann")
    await made(ann, club)
    moment = await later(house, database, ann, club)
    await statistics.refresh(database, 300, moment=moment)
    await made(ann, club)
    assert not await statistics.refresh(database, 300, moment=moment + timedelta(seconds=299))
    assert (await counted(house, database, ann, club)).at == moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


async def test_only_who_runs_the_club_sees_its_numbers(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    zoe = await house.person("Zoe")
    room = await ben.channel(club, private=True)
    await made(ben, room)
    assert (await ben.call("GET", f"/api/groups/{club}/statistics")).status_code == 403
    assert (await zoe.call("GET", f"/api/groups/{club}/statistics")).status_code == 404
    assert (await ben.call("GET", f"/api/groups/{room}/statistics")).status_code == 403
    found = await of(ann, club)
    assert found["events"] == found["months"] == []  # that one is of a room that she does not read
    assert [one["group"] for one in found["groups"]] == [club]


async def cancelled(database: Database, superuser: asyncpg.Connection, moment: datetime) -> bool:
    """Whether it is tried; it never comes to the end, as where it takes too long."""
    async with superuser.transaction():
        await superuser.execute("lock table clubroom.ticks in access exclusive mode")
        counting = asyncio.create_task(statistics.refresh(database, 300, moment=moment))
        async with asyncio.timeout(10):
            while not counting.done():
                await superuser.execute(
                    "select pg_cancel_backend(pid) from pg_locks"
                    " where relation = 'clubroom.ticks'::regclass and not granted"
                )
                await asyncio.wait([counting], timeout=0.02)
        return isinstance(counting.exception(), Unavailable) or counting.result()


async def test_what_could_not_be_counted_is_tried_again_each_time_after_twice_as_long(
    house: House, database: Database, postgres: EmbeddedPostgres
) -> None:
    club, [ann] = await house.club("Ann")
    start = await later(house, database, ann, club)
    await statistics.refresh(database, 0, moment=start)
    await ann.channel(club)  # of clubs and rooms it is known at once that they have changed
    after = [timedelta(seconds=s) for s in (300, 301, 899, 900, 2_099, 2_100, 4_499, 4_500)]
    async with connected(dsn(postgres, "postgres", "clubroom")) as superuser:
        tried = [await cancelled(database, superuser, start + one) for one in after[:6]]
    assert tried == [True, False, False, True, False, True]
    assert not await statistics.refresh(database, 300, moment=start + after[6])
    assert await statistics.refresh(database, 300, moment=start + after[7])
    assert not await statistics.refresh(database, 300, moment=start + after[7])


async def test_what_becomes_of_a_room_is_a_reason_to_count_and_a_message_is_none(
    house: House, database: Database, postgres: EmbeddedPostgres
) -> None:
    club, [ann] = await house.club("Ann")
    room = await ann.channel(club)
    async with connected(dsn(postgres, "postgres", "clubroom"), role="clubroom_writer") as writer:

        async def known() -> str:
            return str(await writer.fetchval("select clubroom._statistics_groups()"))

        before = await known()
        await ann.post(room, "Hello")
        await ann.ok("PATCH", f"/api/groups/{room}", {"description": "Wednesdays"})
        assert await known() == before
        for change in ({"landing": True}, {"archived": True}):
            await ann.ok("PATCH", f"/api/groups/{room}", change)
            assert await known() != before
            before = await known()
        await ann.ok("PATCH", f"/api/groups/{club}", {"time_zone": "Asia/Kolkata"})
        assert await known() != before
    moment = await later(house, database, ann, club)
    assert await statistics.refresh(database, 0, moment=moment)
    assert [one.group for one in (await counted(house, database, ann, club)).groups] == [club]
