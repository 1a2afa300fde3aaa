"""The beat goes on: what fails in it is logged, and nothing else waits for that."""

import asyncio
import logging
from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

import pytest

from clubroom.app.beat import Beat, log_end
from clubroom.app.sockets import Sockets
from clubroom.dba import profiles, pushing, reading
from clubroom.dba.pool import Database
from clubroom.errors import Unavailable
from clubroom.notification import session
from clubroom.notification.deliver import Hub
from clubroom.notification.looking import Looking
from clubroom.notification.pointers import Pointers
from clubroom.notification.presence import Watch
from clubroom.ports.gateway import Frame
from clubroom.ports.presence import Online, State
from house.server import House
from notification.listeners import Ear


class Failing(Database):
    """One of its queries always fails."""

    fails = ""
    error: Exception = Unavailable()

    async def read(self, query: str, /, **params: Any) -> Any:
        if query == self.fails:
            raise self.error
        return await super().read(query, **params)


class Names:
    """A store of who is online."""

    def __init__(self, error: Exception | None) -> None:
        self.error = error
        self.renewed = False

    async def renew(self, ttl_s: float) -> bool:
        if self.error is not None:
            raise self.error
        self.renewed = True
        return True

    async def move(self, came: Mapping[int, State], went: Collection[int]) -> dict[int, State]:
        return {}

    async def leave(self) -> None:
        """Nobody asks for them."""

    async def here(self) -> set[int]:
        return set()

    async def online(self, who: int, group: int, limit: int) -> Online:
        return Online(0, [], [])

    async def close(self) -> None:
        """Nothing is open."""


class Line:
    """A connection; a broken one fails as soon as it is looked at."""

    waiting, address = 0, "127.0.0.1"

    def __init__(self, name: str, *, broken: bool = False) -> None:
        self.id = name
        self.broken = broken
        self.code: int | None = None

    @property
    def taken(self) -> int:
        if self.broken:
            raise RuntimeError("a fault in one socket")
        return 0

    def close(self, code: int, why: str = "") -> None:
        self.code = code


def driver(house: House, hub: Hub, db: Database) -> Sockets:
    parts = house.process
    return Sockets(
        hub, db, Pointers(hub, db), parts.tokens.verify, parts.tokens.is_ended, parts.store, 10.0, 25.0
    )


async def test_a_socket_whose_look_fails_holds_up_no_other(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    parts = house.process
    sockets = driver(house, parts.hub, parts.db)
    lines = [Line("broken", broken=True), Line("late for hello")]
    for line in lines:
        sockets.opened(line)  # type: ignore[arg-type]
        sockets.open[line.id].state = session.begin(-10 * session.HELLO_S)
    Beat(parts.db, sockets, parts.tokens, sockets.pointers, parts.watch, parts.beat.looking).look()
    assert [line.code for line in lines] == [None, 4401]
    assert "a fault in one socket" in caplog.text


@pytest.mark.parametrize("error", [RuntimeError("a bug"), Unavailable()], ids=["a bug", "away"])
@pytest.mark.parametrize("fails", ["installation_epoch", "group_heads", "move_read_pointers", "presence"])
async def test_a_step_that_always_fails_keeps_no_other_from_being_taken(
    house: House, fails: str, error: Exception
) -> None:
    club, [ann] = await house.club("Ann")
    parts = house.process
    db = Failing(parts.db.pool, parts.db.committed)
    db.fails, db.error = fails, error
    hub = Hub(Frame, lambda *asked: reading.log_after(parts.db, *asked))
    sockets, names = driver(house, hub, db), Names(error if fails == "presence" else None)
    ear = Ear(parts.tokens.verify(ann.token).key)
    hub.enter(ear)
    hub.attach(ear, club, 0)
    sockets.pointers.gather(ear.key, club, 1)
    await Beat(
        db,
        sockets,
        parts.tokens,
        sockets.pointers,
        Watch(hub, names, partial(profiles.invisible_of, parts.db)),
        Looking(sockets.showing, partial(pushing.tell_looking, db, "a server")),
    ).ask()
    await asyncio.gather(*hub._fills)
    done = {
        "installation_epoch": sockets.epoch != "",
        "group_heads": ear.seqs(club) != [],
        "move_read_pointers": not sockets.pointers.gathered,
        "presence": names.renewed,
    }
    assert [step for step, taken in done.items() if not taken] == [fails]


async def test_whoever_ends_by_a_fault_is_logged_and_whoever_is_told_to_is_not(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail() -> None:
        raise RuntimeError("a bug in a loop")

    failing = asyncio.create_task(fail(), name="one that fails")
    told = asyncio.create_task(asyncio.Event().wait(), name="one that is told to")
    for task in (failing, told):
        task.add_done_callback(log_end)
    await asyncio.sleep(0)
    told.cancel()
    await asyncio.gather(failing, told, return_exceptions=True)
    await asyncio.sleep(0)
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "one that fails" in caplog.text
    assert "a bug in a loop" in caplog.text
