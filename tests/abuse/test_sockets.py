"""Sockets that are opened, and used, as nobody should: through the whole server."""

import asyncio
import logging
import time
from contextlib import AsyncExitStack

import msgspec
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.frames import Frame, Opcode

from abuse.rig import new_address, nobody, nothing_changes
from clubroom import wire
from clubroom.app.settings import Settings
from clubroom.auth.keys import Keys
from clubroom.auth.tokens import Tokens
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.notification import session
from house.device import Device
from house.server import House


def address_of(house: House) -> str:
    return house.url.replace("http://localhost", "ws://127.0.0.1") + "/socket"


async def refused(url: str, **options: object) -> tuple[int, str]:
    """Status and code of a handshake that was turned away."""
    with pytest.raises(InvalidStatus) as answer:
        await connect(url, compression=None, **options)  # type: ignore[arg-type]
    response = answer.value.response
    assert response.headers["content-type"] == "application/problem+json"
    return response.status_code, msgspec.json.decode(response.body or b"")["code"]


async def test_whoever_says_no_hello_for_five_seconds_is_sent_away(house: House) -> None:
    """Abuse 14 and 16: silence. The five seconds are taken from its clock, so that nobody has to wait."""
    async with nobody(house) as device:
        await device.until(lambda: house.process.sockets.open)
        for socket in house.process.sockets.open.values():
            begun = socket.state.opened_at - session.HELLO_S
            socket.state = msgspec.structs.replace(socket.state, opened_at=begun)
        assert await device.closed() == 4401
        assert device.frames == []


async def test_a_second_hello_is_an_error_and_the_socket_stays(house: House) -> None:
    """Abuse 14 and 16."""
    _, [ann] = await house.club("Ann")
    device = await ann.device()
    await device.send(type="hello", version=1, token=ann.token, epoch=None, cursors={})
    await device.until(lambda: device.heard("error"))
    assert device.heard("error")[-1]["code"] == "hello_again"
    assert len(device.heard("welcome")) == 1
    assert device.close_code is None


async def test_an_expired_token_opens_no_socket(house: House, settings: Settings) -> None:
    """Abuse 14: also within the half minute in which a call would still take it."""
    ann = await house.person("Ann")
    claims = house.process.tokens.verify(ann.token)
    ten_minutes_ago = Tokens(Keys(settings.secret), clock=lambda: time.time() - 601)
    expired = ten_minutes_ago.mint(claims.user, claims.key, claims.session, [])
    device = await ann.silent_device()
    await device.send(type="hello", version=1, token=expired, epoch=None, cursors={})
    assert await device.closed() == 4401
    assert device.frames == []


async def test_the_twenty_first_waiting_socket_of_an_address_is_turned_away(house: House) -> None:
    """Abuse 14: those that have said hello do not count, nor do those of others."""
    ann = await house.person("Ann")
    here = (new_address(), 0)
    async with AsyncExitStack() as stack:
        greeted = await stack.enter_async_context(connect(address_of(house), local_addr=here))
        hello = {"type": "hello", "version": 1, "token": ann.token, "epoch": None, "cursors": {}}
        await greeted.send(msgspec.json.encode(hello).decode())
        await greeted.recv()
        for _ in range(20):
            await stack.enter_async_context(connect(address_of(house), local_addr=here))
        assert await refused(address_of(house), local_addr=here) == (429, "rate_limited")
        async with connect(address_of(house), local_addr=(new_address(), 0)):
            pass
    async with connect(address_of(house), local_addr=here):
        pass


async def test_a_token_in_the_address_is_refused_and_never_written_down(
    house: House, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Abuse 14."""
    ann = await house.person("Ann")
    caplog.set_level(logging.DEBUG)
    logging.getLogger("websockets").setLevel(logging.WARNING)
    assert await refused(f"{address_of(house)}?token={ann.token}") == (400, "malformed")
    assert ann.token not in caplog.text
    assert ann.token not in "".join(capfd.readouterr())


@pytest.mark.parametrize("origin", ["null", "http://evil.example", "http://localhost", "https://localhost"])
async def test_a_page_of_another_site_opens_no_socket(house: House, origin: str) -> None:
    """Abuse 15."""
    assert await refused(address_of(house), origin=origin) == (403, "foreign_origin")


async def test_our_own_page_and_a_bot_without_an_origin_open_one(house: House) -> None:
    """Abuse 15: a bot has no cookie to steal."""
    for origin in (None, house.url, house.url.replace("localhost", "127.0.0.1")):
        async with connect(address_of(house), origin=origin):  # type: ignore[arg-type]
            pass


async def test_no_compression_and_no_subprotocol_is_agreed_on(house: House) -> None:
    """Abuse 17: there is nothing that a deflate bomb could be unpacked by."""
    async with connect(address_of(house), compression="deflate", subprotocols=["chat"]) as socket:  # type: ignore[list-item]
        assert socket.protocol.extensions == []
        assert socket.subprotocol is None


async def test_binary_and_bad_utf8_end_a_live_socket_and_nothing_changes(
    house: House, postgres: EmbeddedPostgres
) -> None:
    """Abuse 17. Fragments, floods and memory: tests/contracts, where the gateway stands alone."""
    _, [ann] = await house.club("Ann")
    async with nothing_changes(postgres):
        device = await ann.device()
        await device.send_raw(b'{"type":"ping"}')
        assert await device.closed() == wire.Close.BINARY
        device = await ann.device()
        protocol = device.connection.protocol
        protocol.send_frame(Frame(Opcode.TEXT, b'{"type":"\xff"}'))
        device.connection.send_data()
        assert await device.closed() == wire.Close.BAD_UTF8


IMPOSSIBLE = [
    {str(group): 1 for group in range(1, 502)},
    {"1": -1},
    {"1": 2**63},
    {"0": 1},
    {"-1": 1},
    {str(2**63): 1},
]


async def test_impossible_cursors_are_refused_before_anything_is_read(house: House) -> None:
    """Abuse 18."""
    _, [ann] = await house.club("Ann")
    for cursors in IMPOSSIBLE:
        device = await ann.silent_device()
        await device.send(type="hello", version=1, token=ann.token, epoch=None, cursors=cursors)
        assert await device.closed() == 4400
        assert device.frames == []
        assert await ann.refused("POST", "/api/sync", {"cursors": cursors}) == (400, "invalid_field")


async def test_a_cursor_beyond_the_head_starts_afresh(house: House) -> None:
    """Abuse 18."""
    club, [ann] = await house.club("Ann")
    for seq in (10**6, 2**63 - 1):
        device = await ann.device({club: seq})
        assert [(reset["group"], reset["why"]) for reset in device.heard("reset")] == [(club, "cursor")]
        assert device.heard("actions") == []
    answer = await ann.ok("POST", "/api/sync", {"cursors": {str(club): 2**63 - 1}})
    assert [reset["why"] for reset in answer["resets"]] == ["cursor"]


async def test_of_fifteen_sockets_at_once_a_person_keeps_ten(house: House) -> None:
    """Abuse 23: also when all of them say hello in the same moment."""
    ann = await house.person("Ann")
    devices = [await ann.silent_device() for _ in range(15)]
    hello = {"type": "hello", "version": 1, "token": ann.token, "epoch": None, "cursors": {}}
    await asyncio.gather(*(device.send(**hello) for device in devices))
    ends = [asyncio.create_task(device.closed()) for device in devices]
    live = [asyncio.create_task(came_in(device)) for device in devices]
    assert sum(await asyncio.gather(*live)) == 10
    turned_away = [end.result() for end in ends if end.done()]
    assert turned_away == [4409] * 5
    await devices[[end.done() for end in ends].index(False)].leave()
    await asyncio.gather(*(device.leave() for device in devices))
    await asyncio.gather(*ends)
    assert (await ann.device()).close_code is None


async def came_in(device: Device) -> bool:
    """False = it was sent away."""
    await device.until(lambda: device.heard("live") or device.close_code is not None)
    return device.close_code is None
