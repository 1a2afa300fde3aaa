"""Clubs are created, and joined by their codes (abuse 12 and 13)."""

import asyncio
from unittest.mock import ANY
from uuid import uuid4

import asyncpg
import msgspec
import pytest

from auth.rig import PASSWORD, Rig, new_email
from clubroom.auth import accounts, clubs
from clubroom.auth.limits import Limits
from clubroom.auth.room import Auth
from clubroom.claims import Claims
from clubroom.dba import clubs as dba_clubs
from clubroom.errors import (
    CreatingClosed,
    Forbidden,
    Full,
    IdConflict,
    InvalidCode,
    InvalidText,
    NotFound,
    RateLimited,
    SignInNeeded,
    WordNeeded,
)
from clubroom.wire import NewClub, SignIn

WRONG = "0000-0000-0000"
PEER = "203.0.113.9"


def hosted(rig: Rig, **settings: object) -> Auth:
    return msgspec.structs.replace(rig.auth, settings=msgspec.structs.replace(rig.auth.settings, **settings))


async def create(auth: Auth, who: Claims, name: str = "Chess club", **fields: object) -> clubs.Created:
    new = msgspec.convert({"key": str(uuid4()), "name": name} | fields, NewClub)
    return await clubs.create_club(who, new, PEER, auth)


async def test_whoever_creates_a_club_owns_it_and_gets_its_code(rig: Rig) -> None:
    ann = await rig.owner("Ann")
    club = await rig.club(ann, " Chess club ")
    assert [len(part) for part in club.code.split("-")] == [4, 4, 4]
    assert club.group in rig.auth.tokens.verify(club.access_token).groups
    groups = {one.kind: one for one in (await accounts.me(ann, rig.auth)).groups}
    assert (groups["club"].group, groups["club"].name, groups["club"].role) == (
        club.group,
        "Chess club",
        "owner",
    )
    assert (groups["admins"].parent, groups["admins"].role) == (club.group, "owner")


async def test_the_logs_tell_how_a_club_began(rig: Rig) -> None:
    ann = await rig.owner("Ann")
    club = (await rig.club(ann, "Chess club")).group
    admins = next(one.group for one in (await accounts.me(ann, rig.auth)).groups if one.kind == "admins")
    joined = {"type": "member_joined", "user": ann.user, "name": "Ann", "role": "owner"}
    assert await rig.log(club) == [
        {"seq": 1, "type": "club_created", "by": ann.user, "name": "Chess club"},
        {"seq": 2, **joined},
    ]
    assert await rig.log(admins) == [
        {"seq": 1, **joined},
        {"seq": 2, "type": "join_code_created", "by": ann.user, "code": ANY},
    ]
    added = {"type": "added_to_group", "name": "Chess club"}
    assert (await rig.own_log(ann))[1:] == [
        {"seq": 2, **added, "group": club, "kind": "club"},
        {"seq": 3, **added, "group": admins, "kind": "admins", "parent": club},
    ]


async def test_the_same_key_is_the_same_club_with_the_same_code(rig: Rig) -> None:
    ann, key = await rig.owner("Ann"), str(uuid4())
    first, again = await create(rig.auth, ann, key=key), await create(rig.auth, ann, key=key)
    assert (first.club.group, first.club.code) == (again.club.group, again.club.code)
    assert (first.repeated, again.repeated) == (False, True)
    with pytest.raises(IdConflict):
        await create(rig.auth, ann, "Another name", key=key)
    ben = await rig.owner("Ben")
    assert (await create(rig.auth, ben, key=key)).club.group != first.club.group


async def test_twenty_calls_with_one_key_make_one_club(rig: Rig) -> None:
    ann, key = await rig.owner("Ann"), str(uuid4())
    made = await asyncio.gather(*(create(rig.auth, ann, key=key) for _ in range(20)))
    assert len({(one.club.group, one.club.code) for one in made}) == 1
    assert sum(not one.repeated for one in made) == 1


async def test_a_name_alone_creates_no_club_until_a_sign_in_is_set(rig: Rig) -> None:
    ann = await rig.person("Ann")
    with pytest.raises(SignInNeeded):
        await create(rig.auth, ann)
    await accounts.set_sign_in(ann, SignIn(email=new_email(), password=PASSWORD), rig.peer, rig.auth)
    assert (await create(rig.auth, ann)).club.group


async def test_a_club_with_an_impossible_name_is_not_created(rig: Rig) -> None:
    ann = await rig.owner("Ann")
    with pytest.raises(InvalidText):
        await create(rig.auth, ann, "\u200b")
    assert len(await rig.groups(ann)) == 1


async def test_the_hosts_word_cannot_be_guessed_at_full_speed(rig: Rig) -> None:
    ann, auth = await rig.owner("Ann"), hosted(rig, create="word", word="Springer")
    new = NewClub(key=uuid4(), name="Chess club", word="Dame")
    for _ in range(20):
        with pytest.raises(WordNeeded):
            await clubs.create_club(ann, new, rig.peer, auth)
    right = msgspec.structs.replace(new, word="Springer")
    with pytest.raises(RateLimited):
        await clubs.create_club(ann, right, rig.peer, auth)
    assert (await clubs.create_club(ann, right, PEER, auth)).club.group


async def test_where_the_host_asks_for_a_word_it_must_be_said(rig: Rig) -> None:
    ann, auth = await rig.owner("Ann"), hosted(rig, create="word", word="Springer")
    for word in (None, "", "springer", "Springer!", "\u00e9"):
        with pytest.raises(WordNeeded):
            await create(auth, ann, word=word)
    assert (await create(auth, ann, word=" Springer ")).club.group
    with pytest.raises(WordNeeded):
        await create(hosted(rig, create="word", word=None), ann, word="")


async def test_where_the_host_closed_it_nobody_creates(rig: Rig) -> None:
    ann = await rig.owner("Ann")
    with pytest.raises(CreatingClosed):
        await create(hosted(rig, create="closed"), ann)


async def test_a_person_has_at_most_so_many_clubs(rig: Rig) -> None:
    ann, ben = await rig.owner("Ann"), await rig.owner("Ben")
    codes = [(await rig.club(ben)).code for _ in range(2)]
    await rig.join(ann, codes[0])
    mac, sealed = rig.auth.keys.code_macs("A" * 12)[0], rig.auth.keys.seal("A" * 12)
    with pytest.raises(Full):
        await dba_clubs.create_club(
            rig.auth.db, ann.key, key=uuid4(), name="B", code_mac=mac, code_sealed=sealed, clubs_max=1
        )
    macs = rig.auth.keys.code_macs(codes[1].replace("-", ""))
    with pytest.raises(Full):
        await dba_clubs.join_club(rig.auth.db, ann.key, macs, limits=[], clubs_max=1)
    assert (await dba_clubs.join_club(rig.auth.db, ann.key, macs, limits=[], clubs_max=2)).group


async def test_a_code_lets_people_in_and_both_logs_tell(rig: Rig) -> None:
    ann = await rig.owner("Ann")
    club = await rig.club(ann)
    ben = await rig.person("Ben")
    joined = await rig.join(ben, club.code)
    assert (joined.group, joined.name) == (club.group, "Chess club")
    assert club.group in rig.auth.tokens.verify(joined.access_token).groups
    assert (await rig.log(club.group))[-1] == {
        "seq": 3,
        "type": "member_joined",
        "user": ben.user,
        "name": "Ben",
        "role": "member",
    }
    assert (await rig.own_log(ben))[-1]["group"] == club.group


async def test_a_code_is_understood_however_it_is_typed(rig: Rig) -> None:
    code = (await rig.club(await rig.owner())).code
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert (await rig.join(await rig.person(), f" {typed} ")).name == "Chess club"


async def test_joining_twice_is_joining_once(rig: Rig) -> None:
    club, ben = await rig.club(await rig.owner()), await rig.person("Ben")
    first = await rig.join(ben, club.code)
    again = await asyncio.gather(*(rig.join(ben, club.code) for _ in range(20)))
    assert {(one.group, one.name) for one in again} == {(first.group, first.name)}
    assert len(await rig.log(club.group)) == 3


async def test_a_full_club_lets_nobody_in_but_those_who_are(rig: Rig) -> None:
    club, ben, cleo = await rig.club(await rig.owner()), await rig.person("Ben"), await rig.person("Cleo")
    macs = rig.auth.keys.code_macs(club.code.replace("-", ""))
    await dba_clubs.join_club(rig.auth.db, ben.key, macs, limits=[], members_max=2)
    with pytest.raises(Full):
        await dba_clubs.join_club(rig.auth.db, cleo.key, macs, limits=[], members_max=2)
    assert (await dba_clubs.join_club(rig.auth.db, ben.key, macs, limits=[], members_max=2)).group
    assert len(await rig.log(club.group)) == 3


async def test_of_many_who_join_at_once_the_last_seat_goes_to_one(rig: Rig) -> None:
    club = await rig.club(await rig.owner())
    people = [await rig.person(f"Person {n}") for n in range(10)]
    macs = rig.auth.keys.code_macs(club.code.replace("-", ""))
    answers = await asyncio.gather(
        *(dba_clubs.join_club(rig.auth.db, one.key, macs, limits=[], members_max=2) for one in people),
        return_exceptions=True,
    )
    assert sum(isinstance(one, Full) for one in answers) == 9


async def test_a_hundred_and_twenty_people_join_from_one_hall(rig: Rig) -> None:
    club = await rig.club(await rig.owner())

    async def arrive(n: int) -> None:
        person = await rig.person(f"Guest {n}")
        await clubs.preview_club(club.code, rig.peer, rig.auth)
        assert (await rig.join(person, club.code)).group == club.group

    await asyncio.gather(*(arrive(n) for n in range(120)))
    assert (await clubs.preview_club(club.code, rig.peer, rig.auth)).members == 121
    assert [one["seq"] for one in await rig.log(club.group)] == list(range(1, 123))


async def spoil(writer: asyncpg.Connection, change: str, group: int) -> None:
    sql = f"update join_codes set {change} where group_id = $1"  # noqa: S608
    await writer.execute(sql, group)


@pytest.mark.parametrize(
    "change", ["revoked_at = now()", "expires_at = now() - interval '1 second'", "uses_left = 0"]
)
async def test_a_code_that_opens_no_more_is_as_unknown_as_one_that_never_did(
    rig: Rig, writer: asyncpg.Connection, change: str
) -> None:
    ann, ben = await rig.owner("Ann"), await rig.person("Ben")
    club = await rig.club(ann)
    await spoil(writer, change, club.group)
    answers = []
    for code in (club.code, WRONG):
        with pytest.raises(InvalidCode) as refused:
            await rig.join(ben, code)
        with pytest.raises(InvalidCode):
            await clubs.preview_club(code, rig.peer, rig.auth)
        answers.append((refused.value.detail, refused.value.retry_ms))
    assert answers[0] == answers[1]
    with pytest.raises(NotFound):
        await clubs.invitation(ann, club.group, rig.auth)


async def test_to_whom_a_club_blocked_its_code_is_unknown(rig: Rig, writer: asyncpg.Connection) -> None:
    ann, ben = await rig.owner("Ann"), await rig.person("Ben")
    club = await rig.club(ann)
    await writer.execute("insert into club_blocks values ($1, $2, $3, now())", club.group, ben.key, ann.key)
    with pytest.raises(InvalidCode):
        await rig.join(ben, club.code)
    assert (await rig.join(await rig.person("Cleo"), club.code)).group


async def test_a_code_with_one_use_left_lets_one_in(rig: Rig, writer: asyncpg.Connection) -> None:
    club = await rig.club(await rig.owner())
    await spoil(writer, "uses_left = 1", club.group)
    people = [await rig.person(f"Person {n}") for n in range(4)]
    answers = await asyncio.gather(*(rig.join(one, club.code) for one in people), return_exceptions=True)
    assert sum(isinstance(one, InvalidCode) for one in answers) == 3
    inside = next(who for who, one in zip(people, answers, strict=True) if not isinstance(one, Exception))
    assert (await rig.join(inside, club.code)).group == club.group  # repeated after a lost reply


async def test_after_five_wrong_codes_a_person_waits_even_with_a_right_one(rig: Rig) -> None:
    club, ben = await rig.club(await rig.owner()), await rig.person("Ben")
    for code in (WRONG, "1111-1111-1111", "2222-2222-2222", "3333-3333-3333", "4444-4444-4444"):
        with pytest.raises(InvalidCode):
            await rig.join(ben, code)
    with pytest.raises(RateLimited) as over:
        await rig.join(ben, club.code)
    assert 3_500_000 < (over.value.retry_ms or 0) <= 3_600_000
    # neither the code nor the address is locked
    assert (await rig.join(await rig.person("Cleo"), club.code)).group
    rig.clock.move(minutes=61)
    assert (await rig.join(ben, club.code)).group


async def test_fifty_guesses_at_once_are_five_guesses(rig: Rig) -> None:
    ben = await rig.person("Ben")
    answers = await asyncio.gather(*(rig.join(ben, WRONG) for _ in range(50)), return_exceptions=True)
    assert sum(isinstance(one, InvalidCode) for one in answers) == 5
    assert sum(isinstance(one, RateLimited) for one in answers) == 45


async def test_after_twenty_wrong_codes_from_an_address_only_right_ones_are_answered_there(rig: Rig) -> None:
    club = await rig.club(await rig.owner())
    for n in range(20):
        with pytest.raises(InvalidCode):
            if n % 2:
                await clubs.preview_club(WRONG, rig.peer, rig.auth)
            else:
                await rig.join(await rig.person(), WRONG)
    cleo = await rig.person("Cleo")
    for ask in (rig.join(cleo, WRONG), clubs.preview_club(WRONG, rig.peer, rig.auth)):
        with pytest.raises(RateLimited) as over:
            await ask
        assert 3_500_000 < (over.value.retry_ms or 0) <= 3_600_000
    assert (await clubs.preview_club(club.code, rig.peer, rig.auth)).members == 1
    assert (await rig.join(cleo, club.code)).group == club.group


async def test_at_an_address_that_has_to_wait_a_person_still_guesses_five_times_only(rig: Rig) -> None:
    club, ben = await rig.club(await rig.owner()), await rig.person("Ben")
    strict = hosted(rig, limits=Limits(wrong_codes_an_address_an_hour=1))
    with pytest.raises(InvalidCode):
        await clubs.preview_club(WRONG, rig.peer, strict)
    for code in (*[WRONG] * 5, club.code):
        with pytest.raises(RateLimited):
            await clubs.join_club(ben, code, rig.peer, strict)


async def test_what_cannot_be_a_code_is_refused_and_counts_for_nothing(rig: Rig) -> None:
    club, ben = await rig.club(await rig.owner()), await rig.person("Ben")
    for code in ("", "x", "what is this", "K7QM-9XRT-2HV", "x" * 5_000) * 5:
        with pytest.raises(InvalidCode):
            await rig.join(ben, code)
    with pytest.raises(InvalidCode):  # an address that had to wait would not be told so much
        await clubs.preview_club(WRONG, rig.peer, rig.auth)
    assert (await rig.join(ben, club.code)).group == club.group


async def test_guesses_from_a_hundred_addresses_stop_after_five_for_one_person(rig: Rig) -> None:
    ben = await rig.person("Ben")
    for n in range(5):
        with pytest.raises(InvalidCode):
            await clubs.join_club(ben, WRONG, f"198.51.100.{100 + n}", rig.auth)
    for n in range(95):
        with pytest.raises(RateLimited):
            await clubs.join_club(ben, WRONG, f"203.0.113.{n}", rig.auth)


async def test_a_preview_shows_name_and_size(rig: Rig) -> None:
    club = await rig.club(await rig.owner(), "Choir")
    shown = await clubs.preview_club(club.code, rig.peer, rig.auth)
    assert (shown.name, shown.members) == ("Choir", 1)


async def test_owners_and_admins_see_the_code_again_members_and_outsiders_do_not(
    rig: Rig, writer: asyncpg.Connection
) -> None:
    ann, ben = await rig.owner("Ann"), await rig.person("Ben")
    club = await rig.club(ann)
    await rig.join(ben, club.code)
    shown = await clubs.invitation(ann, club.group, rig.auth)
    assert (shown.code, shown.url) == (club.code, f"http://localhost:8000/join/{club.code}")
    assert shown.only_here
    with pytest.raises(Forbidden):
        await clubs.invitation(ben, club.group, rig.auth)
    await writer.execute(
        "update memberships set role = 'admin' where user_id = $1 and group_id = $2", ben.key, club.group
    )
    assert (await clubs.invitation(ben, club.group, rig.auth)).code == club.code
    admins = next(one.group for one in (await accounts.me(ann, rig.auth)).groups if one.kind == "admins")
    for who, group in (
        (await rig.person("Cleo"), club.group),
        (ann, 2**40),
        (ann, admins),
        (ann, 2**64),
        (ann, -1),
    ):
        with pytest.raises(NotFound):
            await clubs.invitation(who, group, rig.auth)


@pytest.mark.parametrize(
    ("url", "only_here"),
    [
        ("http://localhost:8000", True),
        ("http://127.0.0.1:8000", True),
        ("http://[::1]:8000", True),
        ("http://club.localhost", True),
        ("http://192.168.1.7:8000", False),
        ("https://club.example", False),
    ],
)
async def test_a_link_says_whether_it_opens_on_this_computer_alone(
    rig: Rig, url: str, only_here: bool
) -> None:
    assert hosted(rig, public_url=url).settings.only_here is only_here


async def test_a_code_sealed_by_a_secret_that_was_given_up_is_not_found(rig: Rig) -> None:
    ann = await rig.owner("Ann")
    club = await rig.club(ann)
    changed = msgspec.structs.replace(rig.auth, keys=type(rig.auth.keys)(b"n" * 32))
    with pytest.raises(NotFound):
        await clubs.invitation(ann, club.group, changed)
