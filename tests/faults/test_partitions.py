"""F5: client and server lose each other, in one direction or in both, and nobody is told.

Each has to find out by itself: the client because a ping has no answer, the server because no ping comes.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from clubroom.app.beat import ROUND_S
from clubroom.ports.gateway.admission import Limits
from faults.client import Client
from faults.crowd import Crowd, writing
from faults.network import Direction, network
from faults.server import HEARTBEAT_S, Server, serving
from house.line import Line, to_port
from house.pause import pause
from house.within import within

CUTS: list[tuple[Direction, ...]] = [("up",), ("down",), ("up", "down")]
NOTICED_S = 2.5 * HEARTBEAT_S
# The server looks in rounds, and waits a while for a goodbye before its side of the connection goes.
GONE_S = NOTICED_S + ROUND_S + Limits().close_wait_s
BUSY_S = 2.0  # the machine
LOOK_S = 0.05
ACKS = 40

Tell = Callable[[str], None]
Act = Callable[[], Awaitable[None]]


async def lose_each_other(
    server: Server, seed: int, doors: Mapping[str, str], cut: Act, mend: Act
) -> tuple[str, float, float]:
    """A crowd of which a part comes in by doors that are cut for a while. `doors`: the address of the server
    behind each, and its URL. What came of it, and after how many seconds the clients and the server knew.
    """
    async with writing(
        server, random.Random(seed), [[server.url], *([url] for url in doors.values())]
    ) as crowd:
        await crowd.more_acks(ACKS)
        away = [client for client in crowd.clients if client.url != server.url]
        earlier = {address: established(server, address) for address in doors}
        await crowd.more_acks(ACKS)
        # what was there then and is now is a socket: a call has a connection of its own
        there = {address: ports & established(server, address) for address, ports in earlier.items()}
        moment = asyncio.get_running_loop().time()
        await cut()
        clients, servers = await asyncio.gather(given_up(crowd, away, moment), forgotten(server, there))
        await mend()
        await crowd.everyone_acked_since(asyncio.get_running_loop().time())
        verdict = await crowd.settle()
    assert not verdict.faults
    assert clients < NOTICED_S
    assert servers < GONE_S + BUSY_S
    return str(verdict), clients, servers


async def given_up(crowd: Crowd, away: list[Client], moment: float) -> float:
    """When the last of these clients had given up its socket, in seconds."""

    def ended(client: Client) -> float:
        return client.lived[-1][1] if client.lived else 0

    await crowd.until(lambda: all(ended(client) > moment for client in away), "everybody cut off knew it")
    return max(ended(client) for client in away) - moment


async def forgotten(server: Server, there: Mapping[str, set[int]]) -> float:
    """When the last of these connections had gone at the server, in seconds."""
    begun = asyncio.get_running_loop().time()
    async with within(60, "the server let go of who was cut off"):
        while any(ports & established(server, address) for address, ports in there.items()):
            await pause(LOOK_S)
    return asyncio.get_running_loop().time() - begun


def established(server: Server, address: str) -> set[int]:
    """The ports of the peers that the kernel counts as connected to this address of the server."""
    here = "".join(f"{int(part):02X}" for part in reversed(address.split("."))) + f":{server.port:04X}"
    lines = Path(f"/proc/{server.pid}/net/tcp").read_text().splitlines()[1:]
    rows = [line.split() for line in lines]
    return {int(row[2].partition(":")[2], 16) for row in rows if row[1] == here and row[3] == "01"}


async def test_clients_and_server_that_lose_each_other_on_a_line_notice_and_lose_nothing(
    data: Path, seed: int, tell: Tell
) -> None:
    addresses = [f"127.0.0.{last}" for last in (2, 3, 4)]
    async with serving(data, environment={"HOST": "0.0.0.0"}) as server, AsyncExitStack() as stack:
        lines = [Line(to_port(server.port, address)) for address in addresses]
        for line in lines:
            await line.lay()
            stack.push_async_callback(line.close)

        async def cut() -> None:
            for line, directions in zip(lines, CUTS, strict=True):
                for direction in directions:
                    getattr(line, direction).hold()

        async def mend() -> None:
            for line in lines:
                line.let_go()

        doors = {
            address: f"http://127.0.0.1:{line.port}" for address, line in zip(addresses, lines, strict=True)
        }
        verdict, clients, servers = await lose_each_other(server, seed, doors, cut, mend)
    tell(f"F5, a line: known after {clients:.1f} s by clients, {servers:.1f} s by the server: {verdict}")


@pytest.mark.root
async def test_clients_and_server_that_lose_each_other_in_a_network_notice_and_lose_nothing(
    data: Path, seed: int, tell: Tell
) -> None:
    async with network() as net, serving(data, inside=net.name, address=net.addresses[0]) as server:
        away = net.addresses[1:]

        async def cut() -> None:
            for address, directions in zip(away, CUTS, strict=True):
                await net.cut(address, *directions)

        doors = {address: f"http://{address}:{server.port}" for address in away}
        verdict, clients, servers = await lose_each_other(server, seed, doors, cut, net.mend)
    tell(f"F5, a network: known after {clients:.1f} s by clients, {servers:.1f} s by the server: {verdict}")
