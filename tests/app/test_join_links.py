"""What a link to join tells programs that draw previews: name and picture, and only of a good code."""

import itertools
import re
from collections.abc import AsyncIterator
from html import unescape

import asyncpg
import httpx
import msgspec
import pytest

from clubroom.app.settings import DIST, Settings
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.migrate import migrate
from clubroom.dba.pool import Database
from house.databases import another_database, dsn
from house.files import brought_over_http
from house.pictures import image
from house.server import NO_AUTHORITIES, House, running

NOBODYS = "0000-0000-0000"
GUESSES = 25  # more than one address may make in an hour
SPOILT = (
    "update join_codes set revoked_at = now() where group_id = $1",
    "update join_codes set expires_at = now() - interval '1 second' where group_id = $1",
    "update join_codes set uses_left = 0 where group_id = $1",
    "update groups set suspended_at = now() where id = $1",
)
_networks = itertools.count(1)


@pytest.fixture
async def place(database: Database, settings: Settings) -> AsyncIterator[House]:
    """Behind a proxy, so that each reader has an address of their own."""
    behind = msgspec.structs.replace(settings, web=DIST, proxies=frozenset({"127.0.0.1", "::1"}))
    async with running(database, behind, in_folder=True) as house:
        yield house
        await house.everyone_leaves()


@pytest.fixture
async def gallery(postgres: EmbeddedPostgres, settings: Settings) -> AsyncIterator[House]:
    """With a database of its own: in the other one servers with other stores look at what is brought."""
    async with another_database(postgres, "shown", "clubroom_owner") as owner:
        await migrate(owner)
        db = await Database.open(dsn(postgres, "clubroom_app", "shown"), role="clubroom_app")
        async with running(db, msgspec.structs.replace(settings, web=DIST), in_folder=True) as house:
            yield house
            await house.everyone_leaves()
        await db.close()


@pytest.fixture
async def reader(place: House) -> AsyncIterator[httpx.AsyncClient]:
    async with place.http() as http:
        http.headers["x-forwarded-for"] = f"203.0.113.{next(_networks)}"
        yield http


def told(page: str) -> dict[str, str]:
    """The tags between the marks; nothing else may stand there."""
    between = re.search(r"<!--club-->(.*?)<!--/club-->", page, re.DOTALL)
    assert between is not None
    assert "".join(re.findall(r"<meta [^>]*>", between[1])) == between[1].strip()
    tags = re.findall(r'<meta (?:property|name)="([^"]*)" content="([^"]*)">', between[1])
    return {name: unescape(text) for name, text in tags}


async def test_a_good_code_shows_the_name_of_the_club_and_nothing_else(
    place: House, reader: httpx.AsyncClient
) -> None:
    name = 'Chess <script>alert(1)</script> "&" club'
    owner = await place.person("Ann", with_email=True)
    made = await owner.create_club(name)
    got = await reader.get(f"/join/{made['code'].lower()}")
    assert told(got.text) == {
        "og:type": "website",
        "og:site_name": "Clubroom",
        "og:title": name,
        "og:image": f"{place.url}/icons/icon-512.png",
        "twitter:card": "summary",
    }
    assert "<script>alert" not in got.text
    assert (got.headers["cache-control"], got.headers["x-robots-tag"]) == ("no-store", "noindex")
    assert "content-security-policy" in got.headers
    assert "etag" not in got.headers


async def test_the_picture_of_the_club_is_there_for_whoever_asks_at_once(
    gallery: House,
) -> None:
    owner = await gallery.person("Ann", with_email=True)
    made = await owner.create_club()
    file = await brought_over_http(owner, made["group"], image(), purpose="picture")
    await owner.ok("PUT", f"/api/groups/{made['group']}/picture", {"file": file["id"]})
    async with gallery.http() as reader:
        address = told((await reader.get(f"/join/{made['code']}")).text)["og:image"]
    assert not address.startswith(gallery.url)
    async with httpx.AsyncClient(verify=NO_AUTHORITIES) as outside:
        picture = await outside.get(address)
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/webp")


async def test_a_code_that_opens_nothing_shows_nothing_whatever_the_reason(
    place: House, reader: httpx.AsyncClient, postgres: EmbeddedPostgres
) -> None:
    writer = await asyncpg.connect(postgres.owner_dsn, server_settings={"search_path": "clubroom"})
    try:
        answers = set()
        for spoilt in (*SPOILT, None):
            owner = await place.person("Ann", with_email=True)
            made = await owner.create_club("A club that is nobody's business")
            if spoilt is not None:
                await writer.execute(spoilt, made["group"])
            code = made["code"] if spoilt is not None else NOBODYS
            got = await reader.get(f"/join/{code}")
            said = {key: value for key, value in got.headers.items() if key != "date"}
            answers.add((got.status_code, got.text, tuple(sorted(said.items()))))
        impossible = await reader.get("/join/nonsense")
    finally:
        await writer.close()
    assert len(answers) == 1
    ((status, text, _),) = answers
    assert (status, told(text), text) == (200, {}, impossible.text)
    assert "nobody's business" not in text


async def test_looking_at_links_is_guessing_codes_and_counts_as_such(
    place: House, reader: httpx.AsyncClient
) -> None:
    owner = await place.person("Ann", with_email=True)
    made = await owner.create_club("Chess club")
    for n in range(GUESSES):
        assert told((await reader.get(f"/join/{n:012d}")).text) == {}
    typed = await reader.post("/api/clubs/preview", json={"code": NOBODYS})
    assert (typed.status_code, typed.json()["code"]) == (429, "rate_limited")
    assert told((await reader.get(f"/join/{made['code']}")).text)["og:title"] == "Chess club"
