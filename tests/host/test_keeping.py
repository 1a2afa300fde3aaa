"""How long messages are kept: what is older goes, piece by piece, and nobody's copy is wrong after it."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from clubroom.dba import club_life, place
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.pool import Database
from house.person import Person
from house.server import House
from house.uuid7 import uuid7

OLD = 6


class Kept:
    """A club with a room, old messages and new ones, where thirty days are kept."""

    club: int
    room: int
    ann: Person
    ben: Person
    pinned: str
    epoch: str


@pytest.fixture
async def kept(house: House, postgres: EmbeddedPostgres) -> AsyncIterator[Kept]:
    kept = Kept()
    kept.club, [kept.ann, kept.ben] = await house.club("Ann", "Ben")
    kept.room = await kept.ann.channel(kept.club)
    names = [str(uuid7()) for _ in range(OLD)]
    for group in (kept.room, kept.club):
        for n, name in enumerate(names):
            await kept.ann.ok("PUT", f"/api/messages/{name}", {"group": group, "text": f"old {n}"})
        names = [str(uuid7()) for _ in range(OLD)]
    kept.pinned = (await kept.ben.page(kept.club))["messages"][1]["id"]
    await kept.ben.react(kept.pinned, "👍")
    await kept.ann.ok("PUT", f"/api/messages/{kept.pinned}/pin")
    kept.epoch = (await kept.ben.snapshot(kept.club))["epoch"]
    await age(house, postgres, kept.club, kept.room)
    for group in (kept.club, kept.room):
        await kept.ben.post(group, "new 0")
    hilda = await house.person("Hilda")
    await place.add_host(postgres.owner_dsn, hilda.user)
    await hilda.ok("PUT", "/api/host/keeping", {"days": 30})
    yield kept
    await hilda.ok("PUT", "/api/host/keeping", {"days": None})


async def age(house: House, postgres: EmbeddedPostgres, *groups: int) -> None:
    """All that is there was said a month ago."""
    connection = await asyncpg.connect(postgres.owner_dsn)
    try:
        await connection.execute("set role clubroom_writer; set search_path = clubroom")
        for moved in ("actions set at = at", "messages set sent_at = sent_at"):
            back = "- interval '31 days' where group_id = any($1)"
            await connection.execute(f"update {moved} {back}", groups)
    finally:
        await connection.close()
    house.fresh.looks.clear()  # what was looked at before has moved


async def trim(database: Database, n: int = 3) -> int:
    """In how many pieces."""
    pieces = 0
    while await club_life.trim_old(database, n):
        pieces += 1
    return pieces


async def texts(person: Person, group: int) -> list[str]:
    return [message["text"] for message in (await person.page(group))["messages"]]


async def test_what_is_older_than_the_place_keeps_goes_and_pins_stay(kept: Kept, database: Database) -> None:
    before = await kept.ben.snapshot(kept.club)
    assert await trim(database) > 4
    for group in (kept.club, kept.room):
        assert await texts(kept.ben, group) == ["new 0"]
        assert not (await kept.ben.page(group))["more"]
    for method, path in (
        ("PUT", f"/api/messages/{kept.pinned}/emotes/❤"),
        ("GET", f"/api/messages/{kept.pinned}"),
    ):
        assert (await kept.ben.call(method, path)).is_success
    pins = (await kept.ben.ok("GET", f"/api/groups/{kept.club}/pins"))["messages"]
    assert [(pin["text"], len(pin["emotes"])) for pin in pins] == [("old 1", 2)]
    await kept.ann.ok("DELETE", f"/api/messages/{kept.pinned}/pin")
    gone = next(message["id"] for message in before["messages"] if message["text"] == "old 0")
    assert await kept.ben.refused("GET", f"/api/messages/{gone}") == (404, "not_found")
    after = await kept.ben.snapshot(kept.club)
    assert after["members"] == before["members"]
    assert await trim(database) == 0


@pytest.mark.parametrize("n", [1, 4, 500])
async def test_from_any_cursor_one_goes_on_or_starts_afresh(kept: Kept, database: Database, n: int) -> None:
    head = (await kept.ben.snapshot(kept.club))["seq"]
    floor = 0
    while floor == 0:
        assert await club_life.trim_old(database, n)
        floor = (await kept.ben.actions(kept.club))[0]["seq"] - 1
    for cursor in range(head + 1):
        answer = await kept.ben.ok(
            "POST", "/api/sync", {"cursors": {str(kept.club): cursor}, "epoch": kept.epoch}
        )
        if cursor < floor or answer["resets"]:
            assert answer["resets"] == [{"type": "reset", "group": kept.club, "why": "floor"}]
            # the server's own job may have taken more away meanwhile
            assert cursor < (await kept.ben.actions(kept.club))[0]["seq"] - 1
        else:
            found = [action["seq"] for page in answer["pages"] for action in page["actions"]]
            assert found == list(range(cursor + 1, head + 1))
    device = await kept.ben.device({kept.club: 0, kept.room: head}, kept.epoch)
    assert {"type": "reset", "group": kept.club, "why": "floor"} in device.heard("reset")


async def test_whoever_is_there_while_it_goes_hears_on_as_if_nothing_was(
    kept: Kept, database: Database
) -> None:
    device = await kept.ben.device()
    await trim(database)
    await kept.ann.post(kept.club, "new 1")
    await device.until(lambda: device.actions(kept.club))
    assert [action["text"] for action in device.actions(kept.club)] == ["new 1"]
    assert (await kept.ben.entry(kept.club))["unread"] == 1


async def test_notes_to_oneself_stay(
    kept: Kept, house: House, database: Database, postgres: EmbeddedPostgres
) -> None:
    notes = next(entry["group"] for entry in (await kept.ann.me())["groups"] if entry["kind"] == "self")
    await kept.ann.post(notes, "my own")
    await age(house, postgres, notes)
    await trim(database)
    assert "my own" in await texts(kept.ann, notes)
