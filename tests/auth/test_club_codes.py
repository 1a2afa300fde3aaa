"""A club has several codes at once, each with an end, and leading somewhere (abuse 7, 12, 13)."""

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
import msgspec
import pytest

from auth.coding import admins_of, code, founded, listed, new, room
from auth.rig import PASSWORD, Rig, new_email
from clubroom import errors, wire
from clubroom.auth import accounts, clubs
from clubroom.auth.door import codes
from clubroom.dba import codes as dba_codes


async def test_a_club_has_several_codes_and_each_says_whom_it_is_for(rig: Rig) -> None:
    ann, club = await founded(rig)
    fair = await code(rig, ann, club.group, note=" Autumn fair ", uses=30, expires_in_s=86_400)
    assert (fair.note, fair.uses_left, fair.came, fair.by_name) == ("Autumn fair", 30, 0, "Ann")
    assert fair.expires_at is not None
    assert fair.url.endswith(f"/join/{fair.code}")
    for opening in (club.code, fair.code):
        assert (await rig.join(await rig.person(), opening)).group == club.group
    found = await listed(rig, ann, club.group)
    assert [(one.note, one.main, one.came) for one in found] == [("", True, 1), ("Autumn fair", False, 1)]
    assert found[1].uses_left == 29
    assert (await clubs.invitation(ann, club.group, rig.auth)).code == club.code


async def test_the_same_key_is_the_same_code(rig: Rig) -> None:
    ann, club = await founded(rig)
    said = new(note="Fair")
    made = await asyncio.gather(*(codes.create_code(ann, club.group, said, rig.auth) for _ in range(8)))
    assert len({one.code.code for one in made}) == 1
    assert sum(not one.repeated for one in made) == 1
    other = await rig.club(ann, "Choir")
    with pytest.raises(errors.IdConflict):
        await codes.create_code(ann, other.group, said, rig.auth)


async def test_who_came_by_which_code_is_seen_by_those_who_run_the_club(rig: Rig) -> None:
    ann, club = await founded(rig)
    fair = await code(rig, ann, club.group, note="Fair")
    ben, cleo = await rig.person("Ben"), await rig.person("Cleo")
    await rig.join(ben, fair.code)
    await rig.join(cleo, club.code)
    await clubs.remove_member(ben, club.group, ben.user, rig.auth)
    await rig.join(ben, fair.code)
    main, shown = await listed(rig, ann, club.group)
    assert [(one.came, [each.name for each in one.people]) for one in (main, shown)] == [
        (1, ["Cleo"]),
        (1, ["Ben"]),
    ]


async def test_of_thirty_who_come_at_once_for_the_last_use_exactly_one_enters(rig: Rig) -> None:
    ann, club = await founded(rig)
    last = await code(rig, ann, club.group, uses=1)
    people = await asyncio.gather(*(rig.person(f"Guest {n}") for n in range(30)))
    answers = await asyncio.gather(
        *(clubs.join_club(one, last.code, f"198.51.100.{n}", rig.auth) for n, one in enumerate(people)),
        return_exceptions=True,
    )
    assert sum(isinstance(one, wire.ClubJoined) for one in answers) == 1
    assert sum(isinstance(one, errors.InvalidCode) for one in answers) == 29
    assert (await listed(rig, ann, club.group))[1].uses_left == 0


async def test_a_member_uses_no_code_up(rig: Rig) -> None:
    ann, club = await founded(rig)
    ben = await rig.person("Ben")
    await rig.join(ben, club.code)
    once = await code(rig, ann, club.group, uses=1)
    for who in (ann, ben, ben):
        assert (await rig.join(who, once.code)).group == club.group
    assert (await listed(rig, ann, club.group))[1].uses_left == 1


async def test_looking_at_a_code_uses_nothing_up(rig: Rig) -> None:
    ann, club = await founded(rig)
    once = await code(rig, ann, club.group, uses=1)
    for _ in range(5):
        shown = await clubs.preview_club(once.code, rig.peer, rig.auth)
        assert (shown.name, shown.members, shown.asks, shown.question) == ("Chess club", 1, False, "")
    assert (await rig.join(await rig.person(), once.code)).group == club.group


async def test_a_code_ends_when_its_time_is_over(rig: Rig) -> None:
    ann, club = await founded(rig)
    short = await code(rig, ann, club.group, expires_in_s=3_600)
    rig.clock.move(minutes=59)
    await rig.join(await rig.person("Ben"), short.code)
    rig.clock.move(minutes=2)
    cleo = await rig.person("Cleo")
    with pytest.raises(errors.InvalidCode):
        await rig.join(cleo, short.code)
    await codes.change_code(ann, club.group, short.id, wire.PatchCode(expires_in_s=0), rig.auth)
    assert (await rig.join(cleo, short.code)).group == club.group


async def test_what_a_code_gives_can_be_changed_and_the_admins_log_tells(rig: Rig) -> None:
    ann, club = await founded(rig)
    made = await code(rig, ann, club.group, note="Fair", uses=1, question="Who are you?", asks=True)
    to = wire.PatchCode(uses=0, asks=False, note="")
    changed = await codes.change_code(ann, club.group, made.id, to, rig.auth)
    assert (changed.note, changed.uses_left, changed.asks) == ("", None, False)
    assert (changed.question, changed.code) == ("Who are you?", made.code)
    await codes.revoke_code(ann, club.group, made.id, rig.auth)
    told = (await rig.log(await admins_of(rig, ann, club.group)))[2:]
    assert [(one["type"], one["by"], one["code"]) for one in told] == [
        (f"join_code_{what}", ann.user, made.id) for what in ("created", "changed", "revoked")
    ]
    for again in (
        codes.revoke_code(ann, club.group, made.id, rig.auth),
        codes.change_code(ann, club.group, made.id, to, rig.auth),
    ):
        with pytest.raises(errors.NotFound):
            await again


async def test_a_reset_ends_all_codes_and_makes_one(rig: Rig) -> None:
    ann, club = await founded(rig)
    old = [club.code, (await code(rig, ann, club.group)).code, (await code(rig, ann, club.group)).code]
    key = uuid4()
    fresh = await codes.reset_codes(ann, club.group, key, rig.auth)
    again = await codes.reset_codes(ann, club.group, key, rig.auth)
    assert (again.code.code, again.repeated) == (fresh.code.code, True)
    assert [one.code for one in await listed(rig, ann, club.group)] == [fresh.code.code]
    assert (await clubs.invitation(ann, club.group, rig.auth)).code == fresh.code.code
    for each in old:
        with pytest.raises(errors.InvalidCode):
            await rig.join(await rig.person(), each)
    assert (await rig.join(await rig.person(), fresh.code.code)).group == club.group


async def test_members_and_outsiders_make_change_reset_and_see_no_codes(rig: Rig) -> None:
    """Abuse 7."""
    ann, club = await founded(rig)
    ben, eve = await rig.person("Ben"), await rig.person("Eve")
    await rig.join(ben, club.code)
    made = await code(rig, ann, club.group)
    for who, refusal in ((ben, errors.Forbidden), (eve, errors.NotFound)):
        for ask in (
            codes.create_code(who, club.group, new(), rig.auth),
            codes.create_code(who, club.group, new(role="admin"), rig.auth),
            codes.reset_codes(who, club.group, uuid4(), rig.auth),
            codes.change_code(who, club.group, made.id, wire.PatchCode(uses=0), rig.auth),
            codes.revoke_code(who, club.group, made.id, rig.auth),
            codes.club_codes(who, club.group, rig.auth),
        ):
            with pytest.raises(refusal):
                await ask
    assert len(await listed(rig, ann, club.group)) == 2


async def test_a_code_of_another_club_is_no_code_of_this_one(rig: Rig) -> None:
    ann, club = await founded(rig)
    ben, other = await founded(rig, "Ben")
    made = await code(rig, ben, other.group)
    for ask in (
        codes.change_code(ann, club.group, made.id, wire.PatchCode(uses=1), rig.auth),
        codes.revoke_code(ann, club.group, made.id, rig.auth),
    ):
        with pytest.raises(errors.NotFound):
            await ask


async def test_a_code_of_the_owner_makes_admins_of_those_who_can_sign_in(rig: Rig) -> None:
    ann, club = await founded(rig)
    opening = await code(rig, ann, club.group, role="admin")
    ben, cleo = await rig.owner("Ben"), await rig.person("Cleo")
    for who in (ben, cleo):
        await rig.join(who, opening.code)
    roles = {
        one.role
        for who in (ben, cleo)
        for one in (await accounts.me(who, rig.auth)).groups
        if one.kind == "club"
    }
    assert roles == {"admin", "member"}
    admins = await admins_of(rig, ben, club.group)  # Cleo has none
    assert admins not in await rig.groups(cleo)
    # an admin neither makes such a code nor sees one, but may take it away
    with pytest.raises(errors.Forbidden):
        await code(rig, ben, club.group, role="admin")
    assert opening.id not in [one.id for one in await listed(rig, ben, club.group)]
    assert (await clubs.invitation(ben, club.group, rig.auth)).code == club.code
    with pytest.raises(errors.NotFound):
        await codes.change_code(ben, club.group, opening.id, wire.PatchCode(uses=9), rig.auth)
    await codes.revoke_code(ben, club.group, opening.id, rig.auth)
    with pytest.raises(errors.InvalidCode):
        await rig.join(await rig.person(), opening.code)


async def test_a_code_gives_no_more_than_its_maker_may_still_give(
    rig: Rig, writer: asyncpg.Connection
) -> None:
    ann, club = await founded(rig)
    ben = await rig.owner("Ben")
    await rig.join(ben, club.code)
    await writer.execute(
        "update memberships set role = 'owner' where user_id = $1 and group_id = $2", ben.key, club.group
    )
    board = await room(rig, ben, club.group, "Board", private=True)
    opening = await code(rig, ben, club.group, role="admin", rooms=[board])
    assert (await listed(rig, ann, club.group))[1].rooms == []  # a room that she is not in is not named
    cleo, dan = await rig.owner("Cleo"), await rig.owner("Dan")
    await rig.join(cleo, opening.code)
    assert board in await rig.groups(cleo)
    await clubs.remove_member(ben, club.group, ben.user, rig.auth)
    await rig.join(dan, opening.code)
    assert board not in await rig.groups(dan)
    me = await accounts.me(dan, rig.auth)
    assert [one.role for one in me.groups if one.kind == "club"] == ["member"]


async def test_a_code_leads_to_rooms(rig: Rig) -> None:
    ann, club = await founded(rig)
    public = await room(rig, ann, club.group, "Openings")
    private = await room(rig, ann, club.group, "Board", private=True)
    await room(rig, ann, club.group, "Elsewhere")
    opening = await code(rig, ann, club.group, rooms=[public, private])
    assert opening.rooms == [public, private]
    ben = await rig.person("Ben")
    await rig.join(ben, opening.code)
    mine = {one.group: one for one in (await accounts.me(ben, rig.auth)).groups}
    assert [group for group, one in mine.items() if one.kind == "channel" and one.followed] == [
        public,
        private,
    ]
    assert (await rig.log(private))[-1] == {
        "seq": 3,
        "type": "member_joined",
        "user": ben.user,
        "name": "Ben",
        "role": "member",
        "by": ann.user,
    }


async def test_a_code_leads_nowhere_else(rig: Rig) -> None:
    ann, club = await founded(rig)
    ben, other = await founded(rig, "Ben")
    foreign = await room(rig, ben, other.group, "Theirs")
    admins = await admins_of(rig, ann, club.group)
    for group in (foreign, admins, club.group, 2**40):
        with pytest.raises(errors.NotFound):
            await code(rig, ann, club.group, rooms=[group])
    with pytest.raises(errors.NotFound):
        await code(rig, ann, club.group, labels=[uuid4()])


async def test_a_code_gives_labels(rig: Rig, writer: asyncpg.Connection) -> None:
    ann, club = await founded(rig)
    keys = [uuid4(), uuid4()]
    for key, name in zip(keys, ("Tenor", "Board"), strict=True):
        await writer.execute(
            "insert into labels(key, group_id, name) values ($1, $2, $3)", key, club.group, name
        )
    opening = await code(rig, ann, club.group, labels=keys[:1])
    ben = await rig.person("Ben")
    await rig.join(ben, opening.code)
    assert (await rig.log(club.group))[-1]["labels"] == [str(keys[0])]
    changed = await codes.change_code(ann, club.group, opening.id, wire.PatchCode(labels=[]), rig.auth)
    assert changed.labels == []


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"note": "x" * 61}, errors.TextTooLong),
        ({"note": "a\u202eb"}, errors.InvalidText),
        ({"question": "x" * 201}, errors.TextTooLong),
        ({"uses": -1}, errors.InvalidField),
        ({"uses": 100_001}, errors.InvalidField),
        ({"expires_in_s": 400 * 86_400}, errors.InvalidField),
        ({"rooms": list(range(1, 22))}, errors.InvalidField),
        ({"labels": [str(uuid4()) for _ in range(21)]}, errors.InvalidField),
        ({"rooms": [-1]}, errors.NotFound),
    ],
)
async def test_what_a_code_cannot_be_is_refused(
    rig: Rig, said: dict[str, Any], refusal: type[errors.ClubroomError]
) -> None:
    ann, club = await founded(rig)
    with pytest.raises(refusal):
        await code(rig, ann, club.group, **said)
    made = await code(rig, ann, club.group)
    with pytest.raises(refusal):
        to = msgspec.convert(said, wire.PatchCode)
        await codes.change_code(ann, club.group, made.id, to, rig.auth)


async def test_a_club_has_at_most_so_many_codes(rig: Rig) -> None:
    ann, club = await founded(rig)
    with pytest.raises(errors.Full):
        await dba_codes.create_code(
            rig.auth.db,
            ann.key,
            club.group,
            new(),
            code_mac=b"x",
            code_sealed=b"x",
            reset=False,
            limits=[],
            codes_max=1,
        )


async def test_nobody_makes_codes_without_end(rig: Rig) -> None:
    ann, club = await founded(rig)
    limits = msgspec.structs.replace(rig.auth.limits, codes_a_person_an_hour=2)
    settings = msgspec.structs.replace(rig.auth.settings, limits=limits)
    auth = msgspec.structs.replace(rig.auth, settings=settings)
    for _ in range(2):
        await codes.reset_codes(ann, club.group, uuid4(), auth)
    with pytest.raises(errors.RateLimited):
        await codes.reset_codes(ann, club.group, uuid4(), auth)


async def test_members_see_the_clubs_own_code_where_it_lets_them_invite(
    rig: Rig, writer: asyncpg.Connection
) -> None:
    ann, club = await founded(rig)
    ben = await rig.person("Ben")
    await rig.join(ben, club.code)
    await code(rig, ann, club.group, note="Fair")
    with pytest.raises(errors.Forbidden):
        await clubs.invitation(ben, club.group, rig.auth)
    await writer.execute("update groups set members_invite = true where id = $1", club.group)
    assert (await clubs.invitation(ben, club.group, rig.auth)).code == club.code
    # but none that leads to more than the club
    [main, _] = await listed(rig, ann, club.group)
    board = await room(rig, ann, club.group, "Board", private=True)
    await codes.change_code(ann, club.group, main.id, wire.PatchCode(rooms=[board]), rig.auth)
    with pytest.raises(errors.NotFound):
        await clubs.invitation(ben, club.group, rig.auth)


async def test_what_was_done_to_codes_stands_in_the_clubs_record(
    rig: Rig, writer: asyncpg.Connection
) -> None:
    ann, club = await founded(rig)
    made = await code(rig, ann, club.group, note="not in the record")
    await codes.change_code(ann, club.group, made.id, wire.PatchCode(uses=3), rig.auth)
    await codes.revoke_code(ann, club.group, made.id, rig.auth)
    rows = await writer.fetch(
        "select what, details::text from audit where group_id = $1 order by id", club.group
    )
    assert [row["what"] for row in rows] == [
        f"join_code_{what}" for what in ("created", "changed", "revoked")
    ]
    assert all("record" not in row["details"] and made.code not in row["details"] for row in rows)


async def test_an_account_can_be_given_a_sign_in_before_it_becomes_admin(rig: Rig) -> None:
    ann, club = await founded(rig)
    opening = await code(rig, ann, club.group, role="admin")
    ben = await rig.person("Ben")
    await accounts.set_sign_in(ben, wire.SignIn(email=new_email(), password=PASSWORD), rig.peer, rig.auth)
    await rig.join(ben, opening.code)
    assert await admins_of(rig, ben, club.group)
