"""The presence port's contract (ports/presence), told to both stores: PostgreSQL, and a real Redis."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial

import asyncpg
import pytest

from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.pool import Database
from clubroom.dba.presence import PostgresPresence, members_of_those
from clubroom.errors import NotFound, Unavailable
from clubroom.ports.presence import Online, Presence, State, together
from clubroom.ports.presence.redis import RedisPresence
from house.person import Person
from house.redis_server import RedisProcess, redis_running
from house.server import House
from house.uuid7 import uuid7
from house.within import within

LOOKING, IDLE, HIDDEN = State.LOOKING, State.IDLE, State.HIDDEN
LONG_S, SHORT_S, SOON_S = 30.0, 0.05, 5.0
SILENT_S = 3.0  # two are promised; a busy machine is given one more
CROWD = 800


class Stores:
    """One store, and the ends of as many servers as a test wants."""

    def __init__(self, kind: str, database: Database, owner_dsn: str, redis: RedisProcess) -> None:
        self.kind = kind
        self.database = database
        self.owner_dsn = owner_dsn
        self.redis = redis
        self.place = str(uuid7())
        self.ends: list[Presence] = []

    async def server(self) -> Presence:
        """One more server, with a lease."""
        end = self.end()
        assert not await end.renew(LONG_S)
        return end

    def end(self) -> Presence:
        members = partial(members_of_those, self.database)
        end: Presence = (
            PostgresPresence(self.database, str(uuid7()))
            if self.kind == "postgres"
            else RedisPresence(self.redis.address, self.place, str(uuid7()), members)
        )
        self.ends.append(end)
        return end

    async def forget(self) -> None:
        """Everything, as a crash does."""
        if self.kind == "redis":
            await self.redis.kill()
            await self.redis.start()
            return
        owner = await asyncpg.connect(self.owner_dsn)
        await owner.execute("truncate clubroom.online, clubroom.servers")
        await owner.close()

    @asynccontextmanager
    async def silent(self) -> AsyncIterator[None]:
        """It does not answer; a database does not even after as long as it is given."""
        if self.kind == "redis":
            self.redis.hang()
            yield
            self.redis.go_on()
            return
        held, self.database.pool = self.database.pool, await asyncpg.create_pool(self.owner_dsn, min_size=0)
        self.database.pool.terminate()
        yield
        self.database.pool = held


@pytest.fixture(scope="module")
async def redis() -> AsyncIterator[RedisProcess]:
    async with redis_running() as server:
        yield server


@pytest.fixture(params=["postgres", "redis"])
async def stores(
    request: pytest.FixtureRequest, postgres: EmbeddedPostgres, database: Database, redis: RedisProcess
) -> AsyncIterator[Stores]:
    db = await Database.open(postgres.app_dsn, pool_max=3)
    found = Stores(request.param, db, postgres.owner_dsn, redis)
    yield found
    for end in found.ends:
        await end.leave()
        await end.close()
    await db.close()


def key(house: House, person: Person) -> int:
    """The database's number."""
    return house.process.tokens.verify(person.token).key


async def until(holds: Callable[[], Awaitable[bool]], what: str) -> None:
    async with within(SOON_S, what):
        while not await holds():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def unavailable(asked: Awaitable[object]) -> None:
    began = time.monotonic()
    with pytest.raises(Unavailable):
        await asked
    assert time.monotonic() - began < SILENT_S


def test_taken_together_one_looks_where_any_server_says_so_unless_one_hides_them() -> None:
    assert together([IDLE, LOOKING]) is LOOKING
    assert together([IDLE, IDLE]) is IDLE
    assert together([LOOKING, HIDDEN, IDLE]) is HIDDEN


async def test_somebody_is_online_until_the_last_server_that_names_them_says_they_went(
    house: House, stores: Stores
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    a, b = key(house, ann), key(house, ben)
    one, two = await stores.server(), await stores.server()
    assert await one.move({a: LOOKING, b: IDLE}, ()) == {}
    assert await two.move({b: LOOKING}, ()) == {b: IDLE}
    users = sorted([ann.user, ben.user])
    assert await one.online(a, club, 500) == await two.online(b, club, 500) == Online(2, users, [])
    assert await one.move({}, [b]) == {b: LOOKING}
    assert (await two.online(a, club, 500)).n == 2
    assert await two.move({b: IDLE}, ()) == {}
    assert await one.online(a, club, 500) == Online(2, users, [ben.user])
    assert await two.move({}, [b]) == {}
    assert await two.online(b, club, 500) == Online(1, [ann.user], [])
    assert {a, b} & await two.here() == {a}


async def test_whoever_is_not_to_be_seen_is_here_and_neither_named_nor_counted(
    house: House, stores: Stores
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    a, b = key(house, ann), key(house, ben)
    one, two = await stores.server(), await stores.server()
    await one.move({a: LOOKING, b: LOOKING}, ())
    assert await two.move({b: HIDDEN}, ()) == {b: LOOKING}
    assert await one.online(a, club, 500) == Online(1, [ann.user], [])
    assert {a, b} <= await one.here()
    assert await one.move({b: IDLE}, ()) == {b: HIDDEN}
    await two.move({b: IDLE}, ())
    assert (await one.online(a, club, 500)).idle == [ben.user]


async def test_a_server_that_dies_without_a_word_takes_its_people_with_it_and_may_come_back(
    house: House, stores: Stores
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    a, b = key(house, ann), key(house, ben)
    dying, other = await stores.server(), await stores.server()
    await dying.move({a: LOOKING, b: IDLE}, ())
    await other.move({a: IDLE}, ())
    assert await dying.renew(LONG_S) is True  # its people are still there
    assert (await other.online(a, club, 500)).n == 2
    assert await dying.renew(SHORT_S) is True

    async def alone() -> bool:
        return await other.online(a, club, 500) == Online(1, [ann.user], [ann.user])

    await until(alone, "the lease ran out")
    assert await other.move({a: LOOKING}, ()) == {}
    assert await dying.move({b: LOOKING}, ()) == {}
    assert b not in await other.here()  # without a lease it says nothing
    assert await dying.renew(LONG_S) is False
    assert b not in await other.here()
    await dying.move({b: IDLE}, ())
    assert (await other.online(a, club, 500)).idle == [ben.user]


async def test_a_planned_end_is_seen_at_once(house: House, stores: Stores) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    one, two = await stores.server(), await stores.server()
    await one.move({key(house, ann): LOOKING, key(house, ben): LOOKING}, ())
    await two.move({key(house, ann): LOOKING}, ())
    await one.leave()
    assert await two.online(key(house, ann), club, 500) == Online(1, [ann.user], [])
    assert await one.renew(LONG_S) is False


async def test_after_a_store_has_forgotten_everything_everybody_is_named_again(
    house: House, stores: Stores
) -> None:
    club, [ann] = await house.club("Ann")
    mine = key(house, ann)
    one = await stores.server()
    await one.move({mine: LOOKING}, ())
    await stores.forget()

    async def answers_again() -> bool:
        try:
            return await one.renew(LONG_S) is False
        except Unavailable:
            return False  # the connection that was cut with it

    await until(answers_again, "the server's lease was found to be lost")
    assert (await one.online(mine, club, 500)).n == 0
    await one.move({mine: LOOKING}, ())
    assert (await one.online(mine, club, 500)).n == 1


async def test_of_hundreds_all_are_counted_and_some_are_named_and_whoever_is_of_another_group_is_not(
    house: House, stores: Stores
) -> None:
    club, [ann] = await house.club("Ann")
    _, [cleo] = await house.club("Cleo")
    one, two = await stores.server(), await stores.server()
    crowd = await members(stores.owner_dsn, club, CROWD)
    keys = sorted(crowd)
    await one.move({**dict.fromkeys(keys[: CROWD // 2], LOOKING), key(house, cleo): LOOKING}, ())
    assert await two.move(dict.fromkeys(keys[CROWD // 4 :], IDLE), ()) == dict.fromkeys(
        keys[CROWD // 4 : CROWD // 2], LOOKING
    )
    told = await one.online(key(house, ann), club, 500)
    named = sorted(crowd.values())[:500]
    idle = {crowd[each] for each in keys[CROWD // 2 :]}
    assert (told.n, told.users) == (CROWD, named)
    assert set(told.idle) == idle & set(named)
    assert (await one.online(key(house, ann), club, 0)) == Online(CROWD, [], [])
    assert {*keys, key(house, cleo)} <= await two.here()
    await one.move({}, keys)
    await two.move({}, keys)
    assert (await one.online(key(house, ann), club, 500)).n == 0
    house.fresh = type(house.fresh)()  # no log tells of the crowd


async def test_outsiders_are_told_that_there_is_nothing(house: House, stores: Stores) -> None:
    club, [ann] = await house.club("Ann")
    _, [eve] = await house.club("Eve")
    one = await stores.server()
    await one.move({key(house, ann): LOOKING, key(house, eve): LOOKING}, ())
    for group in (club, 2**62):
        with pytest.raises(NotFound):
            await one.online(key(house, eve), group, 500)


async def test_a_store_that_does_not_answer_is_told_of_soon_and_serves_on_afterwards(
    house: House, stores: Stores
) -> None:
    club, [ann] = await house.club("Ann")
    mine = key(house, ann)
    one = await stores.server()
    await one.move({mine: LOOKING}, ())
    async with stores.silent():
        asked = [one.renew(LONG_S), one.move({mine: IDLE}, ()), one.here(), one.online(mine, club, 500)]
        await asyncio.gather(*(unavailable(each) for each in asked))
    assert await one.renew(LONG_S) is True
    await one.move({mine: IDLE}, ())
    assert await one.online(mine, club, 500) == Online(1, [ann.user], [ann.user])


async def test_places_that_share_a_store_know_nothing_of_each_other_and_many_questions_are_few_looks(
    database: Database, redis: RedisProcess
) -> None:
    ours, theirs = (
        RedisPresence(redis.address, place, "server 1", partial(members_of_those, database))
        for place in ("ours", "theirs")
    )
    await ours.renew(LONG_S)
    await ours.move({1: LOOKING}, ())
    assert await theirs.renew(LONG_S) is False
    assert await theirs.here() == set()
    asked_before = (await ours._redis.info("commandstats"))["cmdstat_eval"]["calls"]
    answers = await asyncio.gather(*(ours.here() for _ in range(200)))
    assert answers == [{1}] * 200
    assert (await ours._redis.info("commandstats"))["cmdstat_eval"]["calls"] - asked_before <= 2
    for end in (ours, theirs):
        await end.leave()
        await end.close()


async def members(owner_dsn: str, club: int, n: int) -> dict[int, str]:
    """So many more of a club, put there as they are: their numbers and their user ids."""
    owner = await asyncpg.connect(owner_dsn)
    await owner.execute("set search_path = clubroom")
    rows = await owner.fetch(
        "with people as (insert into users(sub, name)"
        " select 'u_on_' || $1::bigint || '_' || i, 'Person ' || i from generate_series(1, $2::int) i"
        " returning id, sub), joined as (insert into memberships"
        "(group_id, user_id, since_seq, role) select $1, id, 1, 'member' from people)"
        " select id, sub from people",
        club,
        n,
    )
    await owner.close()
    return {row["id"]: row["sub"] for row in rows}
