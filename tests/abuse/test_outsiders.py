"""To whoever is outside, a club does not exist: not by calls, not by sockets, not by what others hear."""

from typing import Any

import pytest

from abuse.rig import nothing_changes, refusal
from clubroom.dba.embedded import EmbeddedPostgres
from house.device import Device
from house.person import Person
from house.server import House
from house.uuid7 import uuid7

UNKNOWN = 987_654_321
CALLS: list[tuple[str, str, dict[str, Any] | None]] = [
    ("GET", "/api/groups/{group}/messages", None),
    ("GET", "/api/groups/{group}/messages?around=1", None),
    ("GET", "/api/groups/{group}/snapshot", None),
    ("GET", "/api/groups/{group}/actions", None),
    ("GET", "/api/groups/{group}/online", None),
    ("GET", "/api/groups/{group}/code", None),
    ("PUT", "/api/groups/{group}/read", {"seq": 1}),
    ("DELETE", "/api/groups/{group}/members/{user}", None),
]

ON_A_MESSAGE: list[tuple[str, str, dict[str, Any] | None]] = [
    ("GET", "/api/messages/{id}", None),
    ("GET", "/api/messages/{id}/seen", None),
    ("PATCH", "/api/messages/{id}", {"text": "mine"}),
    ("DELETE", "/api/messages/{id}", None),
    ("DELETE", "/api/messages/{id}/preview", None),
    ("PUT", "/api/messages/{id}/emotes/👍", None),
    ("DELETE", "/api/messages/{id}/pin", None),
    ("PUT", "/api/messages/{id}/pin", None),
]


@pytest.fixture
async def strangers(house: House) -> tuple[int, Person, Person]:
    """A club with somebody in it, and somebody who is not."""
    club, [ann] = await house.club("Ann")
    await ann.post(club, "secret")
    return club, ann, await house.person("Xenia")


async def test_to_an_outsider_a_club_is_the_same_as_one_that_never_was(
    strangers: tuple[int, Person, Person], postgres: EmbeddedPostgres
) -> None:
    """Abuse 1: the same status, head and body. (There is no audit log yet.)"""
    club, ann, xenia = strangers
    async with nothing_changes(postgres):
        for method, path, body in CALLS:
            real = await xenia.call(method, path.format(group=club, user=ann.user), body)
            unknown = await xenia.call(method, path.format(group=UNKNOWN, user=ann.user), body)
            assert refusal(real) == (404, "not_found"), path
            assert real.content == unknown.content
            assert real.headers.keys() == unknown.headers.keys()
        text = {"text": "I was here"}
        posted = await xenia.call("PUT", f"/api/messages/{uuid7()}", {"group": club, **text})
        nowhere = await xenia.call("PUT", f"/api/messages/{uuid7()}", {"group": UNKNOWN, **text})
        assert refusal(posted) == (404, "not_found")
        assert posted.content == nowhere.content


async def test_to_an_outsider_a_message_is_the_same_as_one_that_never_was(
    house: House, postgres: EmbeddedPostgres
) -> None:
    """Abuse 9: read, edited, deleted, reacted to, pinned. The id alone opens nothing."""
    club, [ann] = await house.club("Ann")
    name = uuid7()
    await ann.post(club, "secret", name)
    xenia = await house.person("Xenia")
    async with nothing_changes(postgres):
        for method, path, body in ON_A_MESSAGE:
            real = await xenia.call(method, path.format(id=name), body)
            unknown = await xenia.call(method, path.format(id=uuid7()), body)
            assert refusal(real) == (404, "not_found"), path
            assert real.content == unknown.content


async def test_the_groups_that_come_with_a_club_are_as_unknown(strangers: tuple[int, Person, Person]) -> None:
    """Abuse 1: the admins' group and others' notes to themselves."""
    _, ann, xenia = strangers
    hers = {group["group"] for group in (await ann.me())["groups"]}
    assert len(hers) == 3
    for group in hers:
        assert await xenia.refused("GET", f"/api/groups/{group}/actions") == (404, "not_found")


async def test_all_cursors_at_once_open_no_foreign_group(strangers: tuple[int, Person, Person]) -> None:
    """Abuse 2, by call."""
    club, _, xenia = strangers
    answer = await xenia.ok("POST", "/api/sync", {"cursors": {str(club): 0, str(UNKNOWN): 0}})
    resets = [(reset["group"], reset["why"]) for reset in answer["resets"]]
    assert resets == [(club, "closed"), (UNKNOWN, "closed")]
    assert str(club) not in answer["heads"]
    assert answer["pages"] == []


async def test_hello_with_a_foreign_cursor_attaches_to_nothing(strangers: tuple[int, Person, Person]) -> None:
    """Abuse 2: a foreign group and an unknown one are answered alike, and nothing of it is heard."""
    club, ann, xenia = strangers
    hers = await ann.device()
    device = await xenia.silent_device()
    welcome = await device.hello(xenia.token, {club: 1, UNKNOWN: 1})
    assert str(club) not in welcome["groups"]
    assert [(reset["group"], reset["why"]) for reset in device.heard("reset")] == [
        (club, "closed"),
        (UNKNOWN, "closed"),
    ]
    await hers.post(club, "still secret")
    await hers.send(type="typing", group=club)
    assert await quiet(device, club) == []


async def test_whatever_an_outsider_says_on_the_socket_reaches_nobody(
    strangers: tuple[int, Person, Person], postgres: EmbeddedPostgres
) -> None:
    """Abuse 1: posting is refused, and typing, reading and watching pass without a trace."""
    club, ann, xenia = strangers
    hers, device = await ann.device(), await xenia.device()
    heard = len(hers.frames)
    async with nothing_changes(postgres):
        refused = await device.post(club, "I was here")
        assert refused["code"] == "not_found"
        nowhere = await device.post(UNKNOWN, "I was here")
        assert nowhere | {"id": refused["id"]} == refused
        await device.send(type="typing", group=club)
        await device.send(type="read", group=club, seq=1)
        await device.send(type="watch", group=club, on=True)
        await device.send(type="got", **{str(club): 1})
        assert await quiet(device, club) == []
    assert [f for f in hers.frames[heard:] if f.get("kind") != "presence"] == []
    assert all(f["user"] == ann.user for f in hers.frames[heard:] if f.get("kind") == "presence")


async def quiet(device: Device, club: int) -> list[dict[str, Any]]:
    """What a device hears until its ping is answered, presence apart; the pong does not know the club."""
    before, pongs = len(device.frames), len(device.heard("pong"))
    await device.send(type="ping")
    await device.until(lambda: len(device.heard("pong")) > pongs)
    assert str(club) not in device.heard("pong")[-1]["heads"]
    return [f for f in device.frames[before:] if f["type"] != "pong" and f.get("kind") != "presence"]
