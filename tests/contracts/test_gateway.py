"""The gateway's contract as a handler and a well-meaning peer see it. Every adapter has to hold it."""

import asyncio
import contextlib
import re
from collections.abc import Callable

import pytest
from gateway_rig import Adapter, Raw, Recorder, Rig, echo, local, on_uvloop, until
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from clubroom.ports.gateway import Connection
from clubroom.ports.gateway.admission import Limits

ADAPTERS = [local]
every_adapter = pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.__name__)


async def join(rig: Rig, handler: Recorder) -> tuple[ClientConnection, Connection]:
    """One more peer, and the gateway's side of it."""
    before = len(handler.opened_)
    peer = await connect(rig.url, compression=None)
    await until(lambda: len(handler.opened_) > before)
    return peer, handler.opened_[-1]


@every_adapter
@on_uvloop
async def test_what_a_peer_says_arrives_whole_and_in_order(adapter: Adapter) -> None:
    said = ["", "ä", "x" * 125, "y" * 126, "z" * 24_576, *(f"number {n}" for n in range(500))]
    handler = Recorder()
    async with adapter(handler) as rig:
        peer, connection = await join(rig, handler)
        for words in said:
            await peer.send(words)
        await until(lambda: len(handler.frames) == len(said))
        assert handler.messages == [words.encode() for words in said]
        assert {told for told, _ in handler.frames} == {connection}
        await peer.close()


@every_adapter
@on_uvloop
async def test_what_is_sent_arrives_whole_and_in_order(adapter: Adapter) -> None:
    said = ["", "ä", "x" * 125, "y" * 126, "z" * 28_672, "w" * 65_536, *(f"number {n}" for n in range(500))]
    handler = Recorder()
    async with adapter(handler) as rig:
        peer, connection = await join(rig, handler)
        for words in said:
            connection.send(words.encode())
        assert [await peer.recv() for _ in said] == said
        await peer.close()


@every_adapter
@on_uvloop
async def test_what_is_sent_within_one_turn_leaves_in_one_write(adapter: Adapter) -> None:
    handler = Recorder()
    async with adapter(handler) as rig, await rig.raw() as peer:
        await until(lambda: bool(handler.opened_))
        before = peer.data_segments()
        for n in range(100):
            handler.opened_[0].send(b"number %d" % n)
        assert [await peer.hear() for _ in range(100)] == [(1, b"number %d" % n) for n in range(100)]
        assert peer.data_segments() - before == 1


@every_adapter
@on_uvloop
async def test_a_frame_made_once_reaches_every_peer_alike(adapter: Adapter) -> None:
    handler = Recorder()
    async with adapter(handler) as rig:
        peers = [await join(rig, handler) for _ in range(10)]
        frames = [rig.gateway.framed(b'{"n":%d}' % n) for n in range(3)]
        for frame in frames:
            for _, connection in peers:
                connection.send_framed(frame)
        peers[0][1].send(b"and one for you alone")
        for peer, _ in peers:
            assert [await peer.recv() for _ in frames] == ['{"n":0}', '{"n":1}', '{"n":2}']
        assert await peers[0][0].recv() == "and one for you alone"
        for peer, _ in peers:
            await peer.close()


@every_adapter
@on_uvloop
async def test_every_connection_has_its_own_name_and_its_address(adapter: Adapter) -> None:
    handler = Recorder()
    async with adapter(handler) as rig:
        peers = [(await join(rig, handler))[0] for _ in range(5)]
        assert len({connection.id for connection in handler.opened_}) == 5
        assert all(re.fullmatch(r"[A-Za-z0-9_=-]{8,128}", connection.id) for connection in handler.opened_)
        assert {connection.address for connection in handler.opened_} == {"127.0.0.1"}
        assert set(rig.gateway.connections) == set(handler.opened_)
        for peer in peers:
            await peer.close()
        await until(lambda: not rig.gateway.connections)


@every_adapter
@on_uvloop
async def test_a_goodbye_comes_after_what_was_sent_before_it(adapter: Adapter) -> None:
    handler = Recorder()
    async with adapter(handler) as rig:
        peer, connection = await join(rig, handler)
        connection.send(b"one")
        connection.send(b"two")
        connection.close(4401, "a new token first")
        connection.send(b"three")
        connection.discard()
        assert [await peer.recv(), await peer.recv()] == ["one", "two"]
        with pytest.raises(ConnectionClosed):
            await peer.recv()
        assert (peer.close_code, peer.close_reason) == (4401, "a new token first")
        await until(lambda: handler.codes == [4401])


@every_adapter
@on_uvloop
async def test_nothing_comes_after_a_goodbye(adapter: Adapter) -> None:
    handler = Recorder()
    async with adapter(handler) as rig, await rig.raw() as peer:
        await until(lambda: bool(handler.opened_))
        handler.opened_[0].close(4403)
        handler.opened_[0].send(b"one more thing")
        assert await peer.hear_close() == 4403
        handler.opened_[0].send(b"and another")
        handler.opened_[0].abort()
        assert await peer.hear_end() == b""


@every_adapter
@on_uvloop
async def test_a_reason_that_is_too_long_is_cut_at_a_character(adapter: Adapter) -> None:
    handler = Recorder()
    async with adapter(handler) as rig:
        peer, connection = await join(rig, handler)
        connection.close(4400, "ä" * 100)
        await peer.wait_closed()
        assert peer.close_reason == "ä" * 61


@every_adapter
@on_uvloop
async def test_after_our_goodbye_nobody_listens_to_the_peer(adapter: Adapter) -> None:
    handler = Recorder(on_frame=lambda connection, _data: connection.close(4400))
    async with adapter(handler) as rig:
        async with await rig.raw() as peer:
            for n in range(5):
                await peer.say(1, b"number %d" % n)
            assert await peer.hear_close() == 4400
            await peer.say(1, b"are you there?")
            await peer.say(8, b"\x11\x30")
            await until(lambda: handler.codes == [4400])
        assert handler.messages == [b"number 0"]


def peer_says_goodbye(_connection: Connection, peer: Raw) -> None:
    peer.writer.write(bytes.fromhex("8882000000000fa0"))  # 4000, masked with nothing


def peer_gives_no_code(_connection: Connection, peer: Raw) -> None:
    peer.writer.write(bytes.fromhex("888000000000"))


def peer_vanishes(_connection: Connection, peer: Raw) -> None:
    peer.reset()


def peer_hangs_up(_connection: Connection, peer: Raw) -> None:
    peer.writer.write_eof()


def we_say_goodbye_to_one_who_never_answers(connection: Connection, _peer: Raw) -> None:
    connection.close(4408)
    connection.close(4409)


def we_cut_it_off(connection: Connection, _peer: Raw) -> None:
    connection.abort()
    connection.abort()


def both_say_goodbye_at_once(connection: Connection, peer: Raw) -> None:
    peer.writer.write(bytes.fromhex("8882000000000fa0"))
    connection.close(4403)


def we_say_goodbye_and_the_peer_vanishes(connection: Connection, peer: Raw) -> None:
    connection.close(4403)
    peer.reset()


ENDS = {
    peer_says_goodbye: 4000,
    peer_gives_no_code: 1005,
    peer_vanishes: 1006,
    peer_hangs_up: 1006,
    we_say_goodbye_to_one_who_never_answers: 4408,
    we_cut_it_off: 1006,
    both_say_goodbye_at_once: 4403,
    we_say_goodbye_and_the_peer_vanishes: 4403,
}


@every_adapter
@pytest.mark.parametrize(("end", "code"), ENDS.items(), ids=lambda value: getattr(value, "__name__", None))
@on_uvloop
async def test_however_it_ends_the_handler_hears_of_it_once(
    adapter: Adapter, end: Callable[[Connection, Raw], None], code: int
) -> None:
    handler = Recorder()
    limits = Limits(close_wait_s=0.3)
    async with adapter(handler, limits=limits) as rig, await rig.raw() as peer:
        await until(lambda: bool(handler.opened_))
        end(handler.opened_[0], peer)
        await until(lambda: handler.closed_ == [(handler.opened_[0], code)], within_s=1)
        assert not rig.gateway.connections
    assert handler.closed_ == [(handler.opened_[0], code)]


@every_adapter
@on_uvloop
async def test_sending_to_a_dead_socket_does_nothing(adapter: Adapter) -> None:
    handler = Recorder(on_closed=lambda connection, _code: connection.send(b"in closed"))
    async with adapter(handler) as rig:
        peer, connection = await join(rig, handler)
        await peer.close()
        await until(lambda: handler.codes == [1000])
        connection.send(b"hello?")
        connection.send_framed(rig.gateway.framed(b"hello?"))
        connection.greeted()
        connection.close(1000)
        connection.abort()
        assert connection.discard() == 0
        assert connection.waiting == 0
        await asyncio.sleep(0)
        assert connection.waiting == 0
    assert handler.codes == [1000]


def fails(*_told: object) -> None:
    raise RuntimeError("a fault of the handler")


@every_adapter
@pytest.mark.parametrize("where", ["on_opened", "on_frame"])
@on_uvloop
async def test_a_fault_of_the_handler_ends_one_socket_only(
    adapter: Adapter, where: str, caplog: pytest.LogCaptureFixture
) -> None:
    handler = Recorder(on_frame=echo)
    async with adapter(handler) as rig:
        other, _ = await join(rig, handler)
        setattr(handler, where, fails)
        peer, _ = await join(rig, handler)
        with contextlib.suppress(ConnectionClosed):
            await peer.send("hello")
        await peer.wait_closed()
        assert peer.close_code == 1011
        assert "a fault of the handler" in caplog.text
        handler.on_opened, handler.on_frame = (lambda _connection: None), echo
        await other.send("still here")
        assert await other.recv() == "still here"
        await other.close()
        await until(lambda: handler.codes == [1011, 1000])


@every_adapter
@on_uvloop
async def test_drain_gives_everybody_the_last_word_and_restart(adapter: Adapter) -> None:
    handler = Recorder()
    async with adapter(handler) as rig:
        peers = [(await join(rig, handler))[0] for _ in range(20)]
        await rig.gateway.drain(b'{"type":"goaway"}', why="restart")
        for peer in peers:
            assert await peer.recv() == '{"type":"goaway"}'
            await peer.wait_closed()
            assert (peer.close_code, peer.close_reason) == (1012, "restart")
        assert handler.codes == [1012] * 20
        await rig.gateway.drain()


@every_adapter
@on_uvloop
async def test_drain_waits_for_silent_peers_no_longer_than_agreed(adapter: Adapter) -> None:
    handler = Recorder()
    async with adapter(handler) as rig:
        peers = [await rig.raw() for _ in range(3)]
        begun = asyncio.get_running_loop().time()
        await rig.gateway.drain()
        assert 1.9 < asyncio.get_running_loop().time() - begun < 3
        assert handler.codes == [1012] * 3
        for peer in peers:
            assert await peer.hear_close() == 1012
            await peer.leave()
