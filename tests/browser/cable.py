"""A person's line to the server: a forward proxy that the test may cut. What is cut is really cut."""

import asyncio

from house.line import Line, Streams, require_open


class Cable:
    """Carries what a browser sends to loopback. Pulled, it resets its connections and takes no more."""

    def __init__(self) -> None:
        self._line = Line(asked_for)

    async def lay(self) -> str:
        """Starts; the address for the browser."""
        await self._line.lay()
        return f"http://127.0.0.1:{self._line.port}"

    def pull(self) -> None:
        """The line is dead from now on, in both directions."""
        self._line.refuses = True
        self._line.reset()

    def mend(self) -> None:
        """New connections are carried again."""
        self._line.refuses = False

    async def close(self) -> None:
        """For good."""
        await self._line.close()


async def asked_for(near: Streams) -> Streams:
    """As the browser's first request says; one that is not for a tunnel goes on without its proxy's words.

    Pulled meanwhile, it leaves nothing open.
    """
    reader, writer = near
    method, target, rest = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)
    host = target if method == b"CONNECT" else target.split(b"/")[2]
    name, _, port = host.decode().rpartition(":")
    far = await asyncio.open_connection(name.strip("[]"), int(port))
    try:
        for _, end in (near, far):
            require_open(end)
    except ConnectionResetError:
        far[1].transport.abort()
        raise
    if method == b"CONNECT":
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    else:
        path = b"/" + target.split(b"/", 3)[3]
        rest = rest.replace(b"Proxy-Connection: keep-alive", b"Connection: close")
        far[1].write(b" ".join([method, path, rest]))
    return far
