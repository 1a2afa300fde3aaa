"""Nobody's files hold up another's, and no file holds up what is said."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from clubroom.app.settings import Settings
from clubroom.chat.files.work import LANES
from clubroom.dba import files as stored
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.migrate import migrate
from clubroom.dba.pool import Database
from house.databases import another_database, dsn
from house.device import Device
from house.files import brought, uploaded
from house.pause import pause
from house.person import Person
from house.pictures import image, noise
from house.server import House, running
from house.within import within

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
LEASE_S, TRIES = 60, 5
MANY = 4
SAID = 40
NOT_HELD_UP_S = 1.0


class Waiting:
    """A house whose own jobs find nothing to do: the test takes files as they would."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.db = house.process.db
        self.ahead = timedelta()
        self.owners: dict[str, str] = {}

    async def brings(self, who: Person, club: int, count: int) -> None:
        for _ in range(count):
            file = await uploaded(self.house.blobs, who, club, image(size=(8, 8)))
            self.owners[file["id"]] = who.user

    @property
    def moment(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    async def take(self) -> tuple[stored.Taken, str] | None:
        """The next one, and whose it is."""
        taken = await stored.take(self.db, lease_s=LEASE_S, tries_max=TRIES, moment=self.moment)
        return None if taken is None else (taken, self.owners[str(taken.id)])

    async def look(self) -> str | None:
        """One is taken and looked at; whose it was."""
        taken = await self.take()
        if taken is None:
            return None
        await stored.refuse(self.db, taken[0].id, "broken")
        return taken[1]


@pytest.fixture
async def waiting(postgres: EmbeddedPostgres, settings: Settings) -> AsyncIterator[Waiting]:
    async with another_database(postgres, "fair", "clubroom_owner") as owner:
        await migrate(owner)
        db = await Database.open(dsn(postgres, "clubroom_app", "fair"), role="clubroom_app")
        async with running(db, settings) as house:
            for lane in house.process.file_work.lanes:
                lane.moment = lambda: LONG_AGO
            yield Waiting(house)
            await house.everyone_leaves()
        await db.close()


async def test_everybody_is_served_in_turn_however_much_one_of_them_brings(waiting: Waiting) -> None:
    club, [ann, ben, cleo] = await waiting.house.club("Ann", "Ben", "Cleo")
    await waiting.brings(ann, club, 6)
    await waiting.brings(ben, club, 2)
    assert [await waiting.look() for _ in range(3)] == [ann.user, ben.user, ann.user]
    await waiting.brings(cleo, club, 1)
    assert await waiting.look() == cleo.user  # who comes first is served first
    assert [await waiting.look() for _ in range(6)] == [ben.user, *[ann.user] * 4, None]


async def test_of_nobodys_files_two_are_looked_at_at_once(waiting: Waiting) -> None:
    club, [ann, ben] = await waiting.house.club("Ann", "Ben")
    await waiting.brings(ann, club, 3)
    held = await waiting.take()
    assert held is not None
    assert await waiting.take() is None
    await waiting.brings(ben, club, 1)
    assert await waiting.look() == ben.user
    at_once = await asyncio.gather(*(waiting.take() for _ in range(4)))
    assert at_once == [None] * 4
    await stored.postpone(waiting.db, held[0].id, 5.0, counted=True, moment=waiting.moment)
    assert await waiting.look() == ann.user  # another one: what is put off holds up nothing
    assert await waiting.look() == ann.user
    assert await waiting.look() is None
    waiting.ahead = timedelta(seconds=6)
    assert await waiting.look() == ann.user


async def test_many_that_ask_at_once_take_but_one_of_each(waiting: Waiting) -> None:
    club, people = await waiting.house.club("Ann", "Ben", "Cleo")
    for one in people:
        await waiting.brings(one, club, 3)
    taken = await asyncio.gather(*(waiting.take() for _ in range(9)))
    assert sorted(one[1] for one in taken if one) == sorted(one.user for one in people)


async def test_whoever_was_killed_holds_up_its_person_until_the_lease_is_over_and_nobody_else(
    waiting: Waiting,
) -> None:
    club, [ann, ben] = await waiting.house.club("Ann", "Ben")
    await waiting.brings(ann, club, 2)
    assert await waiting.take() is not None  # and was killed
    await waiting.brings(ben, club, 1)
    assert await waiting.look() == ben.user
    assert await waiting.look() is None
    waiting.ahead = timedelta(seconds=LEASE_S + 1)
    assert [await waiting.look() for _ in range(3)] == [ann.user, ann.user, None]


async def test_pictures_that_take_long_hold_up_neither_what_is_said_nor_the_pictures_of_others(
    house: House,
) -> None:
    """In the real process: 40 megapixels each, none of which is like the one beside it."""
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    await brought(house.blobs, ben, club)  # the processes are warm
    speaking, hearing = await ben.device(), await cleo.device()
    slow = noise("PNG", (8_000, 5_000), compress_level=1)
    slow_ones = [await uploaded(house.blobs, ann, club, slow, "image/png") for _ in range(MANY)]
    await under_check(house)
    longest = 0.0
    for number in range(SAID):
        begun = time.monotonic()
        await speaking.post(club, f"said {number}")
        await hearing.until(partial(has_heard, hearing, club, f"said {number}"))
        longest = max(longest, time.monotonic() - begun)
    picture = await brought(house.blobs, ben, club)
    assert picture["state"] == "ready"
    states = [(await ann.ok("GET", f"/api/files/{one['id']}"))["state"] for one in slow_ones]
    assert "uploaded" in states  # they are not through yet
    assert longest < NOT_HELD_UP_S
    for one in slow_ones:
        await ann.ok("DELETE", f"/api/files/{one['id']}")


def has_heard(device: Device, club: int, text: str) -> bool:
    return any(action.get("text") == text for action in device.actions(club))


async def under_check(house: House) -> None:
    """When one is being looked at, and so not two of the same person."""
    lanes = house.process.file_work.lanes
    assert len(lanes) == LANES
    async with within(20, "one was looked at"):
        while sum(lane.pictures.busy for lane in lanes) == 0:
            await pause(0.01)
    assert sum(lane.pictures.busy for lane in lanes) == 1
