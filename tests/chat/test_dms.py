"""Conversations of a few people: found again, blocked, switched off."""

import asyncio

import pytest

from house.server import House
from house.uuid7 import uuid7

FORBIDDEN = (403, "forbidden")
UNKNOWN = (404, "not_found")
TIMES = 100


async def test_the_same_people_find_the_same_conversation(house: House) -> None:
    _, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    two = await ann.dm(ben)
    assert await ben.dm(ann) == two
    three = await cleo.dm(ann, ben)
    assert three != two
    assert await ann.dm(ben, cleo) == three
    await ann.post(two, "just us")
    assert [m["text"] for m in (await ben.page(two))["messages"]] == ["just us"]
    for call in (("GET", f"/api/groups/{two}/messages", None), ("GET", f"/api/groups/{two}/snapshot", None)):
        assert await cleo.refused(*call) == UNKNOWN
    entry = await ben.entry(two)
    assert (entry["kind"], entry["parent"]) == ("dm", None)
    assert entry["people"] == [{"user": ann.user, "name": "Ann"}]
    assert entry["unread"] == 1


async def test_opened_from_both_sides_at_once_it_is_one_a_hundred_times_in_a_row(house: House) -> None:
    club, [ann] = await house.club("Ann")
    code = (await ann.ok("GET", f"/api/groups/{club}/code"))["code"]
    ann.changed = nothing  # F17 at the end is enough
    for _ in range(TIMES):
        ben = await house.person("Ben")
        ben.changed = nothing
        await ben.join(code)
        found = await asyncio.gather(ann.dm(ben), ben.dm(ann), ann.dm(ben), ben.dm(ann))
        assert len(set(found)) == 1
        await ben.http.aclose()
        house.people.remove(ben)


async def nothing(_: object) -> None:
    """Nobody looks."""


async def test_only_people_of_a_common_club_talk(house: House) -> None:
    _, [ann, ben] = await house.club("Ann", "Ben")
    _, [xenia] = await house.club("Xenia")
    for users in ([xenia.user], ["u_nobody"], [ben.user, xenia.user], ["x\0y"]):
        assert await ann.refused("POST", "/api/dms", {"users": users}) == UNKNOWN
    assert await ann.refused("POST", "/api/dms", {"users": []}) == (400, "invalid_field")
    assert await ann.refused("POST", "/api/dms", {"users": [ann.user]}) == (400, "invalid_field")
    many = [f"u_{n}" for n in range(10)]
    assert await ann.refused("POST", "/api/dms", {"users": many}) == (400, "invalid_field")


async def test_a_block_ends_a_conversation_of_two_and_is_told_to_nobody(house: House) -> None:
    _, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    two = await ann.dm(ben)
    await ann.post(two, "hello")
    await ben.ok("PUT", f"/api/me/blocks/{ann.user}")
    await ben.ok("PUT", f"/api/me/blocks/{ann.user}")
    assert (await ben.me())["blocked"] == [ann.user]
    assert (await ann.me())["blocked"] == []
    for person in (ann, ben):
        body = {"group": two, "text": "more"}
        assert await person.refused("PUT", f"/api/messages/{uuid7()}", body) == FORBIDDEN
        assert not (await person.entry(two))["may_post"]
        assert [m["text"] for m in (await person.page(two))["messages"]] == ["hello"]
    assert await cleo.refused("POST", "/api/dms", {"users": [cleo.user, "u_nobody"]}) == UNKNOWN
    assert await ann.refused("POST", "/api/dms", {"users": [ben.user, cleo.user]}) == FORBIDDEN
    await ben.ok("DELETE", f"/api/me/blocks/{ann.user}")
    assert (await ann.entry(two))["may_post"]
    await ann.post(two, "friends again")
    for user in (ben.user, "u_nobody", "x" * 300):
        assert await ben.refused("PUT", f"/api/me/blocks/{user}") == UNKNOWN


async def test_a_club_can_switch_them_off_between_its_members(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    two, theirs = await ben.dm(cleo), await ben.dm(ann)
    await ann.ok("PATCH", f"/api/groups/{club}", {"dms_off": True})
    body = {"group": two, "text": "psst"}
    assert await ben.refused("PUT", f"/api/messages/{uuid7()}", body) == FORBIDDEN
    assert await ben.refused("POST", "/api/dms", {"users": [cleo.user, ann.user]}) == FORBIDDEN
    await ben.post(theirs, "may I ask you something?")  # whoever runs the club can be asked
    assert [(await ben.entry(talk))["may_post"] for talk in (two, theirs)] == [False, True]
    other, [dora] = await house.club("Dora")
    code = (await dora.ok("GET", f"/api/groups/{other}/code"))["code"]
    await ben.join(code)
    await cleo.join(code)
    await ben.post(two, "another club of ours lets us")


async def test_whoever_left_the_club_reads_a_conversation_and_writes_no_more(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    two = await ben.dm(cleo)
    await ben.post(two, "before")
    await ann.remove(club, ben.user)
    assert [m["text"] for m in (await ben.page(two))["messages"]] == ["before"]
    for person in (ben, cleo):
        body = {"group": two, "text": "after"}
        assert await person.refused("PUT", f"/api/messages/{uuid7()}", body) == FORBIDDEN


async def test_one_leaves_a_conversation_of_three_but_not_of_two(house: House) -> None:
    _, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    two, three = await ann.dm(ben), await ann.dm(ben, cleo)
    assert await ben.refused("DELETE", f"/api/groups/{two}/members/{ben.user}") == FORBIDDEN
    assert await ben.refused("DELETE", f"/api/groups/{three}/members/{cleo.user}") == FORBIDDEN
    await ben.remove(three, ben.user)
    assert three not in await ben.groups()
    await ann.post(three, "Ben is gone")
    assert await ann.dm(ben, cleo) == three  # nobody is put back into it
    assert three not in await ben.groups()
    assert await ben.refused("POST", "/api/dms", {"users": [ann.user, cleo.user]}) == FORBIDDEN


async def test_both_hear_it_at_once(house: House) -> None:
    _, [ann, ben] = await house.club("Ann", "Ben")
    his = await ben.device()
    two = await ann.dm(ben)
    await ann.post(two, "psst")
    await his.until(lambda: any(a.get("text") == "psst" for a in his.actions(two)))
    assert (await his.post(two, "yes?"))["type"] == "ack"


@pytest.mark.parametrize("why", ["blocked", "switched off", "no common club"])
async def test_where_one_may_not_write_any_more_one_only_takes_back(why: str, house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    two, name = await ben.dm(cleo), uuid7()
    await ben.post(two, "hello", name)
    await ben.react(name, "👍")
    if why == "blocked":
        await cleo.ok("PUT", f"/api/me/blocks/{ben.user}")
    elif why == "switched off":
        await ann.ok("PATCH", f"/api/groups/{club}", {"dms_off": True})
    else:
        await ann.remove(club, cleo.user)
    assert not (await ben.entry(two))["may_post"]
    for call in (
        ("PATCH", f"/api/messages/{name}", {"text": "you will hear this"}),
        ("PUT", f"/api/messages/{name}/pin", None),
        ("PUT", f"/api/messages/{name}/emotes/😡", None),
    ):
        assert await ben.refused(*call) == FORBIDDEN
    await ben.react(name, "👍", on=False)
    await ben.ok("DELETE", f"/api/messages/{name}")


async def test_whoever_leaves_the_club_silences_nobody_else_in_a_conversation_of_three(house: House) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    three = await ann.dm(ben, cleo)
    await ann.remove(club, cleo.user)
    for person in (ann, ben):
        await person.post(three, "she reads this")
        assert (await person.entry(three))["may_post"]
    body = {"group": three, "text": "still here"}
    assert await cleo.refused("PUT", f"/api/messages/{uuid7()}", body) == FORBIDDEN
    await ann.remove(three, ann.user)
    assert await ben.refused("PUT", f"/api/messages/{uuid7()}", body) == FORBIDDEN
    await cleo.remove(three, cleo.user)
    assert not (await ben.entry(three))["may_post"]  # nobody is there


async def test_only_whom_one_has_met_can_be_blocked_and_others_do_not_exist(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    _, [xenia] = await house.club("Xenia")
    for method in ("PUT", "DELETE"):
        for user in (xenia.user, "u_nobody"):
            assert await ann.refused(method, f"/api/me/blocks/{user}") == UNKNOWN
    await ann.remove(club, ben.user)
    code = (await ann.ok("GET", f"/api/groups/{club}/code"))["code"]
    await xenia.join(code)
    assert await ben.refused("PUT", f"/api/me/blocks/{xenia.user}") == UNKNOWN  # she came later
    for one, other in ((ann, ben), (ben, ann), (ann, xenia), (xenia, ben)):
        await one.ok("PUT", f"/api/me/blocks/{other.user}")
        await one.ok("DELETE", f"/api/me/blocks/{other.user}")
