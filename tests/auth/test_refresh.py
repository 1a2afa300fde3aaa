"""Refresh tokens: rotation, two tabs, lost replies, replays (abuse 25)."""

import asyncio
import base64
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from auth.rig import Rig
from clubroom.auth import sessions
from clubroom.auth.keys import Keys
from clubroom.auth.refresh import RefreshPlace, read, written
from clubroom.dba.sessions import ended_since
from clubroom.errors import InvalidRefresh, Unauthorized
from clubroom.wire import NewSession


async def refused(rig: Rig, token: str | None) -> None:
    with pytest.raises(InvalidRefresh):
        await sessions.rotate(token, rig.auth)


def test_a_token_stands_for_a_place_and_is_always_the_same_one() -> None:
    keys, place = Keys(b"k" * 32), RefreshPlace(uuid4(), 7)
    assert read(keys, written(keys, place)) == place
    assert written(keys, place) == written(keys, place)
    assert written(keys, place) != written(keys, RefreshPlace(place.session, 8))


def test_nobody_can_write_one_and_after_a_change_of_secret_the_old_ones_hold() -> None:
    old, new = b"o" * 32, b"n" * 32
    token = written(Keys(old), RefreshPlace(uuid4(), 7))
    assert read(Keys(new, [old]), token).generation == 7
    with pytest.raises(InvalidRefresh):
        read(Keys(new), token)
    raw = bytearray(base64.urlsafe_b64decode(token + "="))
    raw[20] ^= 1  # another number in the chain
    beyond = written(Keys(old), RefreshPlace(uuid4(), 2**63))
    for forged in (
        beyond,
        base64.urlsafe_b64encode(raw).decode().rstrip("="),
        token[:-1],
        token + "A",
        "",
        "é" * 75,
        "!" * 75,
    ):
        with pytest.raises(InvalidRefresh):
            read(Keys(old), forged)


async def test_each_refresh_gives_the_next_token(rig: Rig) -> None:
    opened = await rig.opened("Ann")
    seen = {opened.refresh_token}
    for _ in range(5):
        opened = await sessions.rotate(opened.refresh_token, rig.auth)
        assert opened.refresh_token not in seen
        assert rig.auth.tokens.verify(opened.access_token).user == opened.user
        seen.add(opened.refresh_token)


async def test_after_a_lost_reply_the_same_token_gives_the_same_successor(rig: Rig) -> None:
    first = (await rig.opened()).refresh_token
    lost = await sessions.rotate(first, rig.auth)
    rig.clock.move(seconds=59)
    again = await sessions.rotate(first, rig.auth)
    assert again.refresh_token == lost.refresh_token
    assert (await sessions.rotate(again.refresh_token, rig.auth)).refresh_token


async def test_two_tabs_that_refresh_at_once_go_on_with_one_token(rig: Rig) -> None:
    first = (await rig.opened()).refresh_token
    one, two = await asyncio.gather(sessions.rotate(first, rig.auth), sessions.rotate(first, rig.auth))
    assert one.refresh_token == two.refresh_token
    assert (await sessions.rotate(two.refresh_token, rig.auth)).refresh_token


async def test_a_hundred_refreshes_at_once_give_one_successor(rig: Rig) -> None:
    first = (await rig.opened()).refresh_token
    all_of_them = await asyncio.gather(*(sessions.rotate(first, rig.auth) for _ in range(100)))
    assert len({one.refresh_token for one in all_of_them}) == 1


async def test_a_token_used_again_after_its_successor_was_used_ends_the_session(rig: Rig) -> None:
    first = (await rig.opened()).refresh_token
    second = (await sessions.rotate(first, rig.auth)).refresh_token
    third = (await sessions.rotate(second, rig.auth)).refresh_token
    await refused(rig, first)
    for token in (first, second, third):
        await refused(rig, token)


async def test_a_token_used_again_after_sixty_seconds_ends_the_session(rig: Rig) -> None:
    first = (await rig.opened()).refresh_token
    second = (await sessions.rotate(first, rig.auth)).refresh_token
    rig.clock.move(seconds=61)
    await refused(rig, first)
    await refused(rig, second)


async def test_a_replay_of_the_oldest_token_ends_the_session_however_long_its_chain(rig: Rig) -> None:
    first = newest = (await rig.opened()).refresh_token
    for _ in range(20):
        newest = (await sessions.rotate(newest, rig.auth)).refresh_token
        rig.clock.move(minutes=10)
    await refused(rig, first)
    await refused(rig, newest)


async def test_a_replay_ends_that_device_and_no_other(rig: Rig) -> None:
    ann, ben = await rig.opened("Ann"), await rig.opened("Ben")
    second = await sessions.rotate(ann.refresh_token, rig.auth)
    await sessions.rotate(second.refresh_token, rig.auth)
    await refused(rig, ann.refresh_token)
    assert (await sessions.rotate(ben.refresh_token, rig.auth)).user == ben.user


async def test_a_replay_ends_the_access_tokens_of_its_session_at_once(rig: Rig) -> None:
    first = await rig.opened()
    second = await sessions.rotate(first.refresh_token, rig.auth)
    third = await sessions.rotate(second.refresh_token, rig.auth)
    await refused(rig, first.refresh_token)
    for opened in (first, second, third):
        with pytest.raises(Unauthorized):
            rig.auth.tokens.verify(opened.access_token)


async def test_the_tokens_of_a_replayed_session_are_refused_by_every_server_that_polls(rig: Rig) -> None:
    first = await rig.opened()
    session = rig.auth.tokens.verify(first.access_token).session
    second = await sessions.rotate(first.refresh_token, rig.auth)
    await sessions.rotate(second.refresh_token, rig.auth)
    before = datetime.now(UTC) - timedelta(seconds=1)
    await refused(rig, first.refresh_token)
    told = [one.session for one in await ended_since(rig.auth.db, before)]
    assert session in told
    assert rig.auth.tokens.end(session)
    with pytest.raises(Unauthorized):
        rig.auth.tokens.verify(second.access_token)


async def test_a_device_that_signed_out_cannot_refresh_and_its_token_is_refused(rig: Rig) -> None:
    opened = await rig.opened()
    who = rig.auth.tokens.verify(opened.access_token)
    await sessions.end_session(who, rig.auth)
    await sessions.end_session(who, rig.auth)
    await refused(rig, opened.refresh_token)
    with pytest.raises(Unauthorized):
        rig.auth.tokens.verify(opened.access_token)


async def test_a_device_unused_for_half_a_year_is_signed_out_and_one_in_use_is_not(rig: Rig) -> None:
    idle, used = (await rig.opened()).refresh_token, (await rig.opened()).refresh_token
    rig.clock.move(days=100)
    used = (await sessions.rotate(used, rig.auth)).refresh_token
    rig.clock.move(days=81)
    await refused(rig, idle)
    assert (await sessions.rotate(used, rig.auth)).refresh_token


async def test_after_a_restore_a_device_with_a_newer_token_stays_signed_in(rig: Rig) -> None:
    opened = await rig.opened()
    session = rig.auth.tokens.verify(opened.access_token).session
    later = written(rig.auth.keys, RefreshPlace(session, 40))
    following = await sessions.rotate(later, rig.auth)
    assert read(rig.auth.keys, following.refresh_token).generation == 41
    await refused(rig, opened.refresh_token)


async def test_no_token_and_an_unknown_session_are_refused(rig: Rig) -> None:
    await refused(rig, None)
    await refused(rig, written(rig.auth.keys, RefreshPlace(uuid4(), 0)))


async def test_the_fifty_first_device_signs_out_the_one_unused_for_longest(rig: Rig) -> None:
    opened = await rig.opened()
    who = rig.auth.tokens.verify(opened.access_token)
    devices = [opened.refresh_token]
    for _ in range(50):
        link = await sessions.create_sign_in_link(who, rig.auth)
        secret = link.url.partition("#")[2]
        devices.append((await sessions.sign_in(NewSession(link=secret), rig.peer, rig.auth)).refresh_token)
    await refused(rig, devices[0])
    assert (await sessions.rotate(devices[1], rig.auth)).user == who.user
