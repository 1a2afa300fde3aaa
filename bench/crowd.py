"""The load generator: a process of its own that holds the sockets, posts, and counts what really came.

`python -m bench.crowd` takes orders and gives answers (bench/orders.py), and ends when its input does.
"""

import asyncio
import gc
import math
import resource
import sys
import time
from itertools import cycle
from time import perf_counter

import msgspec
import uvloop

from bench.client import Client
from bench.figure import median, p99
from bench.orders import Answer, Failed, Flood, Leave, Left, Open, Opened, Order, Pace, Posted, Seat
from bench.room import Heard, Room, Wrong

ADDRESSES = 20
"""Sockets come from so many loopback addresses: of each, only some may wait, and only some come at once."""
AT_ONCE_AN_ADDRESS = 8
SETTLE_S = 10.0
ORDER_BYTES_MAX = 16 * 1024 * 1024


class Crowd:
    """The sockets to one server. One order at a time."""

    def __init__(self) -> None:
        self.rooms: dict[int, Room] = {}
        self.clients: list[Client] = []
        self._until = math.inf  # before this moment more is posted
        self._answering = False  # whoever is acknowledged posts again
        self._ack_s: list[float] = []
        self._delivery_s: list[float] = []
        self._begun_at = self._ended_at = self._cpu_s = 0.0
        self._done: asyncio.Future[None]

    # --- orders ---

    async def open(self, port: int, seats: list[Seat]) -> Opened:
        """Returns when all are live."""
        begun = perf_counter()
        async with asyncio.timeout(SETTLE_S + len(seats) / 100):
            await asyncio.gather(
                *(self._come(port, f"127.0.0.{one + 1}", seats[one::ADDRESSES]) for one in range(ADDRESSES))
            )
        return Opened(sockets=len(self.clients), seconds=perf_counter() - begun)

    async def flood(self, posters: int, seconds: float) -> Posted:
        """As much as the server takes from so many."""
        await self._begin(seconds, answering=True)
        for client in self.clients[:: len(self.clients) // posters][:posters]:
            client.post()
        return await self._settled(seconds)

    async def pace(self, posts_a_second: float, seconds: float) -> Posted:
        """As much as is asked for."""
        await self._begin(math.inf, answering=False)
        for number, client in zip(range(int(posts_a_second * seconds)), cycle(self.clients), strict=False):
            await asyncio.sleep(self._begun_at + number / posts_a_second - perf_counter())
            client.post()
        self._until = 0.0
        return await self._settled(0)

    async def leave(self) -> None:
        """Returns when the last socket is gone."""
        for client in self.clients:
            client.leave()
        async with asyncio.timeout(SETTLE_S):
            await asyncio.gather(*(client.gone.wait() for client in self.clients))

    # --- what its sockets tell ---

    def acked(self, client: Client, delay: float, now: float) -> None:
        """See Listener."""
        self._ack_s.append(delay)
        if self._answering and now < self._until:
            client.post()
        else:
            self._settle(now)

    def heard(self, heard: Heard, now: float) -> None:
        """See Listener."""
        if not self._answering:
            self._delivery_s += [now - at for at in heard.posted_at]
        if now >= self._until:
            self._settle(now)

    def failed(self, error: Exception) -> None:
        """See Listener."""
        if not self._done.done():
            self._done.set_exception(error)

    # --- inside ---

    async def _come(self, port: int, address: str, seats: list[Seat]) -> None:
        for first in range(0, len(seats), AT_ONCE_AN_ADDRESS):
            together = [self._join(port, address, seat) for seat in seats[first : first + AT_ONCE_AN_ADDRESS]]
            await asyncio.gather(*together)

    async def _join(self, port: int, address: str, seat: Seat) -> None:
        room = self.rooms.setdefault(seat.group, Room(seat.group))
        room.sockets += 1
        client = Client(seat, room, self)
        self.clients.append(client)
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: client, "127.0.0.1", port, local_addr=(address, 0))
        await client.live()

    async def _begin(self, seconds: float, *, answering: bool) -> None:
        """Everybody is alive; nothing is counted yet."""
        async with asyncio.timeout(SETTLE_S):
            await asyncio.gather(*(client.ping() for client in self.clients))
        for room in self.rooms.values():
            room.begin()
        self._answering = answering
        self._ack_s, self._delivery_s = [], []
        self._done = asyncio.get_running_loop().create_future()
        self._begun_at, self._cpu_s = perf_counter(), time.process_time()
        self._until = self._begun_at + seconds

    def _settle(self, now: float) -> None:
        """Over when the last delivery has come."""
        if (
            now >= self._until
            and not self._done.done()
            and all(room.complete for room in self.rooms.values())
        ):
            self._ended_at = now
            self._done.set_result(None)

    async def _settled(self, seconds: float) -> Posted:
        self._settle(perf_counter())
        async with asyncio.timeout(seconds + SETTLE_S):
            await self._done
        cpu_s = time.process_time() - self._cpu_s
        for room in self.rooms.values():
            room.check()
        return Posted(
            posts=len(self._ack_s),
            deliveries=sum(room.deliveries for room in self.rooms.values()),
            seconds=self._ended_at - self._begun_at,
            cpu_s=cpu_s,
            ack_ms=in_ms(self._ack_s),
            delivery_ms=in_ms(self._delivery_s),
        )


def in_ms(seconds: list[float]) -> list[float]:
    """Median and 99th percentile; empty for nothing."""
    return [1_000 * median(seconds), 1_000 * p99(seconds)] if seconds else []


class Crowds:
    """Those to several servers, by name, so that runs against one and the other can take turns."""

    def __init__(self) -> None:
        self.crowds: dict[str, Crowd] = {}

    async def answer(self, order: Order) -> Answer:
        """What came of it; the reason where nothing did."""
        try:
            return await self._obey(order)
        except (Wrong, msgspec.DecodeError, OSError, TimeoutError) as error:
            return Failed(why=f"{type(error).__name__}: {error}")

    async def _obey(self, order: Order) -> Answer:
        crowd = self.crowds.setdefault(order.crowd, Crowd())
        match order:
            case Open(port=port, seats=seats):
                return await crowd.open(port, seats)
            case Flood(posters=posters, seconds=seconds):
                return await crowd.flood(posters, seconds)
            case Pace(posts_a_second=posts_a_second, seconds=seconds):
                return await crowd.pace(posts_a_second, seconds)
            case Leave():
                await self.crowds.pop(order.crowd).leave()
                return Left()


async def main() -> None:
    """Line by line, until the input ends."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    gc.disable()  # a pause would be taken for one of the server's, and no run makes much
    orders = asyncio.StreamReader(limit=ORDER_BYTES_MAX)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin.buffer)
    crowds = Crowds()
    while line := await orders.readline():
        answer = await crowds.answer(msgspec.json.decode(line, type=Order))
        print(msgspec.json.encode(answer).decode(), flush=True)


if __name__ == "__main__":
    uvloop.run(main())
