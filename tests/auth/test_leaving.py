"""Leaving a club, and being removed from it."""

import asyncio

import asyncpg
import pytest

from auth.rig import Rig
from clubroom.auth import accounts, clubs
from clubroom.claims import Claims
from clubroom.dba import reading
from clubroom.errors import ClubroomError, Forbidden, LastOwner, NotFound
from clubroom.wire import SEQ_MAX


async def remove(rig: Rig, who: Claims, group: int, user: str) -> None:
    await clubs.remove_member(who, group, user, rig.auth)


async def give_role(writer: asyncpg.Connection, who: Claims, group: int, role: str) -> None:
    await writer.execute(
        "update memberships set role = $1 where user_id = $2 and group_id = $3", role, who.key, group
    )


async def admins_of(rig: Rig, who: Claims) -> int:
    return next(one.group for one in (await accounts.me(who, rig.auth)).groups if one.kind == "admins")


async def test_a_member_leaves_and_both_logs_tell(rig: Rig) -> None:
    ann, ben = await rig.owner("Ann"), await rig.person("Ben")
    club = await rig.club(ann)
    await rig.join(ben, club.code)
    await remove(rig, ben, club.group, ben.user)
    assert (await rig.log(club.group))[-1] == {
        "seq": 4,
        "type": "member_removed",
        "user": ben.user,
        "by": ben.user,
    }
    assert (await rig.own_log(ben))[-1] == {"seq": 3, "type": "removed_from_group", "group": club.group}
    assert club.group not in await rig.groups(ben)


async def test_the_removed_read_nothing_from_the_commit_on(rig: Rig) -> None:
    ann, ben = await rig.owner("Ann"), await rig.person("Ben")
    club = await rig.club(ann)
    await rig.join(ben, club.code)
    await remove(rig, ann, club.group, ben.user)
    with pytest.raises(NotFound):
        await reading.messages_before(rig.auth.db, ben.key, club.group, SEQ_MAX, 50)
    assert await reading.readable_groups(rig.auth.db, ben.key, [club.group]) == []
    with pytest.raises(NotFound):
        await remove(rig, ben, club.group, ben.user)


async def test_the_cut_names_whom_it_removes_for_live_delivery(rig: Rig) -> None:
    ann, ben = await rig.owner("Ann"), await rig.person("Ben")
    club = await rig.club(ann)
    await rig.join(ben, club.code)
    await remove(rig, ann, club.group, ben.user)
    entries = await reading.log_after(rig.auth.db, club.group, 2, 10)
    assert [(one.seq, one.joined, one.cut) for one in entries] == [(3, ben.key, None), (4, None, ben.key)]


async def test_removal_cuts_the_groups_below_in_the_same_moment(rig: Rig, writer: asyncpg.Connection) -> None:
    ann, ben = await rig.owner("Ann"), await rig.person("Ben")
    club = await rig.club(ann)
    await rig.join(ben, club.code)
    admins = await admins_of(rig, ann)
    await give_role(writer, ben, club.group, "admin")
    await writer.execute(
        "insert into memberships(group_id, user_id, role, since_seq) values ($1, $2, 'admin', 1)",
        admins,
        ben.key,
    )
    await remove(rig, ann, club.group, ben.user)
    assert (await rig.log(admins))[-1]["type"] == "member_removed"
    closed = await writer.fetch(
        "select group_id, to_seq from memberships where user_id = $1 and to_seq is not null", ben.key
    )
    assert {(row["group_id"], row["to_seq"]) for row in closed} == {(club.group, 4), (admins, 3)}
    assert [one["group"] for one in (await rig.own_log(ben))[-2:]] == [club.group, admins]
    assert len(await rig.groups(ben)) == 1


async def test_who_may_remove_whom(rig: Rig, writer: asyncpg.Connection) -> None:
    ann, ada, ben, cleo, outsider = (
        await rig.owner("Ann"),
        *[await rig.person(name) for name in ("Ada", "Ben", "Cleo", "Xaver")],
    )
    club = await rig.club(ann)
    for one in (ada, ben, cleo):
        await rig.join(one, club.code)
    await give_role(writer, ada, club.group, "admin")
    refusals: list[tuple[Claims, str, type[ClubroomError]]] = [
        (ben, cleo.user, Forbidden),
        (ben, ada.user, Forbidden),
        (ben, ann.user, Forbidden),
        (ada, ann.user, Forbidden),
        (outsider, ben.user, NotFound),
        (outsider, outsider.user, NotFound),
        (ann, outsider.user, NotFound),
        (ann, "u_nobody", NotFound),
        (ann, "\0", NotFound),
        (ann, "u" * 300, NotFound),
    ]
    for who, user, error in refusals:
        with pytest.raises(error):
            await remove(rig, who, club.group, user)
    assert len(await rig.log(club.group)) == 5
    await remove(rig, ada, club.group, ben.user)
    await remove(rig, ann, club.group, ada.user)


async def test_the_last_owner_stays(rig: Rig, writer: asyncpg.Connection) -> None:
    ann, ben = await rig.owner("Ann"), await rig.owner("Ben")
    club = await rig.club(ann)
    with pytest.raises(LastOwner):
        await remove(rig, ann, club.group, ann.user)
    await rig.join(ben, club.code)
    await give_role(writer, ben, club.group, "owner")
    answers = await asyncio.gather(
        remove(rig, ann, club.group, ann.user),
        remove(rig, ben, club.group, ben.user),
        return_exceptions=True,
    )
    assert sum(isinstance(one, LastOwner) for one in answers) == 1


async def test_only_clubs_are_left_so(rig: Rig) -> None:
    ann = await rig.owner("Ann")
    await rig.club(ann)
    for one in (await accounts.me(ann, rig.auth)).groups:
        if one.kind != "club":
            with pytest.raises(Forbidden):
                await remove(rig, ann, one.group, ann.user)
    for group in (2**40, 0, 2**70):
        with pytest.raises(NotFound):
            await remove(rig, ann, group, ann.user)


async def test_joining_again_is_a_new_membership_and_opens_the_past(
    rig: Rig, writer: asyncpg.Connection
) -> None:
    ann, ben = await rig.owner("Ann"), await rig.person("Ben")
    club = await rig.club(ann)
    await rig.join(ben, club.code)
    await remove(rig, ann, club.group, ben.user)
    await rig.join(ben, club.code)
    rows = await writer.fetch(
        "select from_seq, since_seq, to_seq from memberships where user_id = $1 and group_id = $2"
        " order by id",
        ben.key,
        club.group,
    )
    assert [tuple(row) for row in rows] == [(1, 3, 4), (1, 5, None)]


async def test_ten_removals_of_one_person_at_once_are_one(rig: Rig) -> None:
    ann, ben = await rig.owner("Ann"), await rig.person("Ben")
    club = await rig.club(ann)
    await rig.join(ben, club.code)
    answers = await asyncio.gather(
        *(remove(rig, ann, club.group, ben.user) for _ in range(10)), return_exceptions=True
    )
    assert sum(isinstance(one, NotFound) for one in answers) == 9
    assert len(await rig.log(club.group)) == 4


async def test_comings_and_goings_in_many_clubs_at_once_never_deadlock(rig: Rig) -> None:
    ann = await rig.owner("Ann")
    made = [await rig.club(ann, f"Club {n}") for n in range(4)]
    people = [await rig.person(f"Person {n}") for n in range(6)]

    async def wander(who: Claims, turn: int) -> None:
        for club in made[turn:] + made[:turn]:
            await rig.join(who, club.code)
        for club in made[:turn] + made[turn:]:
            await remove(rig, who, club.group, who.user)

    await asyncio.gather(*(wander(who, n % 4) for n, who in enumerate(people)))
    for club in made:
        assert [one["seq"] for one in await rig.log(club.group)] == list(range(1, 15))
