"""What a server does beside answering: ends, presence, pointers, typing, and being blind."""

import time
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

import msgspec
import pytest

from clubroom.app.beat import BLIND_S, Beat
from clubroom.app.settings import Settings
from clubroom.dba import profiles, reading, sessions
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.pool import Database
from clubroom.errors import Unavailable
from clubroom.notification.presence import Watch
from clubroom.ports.presence import Online, State
from house.device import Device, Frame
from house.person import Person
from house.server import House, running

SOON_S = 4.0  # two seconds are promised; a busy machine is given two more


def signals(device: Device, kind: str) -> list[Frame]:
    return [frame for frame in device.heard("signal") if frame["kind"] == kind]


def told(device: Device, person: Person, *, on: bool, group: int) -> bool:
    """Whether the newest word about this person in this group is that."""
    about = [s for s in signals(device, "presence") if (s["user"], s["group"]) == (person.user, group)]
    return bool(about) and about[-1]["on"] is on


async def test_signing_out_closes_its_sockets_and_ends_its_token_within_two_seconds(house: House) -> None:
    _, [ann, ben] = await house.club("Ann", "Ben")
    first, second, his = await ann.device(), await ann.device(), await ben.device()
    await ann.http.delete("/api/sessions/current", headers=ann.headers)
    assert await first.closed(within_s=SOON_S) == 4403
    assert await second.closed(within_s=SOON_S) == 4403
    assert await ann.refused("GET", "/api/me") == (401, "unauthorized")
    again = await ann.silent_device()
    await again.send(type="hello", version=1, token=ann.token, epoch=None, cursors={})
    assert await again.closed() == 4401
    assert his.close_code is None


async def test_a_device_signed_out_through_another_server_is_known_here_within_two_seconds(
    house: House, postgres: EmbeddedPostgres, settings: Settings
) -> None:
    ann = await house.person("Ann")
    device = await ann.device()
    async with another(postgres, settings) as elsewhere, elsewhere.http() as http:
        answer = await http.delete("/api/sessions/current", headers=ann.headers)
        assert answer.status_code == 204
        assert await device.closed(within_s=SOON_S) == 4403
        assert (await ann.http.get("/api/me", headers=ann.headers)).status_code == 401


async def test_an_end_whose_commit_took_half_a_minute_is_told_all_the_same(house: House) -> None:
    ann = await house.person("Ann")
    device = await ann.device()
    db, claims = house.process.db, house.process.tokens.verify(ann.token)
    earlier = await reading.database_now(db) - timedelta(seconds=30)
    await sessions.end(db, claims.key, claims.session, moment=earlier)
    assert await device.closed(within_s=SOON_S) == 4403


async def test_coming_and_going_is_told_to_the_club(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    hers = await ann.device()
    his, phone = await ben.device(), await ben.device()
    await hers.send(type="watch", group=club, on=True)
    await hers.until(lambda: told(hers, ben, on=True, group=club))
    assert sorted((await ann.ok("GET", f"/api/groups/{club}/online"))["users"]) == sorted(
        [ann.user, ben.user]
    )
    await his.leave()
    await phone.leave()
    await hers.until(lambda: told(hers, ben, on=False, group=club))
    online = {"n": 1, "users": [ann.user], "idle": []}
    assert await ann.ok("GET", f"/api/groups/{club}/online") == online


async def test_whoever_is_invisible_is_here_for_nobody_and_writes_unseen(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    hers, his = await ann.device(), await ben.device()
    await hers.until(lambda: told(hers, ben, on=True, group=club))
    await ben.ok("PATCH", "/api/me", {"invisible": True})
    await hers.until(lambda: told(hers, ben, on=False, group=club))
    assert (await ben.me())["invisible"] is True
    for person in (ann, ben):
        online = await person.ok("GET", f"/api/groups/{club}/online")
        assert (online["n"], online["users"]) == (1, [ann.user])
    await his.send(type="typing", group=club)
    await ben.post(club, "I was never here")
    await hers.until(lambda: hers.actions(club))
    assert not [signal for signal in hers.heard("signal") if signal["kind"] == "typing"]
    phone = await ben.device()  # nor does one more device give it away
    cleo = await house.person("Cleo")
    await cleo.join((await ann.ok("GET", f"/api/groups/{club}/code"))["code"])
    await cleo.device()
    await hers.until(lambda: told(hers, cleo, on=True, group=club))
    assert not told(hers, ben, on=True, group=club)
    await ben.ok("PATCH", "/api/me", {"invisible": False})
    await hers.until(lambda: told(hers, ben, on=True, group=club))
    assert phone.close_code is None


async def test_somebody_with_a_second_device_stays_online_when_one_of_them_goes(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    hers = await ann.device()
    his, phone = await ben.device(), await ben.device()
    await hers.until(lambda: told(hers, ben, on=True, group=club))
    await his.vanish()
    cleo = await house.person("Cleo")  # the next breath that tells anything also would have told of Ben
    await cleo.join((await ann.ok("GET", f"/api/groups/{club}/code"))["code"])
    await cleo.device()
    await hers.until(lambda: told(hers, cleo, on=True, group=club))
    assert told(hers, ben, on=True, group=club)
    assert phone.close_code is None


async def test_whoever_joins_while_online_is_seen_online_in_the_new_club(house: House) -> None:
    club, [ann] = await house.club("Ann")
    ben = await house.person("Ben")
    his, hers = await ben.device(), await ann.device()
    await his.until(lambda: signals(his, "presence"))
    await ben.join((await ann.ok("GET", f"/api/groups/{club}/code"))["code"])
    await hers.until(lambda: told(hers, ben, on=True, group=club))


async def test_reading_is_told_to_ones_own_other_devices_and_to_nobody_else(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    first, second, his = await ann.device(), await ann.device(), await ben.device()
    seq = (await ann.post(club, "hello"))["seq"]
    await first.send(type="read", group=club, seq=seq)
    await second.until(lambda: signals(second, "read"))
    assert signals(second, "read") == [{"type": "signal", "kind": "read", "group": club, "seq": seq}]
    await ann.ok("PUT", f"/api/groups/{club}/read", {"seq": 1})  # never back
    await first.until(lambda: len(signals(first, "read")) == 2)
    assert {signal["seq"] for signal in signals(first, "read")} == {seq}
    assert signals(his, "read") == []
    mine = next(group for group in (await ann.me())["groups"] if group["group"] == club)
    assert (mine["read"], mine["unread"]) == (seq, 0)


async def test_reading_beyond_the_end_is_reading_to_the_end(house: House) -> None:
    club, [ann] = await house.club("Ann")
    device = await ann.device()
    await device.send(type="read", group=club, seq=2**63 - 1)
    await device.until(lambda: signals(device, "read"))
    head = (await ann.me())["groups"][1]["head"]
    assert signals(device, "read")[-1]["seq"] == head
    assert (await ann.ok("PUT", f"/api/groups/{club}/read", {"seq": 2**63}))["seq"] == head


async def test_typing_reaches_the_others_and_not_ones_own_devices(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    first, second, his = await ann.device(), await ann.device(), await ben.device()
    await first.send(type="typing", group=club)
    await his.until(lambda: signals(his, "typing"))
    assert signals(his, "typing") == [
        {"type": "signal", "kind": "typing", "group": club, "user": ann.user, "ttl_ms": 5_000}
    ]
    await ben.post(club, "I see")
    await second.until(lambda: second.actions(club))
    assert signals(first, "typing") == signals(second, "typing") == []


async def test_a_pong_names_the_heads_of_which_this_device_has_not_said_that_it_got_them(
    house: House,
) -> None:
    club, [ann] = await house.club("Ann")
    device = await ann.device()
    seq = (await ann.post(club, "hello"))["seq"]
    await device.send(type="ping")
    await device.until(lambda: device.heard("pong"))
    assert device.heard("pong")[-1]["heads"][str(club)] == seq
    await device.send(type="got", **{str(group): head for group, head in device.cursors.items()})
    await device.send(type="ping")
    await device.until(lambda: len(device.heard("pong")) == 2)
    assert str(club) not in device.heard("pong")[-1]["heads"]


async def test_ten_sockets_of_which_one_has_gone_silent_do_not_lock_their_person_out(house: House) -> None:
    ann = await house.person("Ann")
    oldest = await ann.device()
    [silent] = [one for one in house.process.sockets.open.values() if one.user == ann.user]
    others = [await ann.device() for _ in range(9)]
    heard_at = time.monotonic() - 1.25 * silent.heartbeat_s
    silent.state = msgspec.structs.replace(silent.state, heard_at=heard_at)
    early = await ann.silent_device()
    await early.send(type="hello", version=1, token=ann.token, epoch=None, cursors={})
    assert await early.closed() == 4409
    heard_at = time.monotonic() - 1.35 * silent.heartbeat_s
    silent.state = msgspec.structs.replace(silent.state, heard_at=heard_at)
    late = await ann.device()
    assert await oldest.closed() == 4408
    assert [device.close_code for device in (*others, late)] == [None] * 10


@asynccontextmanager
async def another(postgres: EmbeddedPostgres, settings: Settings) -> AsyncIterator[House]:
    """A server with connections of its own, which a test may take away."""
    db = await Database.open(postgres.app_dsn, pool_max=3)
    try:
        async with running(db, settings) as house:
            yield house
    finally:
        await house.everyone_leaves()
        await db.close()


async def test_a_server_blind_to_its_database_sends_everybody_away(
    database: Database, postgres: EmbeddedPostgres, settings: Settings
) -> None:
    """F6. The ten seconds are taken from its clock, so that nobody has to wait."""
    async with another(postgres, settings) as house:
        club, [ann] = await house.club("Ann")
        device = await ann.device()
        house.process.db.pool.terminate()
        refused = await device.post(club, "nobody stores this")
        assert refused["code"] == "unavailable"
        assert await ann.refused("GET", f"/api/groups/{club}/messages") == (503, "unavailable")
        assert device.close_code is None
        house.process.beat.seen_at = time.monotonic() - BLIND_S
        assert await device.closed() == 4503
        late = await ann.silent_device()
        await late.send(type="hello", version=1, token=ann.token, epoch=None, cursors={})
        assert await late.closed() == 4503


async def test_after_a_restore_under_our_feet_whoever_comes_back_hears_what_is_new(
    database: Database, postgres: EmbeddedPostgres, settings: Settings
) -> None:
    """F15. The room was further than the restored log, and somebody on their way in keeps it."""
    async with another(postgres, settings) as house:
        club, [ann] = await house.club("Ann")
        device = await ann.device()
        hub = house.process.hub
        hub.expect([club])
        hub.rooms[club].head = 1_000
        house.process.sockets.epoch = "of the database before"
        await house.process.beat.same_epoch()
        assert not hub.people
        assert await device.closed() == 1012
        back = await ann.device()
        await ann.post(club, "here again")
        await back.until(lambda: back.actions(club))
        assert [action["text"] for action in back.actions(club)] == ["here again"]
        hub.expected([club])


async def test_a_planned_end_is_announced_and_closes_with_come_again(
    database: Database, postgres: EmbeddedPostgres, settings: Settings
) -> None:
    """F11. What was read a moment before is kept."""
    async with another(postgres, settings) as house:
        club, [ann] = await house.club("Ann")
        device, waiting = await ann.device(), await ann.silent_device()
        seq = (await device.post(club, "before the end"))["seq"]
        await device.send(type="read", group=club, seq=seq)
        await device.send(type="ping")
        await device.until(lambda: device.heard("pong"))
        token = ann.headers
    assert (await device.closed(), await waiting.closed()) == (1012, 1012)
    assert device.frames[-1] == {"type": "goaway", "in_ms": 2_000, "why": "restart"}
    assert waiting.frames == [{"type": "goaway", "in_ms": 2_000, "why": "restart"}]
    async with another(postgres, settings) as next_one, next_one.http() as http:
        me = (await http.get("/api/me", headers=token)).json()
    assert [group["read"] for group in me["groups"] if group["group"] == club] == [seq]


class Faulty:
    """A store of who is online that has a bug, or is away."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def renew(self, ttl_s: float) -> bool:
        raise self.error

    async def move(self, came: Mapping[int, State], went: Collection[int]) -> dict[int, State]:
        raise self.error

    async def leave(self) -> None:
        raise self.error

    async def here(self) -> set[int]:
        raise self.error

    async def online(self, who: int, group: int, limit: int) -> Online:
        raise self.error

    async def close(self) -> None:
        raise self.error


@pytest.mark.parametrize("error", [RuntimeError("a bug"), Unavailable()], ids=["a bug", "away"])
async def test_the_beat_goes_on_whatever_one_of_its_tasks_meets(house: House, error: Exception) -> None:
    parts = house.process
    watch = Watch(parts.hub, Faulty(error), partial(profiles.invisible_of, parts.db))
    beat = Beat(parts.db, parts.sockets, parts.tokens, parts.pointers, watch, parts.beat.looking)
    ann = await house.person("Ann")
    device = await ann.device()
    await beat.ask()
    await beat.ask()
    assert device.close_code is None
    beat.breath_at = float("-inf")
    beat.seen_at = float("-inf")
    await beat.ask()
    beat.look()  # the ended sessions were asked for first, so it is not blind
    assert device.close_code is None
