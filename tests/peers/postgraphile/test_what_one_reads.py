"""Each person reads through GraphQL what they may read in Clubroom, and nobody reads more."""

from typing import Any

import pytest

from house.events import made, says
from house.person import Person
from house.server import House
from peers.postgraphile.conftest import Peer, reading

MESSAGES = """query($group: BigInt!) {
  allMessages(first: 50, condition: {groupId: $group}, orderBy: SEQ_ASC) { nodes { text } } }"""
EVERYTHING = """{
  allGroups(first: 100) { nodes { rowId name groupPersonByGroupId { people } } }
  allMessages(first: 100) { nodes { text writer { name } emotesByMessageId(first: 5) { nodes { emote } } } }
  allActions(first: 100) { nodes { seq body } }
  allMemberships(first: 100) { nodes { role userByUserId { sub name } } }
  allEvents(first: 100) { nodes { says } }
  allAnswers(first: 100) { nodes { answer note } }
  allReadPointers(first: 100) { nodes { seq } }
}"""


async def texts(peer: Peer, token: str, group: int) -> list[str | None]:
    said = await peer.asked(token, MESSAGES, group=str(group))
    return [one["text"] for one in said["allMessages"]["nodes"]]


async def everything(peer: Peer, token: str) -> dict[str, list[Any]]:
    said = await peer.asked(token, EVERYTHING)
    return {name: found["nodes"] for name, found in said.items()}


async def test_messages_of_ones_rooms_are_read_and_those_of_others_are_not(house: House, peer: Peer) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    _, [xenia] = await house.club("Xenia")
    message = await ann.post(club, "hello")
    await ben.react(message["id"], "👍")
    board = await ann.channel(club, "Board", private=True)
    await ann.post(board, "a secret")
    talk = await ann.dm(ben)
    await ben.post(talk, "between us")
    assert await texts(peer, await reading(ann), club) == ["hello"]
    assert await texts(peer, await reading(ann), board) == ["a secret"]
    assert await texts(peer, await reading(ben), talk) == ["between us"]
    for who, group in [(ben, board), (xenia, club), (xenia, talk)]:
        assert await texts(peer, await reading(who), group) == []
    [found] = (await everything(peer, await reading(ben)))["allMessages"][:1]
    assert found["emotesByMessageId"]["nodes"] == [{"emote": "👍"}]
    assert found["writer"] == {"name": "Ann"}


async def test_whoever_was_added_without_history_reads_what_came_after(house: House, peer: Peer) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    room = await ann.channel(club, "Board", private=True)
    await ann.post(room, "before")
    await ann.ok("POST", f"/api/groups/{room}/members", {"users": [ben.user], "history": False})
    await ann.post(room, "after")
    token = await reading(ben)
    assert await texts(peer, token, room) == ["after"]
    assert not any("before" in str(one) for one in (await everything(peer, token))["allActions"])


async def test_whoever_was_removed_reads_nothing_more_with_a_token_of_before(
    house: House, peer: Peer
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    await ann.post(club, "hello")
    token = await reading(ben)
    assert await texts(peer, token, club) == ["hello"]
    await ann.remove(club, ben.user)
    assert await texts(peer, token, club) == []
    assert str(club) not in [one["rowId"] for one in (await everything(peer, token))["allGroups"]]


async def test_whoever_left_for_good_reads_nothing_with_a_token_of_before(house: House, peer: Peer) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    await ann.post(club, "hello")
    token = await reading(ben)
    gone = await ben.http.post("/api/me/deletion", json={"name": "Ben"}, headers=ben.headers)
    assert gone.is_success, gone.text
    assert all(found == [] for found in (await everything(peer, token)).values())


async def test_what_was_deleted_says_nothing(house: House, peer: Peer) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    slip = (await ann.post(club, "a slip"))["id"]
    await ann.ok("DELETE", f"/api/messages/{slip}")
    found = await everything(peer, await reading(ben))
    assert "a slip" not in str(found)
    assert await texts(peer, await reading(ben), club) == [None]


EVENT = """query($group: BigInt!) { eventByGroupId(groupId: $group) {
  says
  occurrencesByGroupId(first: 5) { nodes {
    startsAt
    eventAttendanceByGroupIdAndKey { going maybe }
    answersByGroupIdAndKey(first: 50) { nodes { answer userByUserId { sub } } } } } } }"""


@pytest.mark.parametrize("shown", ["all", "admins"])
async def test_events_and_who_comes_are_read_as_their_list_is_shown(
    house: House, peer: Peer, shown: str
) -> None:
    club, [ann, ben, cleo] = await house.club("Ann", "Ben", "Cleo")
    _, [xenia] = await house.club("Xenia")
    event, group = await made(ann, club, list_shown=shown)
    await says(ben, event, "going")
    await says(cleo, event, "maybe")

    async def seen(who: Person) -> Any:
        return (await peer.asked(await reading(who), EVENT, group=str(group)))["eventByGroupId"]

    def answered(found: Any) -> set[str]:
        [one] = found["occurrencesByGroupId"]["nodes"]
        return {each["userByUserId"]["sub"] for each in one["answersByGroupIdAndKey"]["nodes"]}

    assert await seen(xenia) is None
    assert answered(await seen(ann)) == {ben.user, cleo.user}
    assert answered(await seen(ben)) == ({ben.user, cleo.user} if shown == "all" else {ben.user})
    [one] = (await seen(ben))["occurrencesByGroupId"]["nodes"]
    counted = {"going": 1, "maybe": 1} if shown == "all" else None
    assert one["eventAttendanceByGroupIdAndKey"] == counted


async def test_a_block_hides_nothing_that_both_may_read(house: House, peer: Peer) -> None:
    """As in Clubroom itself: what somebody blocked has said is folded away by the client."""
    club, [ann, ben] = await house.club("Ann", "Ben")
    await ben.post(club, "hello")
    await ann.ok("PUT", f"/api/me/blocks/{ben.user}")
    assert await texts(peer, await reading(ann), club) == ["hello"]
    assert "locks" not in str(await peer.asked(await reading(ann), "{ __schema { types { name } } }"))


async def test_pointers_and_wishes_are_ones_own(house: House, peer: Peer) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    for each in (ann, ben):
        await each.ok("PUT", f"/api/groups/{club}/read", {"seq": 1})
        await each.ok("PUT", f"/api/groups/{club}/mute", {"for_s": None})
    query = """query($sub: String!) { userBySub(sub: $sub) { rowId }
      allReadPointers(first: 50) { nodes { userId } } allMutes(first: 50) { nodes { userId } } }"""
    found = await peer.asked(await reading(ben), query, sub=ben.user)
    own = found.pop("userBySub")["rowId"]
    assert {name: {one["userId"] for one in rows["nodes"]} for name, rows in found.items()} == {
        "allReadPointers": {own},
        "allMutes": {own},
    }
