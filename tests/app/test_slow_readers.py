"""Whoever reads too slowly: nobody waits for them, little waits for them, and they end in the same state."""

import asyncio
import json
import socket
import time
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from websockets.asyncio.client import connect

from clubroom import wire
from clubroom.app import sockets
from clubroom.app.sockets import NO_PROGRESS_S, WAITING_BYTES_MAX, WAITING_FRAMES_MAX, Socket, Sockets
from clubroom.errors import Unavailable
from clubroom.notification import session
from clubroom.ports.gateway import Frame
from house.person import Person
from house.server import House

LONG = "x" * wire.TEXT_CODE_POINTS_MAX
HINT = Frame(b"somebody types")


class Line:
    """A connection of which the test says how slow it is."""

    def __init__(self) -> None:
        self.id, self.address = "one", "127.0.0.1"
        self.slow = False
        self.taken = 0
        self.own: list[Any] = []
        self.shared: list[bytes] = []
        self.code: int | None = None

    @property
    def waiting(self) -> int:
        return sum(map(len, self.shared)) if self.slow else 0

    @property
    def frames_waiting(self) -> int:
        return len(self.shared) if self.slow else 0

    def send(self, payload: bytes) -> None:
        self.own.append(json.loads(payload))

    def send_framed(self, frame: Frame) -> None:
        self.shared.append(frame)

    def discard(self) -> int:
        size, self.shared = self.waiting, []
        return size

    def greeted(self) -> None:
        """Nobody counts here."""

    def close(self, code: int, why: str = "") -> None:
        self.code = code

    abort = close


@pytest.fixture
async def line(house: House) -> tuple[Line, Socket, int]:
    """A slow line into a club, live."""
    club, [ann] = await house.club("Ann")
    driver: Sockets = house.process.sockets
    line = Line()
    driver.opened(line)  # type: ignore[arg-type]
    slow = driver.open[line.id]
    hello = {"type": "hello", "version": 1, "token": ann.token, "epoch": None, "cursors": {}}
    driver.frame(line, msgspec.json.encode(hello))  # type: ignore[arg-type]
    await until(lambda: slow.state.phase == "live")
    line.own.clear()
    line.slow = True
    return line, slow, club


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0)


def test_the_limits_are_those_of_the_protocol() -> None:
    assert (WAITING_FRAMES_MAX, WAITING_BYTES_MAX, NO_PROGRESS_S) == (256, 1024 * 1024, 30)


async def test_from_half_on_signals_are_dropped_and_when_it_is_full_everything_goes_but_its_own(
    line: tuple[Line, Socket, int], house: House
) -> None:
    line_, slow, club = line
    for _ in range(WAITING_FRAMES_MAX // 2):
        slow.deliver(Frame(b"a"))
    slow.hint(HINT)
    assert HINT not in line_.shared
    for _ in range(WAITING_FRAMES_MAX // 2):
        slow.deliver(Frame(b"a"))
    assert len(line_.shared) == WAITING_FRAMES_MAX
    slow.deliver(Frame(b"one too many"))
    assert (line_.shared, slow.lagging) == ([], True)
    slow.deliver(Frame(b"in vain"))
    slow.hint(HINT)
    assert line_.shared == []
    slow.step(session.Refused(Unavailable()))
    assert line_.own == [{"type": "error", "code": "unavailable"}]
    line_.slow = False
    house.process.sockets.drained(line_)  # type: ignore[arg-type]
    assert line_.own[-1]["type"] == "behind"
    assert line_.own[-1]["heads"][str(club)] == house.process.hub.head(club)
    slow.deliver(Frame(b"heard again"))
    assert line_.shared == [b"heard again"]
    house.process.sockets.closed(line_, 1006)  # type: ignore[arg-type]


async def test_a_mebibyte_is_as_much_as_waits(line: tuple[Line, Socket, int], house: House) -> None:
    line_, slow, _ = line
    for _ in range(40):
        slow.deliver(Frame(b"a" * wire.FRAME_OUT_BYTES_MAX))
        assert line_.waiting <= WAITING_BYTES_MAX + wire.FRAME_OUT_BYTES_MAX
    assert slow.lagging
    house.process.sockets.closed(line_, 1006)  # type: ignore[arg-type]


async def test_whoever_takes_nothing_for_half_a_minute_is_sent_away(
    line: tuple[Line, Socket, int], house: House
) -> None:
    line_, slow, _ = line
    now, wall = slow.moved_at, time.time()
    slow.deliver(Frame(b"a"))
    slow.looked_at(now + NO_PROGRESS_S, wall)
    line_.taken = 1  # a byte was taken
    slow.looked_at(now + NO_PROGRESS_S, wall)
    slow.looked_at(now + 2 * NO_PROGRESS_S, wall)
    assert line_.code is None
    slow.looked_at(now + 2 * NO_PROGRESS_S + 1, wall)
    assert line_.code == 4408
    house.process.sockets.closed(line_, 1006)  # type: ignore[arg-type]


async def test_nothing_to_take_is_no_lack_of_progress(line: tuple[Line, Socket, int], house: House) -> None:
    line_, slow, _ = line
    for minutes in range(1, 4):
        slow.looked_at(slow.moved_at + minutes * NO_PROGRESS_S, time.time())
    assert line_.code is None
    house.process.sockets.closed(line_, 1006)  # type: ignore[arg-type]


async def test_one_who_slept_through_a_flood_is_told_how_far_behind_and_ends_equal(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F9 in short, through a real socket."""
    monkeypatch.setattr(sockets, "WAITING_BYTES_MAX", 64 * 1024)
    club, [ann, ben] = await house.club("Ann", "Ben")
    his = await asleep(ben)
    hers = await ann.device()
    for _ in range(256):
        await hers.post(club, LONG)
    await until(lambda: any(s.lagging for s in house.process.sockets.open.values()))
    heard: list[dict[str, Any]] = []
    async with asyncio.timeout(20):
        while not any(frame["type"] == "behind" for frame in heard):
            heard.append(json.loads(await his.recv()))
    last = max(frame["to"] for frame in heard if frame["type"] == "actions" and frame["group"] == club)
    head = heard[-1]["heads"][str(club)]
    assert last < head
    assert [a["seq"] for a in await ben.actions(club, after=last)] == list(range(last + 1, head + 1))
    placed = await ann.post(club, "and on it goes")
    async with asyncio.timeout(20):
        while (frame := json.loads(await his.recv()))["type"] != "actions":
            continue
    assert (frame["from"], frame["actions"][-1]["text"]) == (placed["seq"], "and on it goes")
    await his.close()


async def asleep(person: Person) -> Any:
    """A live socket with little room, of which nothing more is read."""
    url = str(person.http.base_url)
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.setblocking(False)
    await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", person.http.base_url.port or 80))
    address = url.rstrip("/").replace("http", "ws", 1) + "/socket"
    socket_ = await connect(address, sock=sock, compression=None, max_queue=1, ping_interval=None)
    hello = {"type": "hello", "version": 1, "token": person.token, "epoch": None, "cursors": {}}
    await socket_.send(json.dumps(hello))
    while json.loads(await socket_.recv())["type"] != "live":
        continue
    return socket_
