"""What must not be stored is refused with a code, by call and by socket, and the same id is one message."""

import asyncio
from typing import Any

import msgspec
import pytest

from abuse.rig import nothing_changes, refusal
from clubroom.dba.embedded import EmbeddedPostgres
from house.server import House
from house.uuid7 import uuid7

JSON = {"content-type": "application/json"}
TEXTS = {
    "NUL": (r'"a\u0000b"', "invalid_text"),
    "a lone surrogate": (r'"a\ud83d"', "malformed"),
    "a right-to-left override": (r'"invoice\u202egnp.exe"', "invalid_text"),
    "4,001 characters": ('"' + "x" * 4_001 + '"', "text_too_long"),
    "4,001 wide characters": ('"' + "🎶" * 4_001 + '"', "text_too_long"),
    "blanks": ('"  \\n \u00a0 "', "invalid_text"),
    "nothing": ('""', "invalid_text"),
    "nothing to see": (r'"\u200b\u2060"', "invalid_text"),
    "no text": ("null", "invalid_field"),
}


@pytest.fixture
async def room(house: House) -> tuple[int, Any, Any]:
    club, [ann] = await house.club("Ann")
    return club, ann, await ann.device()


async def test_a_text_that_must_not_be_stored_is_refused_by_call_and_by_socket(
    room: tuple[int, Any, Any], postgres: EmbeddedPostgres
) -> None:
    """Abuse 19."""
    club, ann, device = room
    async with nothing_changes(postgres):
        for name, (text, code) in TEXTS.items():
            body = f'{{"group":{club},"text":{text}}}'.encode()
            path = f"/api/messages/{uuid7()}"
            answer = await ann.http.put(path, content=body, headers=ann.headers | JSON)
            assert refusal(answer) == (400, code), name
            before = len(device.heard("error"))
            await device.send_raw(f'{{"type":"post","group":{club},"id":"{uuid7()}","text":{text}}}')
            await device.until(lambda n=before: len(device.heard("error")) > n)
            assert device.heard("error")[-1]["code"] == code, name


async def test_a_name_that_must_not_be_stored_is_refused(
    room: tuple[int, Any, Any], house: House, postgres: EmbeddedPostgres
) -> None:
    """Abuse 19: of a person and of a club."""
    _, ann, _ = room
    names = [('"\\u0000"', "invalid_text"), (r'"An\nn"', "invalid_text"), (r'"\u2066Ann"', "invalid_text")]
    names += [('"' + "x" * 61 + '"', "text_too_long"), ('" "', "invalid_text"), (r'"\udc00"', "malformed")]
    async with nothing_changes(postgres):
        for name, code in names:
            body = f'{{"name":{name}}}'.encode()
            assert refusal(await ann.http.post("/api/accounts", content=body, headers=JSON)) == (400, code)
            body = f'{{"key":"{uuid7()}","name":{name}}}'.encode()
            answer = await ann.http.post("/api/clubs", content=body, headers=ann.headers | JSON)
            assert refusal(answer) == (400, code)


async def test_an_id_that_is_no_uuid_of_version_7_names_nothing(
    room: tuple[int, Any, Any], postgres: EmbeddedPostgres
) -> None:
    club, ann, device = room
    async with nothing_changes(postgres):
        for name in ("01890a5d-ac96-474b-bcce-b302099a8057", "00000000-0000-0000-0000-000000000000"):
            body = {"group": club, "text": "hello"}
            assert await ann.refused("PUT", f"/api/messages/{name}", body) == (400, "invalid_field")
            await device.send(type="post", id=name, **body)
            await device.until(lambda n=name: [f for f in device.heard("error") if f.get("id") == n])
            assert device.heard("error")[-1]["code"] == "invalid_field"
        assert await ann.refused("PUT", "/api/messages/x", {"group": club, "text": "x"}) == (404, "not_found")


async def test_a_body_that_says_who_wrote_it_and_when_is_refused(
    room: tuple[int, Any, Any], postgres: EmbeddedPostgres
) -> None:
    """Abuse 6."""
    club, ann, device = room
    lies = {"author": "u_ben", "seq": 1, "sent_at": "2020-01-01T00:00:00Z", "is_dm": True, "role": "owner"}
    async with nothing_changes(postgres):
        for field, lie in lies.items():
            body = {"group": club, "text": "hello", field: lie}
            assert await ann.refused("PUT", f"/api/messages/{uuid7()}", body) == (400, "unknown_field")
            club_body = {"key": str(uuid7()), "name": "Go club", field: lie}
            assert await ann.refused("POST", "/api/clubs", club_body) == (400, "unknown_field")
            before = len(device.heard("error"))
            await device.send(type="post", id=str(uuid7()), **body)
            await device.until(lambda n=before: len(device.heard("error")) > n)
            assert device.heard("error")[-1]["code"] == "unknown_field"


async def test_one_id_a_hundred_times_at_once_on_ten_sockets_is_one_message(
    room: tuple[int, Any, Any],
) -> None:
    """Abuse 10."""
    club, ann, first = room
    devices = [first, *[await ann.device() for _ in range(9)]]
    name = str(uuid7())
    frame = msgspec.json.encode({"type": "post", "group": club, "id": name, "text": "hello"}).decode()
    await asyncio.gather(*(device.send_raw(frame) for device in devices for _ in range(10)))
    for device in devices:
        await device.until(lambda d=device: len(d.heard("ack")) == 10)
    acks = [ack for device in devices for ack in device.heard("ack")]
    assert sorted(ack["duplicate"] for ack in acks) == [False] + [True] * 99
    assert len({(ack["seq"], ack["at"]) for ack in acks}) == 1
    assert [m["text"] for m in (await ann.page(club))["messages"]] == ["hello"]
    for device in devices:
        await device.until(lambda d=device: d.actions(club))
        assert len(device.actions(club)) == 1


async def test_the_same_id_with_another_body_is_a_conflict_on_the_socket_too(
    room: tuple[int, Any, Any], house: House
) -> None:
    """Abuse 10."""
    club, ann, device = room
    name = uuid7()
    assert (await device.post(club, "hello", name))["type"] == "ack"
    before = len(device.frames)
    await device.send(type="post", group=club, id=str(name), text="other")
    await device.until(lambda: [f for f in device.frames[before:] if f["type"] == "error"])
    assert device.heard("error")[-1]["code"] == "id_conflict"
    own = next(group["group"] for group in (await ann.me())["groups"] if group["kind"] == "self")
    assert await ann.refused("PUT", f"/api/messages/{name}", {"group": own, "text": "hello"}) == (
        409,
        "id_conflict",
    )
    assert [m["text"] for m in (await ann.page(club))["messages"]] == ["hello"]
