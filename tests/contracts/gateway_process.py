"""A gateway in a process of its own, which echoes and says goodbye as the app does. Prints its port."""

import asyncio
import socket
import sys

import uvicorn
import uvloop
from gateway_rig import Recorder, configuration

from clubroom.ports.gateway import Connection
from clubroom.ports.gateway.admission import Limits
from clubroom.ports.gateway.local import LocalGateway


class Echo(Recorder):
    """Answers long messages with their length, and remembers nothing."""

    def opened(self, connection: Connection) -> None:
        """Nothing to do."""

    def frame(self, connection: Connection, data: bytes) -> None:
        connection.send(data if len(data) < 100 else b"%d" % len(data))

    def closed(self, connection: Connection, code: int) -> None:
        """Nothing to do."""


async def serve() -> None:
    """Until SIGTERM."""
    limits = Limits(waiting_sockets_max=10_000, handshakes_burst=20_000, chatter_max=100_000)
    gateway = LocalGateway(Echo(), allowed_origin=lambda _: True, limits=limits)

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            await gateway.drain(b"goaway", why="restart")
            await super().shutdown(sockets)

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            sys.stdout.write(f"{self.servers[0].sockets[0].getsockname()[1]}\n")
            sys.stdout.flush()

    await Server(configuration(gateway)).serve()


if __name__ == "__main__":
    asyncio.Runner(loop_factory=uvloop.new_event_loop).run(serve())
