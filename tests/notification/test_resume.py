"""Coming back: whatever a client holds, it ends with exactly the log."""

import asyncio
import random
from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from clubroom.actions import Logged
from clubroom.dba import reading
from house.person import Person
from house.server import House
from house.uuid7 import uuid7

MORE_THAN_A_REPLAY = 520


async def fill(person: Person, group: int, count: int) -> None:
    """Posts many at once."""

    async def one(n: int) -> httpx.Response:
        body = {"group": group, "text": f"number {n}"}
        return await person.http.put(f"/api/messages/{uuid7()}", json=body, headers=person.headers)

    answers = await asyncio.gather(*(one(n) for n in range(count)))
    assert {answer.status_code for answer in answers} == {201}


async def test_a_returning_device_is_sent_what_it_missed_before_live(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    his = await ben.device()
    cursors = dict(his.cursors)
    await his.vanish()
    await fill(ann, club, 5)
    back = await ben.device(cursors)
    order = [frame["type"] for frame in back.frames]
    assert order == ["welcome", "actions", "live"]
    assert len(back.actions(club)) == 5


async def test_a_device_without_cursors_starts_live_at_the_heads_it_is_told(house: House) -> None:
    club, [ann] = await house.club("Ann")
    await fill(ann, club, 3)
    device = await ann.device()
    assert [frame["type"] for frame in device.frames] == ["welcome", "live"]
    assert device.heard("welcome")[0]["groups"][str(club)] == 5


async def test_a_device_too_far_back_is_told_so_and_pulls_the_rest(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    await fill(ann, club, MORE_THAN_A_REPLAY)
    device = await ben.device({club: 0})
    [behind] = device.heard("behind")
    assert behind["heads"][str(club)] == MORE_THAN_A_REPLAY + 3
    assert len(device.actions(club)) <= 500
    pulled = await ben.actions(club, device.cursors[club])
    assert [a["seq"] for a in device.actions(club) + pulled] == list(range(1, MORE_THAN_A_REPLAY + 4))


async def test_cursors_that_cannot_be_are_reset_and_foreign_ones_look_the_same_as_unknown(
    house: House,
) -> None:
    club, [ann] = await house.club("Ann")
    theirs, _ = await house.club("Xenia")
    device = await ann.device({club: 10**9, theirs: 1, 987654321: 1})
    resets = {frame["group"]: frame["why"] for frame in device.heard("reset")}
    assert resets == {club: "cursor", theirs: "closed", 987654321: "closed"}
    assert str(theirs) not in device.heard("welcome")[0]["groups"]


async def test_a_client_of_another_database_starts_afresh(house: House) -> None:
    club, [ann] = await house.club("Ann")
    device = await ann.device({club: 1}, epoch="another one")
    assert [(frame["group"], frame["why"]) for frame in device.heard("reset")] == [(club, "epoch")]
    await ann.post(club, "hello")
    await device.until(lambda: device.actions(club))
    assert [action["text"] for action in device.actions(club)] == ["hello"]


async def test_any_cursor_ends_in_the_whole_log_while_others_write(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    await fill(ann, club, 40)
    writing = asyncio.create_task(fill(ann, club, 150))
    chance = random.Random(7)
    devices = []
    for _ in range(8):
        cursor = chance.randint(0, 42)
        devices.append((cursor, await ben.device({club: cursor})))
    await writing
    log = await ann.actions(club)
    for cursor, device in devices:
        await device.until(lambda device=device: device.cursors[club] == log[-1]["seq"])  # type: ignore[misc]
        assert device.log[club] == log[cursor:]


async def test_a_membership_that_changes_while_one_comes_in_is_seen(house: House) -> None:
    club, [ann, kim] = await house.club("Ann", "Kim")
    code = (await ann.ok("GET", f"/api/groups/{club}/code"))["code"]
    for n in range(10):  # what was said behind an earlier cut is read again by whoever is back
        device, _ = await asyncio.gather(kim.device({club: 0}), ann.remove(club, kim.user))
        await ann.post(club, f"behind cut {n}")
        await device.send(type="ping")
        await device.until(lambda device=device: device.heard("pong"))  # type: ignore[misc]
        assert f"behind cut {n}" not in [a.get("text") for a in device.actions(club)]
        await device.leave()
        device, _ = await asyncio.gather(kim.device({club: 0}), kim.join(code))
        sent = await ann.post(club, "after the joining")
        await device.until(lambda device=device, sent=sent: device.cursors[club] >= sent["seq"])  # type: ignore[misc]
        await device.leave()


async def test_whoever_is_removed_just_before_the_log_is_read_for_them_hears_none_of_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    club, [ann, kim] = await house.club("Ann", "Kim")
    code = (await ann.ok("GET", f"/api/groups/{club}/code"))["code"]
    await ann.remove(club, kim.user)
    await ann.post(club, "behind the first cut")
    await kim.join(code)
    db, as_it_is = house.process.db, reading.actions_after
    late: list[Sequence[Logged]] = []

    async def removed_first(*asked: Any) -> list[Logged]:
        if not late:  # committed, and not told to anybody yet
            told, db.committed = db.committed, late.append
            await ann.remove(club, kim.user)
            db.committed = told
        return await as_it_is(*asked)

    monkeypatch.setattr(reading, "actions_after", removed_first)
    device = await kim.device({club: 0})
    for entries in late:
        db.committed(entries)
    await device.send(type="ping")
    await device.until(lambda: device.heard("pong"))
    assert [(reset["group"], reset["why"]) for reset in device.heard("reset")] == [(club, "closed")]
    assert device.actions(club) == []


async def test_sync_by_http_brings_the_same_as_a_replay(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    await fill(ann, club, 4)
    synced = await ben.ok("POST", "/api/sync", {"cursors": {str(club): 2, "987654321": 4}})
    [page] = synced["pages"]
    assert page["actions"] == (await ben.actions(club, 2))
    assert (page["from"], page["to"], page["more"]) == (3, 7, False)
    assert synced["resets"] == [{"type": "reset", "group": 987654321, "why": "closed"}]
    assert synced["heads"][str(club)] == 7


async def test_a_newer_token_opens_the_club_that_the_older_one_did_not_know(house: House) -> None:
    club, [ann] = await house.club("Ann")
    code = (await ann.ok("GET", f"/api/groups/{club}/code"))["code"]
    ben = await house.person("Ben")
    older = ben.token
    await ben.join(code)
    asleep = await ben.silent_device()
    await asleep.hello(older)
    assert str(club) not in asleep.heard("welcome")[0]["groups"]
    await asleep.send(type="token", token=ben.token)
    await asleep.until(lambda: asleep.heard("behind"))
    assert str(club) in asleep.heard("behind")[0]["heads"]
    await ann.post(club, "hello")
    await asleep.until(lambda: asleep.actions(club))
    assert [action["text"] for action in asleep.actions(club)] == ["hello"]


async def test_whoever_asks_and_never_reads_is_cut_off_before_it_costs_memory(house: House) -> None:
    _, [ann] = await house.club("Ann")
    device = await ann.device()
    [socket] = [one for one in house.process.sockets.open.values() if one.user == ann.user]
    device.connection.transport.pause_reading()
    most = 0
    while socket.id in house.process.sockets.open and socket.state.phase != "closed":
        await device.send(type="ping")
        await asyncio.sleep(0)  # nothing more is sent than is needed: after its end nobody reads it
        most = max(most, socket.connection.waiting)
    device.connection.transport.resume_reading()
    assert most < 2 * 1024 * 1024
