"""Many sockets, slow ones, floods, and the end of the process: nothing leaks and nobody waits for another."""

import asyncio
import contextlib
import os
import resource
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from gateway_rig import (
    CLOSE,
    CONTINUATION,
    OUR_ORIGIN,
    PING,
    TEXT,
    Adapter,
    Raw,
    Recorder,
    Rig,
    configuration,
    echo,
    local,
    masked,
    on_uvloop,
    until,
)
from websockets.asyncio.client import connect

from clubroom.ports.gateway import Connection
from clubroom.ports.gateway.admission import Limits
from clubroom.ports.gateway.framing import text_frame
from clubroom.ports.gateway.local import LocalGateway

every_adapter = pytest.mark.parametrize("adapter", [local], ids=lambda adapter: adapter.__name__)
BIG = b"b" * 28 * 1024
MANY = Limits(waiting_sockets_max=10_000, handshakes_burst=10_000)


@every_adapter
@on_uvloop
async def test_a_slow_reader_waits_alone(adapter: Adapter) -> None:
    handler = Recorder()
    async with adapter(handler) as rig, connect(rig.url) as quick:
        slow, connection = await slow_peer(rig, handler)
        sent = await fill(connection, up_to=1024 * 1024)
        taken = connection.taken
        assert taken < 512 * 1024
        for n in range(200):
            handler.opened_[0].send(b"%d" % n)
            connection.send(b"%d" % n)
            assert await quick.recv() == str(n)
        assert handler.opened_[0].waiting == 0
        assert connection.waiting > 1024 * 1024
        assert connection.taken == taken
        assert not handler.drained_
        heard = [(await slow.hear())[1] for _ in range(sent + 200)]
        assert heard == [BIG] * sent + [b"%d" % n for n in range(200)]
        await until(lambda: connection.waiting == 0)
        assert handler.drained_ == [connection]
        assert connection.taken > taken + 1024 * 1024
        await slow.leave()


@every_adapter
@on_uvloop
async def test_what_a_slow_reader_has_not_begun_can_be_taken_back(adapter: Adapter) -> None:
    handler = Recorder()
    async with adapter(handler) as rig:
        slow, connection = await slow_peer(rig, handler)
        await fill(connection, up_to=1024 * 1024)
        for _ in range(20):
            await slow.hear()
        for n in range(100):
            connection.send_framed(rig.gateway.framed(b"in vain %d" % n))
        connection.send(b"your own")
        assert connection.slow
        before, frames = connection.waiting, connection.frames_waiting
        discarded = connection.discard()
        assert discarded >= 100 * len(b"in vain 0")
        assert connection.waiting == before - discarded
        assert connection.waiting <= 128 * 1024
        assert (frames > 100, connection.frames_waiting) == (True, 1)
        connection.send(b"behind")
        heard = [(await slow.hear())[1]]
        while heard[-1] != b"behind":
            heard.append((await slow.hear())[1])
        assert (set(heard[:-2]), heard[-2:]) == ({BIG}, [b"your own", b"behind"])
        await until(lambda: not connection.slow)
        await slow.leave()


@every_adapter
@on_uvloop
async def test_one_who_reads_nothing_is_cut_off_in_time(adapter: Adapter) -> None:
    handler = Recorder()
    async with adapter(handler, limits=Limits(close_wait_s=0.3)) as rig:
        slow, connection = await slow_peer(rig, handler)
        await fill(connection, up_to=512 * 1024)
        connection.close(4408, "no progress")
        await until(lambda: handler.closed_ == [(connection, 4408)], within_s=1)
        assert connection.waiting == 0
        slow.reset()


@every_adapter
@on_uvloop
async def test_one_who_says_goodbye_and_reads_nothing_is_cut_off_too(adapter: Adapter) -> None:
    handler = Recorder()
    async with adapter(handler, limits=Limits(close_wait_s=0.3)) as rig:
        slow, connection = await slow_peer(rig, handler)
        await fill(connection, up_to=512 * 1024)
        await slow.say(CLOSE, b"\x0f\xa0")
        await until(lambda: handler.closed_ == [(connection, 4000)], within_s=1)
        slow.reset()


@every_adapter
@on_uvloop
async def test_pongs_that_nobody_reads_do_not_pile_up(adapter: Adapter) -> None:
    handler = Recorder()
    async with adapter(handler, limits=Limits(chatter_max=1_000_000)) as rig:
        slow, connection = await slow_peer(rig, handler)
        await fill(connection, up_to=128 * 1024)
        before = connection.waiting
        await slow.write(masked(PING, b"p" * 125) * 10_000 + masked(TEXT, b"done"))
        await until(lambda: handler.messages == [b"done"])
        assert connection.waiting == before
        slow.reset()


@every_adapter
@on_uvloop
async def test_five_hundred_sockets_come_and_go_without_a_trace(adapter: Adapter) -> None:
    room_for_descriptors(2_000)
    handler = Recorder(on_frame=echo)
    async with adapter(handler, limits=MANY) as rig:
        before = open_descriptors()
        for leave in (Raw.leave, Raw.leave_with_a_word, vanish):
            peers = [await rig.raw() for _ in range(500)]
            await until(lambda: len(rig.gateway.connections) == 500)
            for n, peer in enumerate(peers):
                await peer.say(TEXT, b"%d" % n)
            assert [await peer.hear() for peer in peers] == [(TEXT, b"%d" % n) for n in range(500)]
            for peer in peers:
                await leave(peer)
            await until(lambda: not rig.gateway.connections)
        await until(lambda: open_descriptors() == before)
    assert len(handler.opened_) == len(handler.closed_) == len(set(handler.closed_)) == 1_500
    assert sorted(set(handler.codes)) == [1000, 1006]


@on_uvloop
async def test_a_flood_is_read_without_holding_memory_for_it() -> None:
    words = masked(TEXT, b"w" * 1_000) * 1_000
    endless = masked(TEXT, b"e" * 24 * 1024, first=0)
    async with process() as server:
        rig = server.rig
        peers = [await rig.raw() for _ in range(4)]  # what four cost that read much is no part of it
        await asyncio.gather(*(flood(peer, words) for peer in peers))
        before = server.memory_peak()
        await asyncio.gather(*(flood(peer, words * 4) for peer in peers))
        for peer in peers:
            await peer.write(endless + masked(CONTINUATION, b"e", first=0))
            assert await peer.hear_close() == 1009
        assert server.memory_peak() - before <= 1024 * 1024
        for peer in peers:
            await peer.leave()


@on_uvloop
async def test_an_idle_socket_costs_little_however_long_its_hello_was() -> None:
    room_for_descriptors(2_000)
    hello = masked(TEXT, b"h" * 20_000)
    async with process() as server:

        async def arrive(count: int) -> list[Raw]:
            peers = [await server.rig.raw() for _ in range(count)]
            for peer in peers:
                await peer.write(hello)
                assert await peer.hear() == (TEXT, b"20000")
            return peers

        peers = await arrive(50)
        before = server.memory_peak()
        peers += await arrive(300)
        assert (server.memory_peak() - before) / 300 < 15 * 1024
        for peer in peers:
            await peer.leave()


@on_uvloop
async def test_sigterm_lets_the_gateway_say_goodbye_first() -> None:
    async with process() as server:
        peers = [await connect(server.rig.url) for _ in range(5)]
        server.child.send_signal(signal.SIGTERM)
        for peer in peers:
            assert await peer.recv() == "goaway"
            await peer.wait_closed()
            assert (peer.close_code, peer.close_reason) == (1012, "restart")
        async with asyncio.timeout(5):
            await server.child.wait()


@on_uvloop
async def test_uvicorns_own_shutdown_is_no_bare_end_either() -> None:
    handler = Recorder()
    gateway = LocalGateway(handler, allowed_origin=OUR_ORIGIN.__eq__)
    server = uvicorn.Server(configuration(gateway))
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    peer = await connect(f"ws://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/socket")
    server.should_exit = True
    await peer.wait_closed()
    assert peer.close_code == 1012
    await serving
    assert handler.codes == [1012]


async def slow_peer(rig: Rig, handler: Recorder) -> tuple[Raw, Connection]:
    """One who reads only when the test does, through a small window."""
    peer = await Raw.connect(rig.port, receive_buffer=4 * 1024)
    await peer.ask()
    assert (await peer.answer())[0] == 101
    await until(lambda: bool(handler.opened_))
    return peer, handler.opened_[-1]


async def fill(connection: Connection, up_to: int) -> int:
    """Send more than the kernel takes; how many frames it were."""
    sent = 0
    while connection.waiting <= up_to:
        connection.send_framed(text_frame(BIG))
        sent += 1
        await asyncio.sleep(0)
    return sent


async def flood(peer: Raw, stream: bytes) -> None:
    """Send as fast as the kernel takes it, and hear that all of it was read."""
    sending = asyncio.create_task(peer.write(stream))
    for _ in range(stream.count(b"\x81\xfe\x03\xe8")):
        await peer.hear()
    await sending


async def vanish(peer: Raw) -> None:
    """Without a word."""
    peer.reset()


def room_for_descriptors(count: int) -> None:
    """Many systems begin with 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(count, hard)), hard))


def open_descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208


@dataclass
class Process:
    """A gateway that can be killed and weighed."""

    child: asyncio.subprocess.Process
    rig: Rig

    def memory_peak(self) -> int:
        """The most bytes that were resident so far."""
        lines = Path(f"/proc/{self.child.pid}/status").read_text().splitlines()
        (peak,) = (line for line in lines if line.startswith("VmHWM"))
        return int(peak.split()[1]) * 1024


@contextlib.asynccontextmanager
async def process() -> AsyncIterator[Process]:
    program = Path(__file__).parent / "gateway_process.py"
    child = await asyncio.create_subprocess_exec(sys.executable, program, stdout=asyncio.subprocess.PIPE)
    try:
        assert child.stdout is not None
        async with asyncio.timeout(10):
            port = int(await child.stdout.readline())
        gateway = LocalGateway(Recorder(), allowed_origin=OUR_ORIGIN.__eq__)  # only its shape is asked for
        yield Process(child, Rig(gateway, port))
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()
