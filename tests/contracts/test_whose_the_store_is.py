"""A store belongs to one database, and in the store of another nothing is swept, be it folder or bucket."""

import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from blobs_rig import Rig, b2_rig, folder_rig

from clubroom.chat.files import sweeping
from clubroom.chat.files.marking import MARKER, Marker, mark, marker_of
from clubroom.chat.files.room import Files
from clubroom.chat.files.sweeping import Sweeping
from clubroom.chat.pace import Pace
from clubroom.dba import reading
from clubroom.dba.pool import Database
from clubroom.ports import blobs
from house.files import asked
from house.server import House
from house.uuid7 import uuid7

LATER = timedelta(days=2)
SOME_DAYS_AGO = datetime.now(UTC) - timedelta(days=5)


@pytest.fixture(params=["folder", "b2"])
async def rig(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Rig]:
    async with (folder_rig if request.param == "folder" else b2_rig)(tmp_path / "place") as rig:
        yield rig


class Sweeper:
    """The job of one server, whose clock is `ahead`."""

    def __init__(self, rig: Rig, database: Database) -> None:
        self.ahead = LATER
        self.store = rig.store
        self.database = database
        self.job = self.another()

    def another(self) -> Sweeping:
        files = Files(self.database, self.store, Pace(1_000))
        return Sweeping(files, first_s=0, every_s=0, moment=lambda: datetime.now(UTC) + self.ahead)

    async def sweep(self) -> set[str]:
        """The whole store, once; what lies there then."""
        self.job._due = 0.0
        while await self.job():
            pass
        found, after = set(), ""
        while page := await self.store.found("", after=after):
            found |= {one.key for one in page}
            after = page[-1].key
        return found - {MARKER}

    async def strays(self, count: int) -> set[str]:
        keys = {f"f/{uuid7()}/thumb" for _ in range(count)}
        for key in keys:
            await self.store.write(key, b"1", type="image/webp")
        return keys

    async def marked_long_ago(self) -> None:
        marker = Marker(await reading.epoch(self.database), SOME_DAYS_AGO)
        await self.store.write(MARKER, msgspec.json.encode(marker), type="application/json")


@pytest.fixture
async def sweeper(rig: Rig, database: Database) -> Sweeper:
    return Sweeper(rig, database)


async def known(house: House) -> str:
    """A file that somebody has asked to bring."""
    club, [ann] = await house.club("Ann")
    return str((await asked(ann, club, 5))["id"])


async def test_an_empty_store_is_marked_and_what_has_no_row_goes_a_day_later(
    sweeper: Sweeper, caplog: pytest.LogCaptureFixture
) -> None:
    await sweeper.sweep()
    marker = await marker_of(sweeper.store)
    assert marker is not None
    assert marker.epoch == await reading.epoch(sweeper.database)
    stray = await sweeper.strays(1)
    sweeper.ahead = timedelta(hours=23)
    assert await sweeper.sweep() == stray
    sweeper.ahead = LATER
    assert await sweeper.sweep() == set()
    assert sweeper.job.held == set()
    assert caplog.records == []


async def test_a_store_in_which_lies_only_what_the_database_knows_becomes_its_own(
    sweeper: Sweeper, house: House
) -> None:
    kept = f"q/{await known(house)}"
    await sweeper.store.write(kept, b"12345", type="image/jpeg")
    assert await sweeper.sweep() == {kept}
    assert await marker_of(sweeper.store) is not None


@pytest.mark.parametrize("whose", ["another's", "nobody's", "what cannot be read", "what has no end"])
async def test_in_the_store_of_another_nothing_is_deleted_and_the_host_is_told(
    sweeper: Sweeper, whose: str, caplog: pytest.LogCaptureFixture
) -> None:
    lies = await sweeper.strays(3) | {"q/what-is-this"}
    await sweeper.store.write("q/what-is-this", b"1", type="image/webp")
    if whose == "another's":
        await mark(sweeper.store, "0" * 32)
    elif whose != "nobody's":
        said = b"{" if whose == "what cannot be read" else b" " * 2_000
        await sweeper.store.write(MARKER, said, type="application/json")
    before = await sweeper.store.read(MARKER, most=9_000)
    for _ in range(2):
        assert await sweeper.sweep() == lies
    assert await sweeper.store.read(MARKER, most=9_000) == before
    assert sweeper.job.held == {"marker"}
    assert [(one.levelno, "adopt-files" in one.getMessage()) for one in caplog.records] == [
        (logging.ERROR, True)
    ]
    await mark(sweeper.store, await reading.epoch(sweeper.database))
    assert await sweeper.sweep() == set()
    assert sweeper.job.held == set()


async def test_a_store_that_is_taken_while_it_is_swept_is_swept_no_further(
    sweeper: Sweeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blobs, "KEYS_AT_ONCE_MAX", 2)
    await sweeper.marked_long_ago()
    lies = await sweeper.strays(5)
    for _ in range(3):
        assert await sweeper.job()
    await mark(sweeper.store, "0" * 32)
    assert await sweeper.sweep() == lies
    assert sweeper.job.held == {"marker"}


async def test_many_without_a_row_are_kept_and_the_host_is_told(
    sweeper: Sweeper, house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sweeping, "STRAYS_MAX", 4)
    monkeypatch.setattr(blobs, "KEYS_AT_ONCE_MAX", 4)
    await sweeper.marked_long_ago()
    kept = f"q/{await known(house)}"
    await sweeper.store.write(kept, b"12345", type="image/jpeg")
    lies = await sweeper.strays(5)
    assert await sweeper.sweep() == lies | {kept}
    assert sweeper.job.held == {"strays"}
    assert [one.levelno for one in caplog.records] == [logging.ERROR]
    some = min(lies)
    await sweeper.store.delete([some])
    assert await sweeper.sweep() == {kept}  # four may be by accident
    assert sweeper.job.held == set()


async def test_of_a_restored_database_everything_stays_until_somebody_adopts_it(
    sweeper: Sweeper, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`clubroom new-epoch`, which is called after a restore, gives it another name."""
    monkeypatch.setattr(sweeping, "STRAYS_MAX", 4)
    kept = f"q/{await known(house)}"
    await mark(sweeper.store, "the epoch before")
    await sweeper.store.write(kept, b"12345", type="image/jpeg")
    lies = await sweeper.strays(9)
    assert await sweeper.sweep() == lies | {kept}
    assert sweeper.job.held == {"marker"}
    await mark(sweeper.store, await reading.epoch(sweeper.database))
    assert await sweeper.sweep() == {kept}
    assert UUID(kept.removeprefix("q/"))
