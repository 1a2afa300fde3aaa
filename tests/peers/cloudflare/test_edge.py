"""A club whose page and address are Cloudflare's, and whose server stands behind."""

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from playwright.async_api import expect

from browser.conftest import Sit
from browser.files import PICTURE, photo
from clubroom.app.settings import DIST
from clubroom.wire.limits import BODY_BYTES_MAX
from house.device import Device
from peers.cloudflare.pair import pair
from peers.cloudflare.rig import ALONE, FOLDER, SECRET, Ports

BELONGS_TO_HTTP = {
    "date", "server", "etag", "vary", "content-length", "content-encoding", "transfer-encoding", "connection",
    "keep-alive", "cf-cache-status",
}  # fmt: skip
VIEWS = (
    "/",
    "/join/K7QM-9XRT-2HVC",
    "/clubs/42",
    "/c/42/members/samlp%7Ccorp%7Cann.lee",
    "/terms",
    "/privacy",
    "/_headers",
    "/?source=pwa",
)


@pytest.mark.usefixtures("origin")
async def test_two_people_talk_live_and_find_everything_again_at_the_same_address(
    sit: Sit, ports: Ports, said: list[str]
) -> None:
    ann, ben = await pair(sit)
    await ben.write("here")
    await ann.sees("here")
    await ann.write("good to see you")
    await ben.sees("good to see you")
    assert any("GET /socket 101" in line for line in said)
    deep = ann.page.url
    assert deep.startswith(f"{ports.url}/") and len(deep) > len(ports.url) + 1
    for viewer in (ann, ben):
        await viewer.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        await viewer.page.reload()
        await viewer.sees("good to see you")
        await viewer.sees("here")  # older ones may come after the newest
        assert await viewer.texts() == ["here", "good to see you"]
    fresh = await ann.context.new_page()  # and without what the service worker keeps
    await ann.context.route("**/sw.js", lambda route: route.abort())
    await ann.page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one.unregister())")
    await fresh.goto(deep)
    await expect(fresh.get_by_text("good to see you")).to_be_visible()
    await fresh.close()


@pytest.mark.usefixtures("origin")
async def test_the_cookie_is_of_the_page_s_own_origin_and_renews_what_has_run_out(
    sit: Sit, ports: Ports
) -> None:
    ann, _ = await pair(sit)
    [cookie] = await ann.context.cookies(f"{ports.url}/api/tokens")
    assert (cookie["domain"], cookie["httpOnly"], cookie["sameSite"]) == ("localhost", True, "Strict")
    async with ann.page.expect_response("**/api/tokens") as waited:
        await ann.page.reload()
    answer = await waited.value
    assert answer.status == 201
    assert answer.url.startswith(ports.url)
    [renewed] = await ann.context.cookies(f"{ports.url}/api/tokens")
    assert renewed["value"] != cookie["value"]
    await expect(ann.composer).to_be_visible()


@pytest.mark.usefixtures("origin")
async def test_a_picture_comes_from_where_files_lie_and_the_policy_lets_it(sit: Sit, ports: Ports) -> None:
    ann, ben = await pair(sit)
    await ann.page.locator("input[type=file]").set_input_files([photo("red")])
    await ann.composer.fill("from the concert")
    await ann.composer.press("Enter")
    await ben.sees("from the concert")
    shown = ben.message("from the concert").locator(PICTURE)
    await expect(shown).to_have_js_property("complete", True)
    assert (await shown.get_attribute("src") or "").startswith(ports.files_url)


def headers(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in BELONGS_TO_HTTP}


async def test_every_file_and_every_view_comes_as_from_the_server_itself(
    at_edge: httpx.AsyncClient, at_origin: httpx.AsyncClient
) -> None:
    files = [f"/{path.relative_to(DIST)}" for path in DIST.rglob("*") if path.is_file()]
    pages = [path for path in files if path not in ("/index.html", "/.built")]
    assert any(path.startswith("/assets/") for path in pages)
    for path in (*VIEWS, *pages):
        ours, theirs = await at_origin.get(path), await at_edge.get(path)
        assert (theirs.status_code, theirs.content) == (200, ours.content), path
        assert headers(theirs) == headers(ours), path
        head = await at_edge.head(path)
        assert (head.status_code, head.content, headers(head)) == (200, b"", headers(ours)), path
        again = await at_edge.get(path, headers={"if-none-match": theirs.headers["etag"]})
        assert (again.status_code, again.content) == (304, b""), path


@pytest.mark.parametrize(
    "path",
    [
        "/assets/old.1111.js",
        "/favicon.ico",
        "/.env",
        "/.git/config",
        "/api/nowhere",
        "/api",
        "/socket",
    ],
)
async def test_what_is_not_there_is_said_as_the_server_says_it(
    at_edge: httpx.AsyncClient, at_origin: httpx.AsyncClient, path: str
) -> None:
    ours, theirs = await at_origin.get(path), await at_edge.get(path)
    assert (theirs.status_code, theirs.json()) == (404, ours.json())
    assert headers(theirs) == headers(ours)


async def test_the_shell_by_its_file_name_leads_to_the_page(at_edge: httpx.AsyncClient) -> None:
    answer = await at_edge.get("/index.html")
    assert (answer.status_code, answer.headers["location"]) == (307, "/")


async def test_calls_are_answered_as_by_the_server_and_kept_nowhere(
    at_edge: httpx.AsyncClient, at_origin: httpx.AsyncClient
) -> None:
    for path in ("/api/host", "/api/openapi.json", "/api/clubs", "/api/health?a=1&a=2"):
        ours, theirs = await at_origin.get(path), await at_edge.get(path)
        assert (theirs.status_code, theirs.content, headers(theirs)) == (
            ours.status_code, ours.content, headers(ours),
        )  # fmt: skip
        assert theirs.headers["cache-control"] == "no-store"
    large = await at_edge.post(
        "/api/accounts", content=b" " * (BODY_BYTES_MAX + 1), headers={"content-type": "application/json"}
    )
    assert large.status_code == 413


async def guesses(http: httpx.AsyncClient, times: int, **claimed: str) -> int:
    """Guesses codes; the last status."""
    named = {name.replace("_", "-"): value for name, value in claimed.items()}
    for _ in range(times):
        answer = await http.post("/api/clubs/preview", json={"code": "0000-0000-0000"}, headers=named)
    return answer.status_code


async def test_people_are_counted_by_their_own_addresses_whatever_they_say(
    at_edge: httpx.AsyncClient, at_origin: httpx.AsyncClient
) -> None:
    """Cloudflare writes `CF-Connecting-IP` itself; here it is left to whoever asks."""
    assert await guesses(at_edge, 21, cf_connecting_ip="203.0.113.15") == 429
    assert await guesses(at_edge, 1, cf_connecting_ip="203.0.113.16") == 404
    lies = {"x_forwarded_for": "203.0.113.17", "clubroom_edge_address": "203.0.113.17"}
    assert await guesses(at_edge, 1, cf_connecting_ip="203.0.113.15", **lies) == 429
    direct = {"cf_connecting_ip": "203.0.113.99", "clubroom_edge_address": "203.0.113.99"}
    for last in range(21):
        status = await guesses(at_origin, 1, **(direct | {"x_forwarded_for": f"203.0.113.{last}"}))
    assert status == 429


@pytest.mark.usefixtures("origin")
async def test_a_socket_keeps_its_close_code_and_a_foreign_page_gets_none(
    ports: Ports, said: list[str]
) -> None:
    for url in (ports.origin_url, ports.url):
        device = await Device.open(url, origin=ports.url)
        await device.send(type="hello", version=1, token="forged", epoch=None, cursors={})
        assert await device.closed() == 4401, url
        with pytest.raises(Exception, match="HTTP 403"):
            await Device.open(url, origin="https://evil.example")


def test_it_can_be_brought_to_the_edge_and_the_secret_is_said_nowhere(tmp_path: Path) -> None:
    settings = {
        "ORIGIN": "https://origin.example",
        "SOCKET_ORIGIN": "wss://sockets.example/dev",
        "PUBLIC_URL": "https://club.example",
        "CLUBROOM_FILES_URL": "https://files.example",
        "CLUBROOM_EDGE_SECRET": SECRET,
    }
    command = [sys.executable, str(FOLDER / "edge.py"), "--dry-run", "--outdir", str(tmp_path)]
    ran = subprocess.run(
        command, env=os.environ | ALONE | settings, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    told = ran.stdout + ran.stderr
    for name in ("env.ASSETS", "env.ORIGIN", "env.SOCKET_ORIGIN", "env.CLUBROOM_EDGE_SECRET"):
        assert name in told
    assert settings["CLUBROOM_EDGE_SECRET"] not in told
    bundle = "".join(path.read_text() for path in tmp_path.rglob("*") if path.is_file())
    assert "fetch" in bundle
    assert settings["CLUBROOM_EDGE_SECRET"] not in bundle
