"""The command serves files on a port of their own. They survive its death, and no line of a log opens one."""

import asyncio
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from clubroom.app.files import FOLDER
from clubroom.auth.keys import files_key
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.ports.blobs import Ticket
from clubroom.ports.blobs.folder import Folder
from faults.server import Server, free_port
from house.command import served
from house.server import NO_AUTHORITIES
from house.within import within

SECRET = "ab" * 32
WORDS = "quarantined"


def given_out(data: Path, origin: str) -> Folder:
    """What the server on this folder would give out."""
    return Folder(data / FOLDER, files_key(bytes.fromhex(SECRET)), origin)


async def begun(ticket: Ticket, length: int, sent: bytes) -> asyncio.StreamWriter:
    """An upload of which only this has come."""
    parts = urlsplit(ticket.url)
    _, writer = await asyncio.open_connection("127.0.0.1", parts.port)
    head = f"PUT {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: image/webp\r\n"
    writer.write(f"{head}Content-Length: {length}\r\n\r\n".encode() + sent)
    await writer.drain()
    return writer


@pytest.mark.parametrize("form", ["plain", "json"])
async def test_whatever_comes_to_the_port_of_files_no_line_tells_what_opens_one(
    postgres: EmbeddedPostgres, database: object, tmp_path: Path, form: str
) -> None:
    settings = {
        "DATABASE_URL": postgres.owner_dsn,
        "CLUBROOM_DATA": str(tmp_path),
        "CLUBROOM_SECRET": SECRET,
        "CLUBROOM_LOG": form,
        "CLUBROOM_LOG_LEVEL": "debug",
        "PORT": str(free_port()),
        "CLUBROOM_FILES_PORT": str(free_port()),
    }
    async with served(**settings) as server, httpx.AsyncClient(verify=NO_AUTHORITIES) as http:
        store = given_out(tmp_path, f"http://localhost:{settings['CLUBROOM_FILES_PORT']}")
        page = await http.get(server.url)
        assert store.origin in page.headers["content-security-policy"]
        ticket = store.put_url(f"q/{WORDS}", type="image/webp", length=5)
        link = store.get_url(f"q/{WORDS}", name=f"{WORDS}.pdf")
        up = await http.put(ticket.url, headers=ticket.headers | {"origin": server.url}, content=b"12345")
        assert up.status_code == 200
        assert up.headers["access-control-allow-origin"] == server.url
        assert (await http.get(link.url)).content == b"12345"
        assert (await http.get(link.url + "x")).status_code == 403
        assert (await http.get(f"{server.url}/{link.url.partition('//')[2]}")).status_code in {200, 404}
        cut = await begun(ticket, 5, b"12")
        cut.close()
        await cut.wait_closed()
        parts = urlsplit(link.url)
        reader, writer = await asyncio.open_connection("127.0.0.1", parts.port)
        writer.write(f"GET {parts.path}?{parts.query} HTTP/1.1\r\nno header\r\n\r\n".encode())
        assert (await reader.read()).startswith(b"HTTP/1.1 400")
        writer.close()
        await writer.wait_closed()
        (tmp_path / FOLDER / ".unfinished").rename(tmp_path / FOLDER / "elsewhere")
        (tmp_path / FOLDER / ".unfinished").write_text("in the way")
        broken = await http.put(ticket.url, headers=ticket.headers, content=b"12345")
        assert broken.status_code == 503
        await store.close()
    said = "\n".join(server.said)
    signed = [dict(parse_qsl(urlsplit(url).query))["signature"] for url in (ticket.url, link.url)]
    assert [word for word in [*signed, WORDS, "signature"] if word in said] == []


async def test_a_server_that_is_killed_in_the_middle_of_an_upload_shows_nothing_half(
    postgres: EmbeddedPostgres, database: object, tmp_path: Path
) -> None:
    port = free_port()
    environment = {
        "DATABASE_URL": postgres.owner_dsn,
        "CLUBROOM_SECRET": SECRET,
        "CLUBROOM_FILES_PORT": str(port),
    }
    server = Server(tmp_path, environment=environment)
    store = given_out(tmp_path, f"http://127.0.0.1:{port}")
    await server.start()
    ticket = store.put_url("q/a", type="image/webp", length=900_000)
    writer = await begun(ticket, 900_000, b"x" * 600_000)
    unfinished = tmp_path / FOLDER / ".unfinished"
    async with within(10, "a part was on the disk"):
        while all(path.stat().st_size < 200_000 for path in unfinished.iterdir()):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await server.kill()
    writer.transport.abort()
    assert await store.found("") == []
    await server.start()
    async with httpx.AsyncClient(verify=NO_AUTHORITIES) as http:
        assert (await http.get(store.get_url("q/a").url)).status_code == 404
        again = await http.put(ticket.url, headers=ticket.headers, content=b"y" * 900_000)
        assert again.status_code == 200
        assert (await http.get(store.get_url("q/a").url)).content == b"y" * 900_000
    await server.stop()
    await store.close()


async def test_a_bucket_serves_by_itself_and_no_port_is_opened_for_files(
    postgres: EmbeddedPostgres, database: object, tmp_path: Path
) -> None:
    port = free_port()
    settings = {
        "DATABASE_URL": postgres.owner_dsn,
        "CLUBROOM_DATA": str(tmp_path),
        "PORT": str(free_port()),
        "CLUBROOM_FILES_PORT": str(port),
        "CLUBROOM_B2_ENDPOINT": "s3.eu-central-003.backblazeb2.com",
        "CLUBROOM_B2_BUCKET": "my-club",
        "CLUBROOM_B2_KEY_ID": "0042",
        "CLUBROOM_B2_KEY": "key",
    }
    async with served(**settings) as server, httpx.AsyncClient(verify=NO_AUTHORITIES) as http:
        said = (await http.get(server.url)).headers["content-security-policy"]
        assert said.count("https://s3.eu-central-003.backblazeb2.com") == 2
        with pytest.raises(httpx.ConnectError):
            await http.get(f"http://127.0.0.1:{port}/")
    assert not (tmp_path / FOLDER).exists()
