"""Sign-in links for one's next device."""

import asyncio

import pytest

from auth.rig import Rig
from clubroom.auth import sessions
from clubroom.auth.room import Opened
from clubroom.claims import Claims
from clubroom.errors import RateLimited, WrongSignIn
from clubroom.wire import NewSession


async def secret(rig: Rig, who: Claims) -> str:
    url = (await sessions.create_sign_in_link(who, rig.auth)).url
    start, _, secret = url.partition("#")
    assert start == "http://localhost:8000/sign-in"
    return secret


async def use(rig: Rig, secret: str) -> Opened:
    return await sessions.sign_in(NewSession(link=secret), rig.peer, rig.auth)


async def test_a_link_signs_the_next_device_in(rig: Rig) -> None:
    who = await rig.person("Ann")
    there = rig.auth.tokens.verify((await use(rig, await secret(rig, who))).access_token)
    assert there.user == who.user
    assert there.session != who.session


async def test_used_expired_and_unknown_links_get_one_answer(rig: Rig) -> None:
    who = await rig.person("Ann")
    used = await secret(rig, who)
    await use(rig, used)
    expired = await secret(rig, who)
    rig.clock.move(minutes=11)
    for link in (used, expired, "A" * 43, "", "x" * 5_000, "é\U0001f600"):
        with pytest.raises(WrongSignIn) as refused:
            await use(rig, link)
        assert refused.value.detail == ""


async def test_a_link_used_by_ten_at_once_lets_one_in(rig: Rig) -> None:
    link = await secret(rig, await rig.person("Ann"))
    answers = await asyncio.gather(*(use(rig, link) for _ in range(10)), return_exceptions=True)
    assert sum(isinstance(one, Opened) for one in answers) == 1


async def test_only_ten_links_of_one_person_are_open(rig: Rig) -> None:
    who = await rig.person("Ann")
    links = [await secret(rig, who) for _ in range(12)]
    for dropped in links[:2]:
        with pytest.raises(WrongSignIn):
            await use(rig, dropped)
    assert (await use(rig, links[2])).user == who.user


async def test_guessing_links_is_soon_over(rig: Rig) -> None:
    for n in range(100):
        with pytest.raises(WrongSignIn):
            await use(rig, f"guess {n}")
    with pytest.raises(RateLimited):
        await use(rig, "guess 101")
