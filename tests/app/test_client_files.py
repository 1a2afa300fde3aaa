"""The built client is served from memory: fast again, safe, and no path leads out of it."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import msgspec
import pytest

from clubroom.app.settings import Settings
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.pool import Database
from clubroom.fe.http import load, policy
from house.server import House, running

FILES = {
    "index.html": "<!doctype html><title>Clubroom</title>" + " " * 200,
    "assets/app.4f2a.js": "console.log('hello')\n" * 50,
    "assets/app.4f2a.css": "body { color: teal }\n" * 50,
    "assets/face.9c1d.woff2": "font",
    "assets/emoji.77aa.json": '["one", "two"]' * 50,
    "icons/clubroom.svg": "<svg/>",
    "icons/clubroom.png": "png",
    "clubroom.webmanifest": "{}",
    "sw.js": "// service worker",
}
SECURITY = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
}


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("client") / "dist"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder.parent / "secret").write_text("beside the client")
    return folder


@pytest.fixture(scope="module")
async def place(
    database: Database, postgres: EmbeddedPostgres, settings: Settings, dist: Path
) -> AsyncIterator[House]:
    db = await Database.open(postgres.app_dsn, pool_max=2)
    async with running(db, msgspec.structs.replace(settings, web=dist)) as house:
        yield house
    await db.close()


@pytest.fixture
async def browser(place: House) -> AsyncIterator[httpx.AsyncClient]:
    async with place.http() as http:
        yield http


async def test_every_file_is_served_as_what_it_is_with_every_fence(
    place: House, browser: httpx.AsyncClient
) -> None:
    kinds = {
        "": "text/html; charset=utf-8",
        "index.html": "text/html; charset=utf-8",
        "assets/app.4f2a.js": "text/javascript; charset=utf-8",
        "assets/app.4f2a.css": "text/css; charset=utf-8",
        "assets/face.9c1d.woff2": "font/woff2",
        "assets/emoji.77aa.json": "application/json",
        "icons/clubroom.svg": "image/svg+xml",
        "icons/clubroom.png": "image/png",
        "clubroom.webmanifest": "application/manifest+json",
        "sw.js": "text/javascript; charset=utf-8",
    }
    for name, kind in kinds.items():
        answer = await browser.get(f"/{name}")
        assert answer.status_code == 200, name
        assert answer.text == FILES[name or "index.html"]
        assert answer.headers["content-type"] == kind
        assert {key: answer.headers[key] for key in SECURITY} == SECURITY
        assert answer.headers["content-security-policy"] == policy(place.process.blobs.origin)


def test_the_policy_lets_nothing_in_that_is_not_ours() -> None:
    said = policy("https://files.example")
    rules = dict(rule.strip().split(" ", 1) for rule in said.split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    assert rules["connect-src"] == "'self' https://files.example"
    assert rules["img-src"] == "'self' data: blob: https://files.example"
    assert "unsafe" not in said
    assert "http:" not in said
    assert [name for name, rule in rules.items() if "files.example" in rule] == ["img-src", "connect-src"]


async def test_a_file_with_a_hash_in_its_name_is_kept_and_others_are_asked_for_again(
    browser: httpx.AsyncClient,
) -> None:
    assert "immutable" in (await browser.get("/assets/app.4f2a.js")).headers["cache-control"]
    for name in ("", "sw.js", "clubroom.webmanifest", "icons/clubroom.png"):
        assert (await browser.get(f"/{name}")).headers["cache-control"] == "no-cache"


async def test_what_a_browser_has_already_is_not_sent_again(browser: httpx.AsyncClient) -> None:
    for name in FILES:
        tag = (await browser.get(f"/{name}")).headers["etag"]
        again = await browser.get(f"/{name}", headers={"if-none-match": tag})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
        assert "content-security-policy" in again.headers
        other = await browser.get(f"/{name}", headers={"if-none-match": '"other"'})
        assert other.status_code == 200


async def test_text_goes_compressed_to_whoever_can_read_it(browser: httpx.AsyncClient) -> None:
    for name in (
        "",
        "assets/app.4f2a.js",
        "assets/app.4f2a.css",
        "assets/emoji.77aa.json",
        "icons/clubroom.svg",
    ):
        async with browser.stream("GET", f"/{name}", headers={"accept-encoding": "br, gzip"}) as answer:
            raw = b"".join([part async for part in answer.aiter_raw()])
        assert answer.headers["content-encoding"] == "gzip"
        assert gzip.decompress(raw).decode() == FILES[name or "index.html"]
        plain = await browser.get(f"/{name}", headers={"accept-encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert plain.headers["vary"] == "accept-encoding"
    picture = await browser.get("/icons/clubroom.png", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in picture.headers


async def test_every_view_of_the_client_is_the_shell(browser: httpx.AsyncClient) -> None:
    for path in (
        "/join/K7QM-9XRT-2HVC",
        "/sign-in",
        "/clubs/42",
        "/a/b/c",
        "/assets",
        "/?source=pwa",
        "/c/42/members/samlp%7Ccorp%7Cann.lee",
    ):
        answer = await browser.get(path)
        assert (answer.status_code, answer.text) == (200, FILES["index.html"]), path


async def test_a_file_that_is_not_there_is_not_the_shell(browser: httpx.AsyncClient) -> None:
    for path in ("/assets/old.1111.js", "/favicon.ico", "/robots.txt", "/.git/config", "/.env", "/old.map"):
        answer = await browser.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path


async def raw(place: House, target: str) -> bytes:
    """What is answered to a path exactly as it is written here."""
    port = int(place.url.rsplit(":", 1)[1])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode("latin-1"))
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


@pytest.mark.parametrize(
    "target",
    [
        "/../secret",
        "/assets/../../secret",
        "/assets/..%2f..%2fsecret",
        "/%2e%2e/secret",
        "/..%5csecret",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "/assets/%00/../secret",
        "/./index.html/../../secret",
        "/sw.js%00.html",
        "/" + "../" * 50 + "etc/passwd",
        "/%ff%fe",
        "/" + "x" * 10_000,
    ],
)
async def test_no_path_leads_out_of_the_client(place: House, target: str) -> None:
    answer = await raw(place, target)
    assert b"beside the client" not in answer
    assert b"root:" not in answer
    assert answer.startswith((b"HTTP/1.1 404", b"HTTP/1.1 200", b"HTTP/1.1 400"))
    assert b"HTTP/1.1 200" not in answer or FILES["index.html"].encode() in answer


def test_without_a_built_client_there_is_nothing_to_serve(tmp_path: Path) -> None:
    assert load(tmp_path / "nowhere") == {}


@pytest.mark.parametrize(
    "path", ["/", "/join/K7QM-9XRT-2HVC", "/assets/app.4f2a.js", "/nothing.js", "/api/health", "/api/nowhere"]
)
async def test_head_is_answered_as_get_is_without_the_body(browser: httpx.AsyncClient, path: str) -> None:
    """So ask uptime checkers, and whoever looks for a link before they show it."""
    asked, got = await browser.head(path), await browser.get(path)
    assert (asked.status_code, asked.content) == (got.status_code, b"")
    assert [one for one in asked.headers.raw if one[0] != b"date"] == [
        one for one in got.headers.raw if one[0] != b"date"
    ]
    assert (await browser.get("/api/health")).json() == {"status": "ok"}  # on the same connection


async def test_head_is_refused_where_nothing_can_be_got(place: House, browser: httpx.AsyncClient) -> None:
    assert (await browser.head("/api/clubs")).status_code == 405
    await browser.head("/api/health")
    assert place.process.calls.answered["/api/health", "HEAD", "200"]
