"""Pages that are read without a script: in two languages, with the name of whoever runs the place."""

import re
from collections.abc import AsyncIterator

import httpx
import msgspec
import pytest

from clubroom.app.settings import DIST, SettingError, Settings, from_environment
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.pool import Database
from clubroom.fe.http import policy
from clubroom.fe.pages import Operator, filled
from house.server import House, running

PAGE_BYTES_MAX = 30_000
WHO = Operator("Choir <b>& friends</b>", "Chapel Road 4\n12345 Lindenhof", "host@choir.example")
TITLES = {
    ("/", "en"): "Come on in.",
    ("/", "de"): "Komm herein.",
    ("/privacy", "en"): "Privacy",
    ("/privacy", "de"): "Datenschutz",
    ("/terms", "en"): "Terms",
    ("/terms", "de"): "Bedingungen",
    ("/licences", "en"): "Licences",
    ("/licences", "de"): "Lizenzen",
}


@pytest.fixture(scope="module")
async def place(database: Database, postgres: EmbeddedPostgres, settings: Settings) -> AsyncIterator[House]:
    db = await Database.open(postgres.app_dsn, pool_max=2)
    async with running(db, msgspec.structs.replace(settings, web=DIST, operator=WHO)) as house:
        yield house
    await db.close()


@pytest.fixture
async def reader(place: House) -> AsyncIterator[httpx.AsyncClient]:
    async with place.http() as http:
        yield http


@pytest.mark.parametrize(("path", "language"), TITLES)
async def test_a_page_is_read_in_ones_language_and_says_where_the_other_is(
    place: House, reader: httpx.AsyncClient, path: str, language: str
) -> None:
    chosen = await reader.get(path, headers={"accept-language": f"fr, {language}-AT;q=0.9, en;q=0.5"})
    named = await reader.get(f"/{language}{path}", headers={"accept-language": "fr"})
    assert chosen.text == named.text
    assert chosen.headers["vary"] == "accept-encoding, accept-language"
    assert named.headers["vary"] == "accept-encoding"
    assert chosen.headers["content-language"] == named.headers["content-language"] == language
    assert f'<html lang="{language}">' in named.text
    heads = re.findall(r"<h1[^>]*>(.*?)</h1>", named.text)
    assert heads == [TITLES[path, language]]
    below = path.rstrip("/")
    for one in ("en", "de"):
        assert f'hreflang="{one}" href="{place.url}/{one}{below}"' in named.text
    assert f'rel="canonical" href="{place.url}/{language}{below}"' in named.text


@pytest.mark.parametrize("path", [path for path, language in TITLES if language == "en"])
async def test_a_page_is_small_whole_and_within_the_fences(
    place: House, reader: httpx.AsyncClient, path: str
) -> None:
    got = await reader.get(path)
    assert got.headers["content-security-policy"] == policy(place.process.blobs.origin)
    assert len(got.content) <= PAGE_BYTES_MAX
    assert re.findall(r"<script(?! src=\"/(?:theme|lead-on)\.js\"></script>)", got.text) == []
    assert re.findall(r"\son\w+=|\sstyle=|\{\{|\[\[|<!--", got.text) == []
    assert re.findall(r'(?:src|href)="(?!/|#|https?://localhost|mailto:)', got.text) == []


async def test_every_link_of_a_page_leads_somewhere(reader: httpx.AsyncClient) -> None:
    for path, language in TITLES:
        text = (await reader.get(f"/{language}{path}")).text
        for link in set(re.findall(r'(?:src|href)="(/[^"]*)"', text)):
            assert (await reader.get(link)).status_code == 200, (path, link)


async def test_who_runs_the_place_is_named_as_text_and_not_as_markup(reader: httpx.AsyncClient) -> None:
    for path in ("/privacy", "/terms"):
        text = (await reader.get(path)).text
        assert "Choir &lt;b&gt;&amp; friends&lt;/b&gt;" in text
        assert "Chapel Road 4\n12345 Lindenhof" in text
        assert '<a href="mailto:host@choir.example">' in text
        assert "has not put their name here" not in text
    assert "Choir &lt;b&gt;&amp; friends&lt;/b&gt;" in (await reader.get("/")).text
    assert (await reader.get("/api/host")).json()["operator"] == WHO.name


async def test_nobody_is_named_where_nobody_is_told(database: Database, settings: Settings) -> None:
    async with (
        running(database, msgspec.structs.replace(settings, web=DIST)) as house,
        house.http() as http,
    ):
        for path in ("/privacy", "/terms"):
            text = (await http.get(path)).text
            assert "has not put their name here yet" in text
            assert "This place is run by" not in text
        assert "run by" not in (await http.get("/")).text
        assert (await http.get("/api/host")).json()["operator"] is None


def test_what_the_operator_says_opens_no_gap_of_its_own() -> None:
    page = "[[operator]]{{operator}}[[contact]]|{{contact}}[[/contact]][[/operator]][[nobody]]none[[/nobody]]"
    said = Operator("{{origin}}[[contact]]", contact='https://x.example/"><script>')
    assert filled(page, said, "https://club.example") == (
        '{{origin}}[[contact]]|<a href="https://x.example/&quot;&gt;&lt;script&gt;">'
        "https://x.example/&quot;&gt;&lt;script&gt;</a>"
    )
    assert filled(page, Operator("Ann"), "") == "Ann"
    assert filled(page, Operator(), "") == "none"
    assert filled(page, Operator("Ann", contact="javascript:x"), "") == "Ann|javascript:x"


@pytest.mark.parametrize(
    ("name", "address", "contact", "told"),
    [
        ("", "Chapel Road 4", "", "CLUBROOM_OPERATOR_NAME says whose"),
        ("", "", "host@choir.example", "CLUBROOM_OPERATOR_NAME says whose"),
        ("Two\nlines", "", "", "CLUBROOM_OPERATOR_NAME is one line"),
        ("Ann", "Road\x074", "", r"CLUBROOM_OPERATOR_ADDRESS has a character .* U\+0007, at 5"),
        ("Ann", "\udcff", "", r"CLUBROOM_OPERATOR_ADDRESS has a character .* U\+DCFF"),
        ("Ann", "", "x" * 501, "CLUBROOM_OPERATOR_CONTACT has 501 letters, and 500 are the most"),
    ],
)
def test_an_operator_that_cannot_be_shown_is_told(name: str, address: str, contact: str, told: str) -> None:
    said = {"NAME": name, "ADDRESS": address, "CONTACT": contact}
    with pytest.raises(SettingError, match=told):
        from_environment({f"CLUBROOM_OPERATOR_{key}": text for key, text in said.items()}, make=False)


async def test_who_reads_pages_is_told_in_words_that_nothing_is_there(reader: httpx.AsyncClient) -> None:
    read = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8", "accept-language": "de"}
    got = await reader.get("/old.html", headers=read)
    assert (got.status_code, got.headers["cache-control"]) == (404, "no-store")
    assert "Hier ist nichts" in got.text
    assert '<meta name="robots" content="noindex">' in got.text
    assert "content-security-policy" in got.headers
    for path in ("/assets/old.1111.js", "/favicon.ico"):
        assert (await reader.get(path)).json()["code"] == "not_found"
    assert (await reader.get("/api/nowhere", headers=read)).json()["code"] == "not_found"


async def test_robots_are_kept_out_of_what_is_not_for_them(reader: httpx.AsyncClient) -> None:
    got = await reader.get("/robots.txt")
    assert got.headers["content-type"].startswith("text/plain")
    assert "Disallow: /api/" in got.text
    assert "/join" not in got.text  # programs that draw previews of links obey it, too


def test_what_is_pasted_is_taken_as_it_is_shown() -> None:
    said = {
        "NAME": "Chor\u00a0e.\u202fV.",
        "ADDRESS": "Kapellenweg\t4\r\n12345\u00a0Lindenhof",
        "CONTACT": "bei\u200cuns",
    }
    pasted = {f"CLUBROOM_OPERATOR_{key}": text for key, text in said.items()}
    taken = from_environment(pasted, make=False).operator
    address = "Kapellenweg 4\n12345\u00a0Lindenhof"
    assert taken == Operator(said["NAME"], address, said["CONTACT"])
