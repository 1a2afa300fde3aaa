"""The line does to a connection what it is told to, and nothing else."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from clubroom.ports.gateway.framing import text_frame
from faults.sieve import Messages
from house.line import Line, Streams, to_port

SOON_S = 5.0
LONG = bytes(range(256)) * 1_000


class Rig:
    """A line with a server behind it that does nothing by itself, and one connection over it."""

    def __init__(self) -> None:
        self.arrived: asyncio.Queue[Streams] = asyncio.Queue(10)
        self.near: list[Streams] = []
        self.far: list[Streams] = []

    async def lay(self) -> None:
        self.server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        self.line = Line(to_port(self.server.sockets[0].getsockname()[1]))
        await self.line.lay()

    async def connect(self) -> tuple[Streams, Streams]:
        """The client's end and the server's."""
        self.near.append(await asyncio.open_connection("127.0.0.1", self.line.port))
        async with asyncio.timeout(SOON_S):
            self.far.append(await self.arrived.get())
        return self.near[-1], self.far[-1]

    async def close(self) -> None:
        self.server.close()
        while not self.arrived.empty():
            self.far.append(self.arrived.get_nowait())
        for _, writer in [*self.near, *self.far]:
            writer.transport.abort()
        await self.line.close()

    def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.arrived.put_nowait((reader, writer))
        if not self.server.is_serving():  # it was let in, and is only told of now
            writer.transport.abort()


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    rig = Rig()
    await rig.lay()
    yield rig
    await rig.close()


async def say(streams: Streams, data: bytes) -> None:
    async with asyncio.timeout(SOON_S):
        streams[1].write(data)
        await streams[1].drain()


async def heard(streams: Streams, count: int) -> bytes:
    async with asyncio.timeout(SOON_S):
        return await streams[0].readexactly(count)


async def rest(streams: Streams) -> bytes:
    """All until its end."""
    async with asyncio.timeout(SOON_S):
        return await streams[0].read()


async def hears_nothing(streams: Streams) -> bool:
    """For a moment: neither bytes nor an end."""
    try:
        async with asyncio.timeout(0.1):
            await streams[0].read(1)
    except TimeoutError:
        return True
    return False


async def test_by_itself_it_carries_bytes_and_ends_unchanged_both_ways(rig: Rig) -> None:
    near, far = await rig.connect()
    saying = asyncio.gather(say(near, LONG), say(far, LONG[::-1]))
    assert await heard(far, len(LONG)) == LONG
    assert await heard(near, len(LONG)) == LONG[::-1]
    await saying
    near[1].write_eof()
    assert await rest(far) == b""
    await say(far, b"the last word")
    far[1].close()
    assert await rest(near) == b"the last word"


@pytest.mark.parametrize("way", ["up", "down"])
async def test_held_it_keeps_everything_of_one_way_and_lets_it_go_in_the_end(rig: Rig, way: str) -> None:
    near, far = await rig.connect()
    sender, receiver = (near, far) if way == "up" else (far, near)
    getattr(rig.line, way).hold()
    await say(sender, b"late")
    sender[1].write_eof()
    assert await hears_nothing(receiver)
    await say(receiver, b"the other way")
    assert await heard(sender, 13) == b"the other way"
    getattr(rig.line, way).let_go()
    assert await rest(receiver) == b"late"


async def test_who_is_cut_off_does_not_even_learn_that_the_other_is_gone(rig: Rig) -> None:
    near, far = await rig.connect()
    rig.line.up.hold()
    near[1].transport.abort()
    assert await hears_nothing(far)
    await say(far, b"into nothing")
    assert await hears_nothing(far)
    rig.line.up.let_go()
    assert await rest(far) == b""


async def test_a_forgotten_connection_is_silent_for_ever_and_a_new_one_is_carried(rig: Rig) -> None:
    near, far = await rig.connect()
    rig.line.forget()
    await say(near, b"hello?")
    assert await hears_nothing(far)
    far[1].close()
    assert await hears_nothing(near)
    near, far = await rig.connect()
    await say(near, b"hello")
    assert await heard(far, 5) == b"hello"


async def test_reset_both_ends_are_told_at_once(rig: Rig) -> None:
    ends = await rig.connect()
    rig.line.reset()
    for end in ends:
        with pytest.raises(ConnectionError):
            await rest(end)


async def test_refused_a_new_connection_ends_before_it_says_anything(rig: Rig) -> None:
    rig.line.refuses = True
    near = await asyncio.open_connection("127.0.0.1", rig.line.port)
    rig.near.append(near)
    with pytest.raises(ConnectionError):
        await rest(near)
    assert rig.arrived.empty()


@pytest.mark.parametrize("count", [1, 7, 100_000])
async def test_a_connection_is_cut_at_just_the_byte_that_was_named(rig: Rig, count: int) -> None:
    rig.line.down.cut_at = lambda: count
    near, far = await rig.connect()
    far[1].write(LONG)
    assert await heard(near, count) == LONG[:count]
    for end in (near, far):
        with pytest.raises(ConnectionError):
            await rest(end)


async def test_a_slow_line_takes_its_time_for_every_byte(rig: Rig) -> None:
    near, far = await rig.connect()
    rig.line.up.bytes_a_second = 10_000
    begun = asyncio.get_running_loop().time()
    await say(near, LONG[:2_000])
    assert await heard(far, 2_000) == LONG[:2_000]
    assert 0.19 < asyncio.get_running_loop().time() - begun < 1


async def test_a_long_line_delays_what_is_said_and_not_the_answer(rig: Rig) -> None:
    near, far = await rig.connect()
    rig.line.up.delay_s = 0.2
    begun = asyncio.get_running_loop().time()
    await say(near, b"hello")
    await heard(far, 5)
    there = asyncio.get_running_loop().time()
    await say(far, b"hello")
    await heard(near, 5)
    assert 0.19 < there - begun < 1
    assert asyncio.get_running_loop().time() - there < 0.1


async def test_a_sieve_of_messages_takes_whole_ones_however_they_are_split() -> None:
    head = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"
    texts = [b"short", b"a lost one", b"x" * 200, b"lost too" * 40, b"y" * 70_000, b""]
    frames = [text_frame(text) for text in texts]
    kept = b"".join(text_frame(text) for text in texts if not text.count(b"lost"))
    whole = head + b"".join(frames)
    for size in (7, 1_000, len(whole)):
        sieve = Messages(lambda message: b"lost" in message)
        passed = [sieve(whole[start : start + size]) for start in range(0, len(whole), size)]
        assert b"".join(passed) == head + kept


async def test_a_sieve_decides_what_of_the_bytes_goes_on(rig: Rig) -> None:
    rig.line.up.sieve = lambda: lambda data: data.replace(b"o", b"")
    near, far = await rig.connect()
    await say(near, b"hello world")
    near[1].write_eof()
    assert await rest(far) == b"hell wrld"
