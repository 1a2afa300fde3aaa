"""Who is told of events, and when: by several servers at once."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from house.databases import connected
from house.person import Person
from house.server import House
from house.within import within
from notification.post_office import PostOffice
from notification.test_event_letters import mailbox
from notification.test_reminders import concert, says, told

# Mondays; in the night to the second one the clocks go back, in the one to the fourth they go on.
WEEKS = [datetime(2036, 10, 20, tzinfo=UTC), datetime(2036, 10, 26, 0, 30, tzinfo=UTC)]
SPRING = [datetime(2037, 3, 28, 21, 5, 17, tzinfo=UTC), datetime(2037, 3, 29, 0, 59, tzinfo=UTC)]
NIGHT = {"days": list(range(7)), "from": "22:10", "to": "06:50"}
SUNDAY = {"days": [6], "from": "20:00", "to": "08:05"}
LUNCH = {"days": [0, 1], "from": "12:00", "to": "13:07"}
ALWAYS = {"days": list(range(7)), "from": "00:00", "to": "00:00"}


async def quiet_ends(writer: asyncpg.Connection, who: int, moment: datetime) -> tuple[bool, datetime | None]:
    """Whether it is quiet there then, and when that ends."""
    found = await writer.fetch("select ends_at from _quiet_ends(array[$1::bigint], $2)", who, moment)
    return bool(found), found[0]["ends_at"] if found else None


async def first_loud_minute(writer: asyncpg.Connection, who: int, moment: datetime) -> datetime | None:
    """The same, minute by minute."""
    found: datetime | None = await writer.fetchval(
        "select t from generate_series(date_trunc('minute', $2::timestamptz) + interval '1 minute',"
        " $2::timestamptz + interval '1 day', interval '1 minute') t where not _is_quiet($1, t) limit 1",
        who,
        moment,
    )
    return found


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kolkata"])
async def test_quiet_hours_end_at_the_minute_in_which_they_do(office: PostOffice, zone: str) -> None:
    ann = await office.house.person("Ann")
    who, quiet = office.key(ann), 0
    for spans in ([NIGHT], [SUNDAY, LUNCH]):
        await ann.ok("PUT", "/api/me/quiet", {"spans": spans, "time_zone": zone})
        for begin in WEEKS + SPRING:
            for hours in range(0, 30, 2):
                moment = begin + timedelta(hours=hours)
                is_quiet, ends = await quiet_ends(office.writer, who, moment)
                assert is_quiet == await office.writer.fetchval("select _is_quiet($1, $2)", who, moment)
                if is_quiet:
                    quiet += 1
                    assert ends == await first_loud_minute(office.writer, who, moment), (zone, spans, moment)
    assert quiet > 30
    await ann.ok("PUT", "/api/me/quiet", {"spans": [ALWAYS], "time_zone": zone})
    assert await quiet_ends(office.writer, who, WEEKS[0]) == (True, None)


async def test_a_place_is_held_till_half_an_hour_after_the_quiet_hours_in_which_it_would_end(
    office: PostOffice,
) -> None:
    ann = await office.house.person("Ann")
    await ann.ok("PUT", "/api/me/quiet", {"spans": [NIGHT], "time_zone": "UTC"})
    moment, closes = datetime(2036, 10, 20, 2, 2, 30, tzinfo=UTC), datetime(2036, 11, 28, tzinfo=UTC)
    held = "select _held_until($1, $2, $3)"
    assert await office.writer.fetchval(held, office.key(ann), closes, moment) == datetime(
        2036, 10, 21, 7, 20, tzinfo=UTC
    )
    noon = moment + timedelta(hours=10)
    assert await office.writer.fetchval(held, office.key(ann), closes, noon) == noon + timedelta(days=1)
    soon = datetime(2036, 10, 20, 5, tzinfo=UTC)
    assert await office.writer.fetchval(held, office.key(ann), soon, moment) == soon


async def test_letters_to_the_same_people_in_another_order_wait_for_each_other_and_never_deadlock(
    own_house: tuple[House, str], office: PostOffice
) -> None:
    """As when two waiting lists move at once, each telling its people one after the other."""
    club, [ann, ben, cem] = await office.house.club("Ann", "Ben", "Cem")
    _, group = await concert(ann, club)
    for person in (ben, cem):
        await mailbox(office, person)

    def tell(by: asyncpg.Connection, person: Person) -> asyncio.Task[Any]:
        call = "select _mail_event($1, 'once', array[$2::bigint], 'offer', now())"
        return asyncio.create_task(by.execute(call, group, office.key(person)))

    as_writer = {"role": "clubroom_writer", "search_path": "clubroom"}
    async with connected(own_house[1], **as_writer) as here, connected(own_house[1], **as_writer) as there:
        one, other = here.transaction(), there.transaction()
        await one.start()
        await other.start()
        await tell(here, ben)
        theirs = tell(there, cem)
        await done_or_waits(office.writer, theirs, there)
        ours = tell(here, cem)
        await done_or_waits(office.writer, ours, here)
        await asyncio.gather(after(one, ours), after(other, theirs, lambda: tell(there, ben)))
    written = "select count(*) from outbox where template = 'event_offer' and params ->> 'group' = $1"
    assert await office.writer.fetchval(written, str(group)) == 4


async def done_or_waits(writer: asyncpg.Connection, task: asyncio.Task[Any], by: asyncpg.Connection) -> None:
    """Until a call has come as far as it can."""

    async def come() -> bool:
        waits = "select exists (select 1 from pg_locks where pid = $1 and not granted)"
        return task.done() or bool(await writer.fetchval(waits, by.get_server_pid()))

    async with within(10, "the call was done, or waited for a lock"):
        while not await come():
            await asyncio.wait([task], timeout=0.02)


async def after(
    transaction: Any, task: asyncio.Task[Any], then: Callable[[], asyncio.Task[Any]] | None = None
) -> None:
    """Commits when this is done, and what comes after it."""
    await task
    if then is not None:
        await then()
    await transaction.commit()


async def test_an_answer_from_a_notification_says_no_more_than_the_answer(office: PostOffice) -> None:
    club, [ann, ben] = await office.house.club("Ann", "Ben")
    event, _ = await concert(ann, club, guests=2)
    await office.phone(ben)
    said: dict[str, Any] = {"key": "once", "answer": "going", "guests": 1, "note": "by train"}
    await ben.ok("PUT", f"/api/events/{event}/answer", said)
    await ann.ok("DELETE", f"/api/events/{event}/occurrences/once")
    [pushed] = told(await office.send()).values()
    assert not {"guests", "note"} & pushed["data"].keys()
    other, _ = await concert(ann, club, guests=2)
    await ann.ok("POST", f"/api/events/{other}/remind", {"key": "once"})
    [pushed] = told(await office.send()).values()
    assert (pushed["data"]["what"], pushed["data"]["event"]) == ("asked", other)
    assert not {"guests", "note"} & pushed["data"].keys()
    assert await says(ben, other, "going") == "in"
