"""Sign-in links for one's next device."""

import asyncio
from itertools import pairwise

import pytest

from auth.rig import PASSWORD, Rig, new_email
from clubroom.auth import accounts, sessions
from clubroom.auth.room import Opened
from clubroom.claims import Claims
from clubroom.dba import accounts as dba_accounts
from clubroom.dba import sessions as dba_sessions
from clubroom.errors import InvalidRefresh, RateLimited, Unauthorized, WrongSignIn
from clubroom.wire import NewSession, SignIn


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


async def opens_nothing(rig: Rig, link: str) -> None:
    with pytest.raises(WrongSignIn):
        await use(rig, link)


async def test_a_new_password_closes_the_links_that_a_thief_made(rig: Rig) -> None:
    email = new_email()
    who = rig.auth.tokens.verify((await rig.opened(email=email, password=PASSWORD)).access_token)
    thief = await sessions.sign_in(NewSession(email=email, password=PASSWORD), rig.peer, rig.auth)
    link = await secret(rig, rig.auth.tokens.verify(thief.access_token))
    changed = SignIn(email=email, password="another password", current=PASSWORD)
    await accounts.set_sign_in(who, changed, rig.peer, rig.auth)
    await opens_nothing(rig, link)


async def test_the_first_password_leaves_a_link_open(rig: Rig) -> None:
    who = await rig.person("Ann")
    link = await secret(rig, who)
    await accounts.set_sign_in(who, SignIn(email=new_email(), password=PASSWORD), rig.peer, rig.auth)
    assert (await use(rig, link)).user == who.user


async def test_signing_out_closes_the_links_that_were_made(rig: Rig) -> None:
    who = await rig.person("Ann")
    link = await secret(rig, who)
    await sessions.end_session(who, rig.auth)
    await opens_nothing(rig, link)


async def test_a_replayed_refresh_token_closes_the_links_of_that_person(rig: Rig) -> None:
    first = await rig.opened("Ann")
    second = await sessions.rotate(first.refresh_token, rig.auth)
    await sessions.rotate(second.refresh_token, rig.auth)
    link = await secret(rig, rig.auth.tokens.verify(first.access_token))
    with pytest.raises(InvalidRefresh):
        await sessions.rotate(first.refresh_token, rig.auth)
    await opens_nothing(rig, link)


async def test_a_device_that_was_signed_out_makes_no_link_where_nobody_has_heard_of_it_yet(rig: Rig) -> None:
    who = await rig.person("Ann")
    await dba_sessions.end(rig.auth.db, who.key, who.session)  # another server: this one polls
    with pytest.raises(Unauthorized):
        await secret(rig, who)


async def test_a_link_used_while_the_password_changes_leaves_nobody_signed_in(rig: Rig) -> None:
    who, email = await rig.person("Ann"), new_email()
    hashes = [None, *(f"hash {n}" for n in range(8))]
    for before, after in pairwise(hashes):
        links = [await secret(rig, who) for _ in range(8)]
        change = dba_accounts.set_sign_in(
            rig.auth.db,
            who.key,
            session=who.session,
            email=email,
            password_hash=str(after),
            verified_hash=before,
            taken_limits=[],
        )
        calls = [use(rig, link) for link in links]
        answers = await asyncio.gather(*calls[:4], change, *calls[4:], return_exceptions=True)
        for there in answers if before is not None else []:
            if isinstance(there, Opened):
                with pytest.raises(InvalidRefresh):
                    await sessions.rotate(there.refresh_token, rig.auth)
