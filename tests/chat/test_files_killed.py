"""Whoever works on files is killed between any two steps, or the store is: no image is broken for ever, and
nothing is left in the store that nobody wants.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from clubroom.app.settings import Settings
from clubroom.chat.files.checking import LEASE_S, TRIES_MAX, Checking
from clubroom.chat.files.marking import MARKER
from clubroom.chat.files.picture import Pictures
from clubroom.chat.files.room import Files
from clubroom.chat.files.sweeping import Clearing, Sweeping
from clubroom.chat.pace import Pace
from clubroom.dba import club_life
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.migrate import migrate
from clubroom.dba.pool import Database
from house.blobs import MemoryBlobs
from house.databases import another_database, connected, dsn
from house.files import asked, leave_for_good, seen, uploaded
from house.person import Json, Person
from house.pictures import image
from house.server import House, running
from house.uuid7 import uuid7

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
PDF = "application/pdf"
STEPS_MAX = 12


class Killed(BaseException):
    """Nobody catches it: whoever worked is not there any more."""


class Fused(MemoryBlobs):
    """The same store; whoever asks it for the `left`th time is killed, before it is done or after."""

    def __init__(self, store: MemoryBlobs, left: int, *, after: bool) -> None:
        super().__init__()
        self.kept = store.kept
        self.left = left
        self.after = after

    async def _fused(self, step: Callable[[], Awaitable[Any]]) -> Any:
        self.left -= 1
        if self.left == 0 and not self.after:
            raise Killed
        done = await step()
        if self.left == 0:
            raise Killed
        return done

    async def read(self, key: str, *, most: int) -> bytes | None:
        found: bytes | None = await self._fused(partial(super().read, key, most=most))
        return found

    async def write(self, key: str, data: bytes, *, type: str) -> None:  # noqa: A002
        await self._fused(partial(super().write, key, data, type=type))

    async def delete(self, keys: Any) -> None:
        await self._fused(partial(super().delete, keys))


class Store:
    """A house whose own jobs find nothing to do: the test does them, by its clock."""

    def __init__(self, house: House, pictures: Pictures) -> None:
        self.house = house
        self.pictures = pictures
        self.ahead = timedelta()

    @property
    def blobs(self) -> MemoryBlobs:
        return self.house.blobs

    def moment(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def files(self, blobs: MemoryBlobs | None = None) -> Files:
        return Files(self.house.process.db, blobs or self.blobs, Pace(1_000))

    def checking(self, blobs: MemoryBlobs | None = None) -> Checking:
        return Checking(self.files(blobs), self.pictures, moment=self.moment)

    def clearing(self, blobs: MemoryBlobs | None = None) -> Clearing:
        return Clearing(self.files(blobs), moment=self.moment)

    async def check(self) -> None:
        """All that is due."""
        while await self.checking()():
            pass

    async def clear(self) -> None:
        """All that is gone."""
        while await self.clearing()():
            pass

    async def sweep(self) -> None:
        """The whole store, once."""
        sweeping = Sweeping(self.files(), first_s=0, moment=self.moment)
        while await sweeping():
            pass

    def lies(self, file: str) -> set[str]:
        """What of it is in the store."""
        return {key for key in self.blobs.kept if file in key}


@pytest.fixture(scope="module")
async def own_house(postgres: EmbeddedPostgres, settings: Settings) -> AsyncIterator[tuple[House, str]]:
    async with another_database(postgres, "stored", "clubroom_owner") as owner:
        await migrate(owner)
        db = await Database.open(dsn(postgres, "clubroom_app", "stored"), role="clubroom_app")
        async with running(db, settings) as house:
            work = house.process.file_work
            assert work is not None
            work.clearing.moment = lambda: LONG_AGO
            for lane in work.lanes:
                lane.moment = lambda: LONG_AGO
            yield house, owner
        await db.close()


@pytest.fixture
async def store(own_house: tuple[House, str]) -> AsyncIterator[Store]:
    house, owner = own_house
    house.blobs.kept.clear()
    async with connected(owner, role="clubroom_writer", search_path="clubroom") as writer:
        await writer.execute("delete from files")
    store = Store(house, Pictures())
    yield store
    await store.pictures.close()
    await house.everyone_leaves()


async def a_file(store: Store, kind: str = "image/jpeg") -> tuple[Person, Json]:
    """In quarantine."""
    club, [ann] = await store.house.club("Ann")
    data = image() if kind != PDF else b"%PDF-1.7"
    return ann, await uploaded(store.blobs, ann, club, data, kind)


@pytest.mark.parametrize("kind", ["image/jpeg", PDF])
@pytest.mark.parametrize("after", [False, True], ids=["before-a-step", "after-a-step"])
async def test_whoever_looks_is_killed_at_any_step_and_the_next_ends_it(
    store: Store, kind: str, after: bool
) -> None:
    for step in range(1, STEPS_MAX):
        ann, file = await a_file(store, kind)
        try:
            await store.checking(Fused(store.blobs, step, after=after))()
            ended = True
        except Killed:
            ended = False
        store.ahead += timedelta(seconds=LEASE_S + 1)
        await store.check()
        found = await ann.ok("GET", f"/api/files/{file['id']}")
        assert found["state"] == "ready", step
        link = (await seen(ann, file["id"]))[file["id"]]
        sizes = {size for size in ("thumb", "screen", "original") if size in link}
        assert all(store.blobs.at(link[size]) for size in sizes)
        await store.sweep()
        assert store.lies(file["id"]) == {f"f/{file['id']}/{size}" for size in sizes}
        if ended:
            assert step > 2  # it read, wrote and deleted
            return
    pytest.fail("there were more steps than anybody knows of")


@pytest.mark.parametrize("after", [False, True], ids=["before-a-step", "after-a-step"])
async def test_what_is_dropped_while_somebody_looks_is_nowhere_after_it(store: Store, after: bool) -> None:
    for step in range(1, STEPS_MAX):
        ann, file = await a_file(store)
        fused = Fused(store.blobs, step, after=after)
        looking = store.checking(fused)
        original = fused.read

        async def dropped(
            key: str, *, most: int, file: str = file["id"], read: Any = original, ann: Person = ann
        ) -> bytes | None:
            await ann.ok("DELETE", f"/api/files/{file}")
            await store.clear()
            found: bytes | None = await read(key, most=most)
            return found if found is not None else image()  # it had been read just before

        fused.read = dropped  # type: ignore[method-assign]
        try:
            await looking()
            ended = True
        except Killed:
            ended = False
        await store.sweep()
        assert store.lies(file["id"]) == set(), step
        if ended:
            return
    pytest.fail("there were more steps than anybody knows of")


async def test_whoever_clears_is_killed_at_any_step_and_the_next_ends_it(store: Store) -> None:
    for after in (False, True):
        ann, file = await a_file(store)
        await store.check()
        await ann.ok("DELETE", f"/api/files/{file['id']}")
        with pytest.raises(Killed):
            await store.clearing(Fused(store.blobs, 1, after=after))()
        store.ahead += timedelta(seconds=LEASE_S + 1)
        await store.clear()
        assert store.lies(file["id"]) == set()


async def test_a_store_that_goes_away_at_any_step_is_waited_for(store: Store) -> None:
    for step in range(8):
        ann, file = await a_file(store)
        store.blobs.ends_after = step
        await store.checking()()
        store.blobs.ends_after, store.blobs.away = None, False
        store.ahead += timedelta(seconds=LEASE_S + 1)
        await store.check()
        assert (await ann.ok("GET", f"/api/files/{file['id']}"))["state"] == "ready"
        await store.sweep()
        assert store.lies(file["id"]) == {f"f/{file['id']}/{size}" for size in ("thumb", "screen")}


async def test_what_kills_whoever_looks_at_it_is_refused_in_the_end(store: Store) -> None:
    ann, file = await a_file(store)
    for _ in range(TRIES_MAX):
        with pytest.raises(Killed):
            await store.checking(Fused(store.blobs, 1, after=True))()
        store.ahead += timedelta(seconds=LEASE_S + 1)
    await store.check()
    found = await ann.ok("GET", f"/api/files/{file['id']}")
    assert (found["state"], found["refused"]) == ("refused", "failed")
    await store.sweep()
    assert store.lies(file["id"]) == set()


async def test_a_child_that_dies_of_it_is_not_asked_without_end(store: Store) -> None:
    store.pictures.look_s = 0.001
    ann, file = await a_file(store)
    for n in range(TRIES_MAX + 1):
        await store.check()
        store.ahead += timedelta(seconds=2.0 * 2**n + 1)
    found = await ann.ok("GET", f"/api/files/{file['id']}")
    assert (found["state"], found["refused"]) == ("refused", "failed")


async def test_two_workers_do_not_look_at_the_same(store: Store) -> None:
    await a_file(store)
    assert await store.checking()()
    assert not await store.checking()()


async def test_what_nobody_uses_goes_and_its_row_after_a_day(store: Store) -> None:
    club, [ann] = await store.house.club("Ann")
    ready = await uploaded(store.blobs, ann, club, image())
    refused = await uploaded(store.blobs, ann, club, b"nothing")
    await store.check()
    waiting = await asked(ann, club, image())
    store.blobs.put(waiting["upload"]["url"], waiting["upload"]["headers"], image())
    store.ahead = timedelta(minutes=59)
    await store.clear()
    assert store.lies(waiting["id"])
    store.ahead = timedelta(minutes=61)
    await store.clear()
    assert not store.lies(waiting["id"])
    assert store.lies(ready["id"])
    # whoever still held a ticket writes once more
    store.blobs.put(waiting["upload"]["url"], waiting["upload"]["headers"], image())
    store.ahead = timedelta(hours=24, minutes=59)
    await store.clear()
    assert {file["id"] for file in (refused, waiting) if store.lies(file["id"])} == {waiting["id"]}
    store.ahead = timedelta(hours=25, minutes=1)
    await store.clear()
    assert not set(store.blobs.kept) - {"marker"}  # whose store it is
    for file in (ready, refused, waiting):
        assert await ann.refused("GET", f"/api/files/{file['id']}") == (404, "not_found")


async def test_the_sweep_takes_what_has_no_row_and_nothing_else(store: Store) -> None:
    await store.sweep()  # the store is this database's from now on
    ann, file = await a_file(store)
    await store.check()
    held = await asked(ann, (await ann.me())["groups"][0]["group"], image())
    store.blobs.put(held["upload"]["url"], held["upload"]["headers"], image())
    lost = uuid7()
    left = (f"q/{file['id']}", f"f/{held['id']}/thumb")
    for key in (f"q/{lost}", f"f/{lost}/thumb", "f/nothing-of-ours/x", *left):
        await store.blobs.write(key, b"x", type="image/webp")
    store.ahead = timedelta(hours=25)
    await store.sweep()
    assert store.blobs.kept.keys() == {
        MARKER,
        f"f/{file['id']}/thumb",
        f"f/{file['id']}/screen",
        f"q/{held['id']}",
    }


async def test_nothing_of_an_ended_club_or_of_whoever_left_for_good_stays(store: Store) -> None:
    club, [ann, ben] = await store.house.club("Ann", "Ben")
    of_the_club = await uploaded(store.blobs, ann, club, image())
    avatar = await uploaded(store.blobs, ben, None, image(), purpose="avatar")
    await store.check()
    await ann.ok("DELETE", f"/api/groups/{club}", {"name": "Chess club"})
    while await club_life.erase_deleted(store.house.process.db, grace_s=0):
        pass
    await leave_for_good(ben, "Ben", messages=False)
    await store.clear()
    assert not store.lies(of_the_club["id"])
    assert not store.lies(avatar["id"])
