"""The least that a server in Python can be: it numbers and broadcasts, and stores, judges and knows nothing.

`python -m bench.raw` prints its port and serves until its input ends. What it says looks as what Clubroom
says, so that the same crowd can hold it to the same: it is the machine's own limit.
"""

import asyncio
import resource
import sys
from datetime import UTC, datetime

import msgspec
import uvloop
from picows import WSFrame, WSListener, WSMsgType, WSTransport, WSUpgradeRequest, ws_create_server


class _Said(msgspec.Struct):
    type: str
    group: int = 0
    id: str = ""
    text: str = ""


_decode = msgspec.json.Decoder(_Said).decode


class Room:
    """Everybody who is here. What comes in one turn of the loop leaves together, in one write a socket."""

    def __init__(self) -> None:
        self.head = 0
        self.sockets: set[WSTransport] = set()
        self._turn: list[tuple[WSTransport, _Said]] = []

    def post(self, author: WSTransport, said: _Said) -> None:
        """With whatever else this turn of the loop brings."""
        if not self._turn:
            asyncio.get_running_loop().call_soon(self._tell)
        self._turn.append((author, said))

    def _tell(self) -> None:
        turn, self._turn = self._turn, []
        group, first, at = turn[0][1].group, self.head + 1, f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
        actions = []
        acks: dict[WSTransport, bytes] = {}
        for author, said in turn:
            self.head += 1
            actions.append(
                f'{{"seq":{self.head},"at":"{at}","type":"message_posted","id":"{said.id}",'
                f'"author":"somebody-or-other-of-the-same-length","text":"{said.text}"}}'
            )
            ack = f'{{"type":"ack","id":"{said.id}","group":{group},"seq":{self.head},"at":"{at}"}}'
            acks[author] = acks.get(author, b"") + framed(ack)
        frame = framed(
            f'{{"type":"actions","group":{group},"from":{first},"to":{self.head},'
            f'"actions":[{",".join(actions)}],"more":false}}'
        )
        for socket in self.sockets:
            self.write(socket, acks[socket] + frame if socket in acks else frame)

    def write(self, socket: WSTransport, data: bytes) -> None:
        """What one socket gets of one turn; a test may lose it."""
        socket.underlying_transport.write(data)


class Socket(WSListener):
    """One connection."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """`hello`, `ping` or `post`."""
        if frame.msg_type == WSMsgType.CLOSE:
            transport.disconnect()
            return
        said = _decode(frame.get_payload_as_bytes())
        if said.type == "post":
            self._room.post(transport, said)
        elif said.type == "ping":
            transport.underlying_transport.write(framed('{"type":"pong","heads":{}}'))
        else:
            self._room.sockets.add(transport)
            welcome = f'{{"type":"welcome","groups":{{"1":{self._room.head}}}}}'
            transport.underlying_transport.write(framed(welcome) + framed('{"type":"live"}'))

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """Gone."""
        self._room.sockets.discard(transport)


def framed(text: str) -> bytes:
    """A server's text frame."""
    payload = text.encode()
    size = len(payload)
    if size <= 125:
        return bytes((0x81, size)) + payload
    if size < 65_536:
        return b"\x81\x7e" + size.to_bytes(2, "big") + payload
    return b"\x81\x7f" + size.to_bytes(8, "big") + payload


async def listen(room: Room) -> asyncio.Server:
    """On a free port of loopback."""

    def opened(_: WSUpgradeRequest) -> Socket:
        return Socket(room)

    return await ws_create_server(
        opened, "127.0.0.1", 0, backlog=1_024, enable_auto_ping=False, enable_auto_pong=False
    )


async def main() -> None:
    """Until its input ends."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    server = await listen(Room())
    print(server.sockets[0].getsockname()[1], flush=True)
    ending = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(ending), sys.stdin.buffer)
    await ending.read()


if __name__ == "__main__":
    uvloop.run(main())
