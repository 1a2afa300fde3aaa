"""The conversation that docs/protocol.md promises, held over both gateways: our own, which holds the sockets
in this process, and one elsewhere, for which functions load and store every session around every frame.

Over the second one frames overtake each other. So these tests ask what a device knows in the end, and not in
which order it was told, and a close code of ours may come as the `error` frame before the end.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from clubroom import wire
from clubroom.app.settings import Settings
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.migrate import migrate
from clubroom.dba.pool import Database
from house.device import Device
from house.server import House
from house.uuid7 import uuid7
from house.venues import NAMES, VENUES, venue_at

UNKNOWN = 987_654_321


@pytest.fixture(scope="module")
async def connections(postgres: EmbeddedPostgres) -> AsyncIterator[Database]:
    await migrate(postgres.owner_dsn)
    database = await Database.open(postgres.app_dsn)
    yield database
    await database.close()


@pytest.fixture(scope="module", params=VENUES, ids=NAMES)
async def venue_of_all(
    request: pytest.FixtureRequest, postgres: EmbeddedPostgres, connections: Database, settings: Settings
) -> AsyncIterator[House]:
    async with venue_at(request.param, postgres, connections, settings) as house:
        yield house


@pytest.fixture
async def venue(venue_of_all: House) -> AsyncIterator[House]:
    """A house over one of the gateways; F17 holds over both."""
    venue_of_all.fresh = type(venue_of_all.fresh)()
    yield venue_of_all
    try:
        await venue_of_all.fresh.check()
    finally:
        await venue_of_all.everyone_leaves()


def texts(device: Device, group: int) -> list[str]:
    """What it has applied, in the order of the log."""
    return [action["text"] for action in device.log.get(group, []) if action["type"] == "message_posted"]


def signals(device: Device, kind: str) -> list[dict[str, Any]]:
    return [frame for frame in device.heard("signal") if frame["kind"] == kind]


async def refused_hello(venue: House, **fields: Any) -> int:
    """The code that a hello with these fields is sent away with."""
    ann = await venue.person("Ann")
    device = await ann.silent_device()
    hello = {"type": "hello", "version": 1, "token": ann.token, "epoch": None, "cursors": {}}
    await device.send(**(hello | fields))
    return await device.closed()


# --- hello ------------------------------------------------------------------------------------------------


async def test_hello_is_answered_by_the_heads_of_ones_groups_and_then_live(venue: House) -> None:
    club, [ann] = await venue.club("Ann")
    placed = await ann.post(club, "hello")
    device = await ann.silent_device()
    welcome = await device.hello(ann.token)
    assert welcome["user"] == ann.user
    assert welcome["groups"][str(club)] == placed["seq"]
    assert welcome["max_bytes"] == wire.FRAME_IN_BYTES_MAX
    assert set(map(int, welcome["groups"])) == set(await ann.groups())
    assert welcome["read"].keys() == welcome["groups"].keys()


async def test_what_was_missed_is_there_before_long_and_what_comes_meanwhile_too(venue: House) -> None:
    club, [ann, ben] = await venue.club("Ann", "Ben")
    epoch = (await ben.snapshot(club))["epoch"]
    seen = (await ann.post(club, "seen"))["seq"]
    for n in range(30):
        await ann.post(club, f"missed {n}")
    writing = asyncio.gather(*(ann.post(club, f"meanwhile {n}") for n in range(10)))
    device = await ben.device({club: seen}, epoch)
    await writing
    await ann.post(club, "last")
    await device.until(lambda: texts(device, club)[-1:] == ["last"])
    wanted = [action["seq"] for action in await ben.actions(club, after=seen)]
    assert [action["seq"] for action in device.log[club]] == wanted


async def test_a_group_without_a_cursor_is_heard_from_its_head_on(venue: House) -> None:
    club, [ann, ben] = await venue.club("Ann", "Ben")
    await ann.post(club, "before")
    device = await ben.device()
    await ann.post(club, "after")
    await device.until(lambda: texts(device, club))
    assert texts(device, club) == ["after"]


async def test_whoever_is_too_far_back_is_told_so_and_pulls_the_rest(venue: House) -> None:
    club, [ann, ben] = await venue.club("Ann", "Ben")
    epoch = (await ben.snapshot(club))["epoch"]
    hers = await ann.device()
    for _ in range(70):
        await hers.post(club, "x" * 4_000)  # 280 KB
    device = await ben.silent_device()
    await device.hello(ben.token, {club: 1}, epoch)
    await device.until(lambda: device.heard("behind"))
    head = device.heard("behind")[0]["heads"][str(club)]
    heard = max(frame["to"] for frame in device.heard("actions") if frame["group"] == club)
    assert heard < head
    assert [a["seq"] for a in await ben.actions(club, after=heard)] == list(range(heard + 1, head + 1))


async def test_cursors_that_cannot_be_are_reset(venue: House) -> None:
    club, [ann] = await venue.club("Ann")
    xenia = await venue.person("Xenia")
    mine, foreign = await ann.silent_device(), await xenia.silent_device()
    await mine.hello(ann.token, {club: 2**40})
    await foreign.hello(xenia.token, {club: 1, UNKNOWN: 1})
    await mine.until(lambda: mine.heard("reset"))
    await foreign.until(lambda: len(foreign.heard("reset")) == 2)
    assert [(r["group"], r["why"]) for r in mine.heard("reset")] == [(club, "cursor")]
    assert {(r["group"], r["why"]) for r in foreign.heard("reset")} == {(club, "closed"), (UNKNOWN, "closed")}
    again = await ann.silent_device()
    await again.hello(ann.token, {club: 1}, "another epoch")
    await again.until(lambda: again.heard("reset"))
    assert [r["why"] for r in again.heard("reset")] == ["epoch"]


async def test_a_hello_that_cannot_be_taken_says_by_its_code_what_to_do(venue: House) -> None:
    assert await refused_hello(venue, token="none") == 4401
    assert await refused_hello(venue, version=2) == 4426
    assert await refused_hello(venue, cursors={"-1": 1}) == 4400
    assert await refused_hello(venue, cursors={str(n): 1 for n in range(1, 502)}) == 4400
    assert await refused_hello(venue, more="than asked for") == 4400


async def test_whoever_talks_before_hello_is_sent_away(venue: House) -> None:
    ann = await venue.person("Ann")
    device = await ann.silent_device()
    await device.send(type="ping")
    assert await device.closed() == 4400


async def test_a_second_hello_is_an_error_and_no_end(venue: House) -> None:
    club, [ann] = await venue.club("Ann")
    device = await ann.device()
    await device.send(type="hello", version=1, token=ann.token, epoch=None, cursors={})
    await device.until(lambda: device.heard("error"))
    assert device.heard("error")[0]["code"] == "hello_again"
    assert (await device.post(club, "still here"))["type"] == "ack"


async def test_ten_sockets_of_a_person_come_in_and_no_more(venue: House) -> None:
    ann = await venue.person("Ann")
    for _ in range(10):
        await ann.device()
    one_more = await ann.silent_device()
    await one_more.send(type="hello", version=1, token=ann.token, epoch=None, cursors={})
    assert await one_more.closed() == 4409


# --- posts ------------------------------------------------------------------------------------------------


async def test_a_post_is_acknowledged_with_its_place_and_heard_by_everybody(venue: House) -> None:
    club, [ann, ben] = await venue.club("Ann", "Ben")
    hers, phone, his = await ann.device(), await ann.device(), await ben.device()
    name = uuid7()
    ack = await hers.post(club, "Good evening!", name)
    assert (ack["type"], ack["id"], ack["group"], ack["duplicate"]) == ("ack", str(name), club, False)
    for device in (hers, phone, his):
        await device.until(lambda device=device: device.log.get(club))  # type: ignore[misc]
        (action,) = device.log[club]
        assert (action["seq"], action["at"], action["id"]) == (ack["seq"], ack["at"], str(name))
        assert (action["author"], action["text"]) == (ann.user, "Good evening!")


async def test_a_post_sent_again_is_stored_once_and_an_id_names_one_message(venue: House) -> None:
    club, [ann] = await venue.club("Ann")
    device, name = await ann.device(), uuid7()
    first = await device.post(club, "once", name)
    other = await ann.device()
    again = await other.post(club, "once", name)
    assert again == first | {"duplicate": True}
    third = await ann.device()
    assert (await third.post(club, "something else", name))["code"] == "id_conflict"
    assert [m["text"] for m in (await ann.page(club))["messages"]] == ["once"]


async def test_posts_that_cannot_be_are_refused_by_their_id(venue: House) -> None:
    club, [ann] = await venue.club("Ann")
    device = await ann.device()
    assert (await device.post(club, "  "))["code"] == "invalid_text"
    assert (await device.post(club, "x" * 4_001))["code"] == "text_too_long"
    assert (await device.post(UNKNOWN, "hello"))["code"] == "not_found"
    assert (await ann.page(club))["messages"] == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [({"text": "\ud83d"}, "malformed"), ({"text": 5}, "invalid_field"), ({"n": 1}, "unknown_field")],
)
async def test_a_post_that_is_no_frame_is_refused_by_its_id(venue: House, wrong: Any, code: str) -> None:
    club, [ann] = await venue.club("Ann")
    device, name = await ann.device(), str(uuid7())
    await device.send_raw(json.dumps({"type": "post", "group": club, "id": name, "text": "hello"} | wrong))
    await device.until(lambda: device.heard("error"))
    assert device.heard("error")[0] == {"type": "error", "code": code, "id": name}


async def test_three_devices_that_write_at_once_all_end_with_the_same_log(venue: House) -> None:
    club, [ann, ben] = await venue.club("Ann", "Ben")
    devices = [await ann.device(), await ann.device(), await ben.device()]

    async def write(device: Device, who: str) -> None:
        for n in range(15):
            assert (await device.post(club, f"{who} {n}"))["type"] == "ack"

    await asyncio.gather(*(write(device, f"device {n}") for n, device in enumerate(devices)))
    for device in devices:
        await device.until(lambda device=device: len(texts(device, club)) == 45)  # type: ignore[misc]
    logs = [[(a["seq"], a["id"]) for a in device.log[club]] for device in devices]
    assert logs[0] == logs[1] == logs[2]


# --- beside the log ---------------------------------------------------------------------------------------


async def test_a_pong_names_the_heads_that_one_has_not_got(venue: House) -> None:
    club, [ann] = await venue.club("Ann")
    device = await ann.device()
    seq = (await device.post(club, "hello"))["seq"]
    await device.send(type="ping")
    await device.until(lambda: device.heard("pong"))
    assert device.heard("pong")[0]["heads"][str(club)] == seq
    heads = device.heard("pong")[0]["heads"]
    await device.send(type="got", **{str(group): head for group, head in heads.items()})

    def names_nothing() -> bool:
        return any(pong["heads"] == {} for pong in device.heard("pong"))

    async with asyncio.timeout(10):
        while not names_nothing():  # the two frames may overtake each other
            heard = len(device.heard("pong"))
            await device.send(type="ping")
            await device.until(lambda heard=heard: len(device.heard("pong")) > heard)  # type: ignore[misc]


async def test_reading_is_told_to_ones_other_devices_and_to_nobody_else(venue: House) -> None:
    club, [ann, ben] = await venue.club("Ann", "Ben")
    hers, phone, his = await ann.device(), await ann.device(), await ben.device()
    seq = (await hers.post(club, "hello"))["seq"]
    await hers.send(type="read", group=club, seq=seq)
    await phone.until(lambda: signals(phone, "read"))
    assert [(s["group"], s["seq"]) for s in signals(phone, "read")] == [(club, seq)]
    assert signals(his, "read") == []


async def test_typing_is_told_to_the_others_in_the_room(venue: House) -> None:
    club, [ann, ben] = await venue.club("Ann", "Ben")
    xenia = await venue.person("Xenia")
    hers, his, foreign = await ann.device(), await ben.device(), await xenia.device()
    await his.send(type="watch", group=club, on=True)
    await foreign.send(type="typing", group=club)
    async with asyncio.timeout(20):
        while not (heard := signals(his, "typing")):  # frames may overtake each other: too early it is lost
            await hers.send(type="typing", group=club)
            with contextlib.suppress(TimeoutError):
                await his.until(lambda: signals(his, "typing"), 3.5)
    assert {(s["user"], s["ttl_ms"]) for s in heard} == {(ann.user, 5_000)}
    assert signals(hers, "typing") == []


# --- who may hear -----------------------------------------------------------------------------------------


async def test_a_removed_member_hears_nothing_after_the_cut(venue: House) -> None:
    club, [ann, ben] = await venue.club("Ann", "Ben")
    his, hers = await ben.device(), await ann.device()
    await ann.post(club, "before")
    await his.until(lambda: texts(his, club))
    await ann.remove(club, ben.user)
    await ann.post(club, "behind his back")
    await hers.until(lambda: "behind his back" in texts(hers, club))
    await his.until(lambda: [a for a in his.actions(club) if a["type"] == "member_removed"])
    await his.send(type="ping")
    await his.until(lambda: his.heard("pong"))
    assert texts(his, club) == ["before"]
    assert str(club) not in his.heard("pong")[-1]["heads"]
    assert (await his.post(club, "still here"))["code"] == "not_found"


async def test_a_public_room_is_heard_by_its_whole_club_until_somebody_is_removed_from_it(
    venue: House,
) -> None:
    club, [ann, ben] = await venue.club("Ann", "Ben")
    his, hers = await ben.device(), await ann.device()
    room = await ann.channel(club)
    await ann.post(room, "before")
    await his.until(lambda: "before" in texts(his, room))
    await ann.remove(club, ben.user)
    await ann.post(room, "behind his back")
    await hers.until(lambda: "behind his back" in texts(hers, room))
    await his.until(lambda: [a for a in his.actions(room) if a["type"] == "member_removed"])
    assert texts(his, room) == ["before"]
    assert (await his.post(room, "still here"))["code"] == "not_found"


async def test_a_private_room_is_heard_by_those_who_were_added_and_nobody_else(venue: House) -> None:
    club, [ann, ben, cleo] = await venue.club("Ann", "Ben", "Cleo")
    his, outside = await ben.device(), await cleo.device()
    room = await ann.channel(club, "Board", private=True)
    await ann.ok("POST", f"/api/groups/{room}/members", {"users": [ben.user]})
    await ann.post(room, "for three eyes")
    await his.until(lambda: "for three eyes" in [a.get("text") for a in his.actions(room)])
    await ann.post(club, "for all")
    await outside.until(lambda: "for all" in texts(outside, club))
    assert not outside.actions(room)


async def test_an_answer_is_posted_with_the_id_of_what_it_answers(venue: House) -> None:
    club, [ann, ben] = await venue.club("Ann", "Ben")
    question, answer = uuid7(), uuid7()
    await ann.post(club, "who?", question)
    device = await ben.device()
    await device.send(type="post", group=club, id=str(answer), text="me", reply_to=str(question))
    await device.until(lambda: device.heard("ack"))
    assert (await ann.message(answer))["reply_to"] == str(question)


async def test_whoever_joins_hears_the_club_once_their_token_knows_it(venue: House) -> None:
    club, [ann] = await venue.club("Ann")
    cleo = await venue.person("Cleo")
    device = await cleo.device()
    await cleo.join((await ann.ok("GET", f"/api/groups/{club}/code"))["code"])
    await device.send(type="token", token=cleo.token)
    await ann.post(club, "welcome")
    await device.until(lambda: "welcome" in [a.get("text") for a in device.actions(club)])


async def test_a_device_that_is_signed_out_is_sent_away(venue: House) -> None:
    ann = await venue.person("Ann", with_email=True)
    device = await ann.device()
    await ann.http.delete("/api/sessions/current", headers=ann.headers)
    await device.send(type="ping")
    assert await device.closed() == 4403


async def test_another_persons_token_ends_the_socket(venue: House) -> None:
    ann, ben = await venue.person("Ann"), await venue.person("Ben")
    device = await ann.device()
    await device.send(type="token", token=ben.token)
    assert await device.closed() == 4401


# --- what nobody asked for --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ({"type": "shout"}, "invalid_field"),
        ({"type": "ping", "more": 1}, "unknown_field"),
        ({"type": "read", "group": -1, "seq": 1}, "invalid_field"),
        ({"type": "watch", "group": 2**63, "on": True}, "invalid_field"),
        ("no json", "malformed"),
    ],
)
async def test_a_frame_that_cannot_be_is_an_error_and_no_end(venue: House, frame: Any, code: str) -> None:
    club, [ann] = await venue.club("Ann")
    device = await ann.device()
    await device.send_raw(frame if isinstance(frame, str) else msgspec.json.encode(frame).decode())
    await device.until(lambda: device.heard("error"))
    assert device.heard("error")[0] == {"type": "error", "code": code}
    assert (await device.post(club, "still here"))["type"] == "ack"


async def test_a_frame_too_long_ends_the_socket_and_the_next_one_is_as_good(venue: House) -> None:
    club, [ann] = await venue.club("Ann")
    device = await ann.device()
    await device.send_raw(msgspec.json.encode({"type": "ping", "x": "x" * 33 * 1024}).decode())
    assert await device.closed() == 1009
    again = await ann.device()
    assert (await again.post(club, "here again"))["type"] == "ack"
