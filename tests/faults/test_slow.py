"""F9: somebody reads at 1 kB/s in a room where much is written."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from faults.audience import listening
from faults.client import Talk
from faults.conftest import Amount
from faults.crowd import Crowd, writing
from faults.server import Server, serving
from house.device import Device
from house.line import Line, to_port
from house.patient import PatientDevice
from house.pause import pause
from house.within import within

BYTES_A_SECOND = 1_000
BUFFER_BYTES = 4_096
MEMORY_BYTES_MAX = 2 * 1024 * 1024
TALK = Talk(between_s=(0.0, 0.1), padding=3_000)  # of all, 200 long messages a second
OTHERS = 16
PING_S = 1.0
PATIENCE_S = 30.0
SLOWER = 1.10
GROSSLY = 5.0
TICK_S = 0.005  # no clock of two processes on two cores is better than that

Tell = Callable[[str], None]


class Delays:
    """How long messages took from their author to each of the others: `taken` gives the 99th of a hundred."""

    def __init__(self) -> None:
        self.now = asyncio.get_running_loop().time
        self.seconds: list[float] = []

    def heard(self, text: str) -> None:
        """The author wrote into it when it was sent."""
        _, told, moment = text.rpartition(" at ")
        if told:
            self.seconds.append(self.now() - float(moment))

    def taken(self) -> float:
        """Since the last time."""
        seconds, self.seconds = sorted(self.seconds), []
        return seconds[int(len(seconds) * 0.99)]


def resident(server: Server) -> int:
    """Bytes of the server's memory, its database's apart."""
    lines = Path(f"/proc/{server.pid}/status").read_text().splitlines()
    (line,) = (line for line in lines if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024


@asynccontextmanager
async def slow_reader(server: Server, crowd: Crowd) -> AsyncIterator[tuple[Line, Device]]:
    """One more device of the owner, behind a slow line. It says that it is there, as a client does."""
    line = Line(to_port(server.port, buffer_bytes=BUFFER_BYTES))
    await line.lay()
    owner = crowd.clients[0].person
    device = await PatientDevice.open(f"http://127.0.0.1:{line.port}")
    assert isinstance(device, PatientDevice)
    device.pull = owner.actions
    await device.hello(owner.token)
    line.down.bytes_a_second = BYTES_A_SECOND

    async def say_so() -> None:
        while True:
            await device.send(type="ping")
            await pause(PING_S)

    saying = asyncio.create_task(say_so())
    try:
        yield line, device
    finally:
        saying.cancel()
        await asyncio.gather(saying, return_exceptions=True)
        await device.vanish()
        await line.close()


async def test_a_slow_reader_costs_little_holds_nobody_up_and_ends_equal(
    data: Path, amount: Amount, seed: int, tell: Tell
) -> None:
    delays = Delays()
    async with (
        serving(data) as server,
        writing(server, random.Random(seed), talk=TALK) as crowd,
        listening(crowd, OTHERS, delays.heard),
    ):
        await crowd.more_acks(amount.slow_acks)  # its memory is by now what such a crowd needs
        delays.taken()
        await crowd.more_acks(amount.slow_acks)
        without, before = delays.taken(), resident(server)
        async with slow_reader(server, crowd) as (line, device):
            group = crowd.clients[0].group
            await crowd.more_acks(amount.slow_acks)
            grown, beside = resident(server) - before, delays.taken()
            verdict = await crowd.settle()
            line.down.bytes_a_second = 0
            head = len(crowd.clients[0].diary.applied)
            async with within(PATIENCE_S, "the slow reader had everything"):
                await device.until(lambda: device.cursors[group] >= head, PATIENCE_S)
            log = await crowd.clients[0].person.actions(group)
    tell(
        f"F9: {grown / 1024:,.0f} KiB more for a reader of 1 kB/s; p99 of others without it"
        f" {without * 1000:.1f} ms, beside it {beside * 1000:.1f} ms: {verdict}"
    )
    assert device.heard("behind"), "it was not slow enough"
    assert device.log[group] == [action for action in log if action["seq"] >= device.log[group][0]["seq"]]
    assert not verdict.faults
    assert grown <= MEMORY_BYTES_MAX
    assert beside <= (SLOWER if amount.exact else GROSSLY) * without + TICK_S
