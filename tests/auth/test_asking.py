"""A code may only ask: an admin lets people in."""

import asyncio
from typing import Any

import asyncpg
import pytest

from auth.coding import admins_of, code, founded, listed, room
from auth.invited import UNKNOWN, invited, secret_of
from auth.rig import Rig
from clubroom import errors, wire
from clubroom.auth import accounts, clubs
from clubroom.auth.door import asking, codes
from clubroom.auth.room import Auth
from clubroom.claims import Claims
from clubroom.dba import clubs as dba_clubs
from clubroom.dba import codes as dba_codes
from house.server import House
from house.uuid7 import uuid7


async def waiting(rig: Rig, who: Claims, club: int) -> list[wire.JoinRequest]:
    return (await asking.join_requests(who, club, rig.auth)).requests


async def mine(rig: Rig, who: Claims) -> list[wire.MyRequest]:
    return (await asking.my_requests(who, rig.auth)).requests


async def answer(rig: Rig, who: Claims, club: int, user: str, *, accept: bool) -> None:
    await asking.answer_request(who, club, user, rig.auth, accept=accept)


async def asked(rig: Rig, **said: Any) -> tuple[Claims, int, wire.JoinCode, Claims]:
    """Ann's club with a code that asks, and Ben, who has."""
    ann, club = await founded(rig)
    opening = await code(rig, ann, club.group, asks=True, question="Who do you play with?", **said)
    ben = await rig.person("Ben")
    assert await rig.ask(ben, opening.code, " Cleo, on Tuesdays ") == "Chess club"
    return ann, club.group, opening, ben


async def test_somebody_asks_to_come_in_and_an_admin_lets_them(rig: Rig) -> None:
    ann, club, opening, ben = await asked(rig, note="Fair", uses=1)
    shown = await clubs.preview_club(opening.code, rig.peer, rig.auth)
    assert (shown.asks, shown.question) == (True, "Who do you play with?")
    [one] = await waiting(rig, ann, club)
    assert (one.name, one.answer, one.note) == ("Ben", "Cleo, on Tuesdays", "Fair")
    assert [each.name for each in await mine(rig, ben)] == ["Chess club"]
    assert club not in await rig.groups(ben)
    await answer(rig, ann, club, ben.user, accept=True)
    assert club in await rig.groups(ben)
    assert (await waiting(rig, ann, club), await mine(rig, ben)) == ([], [])
    told = [one["type"] for one in await rig.own_log(ben)]
    assert told == ["account_created", "added_to_group", "join_answered"]
    assert (await rig.log(club))[-1]["by"] == ann.user
    after = (await listed(rig, ann, club))[1]
    assert (after.uses_left, [each.name for each in after.people]) == (0, ["Ben"])


async def test_the_admins_log_tells_who_asks_and_no_log_tells_what_they_said(rig: Rig) -> None:
    ann, club, _, ben = await asked(rig)
    await answer(rig, ann, club, ben.user, accept=False)
    admins = await rig.log(await admins_of(rig, ann, club))
    assert admins[-2:] == [
        {"seq": 4, "type": "join_asked", "user": ben.user},
        {"seq": 5, "type": "join_settled", "user": ben.user, "by": ann.user, "accepted": False},
    ]
    own = await rig.own_log(ben)
    assert own[-1] == {"seq": 2, "type": "join_answered", "name": "Chess club", "accepted": False}
    for log in (admins, own, await rig.log(club)):
        assert "Tuesdays" not in str(log)


async def test_asking_again_is_asking_once(rig: Rig) -> None:
    ann, club, opening, ben = await asked(rig)
    again = await asyncio.gather(*(rig.ask(ben, opening.code, f"again {n}") for n in range(8)))
    assert set(again) == {"Chess club"}
    assert [one.answer for one in await waiting(rig, ann, club)] == ["Cleo, on Tuesdays"]
    assert len(await rig.log(await admins_of(rig, ann, club))) == 4


async def test_a_question_wants_an_answer(rig: Rig) -> None:
    ann, club = await founded(rig)
    opening = await code(rig, ann, club.group, asks=True, question="Who are you?")
    ben = await rig.person("Ben")
    for nothing in (None, "", " \n "):
        with pytest.raises(errors.InvalidField):
            await rig.ask(ben, opening.code, nothing)
    with pytest.raises(errors.TextTooLong):
        await rig.ask(ben, opening.code, "x" * 501)
    with pytest.raises(errors.InvalidText):
        await rig.ask(ben, opening.code, "a\x00b")
    assert await rig.ask(ben, opening.code, "x" * 500)
    bare = await code(rig, ann, club.group, asks=True)
    assert await rig.ask(await rig.person("Cleo"), bare.code)


async def test_nobody_but_those_who_run_the_club_sees_or_answers(rig: Rig) -> None:
    ann, club, _, ben = await asked(rig)
    dan, eve = await rig.person("Dan"), await rig.person("Eve")
    await rig.join(dan, (await clubs.invitation(ann, club, rig.auth)).code)
    for who, refusal in ((dan, errors.Forbidden), (eve, errors.NotFound), (ben, errors.NotFound)):
        for ask in (waiting(rig, who, club), answer(rig, who, club, ben.user, accept=True)):
            with pytest.raises(refusal):
                await ask
    with pytest.raises(errors.NotFound):
        await answer(rig, ann, club, eve.user, accept=True)


async def test_two_admins_who_answer_at_once_answer_once(rig: Rig) -> None:
    ann, club, _, ben = await asked(rig)
    answers = await asyncio.gather(
        *(answer(rig, ann, club, ben.user, accept=n % 2 == 0) for n in range(6)), return_exceptions=True
    )
    assert sum(one is None for one in answers) == 1
    assert sum(isinstance(one, errors.NotFound) for one in answers) == 5


async def test_whoever_waits_can_take_it_back(rig: Rig) -> None:
    ann, club, _, ben = await asked(rig)
    [request] = await mine(rig, ben)
    with pytest.raises(errors.NotFound):
        await asking.withdraw_request(await rig.person("Eve"), request.request, rig.auth)
    await asking.withdraw_request(ben, request.request, rig.auth)
    assert (await waiting(rig, ann, club), await mine(rig, ben)) == ([], [])
    with pytest.raises(errors.NotFound):
        await asking.withdraw_request(ben, request.request, rig.auth)
    with pytest.raises(errors.NotFound):
        await answer(rig, ann, club, ben.user, accept=True)


async def test_whoever_comes_in_another_way_waits_no_more(rig: Rig) -> None:
    ann, club, _, ben = await asked(rig)
    await rig.join(ben, (await clubs.invitation(ann, club, rig.auth)).code)
    assert (await waiting(rig, ann, club), await mine(rig, ben)) == ([], [])
    assert (await rig.log(await admins_of(rig, ann, club)))[-1]["type"] == "join_settled"


async def test_an_admin_lets_in_though_the_code_is_over_but_not_more_than_its_uses(rig: Rig) -> None:
    ann, club, opening, ben = await asked(rig, uses=2)
    cleo, dan = await rig.person("Cleo"), await rig.person("Dan")
    for who in (cleo, dan):
        await rig.ask(who, opening.code, "me")
    for who in (ben, cleo):
        await answer(rig, ann, club, who.user, accept=True)
    with pytest.raises(errors.Full):
        await answer(rig, ann, club, dan.user, accept=True)
    await codes.change_code(ann, club, opening.id, wire.PatchCode(uses=5), rig.auth)
    await codes.revoke_code(ann, club, opening.id, rig.auth)
    await answer(rig, ann, club, dan.user, accept=True)
    assert club in await rig.groups(dan)


async def test_whoever_is_let_in_gets_what_the_code_leads_to(rig: Rig) -> None:
    ann, club = await founded(rig)
    board = await room(rig, ann, club.group, "Board", private=True)
    opening = await code(rig, ann, club.group, asks=True, rooms=[board])
    ben = await rig.person("Ben")
    await rig.ask(ben, opening.code)
    await answer(rig, ann, club.group, ben.user, accept=True)
    assert board in await rig.groups(ben)


async def test_no_admin_makes_an_admin_by_letting_somebody_in(rig: Rig, writer: asyncpg.Connection) -> None:
    ann, club = await founded(rig)
    dan, ben, cleo = await rig.owner("Dan"), await rig.owner("Ben"), await rig.owner("Cleo")
    await rig.join(dan, (await code(rig, ann, club.group, role="admin")).code)
    opening = await code(rig, ann, club.group, asks=True, role="admin")
    for who, by in ((ben, dan), (cleo, ann)):
        await rig.ask(who, opening.code)
        await answer(rig, by, club.group, who.user, accept=True)
    roles = {
        row["sub"]: row["role"]
        for row in await writer.fetch(
            "select u.sub, m.role from memberships m join users u on u.id = m.user_id where group_id = $1",
            club.group,
        )
    }
    assert (roles[ben.user], roles[cleo.user]) == ("member", "admin")


async def test_so_many_wait_for_a_club_and_somebody_waits_for_so_many(rig: Rig) -> None:
    ann, club, opening, ben = await asked(rig)
    macs = rig.auth.keys.code_macs(opening.code.replace("-", ""))
    cleo = await rig.person("Cleo")
    with pytest.raises(errors.Full):
        await dba_clubs.join_club(rig.auth.db, cleo.key, macs, "me", limits=[], waiting_max=1)
    other = await rig.club(ann, "Choir")
    second = await code(rig, ann, other.group, asks=True)
    macs = rig.auth.keys.code_macs(second.code.replace("-", ""))
    with pytest.raises(errors.Full):
        await dba_clubs.join_club(rig.auth.db, ben.key, macs, limits=[], asked_max=1)
    assert (await dba_clubs.join_club(rig.auth.db, ben.key, macs, limits=[], asked_max=2)).asked == "Choir"
    assert [one.name for one in await mine(rig, ben)] == ["Chess club", "Choir"]
    assert (await accounts.me(ben, rig.auth)).groups[0].kind == "self"
    assert len(await waiting(rig, ann, club)) == 1


async def test_nobody_is_let_into_a_full_club(rig: Rig) -> None:
    ann, club, _, ben = await asked(rig)
    with pytest.raises(errors.Full):
        await dba_codes.answer_request(rig.auth.db, ann.key, club, ben.user, accept=True, members_max=1)
    assert len(await waiting(rig, ann, club)) == 1


async def test_whoever_comes_by_an_invitation_waits_no_more(house: House) -> None:
    club, [ann] = await house.club("Ann")
    asks = await ann.ok("POST", f"/api/groups/{club}/codes", {"key": str(uuid7()), "asks": True})
    ben = await house.person("Ben")
    assert await ben.join(asks["code"]) == {"asked": "Chess club"}
    secret = await secret_of(ann, club, await invited(ann, club))
    await ben.ok("POST", "/api/invitations/accept", {"secret": secret})
    assert (await ann.ok("GET", f"/api/groups/{club}/requests"))["n"] == 0
    assert await ann.refused("POST", f"/api/groups/{club}/requests/{ben.user}", {"accept": True}) == UNKNOWN


async def test_whoever_asks_and_takes_it_back_again_and_again_has_to_wait(rig: Rig, auth: Auth) -> None:
    ann, club = await founded(rig)
    opening = await code(rig, ann, club.group, asks=True)
    ben = await rig.person("Ben")
    for _ in range(auth.limits.requests_a_person_an_hour):
        await rig.ask(ben, opening.code)
        [request] = await mine(rig, ben)
        await asking.withdraw_request(ben, request.request, auth)
    with pytest.raises(errors.RateLimited):
        await rig.ask(ben, opening.code)
    rig.clock.move(hours=1)
    assert await rig.ask(ben, opening.code) == "Chess club"
