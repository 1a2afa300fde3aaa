"""Byte by byte: what a peer may send, what it may not, and what it is told then (RFC 6455)."""

import asyncio
import random
import zlib

import pytest
from gateway_rig import (
    BINARY,
    CLOSE,
    CONTINUATION,
    PING,
    PONG,
    TEXT,
    Adapter,
    Recorder,
    echo,
    local,
    masked,
    on_uvloop,
    until,
)

from clubroom.ports.gateway.admission import Limits

adapters_that_see_bytes = pytest.mark.parametrize("adapter", [local], ids=lambda adapter: adapter.__name__)

FIN, MORE = 0x80, 0x00
LIMIT = 24 * 1024
HALF_A_CHARACTER = "ä".encode()[:1]


def deflated(size: int) -> bytes:
    """A bomb: much more comes out than went in."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(bytes(size)) + packer.flush(zlib.Z_SYNC_FLUSH)


BROKEN = {
    "binary": ([masked(BINARY, b"\x00\x01")], 1003),
    "binary in fragments": ([masked(BINARY, b"\x00", first=MORE)], 1003),
    "bytes that are no UTF-8": ([masked(TEXT, b"\xff\xfe")], 1007),
    "a surrogate": ([masked(TEXT, b"\xed\xa0\x80")], 1007),
    "half a character": ([masked(TEXT, HALF_A_CHARACTER)], 1007),
    "bad UTF-8 in an unfinished message": ([masked(TEXT, b"ok\xff", first=MORE)], 1007),
    "half a character at the end of fragments": (
        [masked(TEXT, b"ok", first=MORE), masked(CONTINUATION, HALF_A_CHARACTER)],
        1007,
    ),
    "one byte too much": ([masked(TEXT, b"x" * (LIMIT + 1))], 1009),
    "one byte too much in fragments": (
        [masked(TEXT, b"x" * LIMIT, first=MORE), masked(CONTINUATION, b"x")],
        1009,
    ),
    "a length beyond all bounds": ([bytes.fromhex("81ff7fffffffffffffff00000000")], 1009),
    "a negative length": ([bytes.fromhex("81ffffffffffffffffff00000000")], 1002),
    "a length in more bytes than needed": ([bytes.fromhex("81fe000500000000") + b"hello"], 1002),
    "a frame without a mask": ([bytes.fromhex("8105") + b"hello"], 1002),
    "a compressed frame": ([masked(TEXT, deflated(10_000_000), first=FIN | 0x40)], 1002),
    "the second reserved bit": ([masked(TEXT, b"hello", first=FIN | 0x20)], 1002),
    "the third reserved bit": ([masked(TEXT, b"hello", first=FIN | 0x10)], 1002),
    "a reserved bit on a ping": ([masked(PING, b"", first=FIN | 0x40)], 1002),
    "a reserved bit on a fragment": (
        [masked(TEXT, b"a", first=MORE), masked(CONTINUATION, b"b", first=FIN | 0x40)],
        1002,
    ),
    "an unknown data frame": ([masked(3, b"")], 1002),
    "an unknown control frame": ([masked(11, b"")], 1002),
    "a continuation of nothing": ([masked(CONTINUATION, b"hello")], 1002),
    "a continuation after the end": (
        [masked(TEXT, b"a", first=MORE), masked(CONTINUATION, b"b"), masked(CONTINUATION, b"c")],
        1002,
    ),
    "a message within a message": ([masked(TEXT, b"a", first=MORE), masked(TEXT, b"b")], 1002),
    "binary within a text": ([masked(TEXT, b"a", first=MORE), masked(BINARY, b"b")], 1002),
    "a ping that is too long": ([masked(PING, b"x" * 126)], 1002),
    "a ping in fragments": ([masked(PING, b"x", first=MORE)], 1002),
    "a close in fragments": ([masked(CLOSE, b"\x03\xe8", first=MORE)], 1002),
    "a close that is too long": ([masked(CLOSE, b"\x03\xe8" + b"x" * 124)], 1002),
    "a close with half a code": ([masked(CLOSE, b"\x03")], 1002),
    "a close whose reason is no UTF-8": ([masked(CLOSE, b"\x03\xe8\xff")], 1007),
}
NO_CLOSE_CODES = [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535]
CLOSE_CODES = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999]


@adapters_that_see_bytes
@pytest.mark.parametrize("rule", BROKEN)
@on_uvloop
async def test_a_broken_rule_is_answered_with_its_code_for(adapter: Adapter, rule: str) -> None:
    frames, code = BROKEN[rule]
    handler = Recorder()
    async with adapter(handler) as rig, await rig.raw() as peer:
        for frame in frames:
            await peer.write(frame)
        assert await peer.hear_close() == code
        assert await peer.hear_end() == b""
        await peer.leave()
        await until(lambda: handler.codes == [code])
    assert b"c" not in handler.messages


@adapters_that_see_bytes
@pytest.mark.parametrize("code", NO_CLOSE_CODES)
@on_uvloop
async def test_a_close_code_that_nobody_may_send_is_a_broken_rule(adapter: Adapter, code: int) -> None:
    handler = Recorder()
    async with adapter(handler) as rig, await rig.raw() as peer:
        await peer.say(CLOSE, code.to_bytes(2, "big"))
        assert await peer.hear_close() == 1002
        await peer.leave()
        await until(lambda: handler.codes == [1002])


@adapters_that_see_bytes
@pytest.mark.parametrize("code", CLOSE_CODES)
@on_uvloop
async def test_a_goodbye_is_answered_with_its_own_code(adapter: Adapter, code: int) -> None:
    handler = Recorder()
    async with adapter(handler) as rig, await rig.raw() as peer:
        await peer.say(CLOSE, code.to_bytes(2, "big") + "tschüss".encode())
        assert await peer.hear() == (CLOSE, code.to_bytes(2, "big"))
        assert await peer.hear_end() == b""
        await until(lambda: handler.codes == [code])


@adapters_that_see_bytes
@on_uvloop
async def test_after_the_peers_goodbye_nothing_is_read(adapter: Adapter) -> None:
    handler = Recorder()
    async with adapter(handler) as rig, await rig.raw() as peer:
        await peer.write(masked(TEXT, b"one") + masked(CLOSE) + masked(TEXT, b"two") + masked(CLOSE))
        assert await peer.hear() == (CLOSE, b"")
        await until(lambda: handler.codes == [1005])
    assert handler.messages == [b"one"]


@adapters_that_see_bytes
@on_uvloop
async def test_what_came_before_a_broken_frame_is_still_answered(adapter: Adapter) -> None:
    handler = Recorder(on_frame=echo)
    async with adapter(handler) as rig, await rig.raw() as peer:
        await peer.write(masked(TEXT, b"one") + masked(TEXT, b"two") + masked(3) + masked(TEXT, b"three"))
        assert [await peer.hear() for _ in range(2)] == [(TEXT, b"one"), (TEXT, b"two")]
        assert await peer.hear_close() == 1002
    assert handler.messages == [b"one", b"two"]


@adapters_that_see_bytes
@on_uvloop
async def test_fragments_become_one_message_with_control_frames_between(adapter: Adapter) -> None:
    whole = "Schöne Grüße aus Ålesund 👋".encode()
    handler = Recorder()
    async with adapter(handler) as rig, await rig.raw() as peer:
        await peer.say(TEXT, whole[:1], first=MORE)
        for byte in whole[1:-1]:
            await peer.say(CONTINUATION, bytes((byte,)), first=MORE)
            await peer.say(PING, bytes((byte,)))
        await peer.say(CONTINUATION, whole[-1:])
        await peer.say(TEXT, b"the next one")
        await until(lambda: handler.messages == [whole, b"the next one"])
        assert [(await peer.hear()) for _ in whole[1:-1]] == [(PONG, bytes((byte,))) for byte in whole[1:-1]]


@adapters_that_see_bytes
@on_uvloop
async def test_a_message_may_be_as_long_as_the_limit_also_in_fragments(adapter: Adapter) -> None:
    handler = Recorder()
    async with adapter(handler) as rig, await rig.raw() as peer:
        await peer.say(TEXT, b"x" * LIMIT)
        await peer.say(TEXT, b"y" * (LIMIT - 7), first=MORE)
        await peer.say(CONTINUATION, b"z" * 7)
        await until(lambda: [len(data) for data in handler.messages] == [LIMIT, LIMIT])


@adapters_that_see_bytes
@on_uvloop
async def test_a_stream_cut_anywhere_gives_the_same_messages(adapter: Adapter) -> None:
    said = [b"a" * size for size in (0, 1, 125, 126, 3_071, 3_072, 3_073, 9_000, LIMIT, 2, 7_000, 3)] * 3
    stream = b"".join(masked(TEXT, data) + masked(PONG, b"?") for data in said)
    cuts = random.Random(7)  # the same cuts every time
    handler = Recorder()
    async with adapter(handler) as rig, await rig.raw() as peer:
        while stream:
            size = cuts.choice((1, 2, 3, 7, 100, 1_000, 5_000, 40_000))
            await peer.write(stream[:size])
            stream = stream[size:]
            await asyncio.sleep(0)
        await until(lambda: handler.messages == said)


@adapters_that_see_bytes
@on_uvloop
async def test_pings_are_answered_with_their_payload_in_order(adapter: Adapter) -> None:
    handler = Recorder(on_frame=echo)
    async with adapter(handler) as rig, await rig.raw() as peer:
        for payload in (b"", b"x" * 125, b"\xff\x00"):
            await peer.say(PING, payload)
        await peer.say(PONG, b"nobody asked")
        await peer.say(TEXT, b"last")
        heard = [await peer.hear() for _ in range(4)]
        assert heard == [(PONG, b""), (PONG, b"x" * 125), (PONG, b"\xff\x00"), (TEXT, b"last")]
    assert handler.messages == [b"last"]


CHATTER = {
    "pings": masked(PING, b"x" * 125),
    "pongs": masked(PONG),
    "empty fragments": masked(CONTINUATION, first=MORE),
}


@adapters_that_see_bytes
@pytest.mark.parametrize("kind", CHATTER)
@on_uvloop
async def test_who_sends_everything_but_messages_is_shown_out(adapter: Adapter, kind: str) -> None:
    handler = Recorder()
    async with adapter(handler, limits=Limits(chatter_max=100)) as rig, await rig.raw() as peer:
        await peer.say(TEXT, first=MORE)
        await peer.write(CHATTER[kind] * 300)
        assert await peer.hear_close() == 1008


@adapters_that_see_bytes
@on_uvloop
async def test_ten_thousand_random_frames_break_nothing(adapter: Adapter) -> None:
    dice = random.Random(11)  # the same frames every time
    handler = Recorder(on_frame=echo)
    begun = asyncio.get_running_loop().time()
    async with adapter(handler, limits=Limits(waiting_sockets_max=1_000)) as rig:
        sent = 0
        while sent < 10_000:
            async with await rig.raw() as peer:
                for _ in range(50):
                    sent += 1
                    peer.writer.write(random_frame(dice))
                await peer.write(masked(CLOSE))
                await peer.hear_end()
        async with await rig.raw() as peer:
            await peer.say(TEXT, b"still well")
            assert await peer.hear() == (TEXT, b"still well")
        await until(lambda: len(handler.closed_) == len(handler.opened_) == 201)
    assert asyncio.get_running_loop().time() - begun < 10


def random_frame(dice: random.Random) -> bytes:
    """Mostly plausible, so that many get far; sometimes noise."""
    if dice.random() < 0.02:
        return dice.randbytes(dice.randrange(1, 60))
    opcode = dice.choices(
        (TEXT, CONTINUATION, PING, PONG, CLOSE, BINARY, dice.randrange(16)), (60, 8, 8, 8, 1, 1, 1)
    )[0]
    first = dice.choices((FIN, MORE, dice.randrange(16) << 4), (90, 9, 1))[0]
    payload = dice.randbytes(dice.randrange(40)) if dice.random() < 0.02 else b"n" * dice.randrange(200)
    frame = masked(opcode, payload, first=first)
    return frame[: dice.randrange(len(frame))] if dice.random() < 0.01 else frame
