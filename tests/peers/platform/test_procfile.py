"""Heroku and its like: the Procfile's own commands, in a clean copy, with a database that gives one role."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from clubroom.dba.embedded import EmbeddedPostgres
from house.b2_guard import guarded
from house.databases import another_database
from house.device import Device
from house.fresh import FreshState
from house.person import Person
from house.server import NO_AUTHORITIES, PASSWORD
from house.uuid7 import uuid7
from peers.platform.rig import Dyno, Slug

ORIGIN = "https://club.example"
SECRET = "ab" * 32
WRITTEN_MIN = 20


@pytest.fixture(scope="module")
def slug(tmp_path_factory: pytest.TempPathFactory) -> Slug:
    return Slug.build(tmp_path_factory.mktemp("platform"))


@pytest.fixture(scope="module")
async def settings(
    postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[dict[str, str]]:
    """As `heroku config` shows them. The scheme is Heroku's own."""
    async with (
        another_database(postgres, "platform", "platform_role") as url,
        guarded(tmp_path_factory.mktemp("bucket")) as guard,
    ):
        yield {
            "DATABASE_URL": url.replace("postgresql://", "postgres://"),
            "PUBLIC_URL": ORIGIN,
            "CLUBROOM_SECRET": SECRET,
            "CLUBROOM_PROXIES": "127.0.0.0/8",
            "CLUBROOM_B2_ENDPOINT": guard.bucket.endpoint,
            "CLUBROOM_B2_BUCKET": guard.bucket.name,
            "CLUBROOM_B2_KEY_ID": guard.bucket.key_id,
            "CLUBROOM_B2_KEY": guard.bucket.key,
        }


def caller(dyno: Dyno) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=dyno.url, verify=NO_AUTHORITIES, timeout=30)


async def ann_at(dyno: Dyno, fresh: FreshState) -> tuple[Person, int]:
    """Ann, and the club that she has made."""
    http = caller(dyno)
    account = {"name": "Ann", "email": f"{uuid7()}@example.org", "password": PASSWORD}
    made = await http.post("/api/accounts", json=account)
    assert made.status_code == 201, made.text
    ann = Person(http, made.json(), fresh.look)
    return ann, (await ann.create_club())["group"]


async def writes_until_the_end(device: Device, club: int) -> list[str]:
    """What she was told is stored."""
    stored: list[str] = []
    while device.close_code is None:
        text = f"line {len(stored) + 1}"
        try:
            answer = await device.post(club, text)
        except (AssertionError, ConnectionClosed):  # the socket ended before the answer
            break
        if answer["type"] == "ack":
            stored.append(text)
    return stored


async def test_it_is_built_released_and_served_and_a_stop_in_the_middle_of_talk_loses_nothing(
    slug: Slug, settings: dict[str, str]
) -> None:
    assert (await slug.release(settings))[0] == 0
    async with slug.web(settings) as dyno:
        ann, club = await ann_at(dyno, FreshState())
        async with aclosing(ann.http):
            page = await ann.http.get("/clubs/42")
            assert (page.status_code, "<!doctype html" in page.text.lower()) == (200, True)
            assert settings["CLUBROOM_B2_ENDPOINT"] in page.headers["content-security-policy"]
            device = await ann.silent_device(origin=ORIGIN)
            await device.hello(ann.token)
            writing = asyncio.create_task(writes_until_the_end(device, club))
            await device.until(lambda: len(device.heard("ack")) >= WRITTEN_MIN)
            await dyno.stop()
            stored = await writing
            assert await device.closed() == 1012
            assert device.heard("goaway")
    assert (await slug.release(settings))[0] == 0
    async with slug.web(settings) as dyno, caller(dyno) as http:
        ann.http, ann.sockets_at = http, dyno.url  # her token is as good as before: the secret is the same
        found = [action["text"] for action in await ann.actions(club) if action["type"] == "message_posted"]
        assert len(stored) >= WRITTEN_MIN
        assert found[: len(stored)] == stored
        assert len(found) <= len(stored) + 1  # what was stored as the line went
        again = await ann.silent_device(origin=ORIGIN)
        await again.hello(ann.token)
        assert (await again.post(club, "and on"))["type"] == "ack"
        await again.leave()


@pytest.mark.parametrize("missing", ["DATABASE_URL", "CLUBROOM_SECRET", "CLUBROOM_B2_KEY"])
async def test_a_release_that_would_lose_something_is_refused_and_nothing_is_left_behind(
    slug: Slug, settings: dict[str, str], missing: str
) -> None:
    slug.forget()
    told = {name: value for name, value in settings.items() if name != missing}
    status, said = await slug.release(told)
    assert status == 1
    assert f"{missing} must be set" in said
    assert not (slug.folder / "data").exists()


async def test_a_server_leaves_neither_secret_nor_files_on_the_disk(
    slug: Slug, settings: dict[str, str]
) -> None:
    assert (await slug.release(settings))[0] == 0
    async with slug.web(settings) as dyno:
        ann, _ = await ann_at(dyno, FreshState())
        async with aclosing(ann.http):
            asked = (await ann.ok("GET", "/api/host"))["url"]
        assert asked == ORIGIN
        assert not (slug.folder / "data" / "files").exists()
        assert not (slug.folder / "data" / "secret").exists()


def test_the_procfile_says_what_every_platform_reads(slug: Slug) -> None:
    assert set(slug.procfile) == {"release", "web"}
    assert (slug.folder / "web" / "dist" / "index.html").exists()
    assert not (slug.folder / "web" / "node_modules").exists()
    assert Path(slug.folder / ".python-version").read_text().strip() == "3.11"
