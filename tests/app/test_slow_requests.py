"""Whoever begins a request and never ends it is not waited for: each such connection holds a file open."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest

from clubroom.app.patience import Patient
from house.server import House

SOON_S = 4.0  # uvicorn itself ends what is silent between two requests, after five
WHOLE = b"GET /api/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"PUT /api/messages/01a204ea-39ca-75c4-8161-1fc6c9a71e96 HTTP/1.1\r\nHost: localhost\r\n"

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """The patience of the product, shortened."""
    monkeypatch.setattr(Patient, "request_s", 0.3)


@asynccontextmanager
async def connected(house: House) -> AsyncIterator[Streams]:
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(house.url).port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def said_until_its_end(reader: asyncio.StreamReader) -> bytes:
    async with asyncio.timeout(SOON_S):
        return await reader.read()


@pytest.mark.parametrize("begun", [b"", b"GET /api/he", WHOLE[:-2]], ids=["nothing", "a word", "a head"])
async def test_a_connection_over_which_no_request_comes_is_ended(house: House, begun: bytes) -> None:
    async with connected(house) as (reader, writer):
        writer.write(begun)
        assert await said_until_its_end(reader) == b""


async def test_a_request_whose_body_never_comes_whole_is_ended(house: House) -> None:
    ann = await house.person("Ann")
    async with connected(house) as (reader, writer):
        writer.write(POST + f"Authorization: Bearer {ann.token}\r\n".encode())
        writer.write(b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
        assert await said_until_its_end(reader) == b""


async def test_a_second_request_is_waited_for_no_longer_than_the_first(house: House) -> None:
    async with connected(house) as (reader, writer):
        writer.write(WHOLE)
        async with asyncio.timeout(SOON_S):
            assert (await reader.readuntil(b'"ok"}')).startswith(b"HTTP/1.1 200")
        writer.write(WHOLE[:9])
        assert await said_until_its_end(reader) == b""


async def test_a_socket_is_no_request_that_never_ends(house: House) -> None:
    ann = await house.person("Ann")
    device = await ann.device()
    late = asyncio.get_running_loop().time() + 2 * Patient.request_s
    while asyncio.get_running_loop().time() < late:
        pongs = len(device.heard("pong"))
        await device.send(type="ping")
        await device.until(lambda pongs=pongs: len(device.heard("pong")) > pongs)  # type: ignore[misc]
    assert device.close_code is None
