"""Abuse 23, through the whole server with the limits that hosts get: too many sockets, handshakes, frames."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import msgspec
import pytest

from abuse.rig import new_address
from clubroom.app.settings import Settings
from clubroom.dba.pool import Database
from clubroom.notification import session
from clubroom.wire import Close
from house.device import Device
from house.person import Person
from house.server import House, running
from house.uuid7 import uuid7
from notification.test_session import ACK, live, post

SOCKETS_MAX = 10
AT_ONCE = 10
HANDSHAKES = 1_300
HANDSHAKE = (
    b"GET /socket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)


@pytest.fixture
async def strict(database: Database, settings: Settings) -> AsyncIterator[House]:
    """A server at the usual pace of posts; that of other tests is faster."""
    paced = msgspec.structs.replace(settings, posts_a_second=session.POSTS_A_SECOND)
    async with running(database, paced) as house:
        yield house
        await house.everyone_leaves()


async def answered(device: Device) -> None:
    """Everything that was sent before has been dealt with."""
    pongs = len(device.heard("pong"))
    await device.send(type="ping")
    await device.until(lambda: len(device.heard("pong")) > pongs)


async def came_in_or_not(device: Device) -> None:
    await device.until(lambda: device.heard("live") or device.close_code is not None)


async def test_of_a_hundred_sockets_a_person_keeps_ten(house: House) -> None:
    ann = await house.person("Ann")
    hello = {"type": "hello", "version": 1, "token": ann.token, "epoch": None, "cursors": {}}
    for _ in range(100 // AT_ONCE):
        devices = [await ann.silent_device() for _ in range(AT_ONCE)]
        await asyncio.gather(*(device.send(**hello) for device in devices))
        await asyncio.gather(*(came_in_or_not(device) for device in devices))
    codes = Counter(device.close_code for device in ann.devices)
    assert codes == {None: SOCKETS_MAX, Close.TOO_MANY: 100 - SOCKETS_MAX}


async def test_beyond_a_thousand_handshakes_an_address_is_told_to_wait_and_others_are_not(
    house: House,
) -> None:
    port = int(house.url.rpartition(":")[2])

    async def knock(address: str) -> int:
        """The status; the socket, if there is one, ends at once."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))
        writer.write(HANDSHAKE)
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write_eof()
        await reader.read()
        writer.close()
        await writer.wait_closed()
        assert (b"Retry-After: 1" in head) == (b" 429 " in head)
        return int(head.split()[1])

    flood, other = new_address(), new_address()
    begun = asyncio.get_running_loop().time()
    statuses: Counter[int] = Counter()
    while statuses.total() < HANDSHAKES:
        statuses.update(await asyncio.gather(*(knock(flood) for _ in range(AT_ONCE))))
    took = asyncio.get_running_loop().time() - begun
    assert statuses.keys() <= {101, 429}
    assert min(1_000, HANDSHAKES) <= statuses[101] <= 1_000 + 100 * took + 1
    assert await knock(other) == 101
    assert len(house.process.gateway.connections) == 0


async def test_five_hundred_messages_at_once_are_a_hundred_then_refusals_then_the_end(strict: House) -> None:
    club, [ann, ben] = await strict.club("Ann", "Ben")
    hers, his = await ann.device(), await ben.device()
    for n in range(500):
        frame = {"type": "post", "group": club, "id": str(uuid7()), "text": f"{n}"}
        hers.connection.protocol.send_text(msgspec.json.encode(frame))
    hers.connection.send_data()
    assert await hers.closed() == Close.SLOW_DOWN
    errors = hers.heard("error")
    assert {error["code"] for error in errors} == {"rate_limited"}
    assert all(error["retry_ms"] > 0 for error in errors)
    assert "id" not in errors[-1], "the last word is about the socket"
    await his.until(lambda: len(his.actions(club)) >= 100)
    assert (await his.post(club, "I am not hindered"))["type"] == "ack"
    assert len(his.actions(club)) < 150, "ten more in each second that it took, and mine"
    await still_limited(ann, club)


async def still_limited(person: Person, club: int) -> None:
    """By coming anew nobody gets a new pace: over all calls and sockets a person has one."""
    calls = [(f"/api/messages/{uuid7()}", {"group": club, "text": "by call"}) for _ in range(120)]
    put = person.http.put
    answers = await asyncio.gather(*(put(path, json=body, headers=person.headers) for path, body in calls))
    assert {answer.status_code for answer in answers} == {201, 429}
    again = await person.device()
    heard = await asyncio.gather(*(again.post(club, "me again") for _ in range(50)))
    assert "rate_limited" in [frame.get("code") for frame in heard]


def test_fifty_messages_a_second_for_ten_seconds_are_refused_from_the_third_on_and_ended_in_the_sixth() -> (
    None
):
    state, refused_at = live(), []
    for n in range(500):
        now = n / 50
        state, outputs = session.step(state, post(), now)
        if outputs[-1] == session.CloseSocket(Close.SLOW_DOWN, "too often"):
            break
        if isinstance(outputs[0], session.StorePost):
            state, _ = session.step(state, session.Stored(ACK), now)
        else:
            refused_at.append(now)
    assert 2 < refused_at[0] < 3
    assert 5 < now < 6


async def test_of_a_hundred_signs_of_typing_in_a_second_the_others_hear_one(strict: House) -> None:
    club, [ann, ben] = await strict.club("Ann", "Ben")
    hers, his = await ann.device(), await ben.device()
    for _ in range(100):
        await hers.send(type="typing", group=club)
    await answered(hers)
    await answered(his)
    assert [frame["kind"] for frame in his.heard("signal")].count("typing") == 1
    assert hers.heard("error") == []
