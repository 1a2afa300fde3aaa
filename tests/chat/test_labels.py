"""What members of a club are called together: who makes labels, who carries them, whom they call."""

import asyncio

import asyncpg
import pytest

from clubroom import errors, wire
from clubroom.dba import members
from clubroom.dba.embedded import EmbeddedPostgres
from house.person import Json, Person
from house.server import House
from house.uuid7 import uuid7

FORBIDDEN = (403, "forbidden")
UNKNOWN = (404, "not_found")
FULL = (409, "full")


async def nothing(_: object) -> None:
    """F17 at the end is enough."""


async def made(person: Person, club: int, name: str) -> str:
    label = str(uuid7())
    await person.ok("PUT", f"/api/groups/{club}/labels/{label}", {"name": name})
    return label


async def label(person: Person, club: int, other: Person, *labels: str) -> None:
    await person.ok("PUT", f"/api/groups/{club}/members/{other.user}/labels", {"labels": list(labels)})


async def carried(person: Person, club: int) -> dict[str, list[str]]:
    """Whoever carries labels, as this person sees it."""
    members = (await person.snapshot(club))["members"]
    return {member["user"]: member["labels"] for member in members if "labels" in member}


async def last(person: Person, club: int) -> Json:
    found = (await person.actions(club))[-1]
    return {key: value for key, value in found.items() if key not in ("seq", "at")}


async def test_a_label_is_made_named_anew_and_taken_away_for_everybody(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    tenor = await made(ann, club, " Tenor ")
    assert (await ben.snapshot(club))["labels"] == [{"label": tenor, "name": "Tenor"}]
    assert await last(ben, club) == {"type": "label_defined", "label": tenor, "name": "Tenor", "by": ann.user}
    head = (await ben.snapshot(club))["seq"]
    await ann.ok("PUT", f"/api/groups/{club}/labels/{tenor}", {"name": "Tenor"})
    assert (await ben.snapshot(club))["seq"] == head  # the same again changes nothing
    await ann.ok("PUT", f"/api/groups/{club}/labels/{tenor}", {"name": "tenor"})
    await label(ann, club, ben, tenor)
    assert await carried(ann, club) == {ben.user: [tenor]}
    await ann.ok("DELETE", f"/api/groups/{club}/labels/{tenor}")
    assert (await ben.snapshot(club))["labels"] == []
    assert await carried(ann, club) == {}
    assert await ann.refused("DELETE", f"/api/groups/{club}/labels/{tenor}") == UNKNOWN


async def test_no_two_labels_of_a_club_are_called_alike(house: House) -> None:
    club, [ann] = await house.club("Ann")
    other = (await ann.create_club("Go club"))["group"]
    tenor = await made(ann, club, "Ténor")
    bass = await made(ann, club, "Bass")
    await made(ann, other, "Bass")
    taken = (409, "name_taken")
    assert await ann.refused("PUT", f"/api/groups/{club}/labels/{uuid7()}", {"name": "TÉNOR"}) == taken
    assert await ann.refused("PUT", f"/api/groups/{club}/labels/{bass}", {"name": "ténor"}) == taken
    conflict = (409, "id_conflict")
    assert await ann.refused("PUT", f"/api/groups/{other}/labels/{tenor}", {"name": "Alto"}) == conflict
    path = f"/api/groups/{club}/labels/{uuid7()}"
    assert await ann.refused("PUT", path, {"name": "x" * 41}) == (400, "text_too_long")
    for name in (" ", "a\u202eb", "a\u200bb"):
        assert (await ann.refused("PUT", path, {"name": name}))[0] == 400
    no_v7 = "6f1c1f5e-3a57-4b5e-9a43-0d2ff2b6e0aa"
    field = (400, "invalid_field")
    assert await ann.refused("PUT", f"/api/groups/{club}/labels/{no_v7}", {"name": "x"}) == field


async def test_twenty_who_make_a_label_of_one_name_at_once_make_one(house: House) -> None:
    club, [ann] = await house.club("Ann")
    calls = [
        ann.http.put(f"/api/groups/{club}/labels/{uuid7()}", json={"name": "Alto"}, headers=ann.headers)
        for _ in range(20)
    ]
    codes = [answer.status_code for answer in await asyncio.gather(*calls)]
    assert sorted(codes) == [204] + [409] * 19
    assert len((await ann.snapshot(club))["labels"]) == 1


async def test_a_member_carries_exactly_what_was_said_and_each_change_is_told_once(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    tenor, board = sorted([await made(ann, club, "Tenor"), await made(ann, club, "Board")])
    head = (await ann.snapshot(club))["seq"]
    await label(ann, club, ben, board, tenor)
    await label(ann, club, ben, tenor, board, board)
    await label(ann, club, cleo)
    said = await cleo.actions(club, head)
    assert [(one["type"], one["user"], one["labels"], one["by"]) for one in said] == [
        ("member_labelled", ben.user, [tenor, board], ann.user)
    ]
    await label(ann, club, ben, board)
    assert await carried(cleo, club) == {ben.user: [board]}
    await label(ann, club, ben)
    assert await carried(cleo, club) == {}


async def test_one_label_is_given_to_many_and_taken_from_others_at_once(house: House) -> None:
    club, [ann, *others] = await house.club("Ann", *(f"Singer {n}" for n in range(4)))
    one, two, three, four = others
    tenor = await made(ann, club, "Tenor")
    bass = await made(ann, club, "Bass")
    await label(ann, club, one, tenor, bass)
    path = f"/api/groups/{club}/labels/{tenor}/members"
    head = (await ann.snapshot(club))["seq"]
    await ann.ok("POST", path, {"add": [two.user, three.user, three.user], "remove": [one.user, four.user]})
    assert await carried(four, club) == {one.user: [bass], two.user: [tenor], three.user: [tenor]}
    assert len(await ann.actions(club, head)) == 3  # four had none to lose
    xenia = await house.person("Xenia")
    for stranger in (xenia.user, "u_nobody", "x\0y", "x" * 300):
        assert await ann.refused("POST", path, {"add": [four.user, stranger]}) == UNKNOWN
        assert await ann.refused("POST", path, {"remove": [two.user, stranger]}) == UNKNOWN
    field = (400, "invalid_field")
    for wrong in ({}, {"add": [one.user], "remove": [one.user]}, {"add": [f"u_{n}" for n in range(201)]}):
        assert await ann.refused("POST", path, wrong) == field
    unknown = f"/api/groups/{club}/labels/{uuid7()}/members"
    assert await ann.refused("POST", unknown, {"add": [two.user]}) == UNKNOWN
    assert await carried(four, club) == {one.user: [bass], two.user: [tenor], three.user: [tenor]}


async def test_labels_have_their_limits(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    ann.changed = nothing
    labels = [await made(ann, club, f"Label {n}") for n in range(21)]
    await label(ann, club, ben, *labels[:20])
    path = f"/api/groups/{club}/members/{ben.user}/labels"
    assert await ann.refused("PUT", path, {"labels": labels}) == FULL
    one_more = f"/api/groups/{club}/labels/{labels[20]}/members"
    assert await ann.refused("POST", one_more, {"add": [ann.user, ben.user]}) == FULL
    assert await carried(ann, club) == {ben.user: labels[:20]}
    who = house.process.tokens.verify(ann.token).key
    with pytest.raises(errors.Full):
        await members.define_label(house.process.db, who, club, uuid7(), "More", labels_max=21)
    await members.define_label(house.process.db, who, club, uuid7(), "More", labels_max=22)


async def test_by_sql_no_more_are_added_than_a_call_may(house: House, postgres: EmbeddedPostgres) -> None:
    """What comes with a code is added by a function of its own, which has the same limit."""
    club, [ann, ben] = await house.club("Ann", "Ben")
    ann.changed = nothing
    for n in range(wire.LABELS_A_MEMBER_MAX + 1):
        await made(ann, club, f"Label {n}")
    settings = {"role": "clubroom_writer", "search_path": "clubroom"}
    writer = await asyncpg.connect(postgres.owner_dsn, server_settings=settings)
    try:
        ids = [row["id"] for row in await writer.fetch("select id from labels where group_id = $1", club)]
        who, target = [house.process.tokens.verify(each.token).key for each in (ann, ben)]
        add = "select cardinality(_add_labels($1, $2, $3, $4))"
        assert await writer.fetchval(add, club, target, ids[:3], who) == 1
        assert await writer.fetchval(add, club, target, [*ids[2:5], 2**40], who) == 1
        assert await writer.fetchval(add, club, target, ids[:5], who) is None
        with pytest.raises(asyncpg.PostgresError, match="full"):
            await writer.fetchval(add, club, target, ids, who)
    finally:
        await writer.close()
    assert len((await carried(ann, club))[ben.user]) == 5


async def test_only_whoever_runs_the_club_labels_and_to_others_it_does_not_exist(house: House) -> None:
    """Abuse 7."""
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    tenor = await made(ann, club, "Tenor")
    xenia = await house.person("Xenia")
    room = await ann.channel(club)
    calls = [
        ("PUT", "labels/" + str(uuid7()), {"name": "Bass"}),
        ("PUT", f"labels/{tenor}", {"name": "Bass"}),
        ("DELETE", f"labels/{tenor}", None),
        ("PUT", f"members/{ben.user}/labels", {"labels": [tenor]}),
        ("POST", f"labels/{tenor}/members", {"add": [ben.user]}),
    ]
    for method, path, body in calls:
        assert await ben.refused(method, f"/api/groups/{club}/{path}", body) == FORBIDDEN
        assert await xenia.refused(method, f"/api/groups/{club}/{path}", body) == UNKNOWN
        assert await ann.refused(method, f"/api/groups/{room}/{path}", body) == FORBIDDEN
    for user in (xenia.user, "u_nobody", "x" * 300):
        path = f"/api/groups/{club}/members/{user}/labels"
        assert await ann.refused("PUT", path, {"labels": [tenor]}) == UNKNOWN
    path = f"/api/groups/{club}/members/{ben.user}/labels"
    assert await ann.refused("PUT", path, {"labels": [tenor, str(uuid7())]}) == UNKNOWN
    assert await carried(cleo, club) == {}


async def test_whoever_leaves_carries_nothing_when_they_come_back(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    code = (await ann.ok("GET", f"/api/groups/{club}/code"))["code"]
    await label(ann, club, ben, await made(ann, club, "Tenor"))
    await ben.remove(club, ben.user)
    assert (
        await ann.refused("PUT", f"/api/groups/{club}/members/{ben.user}/labels", {"labels": []}) == UNKNOWN
    )
    await ben.join(code)
    assert await carried(ann, club) == {}


# --- calling by label -------------------------------------------------------------------------------------


async def test_a_label_calls_all_who_carry_it_and_nobody_else(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    room = await ann.channel(club, landing=True)
    private = await ann.channel(club, private=True)
    await ann.ok("POST", f"/api/groups/{private}/members", {"users": [ben.user, cleo.user]})
    tenor = await made(ann, club, "Tenor")
    await label(ann, club, ben, tenor)
    for group in (club, room, private):
        await ann.post(group, f"<@label:{tenor}> an hour earlier, please")
        assert [(await person.entry(group))["mentions"] for person in (ann, ben, cleo)] == [0, 1, 0]
    await label(ann, club, cleo, tenor)  # whoever carries it now is meant
    assert (await cleo.entry(room))["mentions"] == 1
    await ann.ok("DELETE", f"/api/groups/{club}/labels/{tenor}")
    assert (await ben.entry(room))["mentions"] == 0


async def test_a_label_is_called_by_whoever_carries_it_or_runs_the_room(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    tenor = await made(ann, club, "Tenor")
    foreign = await made(ann, (await ann.create_club("Go club"))["group"], "Tenor")
    await label(ann, club, ben, tenor)
    his = await cleo.channel(club)
    await ben.post(club, f"<@label:{tenor}> who has the scores?")
    await cleo.post(his, f"<@label:{tenor}> come here")
    for text in (f"<@label:{tenor}>", f"<@label:{foreign}>", "<@label:nonsense>"):
        body = {"group": club, "text": text}
        assert await cleo.refused("PUT", f"/api/messages/{uuid7()}", body) == FORBIDDEN
    await cleo.post(club, f"`<@label:{tenor}>` is how it is written")
    await label(ann, club, ben)
    body = {"group": club, "text": f"<@label:{tenor}>"}
    assert await ben.refused("PUT", f"/api/messages/{uuid7()}", body) == FORBIDDEN
