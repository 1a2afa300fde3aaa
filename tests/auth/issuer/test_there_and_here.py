"""Signing out there and here, and where the issuer is the only way in."""

from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import msgspec
import pytest

from abuse.rig import coming_from, new_address, refusal
from auth.issuer.rig import by_mail, over, sign_in
from house.issuer import CLIENT, FakeIssuer
from house.server import PASSWORD, House
from house.uuid7 import uuid7

FORM = {"content-type": "application/x-www-form-urlencoded"}


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
        return await http.post("/api/issuer/logout", content=urlencode({"logout_token": token}), headers=FORM)


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
    fake.person["sid"] = "desk"
    desk, _ = await sign_in(house, browser, fake)
    assert (await told(house, token)).status_code == 200  # it was heard, and ends nothing twice
    await desk.me()
    assert refusal(await told(house, fake.id_token("x", fake.person))) == (400, "malformed")
    await phone.me()
    assert (await told(house, fake.logout_token(sub=phone.user))).status_code == 200
    assert await phone.refused("GET", "/api/me") == (401, "unauthorized")


@pytest.mark.parametrize("content", [b"", b"x", b"logout_token=x", b"logout_token=x&logout_token=y", b"\xff"])
async def test_what_is_no_message_of_an_issuer_is_none(house: House, content: bytes) -> None:
    async with house.http() as http:
        answer = await http.post("/api/issuer/logout", content=content, headers=FORM)
    assert refusal(answer) == (400, "malformed")


async def test_nobody_is_signed_out_by_what_the_issuer_did_not_sign(
    house: House, browser: httpx.AsyncClient, fake: FakeIssuer
) -> None:
    fake.person["sid"] = "desk"
    ada, _ = await sign_in(house, browser, fake)
    right = fake.logout_token(sub=ada.user, sid="desk")
    head, payload, signature = right.split(".")
    _, _, anothers = fake.logout_token(sub="auth0|eve", sid="desk").split(".")
    kid, keys = fake.signing, dict(fake.keys)
    fake.rotate("RS256", n=1)
    fake.keys = {kid: fake.keys[fake.signing]}  # the right name, and the wrong key
    fake.signing = kid
    forged = fake.logout_token(sub=ada.user, sid="desk")
    fake.keys = keys
    for wrong in (
        forged,
        f"{head}.{payload}.{anothers}",
        f"{head}.{payload}.",
        f"{head}.{payload}.{signature[:-8]}AAAAAAAA",
        fake.logout_token(sub=ada.user, sid="desk", aud="another"),
        fake.logout_token(sub=ada.user, sid="desk", iss="https://issuer.example"),
        fake.id_token("x", fake.person),
    ):
        assert refusal(await told(house, wrong)) == (400, "malformed")
        await ada.me()
    assert (await told(house, right)).status_code == 200
    assert await ada.refused("GET", "/api/me") == (401, "unauthorized")


async def test_the_issuer_is_heard_however_often_somebody_at_its_address_was_wrong(
    house: House, browser: httpx.AsyncClient, fake: FakeIssuer
) -> None:
    ada, _ = await sign_in(house, browser, fake)
    wrong_password = {"email": "eve@example.org", "password": PASSWORD}
    async with coming_from(house, new_address()) as http:

        async def says(token: str) -> httpx.Response:
            return await http.post(
                "/api/issuer/logout", content=urlencode({"logout_token": token}), headers=FORM
            )

        forged = f"{fake.logout_token(sub=ada.user)[:-8]}AAAAAAAA"
        said = [(await says(forged)).status_code for _ in range(101)]
        assert said == [400] * 100 + [429]
        # a counter of its own: nobody who signs in from there is kept out
        assert refusal(await http.post("/api/sessions", json=wrong_password)) == (401, "wrong_sign_in")
        await ada.me()
        assert (await says(fake.logout_token(sub=ada.user))).status_code == 200
    assert await ada.refused("GET", "/api/me") == (401, "unauthorized")


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


async def test_without_an_issuer_there_is_none(shared_house: House) -> None:
    async with shared_house.http() as http:
        host = (await http.get("/api/host")).json()
        assert (host["issuer"], host["issuer_only"]) == (None, False)
        assert refusal(await http.post("/api/issuer/round-trips", json={})) == (404, "not_found")
        assert refusal(await http.post("/api/issuer/sessions", json={"state": "x", "code": "x"})) == (
            404,
            "not_found",
        )
