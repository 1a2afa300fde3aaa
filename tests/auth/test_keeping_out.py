"""Whoever is removed can be kept out, and what they wrote goes with them (abuse 13, F14)."""

from uuid import UUID

import asyncpg
import pytest

from auth.coding import WRONG, admins_of, code, founded, room
from auth.rig import Rig
from auth.test_asking import asked, mine, waiting
from clubroom import errors, wire
from clubroom.auth import clubs
from clubroom.auth.door import asking
from clubroom.claims import Claims
from clubroom.dba import safety
from house.uuid7 import uuid7


async def block(rig: Rig, who: Claims, club: int, user: str, erase: wire.Erase | None = None) -> None:
    await asking.block(who, club, user, erase, rig.auth)


async def blocked(rig: Rig, who: Claims, club: int) -> list[str]:
    return [one.name for one in (await asking.blocks(who, club, rig.auth)).blocks]


async def with_ben(rig: Rig) -> tuple[Claims, wire.ClubMade, Claims]:
    ann, club = await founded(rig)
    ben = await rig.person("Ben")
    await rig.join(ben, club.code)
    return ann, club, ben


async def say(writer: asyncpg.Connection, who: Claims, group: int, text: str, ago: str = "0 s") -> UUID:
    """As if it had been said so long ago."""
    name = uuid7()
    [row] = await writer.fetch(
        "select * from post_messages(array[$1::uuid], array[$2::bigint], array[$3::bigint], array[$4], "
        "array[null::bytea], array[convert_to($5, 'UTF8')], array[null::uuid], array[null::text])",
        name,
        group,
        who.key,
        text,
        f'{{"type":"message_posted","id":"{name}","author":"{who.user}","text":"{text}"}}',
    )
    assert row["code"] == "ok"
    await writer.execute(
        "update messages set sent_at = sent_at - $2::text::interval where id = $1", name, ago
    )
    return name


async def test_whoever_is_blocked_is_out_and_their_code_is_like_a_wrong_one(rig: Rig) -> None:
    ann, club, ben = await with_ben(rig)
    await block(rig, ann, club.group, ben.user)
    assert (await rig.log(club.group))[-1]["type"] == "member_removed"
    assert club.group not in await rig.groups(ben)
    told = set()
    for opening in (club.code, (await code(rig, ann, club.group, asks=True)).code, WRONG):
        with pytest.raises(errors.InvalidCode) as refused:
            await rig.join(ben, opening)
        told.add((refused.value.code, refused.value.detail, refused.value.retry_ms))
    assert len(told) == 1
    assert await blocked(rig, ann, club.group) == ["Ben"]
    await asking.unblock(ann, club.group, ben.user, rig.auth)
    assert (await rig.join(ben, club.code)).group == club.group
    with pytest.raises(errors.NotFound):
        await asking.unblock(ann, club.group, ben.user, rig.auth)


async def test_whoever_waits_or_has_left_can_be_kept_out_too(rig: Rig) -> None:
    ann, club, opening, ben = await asked(rig)
    cleo = await rig.person("Cleo")
    await rig.join(cleo, (await clubs.invitation(ann, club, rig.auth)).code)
    await clubs.remove_member(cleo, club, cleo.user, rig.auth)
    for who in (ben, cleo):
        await block(rig, ann, club, who.user)
        await block(rig, ann, club, who.user)
    assert sorted(await blocked(rig, ann, club)) == ["Ben", "Cleo"]
    assert (await waiting(rig, ann, club), await mine(rig, ben)) == ([], [])
    with pytest.raises(errors.InvalidCode):
        await rig.ask(ben, opening.code, "again")


async def test_nobody_learns_by_blocking_whether_somebody_exists(rig: Rig) -> None:
    ann, club, ben = await with_ben(rig)
    stranger = await rig.person("Eve")
    for user in (stranger.user, "u_nobody", "x" * 300, "a\0b"):
        with pytest.raises(errors.NotFound):
            await block(rig, ann, club.group, user)
    for who, refusal in ((ben, errors.Forbidden), (stranger, errors.NotFound)):
        for ask in (
            block(rig, who, club.group, ann.user),
            asking.unblock(who, club.group, ben.user, rig.auth),
            asking.blocks(who, club.group, rig.auth),
        ):
            with pytest.raises(refusal):
                await ask
    with pytest.raises(errors.Forbidden):
        await block(rig, ann, club.group, ann.user)


async def test_an_admin_blocks_no_other_admin_and_no_owner(rig: Rig) -> None:
    ann, club = await founded(rig)
    opening = await code(rig, ann, club.group, role="admin")
    ben, cleo = await rig.owner("Ben"), await rig.owner("Cleo")
    for who in (ben, cleo):
        await rig.join(who, opening.code)
    for target in (ann, cleo):
        with pytest.raises(errors.Forbidden):
            await block(rig, ben, club.group, target.user)
    await block(rig, ann, club.group, ben.user)
    assert (await rig.log(await admins_of(rig, cleo, club.group)))[-1]["type"] == "member_removed"


async def test_a_club_keeps_so_many_out(rig: Rig) -> None:
    ann, club, ben = await with_ben(rig)
    with pytest.raises(errors.Full):
        await safety.block(rig.auth.db, ann.key, club.group, ben.user, erase_s=None, blocks_max=0)
    assert club.group in await rig.groups(ben)


async def erased(rig: Rig) -> None:
    while await safety.erase_some(rig.auth.db, looked=2):
        continue


@pytest.mark.parametrize(
    ("erase", "left"),
    [
        ("day", ["from Ann", "a month old", "two days old", ""]),
        ("week", ["from Ann", "a month old", "", ""]),
        ("all", ["from Ann", "", "", ""]),
    ],
)
async def test_what_the_removed_wrote_goes_as_far_back_as_one_wants(
    rig: Rig, writer: asyncpg.Connection, erase: wire.Erase, left: list[str]
) -> None:
    ann, club, ben = await with_ben(rig)
    openings = await room(rig, ann, club.group, "Openings")
    for group in (club.group, openings):
        await say(writer, ann, group, "from Ann", "40 days")
        for text, ago in (("a month old", "30 days"), ("two days old", "2 days"), ("new", "1 minute")):
            await say(writer, ben, group, text, ago)
    await clubs.remove_member(ann, club.group, ben.user, rig.auth, erase)
    await erased(rig)
    for group in (club.group, openings):
        texts = await writer.fetch(
            "select coalesce(text, '') as t from messages where group_id = $1 order by seq", group
        )
        assert [row["t"] for row in texts] == left
        log = await rig.log(group)
        deleted = [one for one in log if one["type"] == "message_deleted"]
        assert len(deleted) == left.count("")
        assert {one["by"] for one in deleted} == {ann.user}
    assert await writer.fetchval("select count(*) from erasures where group_id = $1", club.group) == 0


async def test_what_was_said_in_a_room_that_the_admin_is_not_in_stays(
    rig: Rig, writer: asyncpg.Connection
) -> None:
    ann, club, ben = await with_ben(rig)
    secret = await room(rig, ben, club.group, "Ours", private=True)
    await say(writer, ben, secret, "stays")
    await say(writer, ben, club.group, "goes")
    await block(rig, ann, club.group, ben.user, "all")
    await erased(rig)
    texts = await writer.fetch("select text from messages where author = $1 order by sent_at", ben.key)
    assert [row["text"] for row in texts] == ["stays", None]


async def test_an_admin_who_goes_while_it_is_under_way_leaves_the_rest_standing(
    rig: Rig, writer: asyncpg.Connection
) -> None:
    ann, club = await founded(rig)
    dan, ben = await rig.owner("Dan"), await rig.person("Ben")
    await rig.join(dan, (await code(rig, ann, club.group, role="admin")).code)
    await rig.join(ben, club.code)
    for n in range(6):
        await say(writer, ben, club.group, f"{n}")
    await block(rig, dan, club.group, ben.user, "all")
    await safety.erase_some(rig.auth.db, looked=3)
    await clubs.remove_member(dan, club.group, dan.user, rig.auth)
    await erased(rig)
    texts = await writer.fetch("select text from messages where author = $1 order by seq", ben.key)
    assert [row["text"] for row in texts].count(None) <= 3


async def test_only_whoever_runs_the_club_deletes_what_others_wrote(rig: Rig) -> None:
    ann, club, ben = await with_ben(rig)
    with pytest.raises(errors.Forbidden):
        await clubs.remove_member(ben, club.group, ben.user, rig.auth, "all")
    with pytest.raises(errors.Forbidden):
        await clubs.remove_member(ben, club.group, ann.user, rig.auth, "all")
    board = await room(rig, ann, club.group, "Board", private=True)
    with pytest.raises(errors.Forbidden):
        await clubs.remove_member(ann, board, ann.user, rig.auth, "day")
    assert club.group in await rig.groups(ben)


async def test_a_block_stands_in_the_clubs_record(rig: Rig, writer: asyncpg.Connection) -> None:
    ann, club, ben = await with_ben(rig)
    await block(rig, ann, club.group, ben.user, "day")
    await asking.unblock(ann, club.group, ben.user, rig.auth)
    rows = await writer.fetch("select what from audit where group_id = $1 order by id", club.group)
    assert [row["what"] for row in rows] == [
        "member_removed",
        "member_blocked",
        "messages_deleted",
        "member_unblocked",
    ]
