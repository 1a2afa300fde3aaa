"""Messages: sent once, in order, to members only."""

import asyncio

from house.server import House
from house.uuid7 import uuid7


async def test_a_message_is_stored_once_however_often_it_is_sent(house: House) -> None:
    club, [ann] = await house.club("Ann")
    name = uuid7()
    first = await ann.call("PUT", f"/api/messages/{name}", {"group": club, "text": "hello"})
    again = await ann.call("PUT", f"/api/messages/{name}", {"group": club, "text": "hello"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json() | {"duplicate": True}
    assert [m["text"] for m in (await ann.page(club))["messages"]] == ["hello"]


async def test_a_hundred_tries_at_once_store_one_message(house: House) -> None:
    club, [ann] = await house.club("Ann")
    name = uuid7()
    body = {"group": club, "text": "hello"}
    tries = [ann.http.put(f"/api/messages/{name}", json=body, headers=ann.headers) for _ in range(100)]
    answers = [answer.json() for answer in await asyncio.gather(*tries)]
    assert sorted(answer["duplicate"] for answer in answers) == [False] + [True] * 99
    assert len({answer["seq"] for answer in answers}) == 1


async def test_the_same_id_with_another_text_is_a_conflict(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    name = uuid7()
    await ann.post(club, "hello", name)
    assert await ann.refused("PUT", f"/api/messages/{name}", {"group": club, "text": "other"}) == (
        409,
        "id_conflict",
    )
    assert await ben.refused("PUT", f"/api/messages/{name}", {"group": club, "text": "hello"}) == (
        409,
        "id_conflict",
    )


async def test_pages_are_oldest_first_and_go_both_ways(house: House) -> None:
    club, [ann] = await house.club("Ann")
    for n in range(12):
        await ann.post(club, f"number {n}")
    newest = await ann.page(club, limit=5)
    assert [m["text"] for m in newest["messages"]] == [f"number {n}" for n in range(7, 12)]
    assert newest["more"]
    older = await ann.page(club, limit=50, before=newest["messages"][0]["seq"])
    assert [m["text"] for m in older["messages"]] == [f"number {n}" for n in range(7)]
    assert not older["more"]
    middle = older["messages"][3]["seq"]
    around = await ann.page(club, limit=4, around=middle)
    assert [m["text"] for m in around["messages"]] == ["number 2", "number 3", "number 4", "number 5"]


async def test_a_new_member_sees_what_was_written_before(house: House) -> None:
    club, [ann] = await house.club("Ann")
    await ann.post(club, "before")
    code = (await ann.ok("GET", f"/api/groups/{club}/code"))["code"]
    cleo = await house.person("Cleo")
    await cleo.join(code)
    assert [m["text"] for m in (await cleo.page(club))["messages"]] == ["before"]


async def test_an_outsider_learns_nothing_not_even_that_the_club_exists(house: House) -> None:
    club, [ann] = await house.club("Ann")
    await ann.post(club, "secret")
    xenia = await house.person("Xenia")
    for path in ("messages", "snapshot", "actions", "online", "code"):
        real = await xenia.call("GET", f"/api/groups/{club}/{path}")
        unknown = await xenia.call("GET", f"/api/groups/987654321/{path}")
        assert real.status_code == unknown.status_code == 404
        assert real.content == unknown.content
    assert (await xenia.refused("PUT", f"/api/messages/{uuid7()}", {"group": club, "text": "x"}))[0] == 404


async def test_whoever_was_removed_reads_and_writes_nothing_more(house: House) -> None:
    club, [ann, kim] = await house.club("Ann", "Kim")
    await kim.post(club, "still here")
    await ann.remove(club, kim.user)
    assert await kim.refused("PUT", f"/api/messages/{uuid7()}", {"group": club, "text": "x"}) == (
        404,
        "not_found",
    )
    for path in ("messages", "snapshot", "actions", "online"):
        assert await kim.refused("GET", f"/api/groups/{club}/{path}") == (404, "not_found")
    assert [m["text"] for m in (await ann.page(club))["messages"]] == ["still here"]
