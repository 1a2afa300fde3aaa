"""Every frame a client can send, with everything that is no proper frame, along the union of the wire."""

from collections.abc import AsyncIterator
from typing import Any, get_args

import msgspec
import pytest

from abuse.forging import forged_tokens
from abuse.rig import nobody, nothing_changes
from clubroom import wire
from clubroom.dba.embedded import EmbeddedPostgres
from house.device import Device, Frame
from house.person import Person
from house.server import House
from house.uuid7 import uuid7

GOOD: dict[str, dict[str, Any]] = {
    "hello": {"version": 1, "token": "x", "epoch": None, "cursors": {}},
    "post": {"group": 1, "id": str(uuid7()), "text": "hello"},
    "got": {"1": 1},
    "ping": {},
    "read": {"group": 1, "seq": 1},
    "typing": {"group": 1},
    "watch": {"group": 1, "on": True},
    "token": {"token": "x"},
}
KINDS = [str(shape.__struct_config__.tag) for shape in get_args(wire.ClientFrame)]
DEEP = b"[" * 1_000 + b"]" * 1_000


def encoded(kind: str, **fields: Any) -> bytes:
    return msgspec.json.encode({"type": kind} | GOOD[kind] | fields)


class Live:
    """A device that is live, and what it is answered."""

    def __init__(self, device: Device, person: Person, group: int) -> None:
        self.device = device
        self.person = person
        self.group = group

    async def refused(self, data: bytes) -> str:
        """The code of the one error that answers."""
        before = len(self.device.heard("error"))
        await self.device.send_raw(data.decode())
        await self.device.until(lambda: len(self.device.heard("error")) > before)
        error: Frame = self.device.heard("error")[-1]
        return str(error["code"])


@pytest.fixture
async def live(house: House) -> AsyncIterator[Live]:
    group, [ann] = await house.club("Ann")
    yield Live(await ann.device(), ann, group)


def test_every_frame_of_the_wire_is_tried_here() -> None:
    assert set(KINDS) == set(GOOD)


async def test_a_frame_that_is_not_as_it_should_be_is_answered_and_changes_nothing(
    live: Live, postgres: EmbeddedPostgres
) -> None:
    """Abuse 6 and 17: the socket stays open, the code is the same as of a call."""
    async with nothing_changes(postgres):
        for kind in KINDS:
            live.device = await live.person.device()
            await all_refused(live, kind)
            assert live.device.close_code is None
            await live.device.leave()


async def all_refused(live: Live, kind: str) -> None:
    assert await live.refused(encoded(kind)[:-1]) == "malformed"
    assert await live.refused(encoded(kind)[:-1] + b',"x":NaN}') == "malformed"
    assert await live.refused(encoded(kind)[:-1] + b',"x":"\\ud800"}') == "malformed"
    assert await live.refused(b'["%s"]' % kind.encode()) == "invalid_field"
    unknown = "invalid_field" if kind == "got" else "unknown_field"
    for field in ("role", "author", "seq_", "sent_at", "is_dm"):
        assert await live.refused(encoded(kind, **{field: "owner"})) == unknown
    deep = await live.refused(encoded(kind)[:-1] + b',"x":' + DEEP + b"}")
    assert deep in ("malformed", "unknown_field", "invalid_field")
    for field in GOOD[kind]:
        assert await live.refused(encoded(kind, **{field: {"no": "no"}})) == "invalid_field"


async def test_a_frame_before_hello_ends_the_socket(house: House) -> None:
    """Abuse 16."""
    for kind in set(KINDS) - {"hello"}:
        async with nobody(house) as device:
            await device.send_raw(encoded(kind).decode())
            assert await device.closed() == 4400
            assert device.frames == []


async def test_a_frame_of_24_kib_and_one_byte_ends_the_socket(live: Live) -> None:
    """Abuse 17."""
    for kind in KINDS:
        device = await live.person.device()
        frame = encoded(kind)
        await device.send_raw((frame + b" " * (wire.FRAME_IN_BYTES_MAX + 1 - len(frame))).decode())
        assert await device.closed() == 1009


async def test_a_frame_of_exactly_24_kib_is_taken(live: Live) -> None:
    frame = encoded("ping")
    await live.device.send_raw((frame + b" " * (wire.FRAME_IN_BYTES_MAX - len(frame))).decode())
    await live.device.until(lambda: live.device.heard("pong"))


async def test_hello_with_a_token_that_is_not_ours_ends_the_socket(house: House, live: Live) -> None:
    """Abuse 3."""
    tokens = {"empty": ""} | forged_tokens(live.person.token, house.process.tokens)
    for name, token in tokens.items():
        device = await live.person.silent_device()
        await device.send_raw(encoded("hello", token=token).decode())
        assert await device.closed() == 4401, name
        assert device.frames == []


async def test_a_forged_token_instead_of_a_fresh_one_ends_the_socket(house: House, live: Live) -> None:
    """Abuse 3."""
    forged = forged_tokens(live.person.token, house.process.tokens)
    for name in ("none", "jku", "more groups", "a longer life"):
        device = await live.person.device()
        await device.send(type="token", token=forged[name])
        assert await device.closed() == 4401, name


async def test_a_token_of_another_device_or_person_ends_the_socket(house: House, live: Live) -> None:
    """Abuse 14: a socket belongs to one device of one person for ever."""
    xenia = await house.person("Xenia")
    await live.device.send(type="token", token=xenia.token)
    assert await live.device.closed() == 4401


async def test_ones_own_fresh_token_is_taken_in_silence(live: Live) -> None:
    fresh = await live.person.ok("POST", "/api/tokens", {"refresh_token": live.person.refresh_token})
    await live.device.send(type="token", token=fresh["access_token"])
    await live.device.send(type="ping")
    await live.device.until(lambda: live.device.heard("pong"))
    assert live.device.close_code is None
