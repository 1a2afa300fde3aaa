"""Signing in by an issuer: who comes is who came before, and nobody gets another's account by an address."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from abuse.rig import refusal
from auth.issuer.rig import away, back, by_mail, connect, over, sign_in, verified
from clubroom.auth.accounts import new_user_id
from clubroom.dba.identities import Coming
from clubroom.dba.identities import connect as connected
from clubroom.dba.identities import sign_in as came_by
from house.authenticator import passkey_of
from house.issuer import FakeIssuer
from house.mailbox import Folder, body, secret_in
from house.server import PASSWORD, House
from house.uuid7 import uuid7


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
    [
        "u_imitated",
        "all",
        "with/slash",
        "with blank",
        "<bracket>",
        "ada@example.org",
        "-x",
        "y",
        "samlp|corp|ann.lee",
        "label:7",
        "a:b",
        "x" * 201,
    ],
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


async def test_an_address_that_has_moved_on_leads_nobody_to_whoever_had_it_before(
    house: House, browser: httpx.AsyncClient, fake: FakeIssuer, mail: Folder
) -> None:
    """The company gives Ann's mailbox to Quinn. The issuer said that it was Ann's, no letter of ours did."""
    email = f"{uuid7()}@corp.example"
    by_mail(fake, email)
    ann, _ = await sign_in(house, browser, fake)
    assert ((await ann.me())["email"], (await ann.me())["email_verified"]) == (email, True)
    fake.person = {"sub": f"auth0|{uuid7()}", "name": "Quinn"}
    by_mail(fake, email)
    async with house.http() as another:
        quinn, first = await sign_in(house, another, fake)
        again, _ = await sign_in(house, another, fake)
    assert (quinn.user, first["made"], again.user) == (fake.person["sub"], True, fake.person["sub"])
    assert (await quinn.me())["email"] is None  # it is Ann's here until she gives it up
    assert ((await ann.me())["email"], (await ann.me())["identities"]) == (email, 1)


async def test_an_account_of_this_issuer_is_known_by_its_identity_and_no_more_by_its_address(
    house: House, browser: httpx.AsyncClient, fake: FakeIssuer, mail: Folder
) -> None:
    """Even if it was confirmed by a letter of ours, once."""
    ann, email = await verified(house, mail)
    by_mail(fake, email)
    same, _ = await sign_in(house, browser, fake)
    assert same.user == ann.user
    fake.person |= {"sub": f"auth0|{uuid7()}", "name": "Quinn"}
    async with house.http() as another:
        quinn, first = await sign_in(house, another, fake)
    assert first["made"] is True
    assert quinn.user != ann.user
    assert (await quinn.me())["email"] is None
    assert (await ann.me())["identities"] == 1


async def test_an_address_said_by_an_issuer_that_is_gone_leads_to_nobody_until_a_letter_was_opened(
    house: House, browser: httpx.AsyncClient, fake: FakeIssuer, mail: Folder
) -> None:
    email = f"{uuid7()}@example.org"
    ada = await of_another_issuer(house, email)
    by_mail(fake, email)
    async with house.http() as http:
        new, first = await sign_in(house, http, fake)
        assert (first["made"], (await new.me())["email"]) == (True, None)
        await http.post("/api/password-resets", json={"email": email})
        link = secret_in(await mail.next_to(email))
        taken = (await http.post("/api/passwords", json={"link": link, "password": PASSWORD})).json()
        assert taken["user"] == ada
        fake.person["sub"] = f"auth0|{uuid7()}"
        same, _ = await sign_in(house, http, fake)
    assert same.user == ada


async def of_another_issuer(house: House, email: str | None) -> str:
    """Somebody who came by an issuer that the host names no more."""
    coming = Coming(
        issuer="https://before.example", sub=str(uuid7()), email=email, spare_user=new_user_id(), name="Ada"
    )
    return (await came_by(house.process.db, coming, session=uuid4(), limits=[])).user


async def test_an_identity_of_an_issuer_that_is_gone_is_no_way_in(
    house: House, browser: httpx.AsyncClient, fake: FakeIssuer
) -> None:
    ada, _ = await sign_in(house, browser, fake)
    key = house.process.tokens.verify(ada.token).key
    await connected(house.process.db, key, issuer="https://before.example", sub=str(uuid7()))
    [now, before] = (await ada.ok("GET", "/api/me/identities"))["identities"]
    assert (now["here"], before["here"]) == (True, False)
    assert await ada.refused("DELETE", f"/api/me/identities/{now['id']}") == (403, "sign_in_needed")
    await passkey_of(ada)
    await ada.ok("DELETE", f"/api/me/identities/{now['id']}")
    await ada.create_club()
    [key_of_ada] = (await ada.ok("GET", "/api/me/passkeys"))["passkeys"]
    path = f"/api/me/passkeys/{key_of_ada['id']}"
    assert await ada.refused("DELETE", path) == (403, "sign_in_needed")
    assert (await connect(ada, fake)).status_code == 201
    await ada.ok("DELETE", path)


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
