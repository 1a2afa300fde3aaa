"""Signing in by an issuer: who comes is who came before, and nobody gets another's account by an address."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import msgspec
import pytest

from abuse.rig import coming_from, new_address, refusal
from clubroom.app.settings import Settings
from clubroom.dba.pool import Database
from clubroom.ports.identity.oidc_client import client_of
from house.authenticator import passkey_of
from house.issuer import CLIENT, SECRET, Answer, FakeIssuer, issuing, said
from house.mailbox import Folder, body, secret_in
from house.person import Person
from house.server import PASSWORD, House, running
from house.uuid7 import uuid7

LOST = (401, "not_vouched")
ONLY = (403, "issuer_only")


@pytest.fixture(scope="module")
async def issuer() -> AsyncIterator[FakeIssuer]:
    async with issuing() as made:
        yield made


@pytest.fixture
def fake(issuer: FakeIssuer) -> FakeIssuer:
    """As it was in the beginning; each test has people of its own."""
    issuer.answers.clear()
    issuer.claims.clear()
    issuer.person = {"sub": f"auth0|{uuid7()}", "name": "Ada"}
    return issuer


def with_issuer(settings: Settings, issuer: FakeIssuer, *, only: bool = False) -> Settings:
    client = client_of(issuer.url, CLIENT, SECRET, "Example")
    return msgspec.structs.replace(settings, issuer=client, issuer_only=only)


@pytest.fixture(scope="module")
async def place(database: Database, settings: Settings, issuer: FakeIssuer) -> AsyncIterator[House]:
    async with running(database, with_issuer(settings, issuer)) as house:
        yield house


@pytest.fixture
async def house(place: House) -> AsyncIterator[House]:
    """At the end F17 is checked for everybody who came in."""
    place.fresh = type(place.fresh)()
    yield place
    try:
        await place.fresh.check()
    finally:
        await place.everyone_leaves()


@pytest.fixture
async def browser(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """It keeps its cookies."""
    async with house.http() as http:
        yield http


@pytest.fixture
def mail(settings: Settings) -> Folder:
    return Folder(settings.data / "mail")


async def away(browser: httpx.AsyncClient, fake: FakeIssuer, then: str = "/") -> dict[str, Any]:
    """To the issuer; what it sends the browser back with."""
    begun = await browser.post("/api/issuer/round-trips", json={"then": then})
    assert begun.status_code == 201, begun.text
    return fake.authorized(begun.json()["url"])


async def back(browser: httpx.AsyncClient, answer: dict[str, Any], **more: Any) -> httpx.Response:
    return await browser.post("/api/issuer/sessions", json=answer | more)


async def sign_in(
    house: House, browser: httpx.AsyncClient, fake: FakeIssuer
) -> tuple[Person, dict[str, Any]]:
    """The whole way, with the tokens in the body."""
    came = await back(browser, await away(browser, fake))
    assert came.status_code == 201, came.text
    person = Person(house.http(), came.json(), house.fresh.look)
    house.people.append(person)
    return person, came.json()


async def over(who: Person, path: str, said: dict[str, Any] | None = None) -> httpx.Response:
    """A call after which they are signed in no more: nothing is looked at behind it."""
    answer = await who.http.post(path, headers=who.headers, json=said)
    assert answer.is_success, answer.text
    return answer


async def connect(who: Person, fake: FakeIssuer) -> httpx.Response:
    begun = await who.ok("POST", "/api/me/identities/round-trips", {"then": "/settings/sign-in"})
    return await who.call("POST", "/api/me/identities", fake.authorized(begun["url"]))


async def verified(house: House, mail: Folder, name: str = "Ann") -> tuple[Person, str]:
    """Somebody with a password, whose address is confirmed by a letter."""
    ann = await house.person(name, with_email=True)
    email = (await ann.me())["email"]
    link = secret_in(await mail.next_to(email))
    assert (await ann.http.post("/api/email-verifications", json={"link": link})).status_code == 200
    return ann, email


def by_mail(fake: FakeIssuer, email: str, *, verified: Any = True) -> None:
    fake.person |= {"email": email, "email_verified": verified}


async def test_the_first_time_makes_an_account_and_the_next_ones_lead_back_to_it(
    house: House, browser: httpx.AsyncClient, fake: FakeIssuer
) -> None:
    fake.person |= {"email": f"{uuid7()}@example.org", "email_verified": True}
    ada, first = await sign_in(house, browser, fake)
    assert first["made"] is True
    assert ada.user == fake.person["sub"]  # the issuer's name for them is theirs at every edge
    me = await ada.me()
    assert (me["name"], me["email"], me["email_verified"]) == ("Ada", fake.person["email"], True)
    assert (me["password"], me["identities"], me["passkeys"]) == (False, 1, 0)
    async with house.http() as another:
        again, second = await sign_in(house, another, fake)
    assert (again.user, "made" in second) == (ada.user, False)
    [one] = (await again.ok("GET", "/api/me/identities"))["identities"]
    assert (one["issuer"], one["here"]) == (fake.url, True)


@pytest.mark.parametrize(
    "sub",
    ["u_imitated", "all", "with/slash", "with blank", "<bracket>", "ada@example.org", "-x", "y", "x" * 201],
)
async def test_a_name_that_cannot_be_a_user_id_of_ours_leads_to_one_all_the_same(
    house: House, browser: httpx.AsyncClient, fake: FakeIssuer, sub: str
) -> None:
    fake.person["sub"] = sub
    ada, _ = await sign_in(house, browser, fake)
    assert ada.user.startswith("u_")
    assert ada.user != sub
    again, _ = await sign_in(house, browser, fake)
    assert again.user == ada.user
    await over(ada, "/api/me/deletion", {"name": "Ada"})


async def test_whoever_was_here_and_left_comes_back_as_somebody_else(
    house: House, browser: httpx.AsyncClient, fake: FakeIssuer
) -> None:
    ada, _ = await sign_in(house, browser, fake)
    assert (await ada.ok("GET", "/api/me/deletion"))["proof"] == "name"
    await over(ada, "/api/me/deletion", {"name": "Ada"})
    again, first = await sign_in(house, browser, fake)
    assert first["made"] is True
    assert again.user.startswith("u_")


async def test_twenty_browsers_at_once_are_one_person(house: House, fake: FakeIssuer) -> None:
    by_mail(fake, f"{uuid7()}@example.org")

    async def come() -> dict[str, Any]:
        async with house.http() as browser:
            answer: dict[str, Any] = (await back(browser, await away(browser, fake))).json()
            return answer

    came = await asyncio.gather(*(come() for _ in range(20)))
    assert {one["user"] for one in came} == {fake.person["sub"]}
    assert [one.get("made") for one in came].count(True) == 1


async def test_an_address_that_both_sides_have_confirmed_leads_to_the_account_that_is_there(
    house: House, browser: httpx.AsyncClient, fake: FakeIssuer, mail: Folder
) -> None:
    ann, email = await verified(house, mail)
    by_mail(fake, email.upper())
    same, first = await sign_in(house, browser, fake)
    assert (same.user, "made" in first) == (ann.user, False)
    assert "connected" in body(await mail.next_to(email, after=1))
    assert [one["type"] for one in await ann.actions((await ann.groups())[0])][-1] == "identities_changed"
    assert (await ann.me())["identities"] == 1


@pytest.mark.parametrize("word", [False, None, "true"])
async def test_an_address_that_the_issuer_has_not_verified_leads_to_nobody(
    house: House, browser: httpx.AsyncClient, fake: FakeIssuer, mail: Folder, word: Any
) -> None:
    ann, email = await verified(house, mail)
    by_mail(fake, email, verified=word)
    eve, first = await sign_in(house, browser, fake)
    assert first["made"] is True
    assert eve.user != ann.user
    assert (await eve.me())["email"] is None
    assert (await ann.me())["identities"] == 0


async def test_whoever_waits_with_an_address_of_mine_is_not_me_and_keeps_nothing_when_i_take_it_back(
    house: House, browser: httpx.AsyncClient, fake: FakeIssuer, mail: Folder
) -> None:
    """Mallory signs up with Ada's address, unconfirmed, and waits for her to come by the issuer."""
    mallory = await house.person("Mallory", with_email=True)
    email = (await mallory.me())["email"]
    await mail.next_to(email)
    mine = dict(fake.person)
    fake.person = {"sub": f"auth0|{uuid7()}", "name": "Mallory"}
    assert (await connect(mallory, fake)).status_code == 201
    await passkey_of(mallory)
    fake.person = mine
    by_mail(fake, email)
    ada, _ = await sign_in(house, browser, fake)
    assert ada.user != mallory.user
    assert (await ada.me())["email"] is None
    async with house.http() as http:
        await http.post("/api/password-resets", json={"email": email})
        link = secret_in(await mail.next_to(email, after=3))
        taken = (await http.post("/api/passwords", json={"link": link, "password": PASSWORD})).json()
        headers = {"authorization": f"Bearer {taken['access_token']}"}
        me = (await http.get("/api/me", headers=headers)).json()
    assert (me["user"], me["identities"], me["passkeys"]) == (mallory.user, 0, 0)


async def test_from_ones_settings_an_identity_is_connected_and_disconnected(
    house: House, browser: httpx.AsyncClient, fake: FakeIssuer
) -> None:
    ann = await house.person("Ann", with_email=True)
    connected = await connect(ann, fake)
    assert connected.status_code == 201
    assert connected.json()["then"] == "/settings/sign-in"
    assert (await connect(ann, fake)).status_code == 201  # once more is the same
    same, _ = await sign_in(house, browser, fake)
    assert same.user == ann.user  # who was here first keeps their id
    [one] = (await ann.ok("GET", "/api/me/identities"))["identities"]
    await ann.ok("DELETE", f"/api/me/identities/{one['id']}")
    assert await ann.refused("DELETE", f"/api/me/identities/{one['id']}") == (404, "not_found")
    another, first = await sign_in(house, browser, fake)
    assert first["made"] is True
    assert another.user != ann.user


async def test_the_last_way_in_stays(house: House, browser: httpx.AsyncClient, fake: FakeIssuer) -> None:
    by_mail(fake, f"{uuid7()}@example.org")
    ada, _ = await sign_in(house, browser, fake)
    [one] = (await ada.ok("GET", "/api/me/identities"))["identities"]
    path = f"/api/me/identities/{one['id']}"
    assert await ada.refused("DELETE", path) == (403, "sign_in_needed")
    await ada.create_club()  # an identity is as good as a password for whoever runs a club
    await passkey_of(ada)
    await ada.ok("DELETE", path)


async def test_somebody_elses_identity_is_neither_connected_nor_disconnected(
    house: House, browser: httpx.AsyncClient, fake: FakeIssuer
) -> None:
    ada, _ = await sign_in(house, browser, fake)
    eve = await house.person("Eve", with_email=True)
    assert refusal(await connect(eve, fake)) == (409, "id_conflict")
    [one] = (await ada.ok("GET", "/api/me/identities"))["identities"]
    for number in (one["id"], 0, -1, 2**63):
        assert await eve.refused("DELETE", f"/api/me/identities/{number}") == (404, "not_found")


async def test_of_one_person_there_are_at_most_ten(house: House, fake: FakeIssuer) -> None:
    ann = await house.person("Ann", with_email=True)
    for n in range(11):
        fake.person = {"sub": f"auth0|{uuid7()}", "name": "Ann"}
        assert (await connect(ann, fake)).status_code == (201 if n < 10 else 409)


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
    assert refusal(await back(browser, answer)) == LOST  # the issuer says no
    for name, value in kept.items():
        browser.cookies.set(name, value, domain="localhost")
    fake.answers["/token"] = lambda: replayed(fake)
    assert refusal(await back(browser, answer)) == LOST  # even if the issuer gives it out twice


async def replayed(fake: FakeIssuer) -> Answer:
    return said({"id_token": fake.id_token(fake.nonce, fake.person)})


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


async def test_guessing_at_codes_is_soon_over(house: House, fake: FakeIssuer) -> None:
    async with coming_from(house, new_address()) as http:
        asked = []
        for _ in range(101):
            answer = await away(http, fake)
            asked.append((await back(http, answer | {"code": "guessed"})).status_code)
    assert asked == [401] * 100 + [429]


async def test_signing_out_here_leads_on_to_the_issuer_for_whoever_came_from_there(
    house: House, browser: httpx.AsyncClient, fake: FakeIssuer
) -> None:
    fake.person["sid"] = "s1"
    ada, _ = await sign_in(house, browser, fake)
    out = (await over(ada, "/api/issuer/sign-out")).json()
    asked = parse_qs(urlsplit(out["url"]).query)
    assert out["url"].startswith(f"{fake.url}/out?")
    assert asked == {
        "client_id": [CLIENT],
        "post_logout_redirect_uri": [f"{house.url}/"],
        "logout_hint": ["s1"],
    }
    assert await ada.refused("GET", "/api/me") == (401, "unauthorized")
    ann = await house.person("Ann", with_email=True)
    assert (await over(ann, "/api/issuer/sign-out")).json() == {"url": None}


async def told(house: House, token: str) -> httpx.Response:
    async with house.http() as http:
        form = {"content-type": "application/x-www-form-urlencoded"}
        return await http.post("/api/issuer/logout", content=urlencode({"logout_token": token}), headers=form)


async def test_whoever_signs_out_at_the_issuer_is_signed_out_here(
    house: House, browser: httpx.AsyncClient, fake: FakeIssuer
) -> None:
    fake.person["sid"] = "desk"
    desk, _ = await sign_in(house, browser, fake)
    fake.person["sid"] = "phone"
    phone, _ = await sign_in(house, browser, fake)
    token = fake.logout_token(sub=desk.user, sid="desk")
    assert (await told(house, token)).status_code == 200
    assert await desk.refused("GET", "/api/me") == (401, "unauthorized")
    await phone.me()
    assert refusal(await told(house, token)) == (400, "malformed")  # once
    assert refusal(await told(house, fake.id_token("x", fake.person))) == (400, "malformed")
    await phone.me()
    assert (await told(house, fake.logout_token(sub=phone.user))).status_code == 200
    assert await phone.refused("GET", "/api/me") == (401, "unauthorized")


@pytest.mark.parametrize("content", [b"", b"x", b"logout_token=x", b"logout_token=x&logout_token=y", b"\xff"])
async def test_nobody_is_signed_out_by_what_the_issuer_did_not_sign(house: House, content: bytes) -> None:
    async with house.http() as http:
        form = {"content-type": "application/x-www-form-urlencoded"}
        answer = await http.post("/api/issuer/logout", content=content, headers=form)
    assert refusal(answer) == (400, "malformed")


async def test_a_copy_of_ones_data_names_what_leads_to_it(
    house: House, browser: httpx.AsyncClient, fake: FakeIssuer
) -> None:
    ada, _ = await sign_in(house, browser, fake)
    known = await house.process.db.read("my_data", who=house.process.tokens.verify(ada.token).key)
    [one] = msgspec.json.decode(known)["identities"]
    assert (one["issuer"], one["sub"]) == (fake.url, fake.person["sub"])


async def test_an_address_of_an_issuer_can_have_a_password_later(
    house: House, browser: httpx.AsyncClient, fake: FakeIssuer
) -> None:
    email = f"{uuid7()}@example.org"
    by_mail(fake, email)
    ada, _ = await sign_in(house, browser, fake)
    without = {"email": email, "password": PASSWORD}
    async with house.http() as http:
        assert refusal(await http.post("/api/sessions", json=without)) == (401, "wrong_sign_in")
        await ada.ok("PUT", "/api/me/sign-in", without)
        assert (await http.post("/api/sessions", json=without)).status_code == 201
    me = await ada.me()
    assert (me["password"], me["email_verified"]) == (True, True)
    assert await ada.refused("PUT", "/api/me/sign-in", without | {"password": "another one"}) == (
        401,
        "wrong_sign_in",
    )


async def test_where_the_host_lets_people_in_by_the_issuer_alone_nothing_else_does(
    database: Database, settings: Settings, fake: FakeIssuer
) -> None:
    async with running(database, with_issuer(settings, fake, only=True)) as house, house.http() as browser:
        host = (await browser.get("/api/host")).json()
        assert (host["issuer"], host["issuer_only"]) == ("Example", True)
        sign_up = {"name": "Eve"}
        password = {"email": "eve@example.org", "password": PASSWORD}
        for path, body_said in (
            ("/api/accounts", sign_up),
            ("/api/accounts", sign_up | password),
            ("/api/sessions", password),
            ("/api/sessions", {"link": "x"}),
            ("/api/sessions", {"passkey": "{}"}),
            ("/api/password-resets", {"email": "eve@example.org"}),
            ("/api/passwords", {"link": "x", "password": PASSWORD}),
            ("/api/invitations/accept", {"secret": "x", "name": "Eve", "key": str(uuid7())}),
        ):
            assert refusal(await browser.post(path, json=body_said)) == ONLY, path
        ada, _ = await sign_in(house, browser, fake)
        assert await ada.refused("PUT", "/api/me/sign-in", password) == ONLY
        assert await ada.refused("POST", "/api/sign-in-links") == ONLY
        assert await ada.refused("POST", "/api/me/passkeys", {"credential": "{}"}) == ONLY
        await ada.create_club()
        await house.everyone_leaves()


async def test_without_an_issuer_there_is_none(shared_house: House) -> None:
    async with shared_house.http() as http:
        host = (await http.get("/api/host")).json()
        assert (host["issuer"], host["issuer_only"]) == (None, False)
        assert refusal(await http.post("/api/issuer/round-trips", json={})) == (404, "not_found")
        assert refusal(await http.post("/api/issuer/sessions", json={"state": "x", "code": "x"})) == (
            404,
            "not_found",
        )
