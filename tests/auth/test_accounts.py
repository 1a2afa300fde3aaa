"""Sign-up, and how a person signs in from then on (abuse 24)."""

import asyncio
import unicodedata
from typing import Any
from uuid import uuid4

import asyncpg
import msgspec
import pytest

from auth.rig import PASSWORD, Rig, new_email
from clubroom.auth import accounts, sessions
from clubroom.auth.credentials import checked_email
from clubroom.auth.limits import Limits, network
from clubroom.claims import Claims
from clubroom.dba import accounts as dba_accounts
from clubroom.errors import (
    AddressTaken,
    IdConflict,
    InvalidField,
    InvalidRefresh,
    InvalidText,
    RateLimited,
    TextTooLong,
    Unauthorized,
    WrongSignIn,
)
from clubroom.wire import NewAccount, NewSession, SignIn


def mean(rig: Rig, **numbers: int) -> Rig:
    """The same room with smaller limits."""
    settings = msgspec.structs.replace(rig.auth.settings, limits=Limits(**numbers))
    return Rig(msgspec.structs.replace(rig.auth, settings=settings), rig.peer, rig.clock)


async def sign_in(rig: Rig, email: str, password: str = PASSWORD, peer: str | None = None) -> Claims:
    opened = await sessions.sign_in(NewSession(email=email, password=password), peer or rig.peer, rig.auth)
    return rig.auth.tokens.verify(opened.access_token)


async def set_sign_in(rig: Rig, who: Claims, email: str, **fields: Any) -> None:
    new = SignIn(email=email, **{"password": PASSWORD, **fields})
    assert (await accounts.set_sign_in(who, new, rig.peer, rig.auth)).email == email.lower()


async def test_a_name_is_enough_to_be_somebody(rig: Rig) -> None:
    who = await rig.person("  Ann ")
    me = await accounts.me(who, rig.auth)
    assert (me.user, me.name, me.email) == (who.user, "Ann", None)
    assert [one.kind for one in me.groups] == ["self"]
    assert who.groups == {me.groups[0].group}
    assert who.user.startswith("u_")
    assert len(who.user) == 24


async def test_the_self_group_begins_with_the_account(rig: Rig) -> None:
    who = await rig.person("Ann")
    assert await rig.own_log(who) == [{"seq": 1, "type": "account_created", "user": who.user, "name": "Ann"}]


async def test_the_same_key_is_the_same_person(rig: Rig) -> None:
    key = uuid4()
    first, again = await rig.opened("Ann", key=key), await rig.opened("Ann", key=key)
    assert first.user == again.user
    assert (first.repeated, again.repeated) == (False, True)
    assert first.refresh_token != again.refresh_token  # each reply is a device of its own


async def test_a_hundred_calls_with_one_key_make_one_person(rig: Rig) -> None:
    phone, laptop = rig, Rig(rig.auth, "192.0.2.201", rig.clock)
    for _ in range(10):
        key = uuid4()
        calls = [device.opened("Ann", key=key) for device in (phone, laptop) for _ in range(5)]
        opened = await asyncio.gather(*calls)
        assert len({one.user for one in opened}) == 1
        assert sum(not one.repeated for one in opened) == 1


async def test_a_key_with_another_name_or_address_is_a_conflict(rig: Rig) -> None:
    key = uuid4()
    await rig.opened("Ann", key=key)
    with pytest.raises(IdConflict):
        await rig.opened("Ben", key=key)
    with pytest.raises(IdConflict):
        await rig.opened("Ann", key=key, email=new_email(), password=PASSWORD)


async def test_a_key_is_forgotten_after_ten_minutes(rig: Rig) -> None:
    key = uuid4()
    first = await rig.opened("Ann", key=key)
    rig.clock.move(minutes=9)
    assert (await rig.opened("Ann", key=key)).user == first.user
    rig.clock.move(minutes=2)
    assert (await rig.opened("Ben", key=key)).user != first.user


async def test_a_key_whose_sign_up_was_refused_can_be_used_again(rig: Rig) -> None:
    key, taken = uuid4(), new_email()
    await rig.opened("Ann", email=taken, password=PASSWORD)
    with pytest.raises(AddressTaken):
        await rig.opened("Ben", key=key, email=taken, password=PASSWORD)
    assert not (await rig.opened("Ben", key=key, email=new_email(), password=PASSWORD)).repeated


@pytest.mark.parametrize("fields", [{"email": "ann@example.org"}, {"password": PASSWORD}])
async def test_address_and_password_come_together(rig: Rig, fields: dict[str, str]) -> None:
    with pytest.raises(InvalidField):
        await rig.opened("Ann", **fields)


async def test_a_refused_name_leaves_nothing_behind(rig: Rig) -> None:
    key = uuid4()
    with pytest.raises(InvalidText):
        await rig.opened("\u202eAnn", key=key)
    assert not (await rig.opened("Ann", key=key)).repeated


async def test_an_address_belongs_to_one_person_however_it_is_written(rig: Rig) -> None:
    email = new_email()
    await rig.opened("Ann", email=email, password=PASSWORD)
    with pytest.raises(AddressTaken):
        await rig.opened("Ben", email=email.upper(), password=PASSWORD)
    ben = await rig.person("Ben")
    with pytest.raises(AddressTaken):
        await set_sign_in(rig, ben, email)
    assert (await accounts.me(ben, rig.auth)).email is None


async def test_of_two_who_take_one_address_at_once_one_gets_it(rig: Rig) -> None:
    email = new_email()
    calls = [rig.opened("Ann", email=email, password=PASSWORD) for _ in range(5)]
    answers = await asyncio.gather(*calls, return_exceptions=True)
    assert sum(isinstance(one, AddressTaken) for one in answers) == 4


async def test_asking_which_addresses_are_known_is_soon_over(rig: Rig) -> None:
    rig = mean(rig, taken_emails_an_address_an_hour=3)
    email = new_email()
    await rig.opened("Ann", email=email, password=PASSWORD)
    for _ in range(3):
        with pytest.raises(AddressTaken):
            await rig.opened("Ben", email=email, password=PASSWORD)
    with pytest.raises(RateLimited) as over:
        await rig.opened("Ben", email=email, password=PASSWORD)
    assert 3_500_000 < (over.value.retry_ms or 0) <= 3_600_000
    assert (await rig.opened("Ben")).user  # a name alone asks nothing


async def test_one_address_makes_so_many_accounts_an_hour(rig: Rig) -> None:
    rig = mean(rig, accounts_an_address_an_hour=3)
    for _ in range(3):
        await rig.opened()
    with pytest.raises(RateLimited):
        await rig.opened()
    rig.clock.move(hours=1)
    await rig.opened()


async def test_a_repeated_sign_up_is_not_counted(rig: Rig) -> None:
    rig = mean(rig, accounts_an_address_an_hour=1)
    key = uuid4()
    assert (await rig.opened("Ann", key=key)).user == (await rig.opened("Ann", key=key)).user


async def test_whoever_set_address_and_password_signs_in_elsewhere(rig: Rig) -> None:
    email = new_email()
    who = await rig.person("Ann")
    await set_sign_in(rig, who, email.upper())
    there = await sign_in(rig, f" {email} ")
    assert (there.user, there.key) == (who.user, who.key)
    assert there.session != who.session
    assert (await accounts.me(who, rig.auth)).email == email
    assert (await rig.own_log(who))[-1] == {"seq": 2, "type": "sign_in_changed", "email": email}


async def test_changing_it_needs_the_current_password(rig: Rig) -> None:
    old, new = new_email(), new_email()
    who = await rig.person("Ann")
    await set_sign_in(rig, who, old)
    for current in (None, "wrong password"):
        with pytest.raises(WrongSignIn):
            await set_sign_in(rig, who, new, current=current)
    await set_sign_in(rig, who, new, password="another password", current=PASSWORD)
    assert (await sign_in(rig, new, "another password")).user == who.user
    for email, password in ((old, PASSWORD), (new, PASSWORD)):
        with pytest.raises(WrongSignIn):
            await sign_in(rig, email, password)


async def test_setting_it_again_after_a_lost_reply_changes_nothing(rig: Rig) -> None:
    email = new_email()
    who = await rig.person("Ann")
    await set_sign_in(rig, who, email)
    await set_sign_in(rig, who, email)
    await set_sign_in(rig, who, email, password="another password", current=PASSWORD)
    await set_sign_in(rig, who, email, password="another password", current=PASSWORD)
    assert len(await rig.own_log(who)) == 3


async def test_of_two_changes_at_once_one_is_made(rig: Rig) -> None:
    who = await rig.person("Ann")
    set_at_once = [
        dba_accounts.set_sign_in(
            rig.auth.db,
            who.key,
            session=who.session,
            email=new_email(),
            password_hash=f"hash {n}",
            verified_hash=None,
            taken_limits=[],
        )
        for n in range(5)
    ]
    answers = await asyncio.gather(*set_at_once, return_exceptions=True)
    assert sum(isinstance(one, WrongSignIn) for one in answers) == 4
    assert len(await rig.own_log(who)) == 2


async def test_a_known_and_an_unknown_address_are_refused_alike(rig: Rig) -> None:
    known = new_email()
    await rig.opened("Ann", email=known, password=PASSWORD)
    refusals = []
    for email in (known, new_email()):
        with pytest.raises(WrongSignIn) as refused:
            await sign_in(rig, email, "wrong password")
        refusals.append((refused.value.detail, refused.value.retry_ms))
    assert refusals[0] == refusals[1]


@pytest.mark.parametrize("known", [True, False])
async def test_after_ten_wrong_passwords_one_has_to_wait_known_or_not(rig: Rig, known: bool) -> None:
    email = new_email()
    if known:
        await rig.opened("Ann", email=email, password=PASSWORD)
    for _ in range(10):
        with pytest.raises(WrongSignIn):
            await sign_in(rig, email, "wrong password")
    with pytest.raises(RateLimited) as over:
        await sign_in(rig, email)
    assert 800_000 < (over.value.retry_ms or 0) <= 900_000
    if known:  # from elsewhere its owner is not locked out
        assert (await sign_in(rig, email, peer="192.0.2.77")).user
        rig.clock.move(minutes=15)
        assert (await sign_in(rig, email)).user


async def test_fifty_guesses_at_once_are_ten_guesses(rig: Rig) -> None:
    email = new_email()
    await rig.opened("Ann", email=email, password=PASSWORD)
    answers = await asyncio.gather(
        *(sign_in(rig, email, "wrong password") for _ in range(50)), return_exceptions=True
    )
    assert sum(isinstance(one, WrongSignIn) for one in answers) == 10
    assert sum(isinstance(one, RateLimited) for one in answers) == 40


async def test_right_passwords_are_not_counted(rig: Rig) -> None:
    email = new_email()
    await rig.opened("Ann", email=email, password=PASSWORD)
    for _ in range(15):
        await sign_in(rig, email)


async def test_one_address_may_be_wrong_so_often_about_everybody(rig: Rig) -> None:
    rig = mean(rig, wrong_passwords_an_address_a_quarter=4)
    for _ in range(4):
        with pytest.raises(WrongSignIn):
            await sign_in(rig, new_email(), "wrong password")
    with pytest.raises(RateLimited):
        await sign_in(rig, new_email(), "wrong password")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": "a@b.org"},
        {"password": PASSWORD},
        {"email": "a@b.org", "password": PASSWORD, "link": "x"},
        {"link": "x", "email": "a@b.org"},
        {"email": "nonsense", "password": PASSWORD},
    ],
)
async def test_signing_in_takes_one_way_or_the_other(rig: Rig, body: dict[str, Any]) -> None:
    with pytest.raises(InvalidField):
        await sessions.sign_in(NewSession(**body), rig.peer, rig.auth)


async def test_an_overlong_password_is_merely_wrong(rig: Rig) -> None:
    with pytest.raises(WrongSignIn):
        await sign_in(rig, new_email(), "a" * 5_000)


async def test_a_token_of_somebody_the_database_forgot_is_refused(rig: Rig) -> None:
    who = await rig.person("Ann")
    for forgotten in (
        msgspec.structs.replace(who, key=2**40),
        msgspec.structs.replace(who, user="u_somebody_else"),
    ):
        with pytest.raises(Unauthorized):
            await accounts.me(forgotten, rig.auth)


async def test_what_counts_attempts_stays_small(rig: Rig) -> None:
    before = await accounts.create_account(NewAccount(name="Ann"), rig.peer, rig.auth)
    assert before
    for n in range(30):
        await Rig(rig.auth, f"192.0.2.{n}", rig.clock).opened()
    rig.clock.move(hours=2)
    assert await rig.opened()


@pytest.mark.parametrize(
    ("peer", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("not an address", "unknown"),
    ],
)
def test_an_address_is_a_household(peer: str, counted: str) -> None:
    assert network(peer) == counted


async def test_the_same_key_with_another_password_opens_nothing(rig: Rig) -> None:
    key, email = uuid4(), new_email()
    await rig.opened("Ann", key=key, email=email, password=PASSWORD)
    assert (await rig.opened("Ann", key=key, email=email, password=PASSWORD)).repeated
    with pytest.raises(IdConflict):
        await rig.opened("Ann", key=key, email=email, password="a wrong password")


async def test_a_repeated_sign_up_that_is_refused_signs_nobody_in(
    rig: Rig, writer: asyncpg.Connection
) -> None:
    """Nor does it push a device out: with fifty of them a thief of the key could sign the person out."""
    rig = mean(rig, repeats_an_address_an_hour=2)
    key, email = uuid4(), new_email()
    who = rig.auth.tokens.verify(
        (await rig.opened("Ann", key=key, email=email, password=PASSWORD)).access_token
    )
    with pytest.raises(IdConflict):
        await rig.opened("Ann", key=key, email=email, password="a wrong password")
    assert (await rig.opened("Ann", key=key, email=email, password=PASSWORD)).repeated
    with pytest.raises(RateLimited):
        await rig.opened("Ann", key=key, email=email, password=PASSWORD)
    assert await writer.fetchval("select count(*) from sessions where user_id = $1", who.key) == 2


async def test_a_new_password_signs_out_every_other_device(rig: Rig) -> None:
    email = new_email()
    opened = await rig.opened("Ann", email=email, password=PASSWORD)
    here = rig.auth.tokens.verify(opened.access_token)
    thief = await sessions.sign_in(NewSession(email=email, password=PASSWORD), rig.peer, rig.auth)
    await set_sign_in(rig, here, email, password="another password", current=PASSWORD)
    with pytest.raises(Unauthorized):  # at once, before this server asks the database who has ended
        rig.auth.tokens.verify(thief.access_token)
    with pytest.raises(InvalidRefresh):
        await sessions.rotate(thief.refresh_token, rig.auth)
    assert (await sessions.rotate(opened.refresh_token, rig.auth)).user == here.user


async def test_a_long_name_or_address_is_refused_before_it_is_normalised(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dear(*_: str) -> str:
        """It takes the square of the length: seconds for a body of 64 KiB."""
        raise AssertionError

    heavy = "a" + "\u0315\u0300" * 16_000
    with monkeypatch.context() as patch:
        patch.setattr(unicodedata, "normalize", dear)
        with pytest.raises(TextTooLong):
            await rig.opened(heavy)
        with pytest.raises(InvalidField):
            checked_email(heavy + "@example.org")
