"""The line between a browser and the server, cut at a bad moment."""

import asyncio
import gc
from collections.abc import AsyncIterator

import pytest

from browser.cable import asked_for


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """Somebody listens, and says nothing."""
    arrived: list[asyncio.StreamWriter] = []

    def take(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        arrived.append(writer)
        if not server.is_serving():  # it was let in, and is only told of now
            writer.transport.abort()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    for writer in arrived:
        writer.transport.abort()


@pytest.mark.parametrize("asks", ["CONNECT 127.0.0.1:{} HTTP/1.1", "GET http://127.0.0.1:{}/ HTTP/1.1"])
async def test_a_cable_that_is_pulled_while_it_connects_onwards_leaves_nothing_open(
    port: int, asks: str
) -> None:
    _, near = await asyncio.open_connection("127.0.0.1", port)
    asked = asyncio.StreamReader()
    asked.feed_data(f"{asks.format(port)}\r\n\r\n".encode())
    near.transport.abort()
    with pytest.raises(ConnectionResetError):
        await asked_for((asked, near))
    gc.collect()  # what is still open says so here
