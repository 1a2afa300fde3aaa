"""The crowd counts what really came: whatever a server loses, doubles or makes up leaves no figure."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count

import msgspec
import pytest
from picows import WSTransport

from bench import raw
from bench.crowd import Crowd
from bench.orders import Seat
from bench.room import Room, Wrong

GROUP = 1
SOCKETS = 30
FLOOD_S = 0.2


class Crooked(raw.Room):
    """Does to every hundredth write what the test says."""

    def __init__(self, fault: Callable[[bytes], bytes]) -> None:
        super().__init__()
        self.fault = fault
        self.writes = count(1)

    def write(self, socket: WSTransport, data: bytes) -> None:
        super().write(socket, data if next(self.writes) % 100 else self.fault(data))


@asynccontextmanager
async def sockets_to(room: raw.Room) -> AsyncIterator[Crowd]:
    server, crowd = await raw.listen(room), Crowd()
    try:
        await crowd.open(server.sockets[0].getsockname()[1], [Seat("", GROUP)] * SOCKETS)
        yield crowd
        await crowd.leave()
    finally:
        for client in crowd.clients:  # an open connection keeps the loop from closing
            client.abort()
        server.close()


async def test_a_flood_counts_every_post_and_every_delivery() -> None:
    async with sockets_to(raw.Room()) as crowd:
        flooded = await crowd.flood(8, FLOOD_S)
    assert flooded.posts > 8
    assert flooded.deliveries == flooded.posts * SOCKETS
    assert flooded.seconds >= FLOOD_S


async def test_a_pace_posts_as_often_as_it_is_told_and_knows_each_delay() -> None:
    async with sockets_to(raw.Room()) as crowd:
        paced = await crowd.pace(100, FLOOD_S)
    assert (paced.posts, paced.deliveries) == (20, 20 * SOCKETS)
    median_ms, p99_ms = paced.delivery_ms
    assert 0 < median_ms <= p99_ms < 1_000 * paced.seconds


@pytest.mark.parametrize(
    "fault", [lambda _: b"", lambda data: data + data], ids=["a lost delivery", "a doubled one"]
)
async def test_what_a_server_loses_or_doubles_leaves_no_figure(fault: Callable[[bytes], bytes]) -> None:
    async with sockets_to(Crooked(fault)) as crowd:
        with pytest.raises(Wrong, match="came"):
            await crowd.flood(8, FLOOD_S)


async def test_a_message_that_nobody_posted_leaves_no_figure() -> None:
    async with sockets_to(Crooked(lambda data: data.replace(b'"id":"0', b'"id":"1'))) as crowd:
        with pytest.raises(Wrong, match="never posted"):
            await crowd.flood(8, FLOOD_S)


async def test_a_socket_that_is_sent_away_leaves_no_figure() -> None:
    async with sockets_to(Crooked(lambda _: b"\x88\x02\x03\xe8")) as crowd:
        with pytest.raises(Wrong, match="a frame begins with 0x88"):
            await crowd.flood(8, FLOOD_S)


def frame(first: int, last: int, *actions: tuple[int, str]) -> bytes:
    told = [{"seq": seq, "id": name} for seq, name in actions]
    return msgspec.json.encode({"group": GROUP, "from": first, "to": last, "actions": told})


def room_of(*posted: str) -> Room:
    room = Room(GROUP)
    room.sockets = 2
    room.posted = dict.fromkeys(posted, 0.0)
    return room


def test_a_hole_within_a_frame_is_found() -> None:
    with pytest.raises(Wrong, match="hole"):
        room_of("a", "b").read(frame(1, 3, (1, "a"), (3, "b")), 0)


def test_a_message_that_stands_at_two_places_is_found() -> None:
    room = room_of("a")
    room.read(frame(1, 1, (1, "a")), 0)
    with pytest.raises(Wrong, match="stands twice"):
        room.read(frame(2, 2, (2, "a")), 0)


def test_a_room_is_complete_when_the_last_socket_has_heard() -> None:
    room = room_of("a")
    room.acked = {"a": 1}
    heard = room.read(frame(1, 1, (1, "a")), 0)
    room.hear(heard, 0)
    assert not room.complete
    room.hear(heard, 0)
    assert room.complete


def test_an_author_who_was_told_another_place_is_found() -> None:
    room = room_of("a")
    room.read(frame(1, 1, (1, "a")), 0)
    room.acked = {"a": 2}
    with pytest.raises(Wrong, match="what was acknowledged"):
        room.check()
