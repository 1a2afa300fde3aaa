"""Where sockets are at another host and path than calls, as at API Gateway."""

from pathlib import Path

from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from peers.cloudflare.rig import SECRET, Ports, edge_before

PATH = "/production"


async def test_a_socket_goes_to_its_own_origin_and_comes_back_with_its_last_words(tmp_path: Path) -> None:
    heads: list[tuple[str, dict[str, str]]] = []

    async def elsewhere(connection: ServerConnection) -> None:
        assert connection.request is not None
        heads.append((connection.request.path, dict(connection.request.headers.raw_items())))
        async for text in connection:
            assert isinstance(text, str)
            await connection.send(f"heard {text}")
            if text == "go":
                await connection.close(4321, "gone")

    ports = Ports()
    async with serve(elsewhere, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        async with edge_before(ports, tmp_path, SOCKET_ORIGIN=f"ws://127.0.0.1:{port}{PATH}"):
            code, heard = await said_at(f"{ports.url.replace('http', 'ws')}/socket", ports.url)
    assert heard == ["heard é", "heard go"]
    assert code == (4321, "gone")
    [(path, headers)] = heads
    named = {name.lower(): value for name, value in headers.items()}
    assert path == PATH
    assert named["origin"] == ports.url
    assert named["clubroom-edge-secret"] == SECRET
    assert named["clubroom-edge-address"] == "203.0.113.5"


async def said_at(url: str, origin: str) -> tuple[tuple[int, str] | None, list[str]]:
    """How it ended, and what was heard."""
    heard: list[str] = []
    lies = {"cf-connecting-ip": "203.0.113.5", "clubroom-edge-address": "1.1.1.1"}
    async with connect(url, origin=origin, additional_headers=lies) as socket:  # type: ignore[arg-type]
        try:
            for text in ("é", "go", "too late"):
                await socket.send(text)
                heard.append(str(await socket.recv()))
        except ConnectionClosed as error:
            return (error.rcvd.code, error.rcvd.reason) if error.rcvd else None, heard
    return None, heard
