"""To the issuer and back: an answer is for the browser that asked, once."""

import asyncio
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from abuse.rig import coming_from, new_address, refusal
from auth.issuer.rig import LOST, away, back, over, with_issuer
from clubroom.app.settings import Settings
from clubroom.dba.pool import Database
from clubroom.wire import ISSUER_ANSWER_CHARACTERS_MAX
from house.issuer import Answer, FakeIssuer, issuing, said
from house.server import House, running


async def test_an_answer_is_for_the_browser_that_asked(
    house: House, browser: httpx.AsyncClient, fake: FakeIssuer
) -> None:
    """Login CSRF: Mallory has signed in there, and sends Ann the link that led back."""
    mallorys = await away(browser, fake)
    async with house.http() as anns:
        assert refusal(await back(anns, mallorys)) == LOST
        own = await away(anns, fake)
        assert refusal(await back(anns, mallorys)) == LOST
        assert refusal(await back(anns, mallorys | {"state": own["state"]})) == LOST  # a code put in
        assert refusal(await back(anns, own | {"state": "in.x"})) == LOST
        assert (await back(anns, await away(anns, fake))).status_code == 201


async def test_an_answer_is_good_once(house: House, browser: httpx.AsyncClient, fake: FakeIssuer) -> None:
    answer = await away(browser, fake)
    kept = dict(browser.cookies)
    assert (await back(browser, answer)).status_code == 201
    assert not dict(browser.cookies)  # it is gone with the trip
    for name, value in kept.items():
        browser.cookies.set(name, value, domain="localhost")
    assert refusal(await back(browser, answer)) == LOST
    for name, value in kept.items():
        browser.cookies.set(name, value, domain="localhost")
    fake.answers["/token"] = lambda: replayed(fake)
    assert refusal(await back(browser, answer)) == LOST  # even if the issuer gives it out twice


async def replayed(fake: FakeIssuer) -> Answer:
    return said({"id_token": fake.id_token(fake.nonce, fake.person)})


async def test_one_round_trip_is_one_question_to_the_issuer(
    house: House, browser: httpx.AsyncClient, fake: FakeIssuer
) -> None:
    """Whatever comes of it: one cookie is not good for any number of guesses."""
    answer, asked = await away(browser, fake), fake.asked.count("/token")
    assert refusal(await back(browser, answer | {"code": "guessed"})) == LOST
    assert refusal(await back(browser, answer)) == LOST  # the right one comes too late
    assert fake.asked.count("/token") == asked + 1
    ann = await house.person("Ann")
    begun = await ann.ok("POST", "/api/me/identities/round-trips", {"then": "/"})
    answer = fake.authorized(begun["url"])
    guesses = [ann.refused("POST", "/api/me/identities", answer | {"code": "guessed"}) for _ in range(20)]
    assert await asyncio.gather(*guesses) == [LOST] * 20
    assert await ann.refused("POST", "/api/me/identities", answer) == LOST
    assert fake.asked.count("/token") == asked + 2


@pytest.mark.parametrize("name", ["state", "code", "iss"])
async def test_what_can_be_no_answer_is_not_asked_for(
    house: House, browser: httpx.AsyncClient, fake: FakeIssuer, name: str
) -> None:
    answer, asked = await away(browser, fake), fake.asked.count("/token")
    for impossible in ("x" * (ISSUER_ANSWER_CHARACTERS_MAX + 1), *([""] if name != "iss" else [])):
        assert refusal(await back(browser, answer | {name: impossible})) == LOST
    assert fake.asked.count("/token") == asked
    assert (await back(browser, answer)).status_code == 201  # nothing was asked: the trip goes on


async def test_to_connect_is_not_to_sign_in_and_is_for_whoever_began(
    house: House, browser: httpx.AsyncClient, fake: FakeIssuer
) -> None:
    """Else Mallory's identity would come to lead to Ann's account, or Ann's to Mallory's."""
    ann, eve = await house.person("Ann"), await house.person("Eve")
    begun = await eve.ok("POST", "/api/me/identities/round-trips", {"then": "/"})
    answer = fake.authorized(begun["url"])
    assert refusal(await back(eve.http, answer)) == LOST
    ann.http.cookies.update(eve.http.cookies)
    assert await ann.refused("POST", "/api/me/identities", answer) == LOST
    signing_in = await away(ann.http, fake)
    assert await ann.refused("POST", "/api/me/identities", signing_in) == LOST


async def test_the_cookie_of_a_trip_is_seen_by_no_script_and_goes_after_ten_minutes(
    house: House, browser: httpx.AsyncClient, fake: FakeIssuer
) -> None:
    begun = await browser.post("/api/issuer/round-trips", json={})
    cookie = begun.headers["set-cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=strict", "Max-Age=600", "Path=/"))
    asked = parse_qs(urlsplit(begun.json()["url"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == [f"{house.url}/signed-in"]
    assert all(one not in cookie for one in (asked["state"][0], asked["nonce"][0]))
    came = await back(browser, fake.authorized(begun.json()["url"]), keep="cookie")
    assert "refresh_token" not in came.json()
    [gone, kept] = came.headers.get_list("set-cookie")
    assert "Max-Age=0" in gone
    assert kept.startswith("refresh-")


@pytest.mark.parametrize(
    "then",
    ["//evil.example", "https://evil.example", "", "join", "/\\evil.example", "/" + "x" * 300, "/a\nb", "/é"],
)
async def test_one_comes_back_to_a_place_of_ours_alone(browser: httpx.AsyncClient, then: str) -> None:
    assert refusal(await browser.post("/api/issuer/round-trips", json={"then": then})) == (
        400,
        "invalid_field",
    )


async def test_where_one_wanted_to_go_survives_the_round_trip(
    house: House, browser: httpx.AsyncClient, fake: FakeIssuer
) -> None:
    then = "/welcome#a-secret-of-an-invitation"
    assert (await back(browser, await away(browser, fake, then))).json()["then"] == then


async def test_an_issuer_that_is_down_keeps_nobody_from_the_other_ways(
    database: Database, settings: Settings
) -> None:
    """It is down already when the server starts."""
    async with issuing() as gone:
        pass
    async with running(database, with_issuer(settings, gone)) as house, house.http() as http:
        assert refusal(await http.post("/api/issuer/round-trips", json={})) == (503, "unavailable")
        ann = await house.person("Ann", with_email=True)
        assert (await over(ann, "/api/issuer/sign-out")).json() == {"url": None}
        await house.everyone_leaves()


@pytest.mark.parametrize("refusing", [400, 403])
async def test_guessing_at_codes_is_soon_over(house: House, fake: FakeIssuer, refusing: int) -> None:
    fake.refuses_by = refusing
    async with coming_from(house, new_address()) as http:
        asked = []
        for _ in range(101):
            answer = await away(http, fake)
            asked.append((await back(http, answer | {"code": "guessed"})).status_code)
    assert asked == [401] * 100 + [429]


async def test_who_connects_asks_the_issuer_so_often_an_hour(house: House, fake: FakeIssuer) -> None:
    ann, asked = await house.person("Ann"), []
    most = house.process.auth.limits.connections_a_person_an_hour
    for _ in range(most + 1):
        begun = await ann.ok("POST", "/api/me/identities/round-trips", {"then": "/"})
        answer = fake.authorized(begun["url"])
        asked.append((await ann.call("POST", "/api/me/identities", answer | {"code": "x"})).status_code)
    assert asked == [401] * most + [429]


async def test_guessing_at_codes_to_connect_counts_for_the_address_too(
    house: House, fake: FakeIssuer
) -> None:
    ann = await house.person("Ann")
    async with coming_from(house, new_address()) as http:
        for _ in range(100):
            assert refusal(await back(http, {"state": "in.x", "code": "x"})) == LOST
        answer = await http.post("/api/me/identities", json={"state": "x", "code": "x"}, headers=ann.headers)
    assert refusal(answer) == (429, "rate_limited")
