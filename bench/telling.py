"""What a message costs that thousands are told of while they are away: the database's time, and the patience
of those who talk elsewhere meanwhile.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import aiosql
import asyncpg

from bench.club import SUPERUSER, Club, queries
from bench.figure import Figure, Reference
from bench.posting import APP
from bench.stage import Stage
from clubroom.dba.migrate import HERE as DBA
from clubroom.notification.pushes import TAKEN_AT_ONCE_MAX

HERE = 100
POSTS_A_SECOND = 10
PACE_TIMES = 2
TOLD_EVERY_S = 2.0
QUIET_S = 60.0
BAR_MS, RATIO_BAR = 300.0, 1.1
WAIT_S, REMOTE_WAIT_S, LEASE_S, GOOD_S = 5, 15, 60, 86_400
MAC = b"\x2a" * 16

pushing = aiosql.from_path(DBA / "queries" / "pushing.sql", "asyncpg", mandatory_parameters=False)


async def measure(stage: Stage) -> list[Figure]:
    """With and without devices take turns."""
    meeting = stage.town.meeting
    took, alone, beside = [], [], []
    for run in range(stage.effort.runs):
        stage.say(f"Telling those who are away, run {run + 1}")
        alone.append(await _paced(stage, meeting))
        await _phones(stage, meeting)
        beside.append(await _paced(stage, meeting))
        await _all_told(stage)
        took.append(await _database_ms(stage, meeting))
        await _no_phones(stage)
    away = len(meeting.people) - HERE
    return [
        Figure(what=f"database time of a message with {away:,} away", unit="ms", runs=took, bar=BAR_MS),
        Figure(
            what=f"p99 of delivery while {away:,} are told of a message", unit="ms", runs=beside,
            ratio_bar=RATIO_BAR, reference=Reference(what="nobody has a device", runs=alone),
        ),
    ]  # fmt: skip


async def _paced(stage: Stage, meeting: Club) -> float:
    """Milliseconds that 99 of 100 deliveries in another club do not exceed, while this one says something."""
    hall = stage.town.halls[-1]
    seats = stage.mint.seats(Club(hall.group, hall.people[:HERE]))
    await stage.crowds.open("hall", stage.server.port, seats)
    saying = asyncio.create_task(_say(stage, meeting))
    posted = await stage.crowds.pace("hall", POSTS_A_SECOND, PACE_TIMES * stage.effort.seconds)
    if saying.done():
        await saying  # nothing was told: there is no figure
    saying.cancel()
    await asyncio.gather(saying, return_exceptions=True)
    await stage.crowds.leave("hall")
    return float(posted.delivery_ms[-1])


async def _say(stage: Stage, meeting: Club) -> None:
    """One message after the other, until it is cancelled."""
    async with stage.server.connection(SUPERUSER) as sql:
        await queries.become_writer(sql)
        while True:
            await queries.say(sql, group_id=meeting.group, author=meeting.people[0].key, mac=MAC)
            await asyncio.sleep(TOLD_EVERY_S)


async def _all_told(stage: Stage) -> None:
    """When the server has nobody to tell any more; then it is tidied up, as it is from time to time."""
    async with stage.server.connection(SUPERUSER) as sql, asyncio.timeout(QUIET_S):
        while await queries.to_tell(sql) > 0:
            stage.say("  Waiting until all are told")
            await asyncio.sleep(1.0)
        await queries.settle(sql)


async def _phones(stage: Stage, meeting: Club) -> None:
    away = meeting.people[HERE:]
    async with stage.server.connection(SUPERUSER) as sql:
        await queries.forget_notices(sql)  # what was said before would be told to the phones that come now
        await queries.give_phones(
            sql, sessions=[one.session for one in away], people=[one.key for one in away]
        )


async def _no_phones(stage: Stage) -> None:
    async with stage.server.connection(SUPERUSER) as sql:
        await queries.take_phones(sql)


async def _database_ms(stage: Stage, meeting: Club) -> float:
    """All that one message makes the database do, from the decision to the last mark, in one go."""
    moment = datetime.now(UTC) + timedelta(days=1)
    async with stage.server.connection(SUPERUSER) as sql:
        await queries.become_writer(sql)
        async with sql.transaction():
            author = meeting.people[0].key
            await queries.say(sql, group_id=meeting.group, author=author, mac=MAC)
            await queries.put_off(sql, group_id=meeting.group, moment=moment)
    here = [one.key for one in meeting.people[:HERE]]
    async with stage.server.connection(APP) as sql:
        begun = time.perf_counter()
        for after_s in (0, WAIT_S):
            await pushing.decide_notices(
                sql, here=here, n=50, wait_seconds=WAIT_S, remote_wait_seconds=REMOTE_WAIT_S,
                moment=moment + timedelta(seconds=after_s),
            )  # fmt: skip
        told = 0
        while taken := await _taken(sql, moment + timedelta(seconds=WAIT_S)):
            told += taken
        took_ms = 1_000 * (time.perf_counter() - begun)
    assert told == len(meeting.people) - HERE, f"{told} were told"
    return took_ms


async def _taken(sql: asyncpg.Connection, moment: datetime) -> int:
    rows = [
        row
        async for row in pushing.take_pushes(
            sql, n=TAKEN_AT_ONCE_MAX, lease_seconds=LEASE_S, good_seconds=GOOD_S, moment=moment
        )
    ]
    if rows:
        one = rows[0]
        said = pushing.pushed_messages(sql, groups=[one["group_id"]], seqs=[one["seq"]])
        assert [row async for row in said]
        ids, count = [row["id"] for row in rows], len(rows)
        await pushing.close_pushes(
            sql,
            ids=ids,
            seqs=[row["seq"] for row in rows],
            outcomes=["pushed"] * count,
            reasons=[None] * count,
            moment=moment,
        )
    return len(rows)
