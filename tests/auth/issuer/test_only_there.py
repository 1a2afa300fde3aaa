"""Where the issuer is the only way in: what people had before lets nobody in, and who is in stays in."""

from typing import Any

import httpx
import msgspec

from abuse.rig import refusal
from auth.invited import comes, invited, secret_of
from auth.issuer.rig import ONLY, by_mail, sign_in, verified, with_issuer
from clubroom.app.settings import Settings
from clubroom.dba.pool import Database
from house.authenticator import Authenticator, passkey_of
from house.issuer import FakeIssuer
from house.mailbox import Folder, secret_in
from house.person import Person
from house.server import PASSWORD, House, running
from house.uuid7 import uuid7

Json = dict[str, Any]


class Before(msgspec.Struct, frozen=True):
    """What Ann, who runs a club, and Ben, who is in it by his name alone, had before the host decided."""

    ann: Person
    ben: Person
    club: int
    email: str
    passkey: Authenticator
    link: str
    handed: str
    reset: str
    invitation: str


async def before(house: House, mail: Folder) -> Before:
    ann, email = await verified(house, mail)
    club = (made := await ann.create_club())["group"]
    ben = await house.person("Ben")
    await ben.join(made["code"])
    passkey = await passkey_of(ann)
    async with house.http() as http:  # each of them lets people in, so far
        for way in ({"email": email, "password": PASSWORD}, {"passkey": await signed(http, passkey)}):
            assert (await http.post("/api/sessions", json=way)).status_code == 201
        for found in (await ann.ok("POST", "/api/sign-in-links"), await hand(ann, club, ben)):
            secret = httpx.URL(found["url"]).fragment
            assert (await http.post("/api/sessions", json={"link": secret})).status_code == 201
        await http.post("/api/password-resets", json={"email": email})
    invitation = await invited(ann, club, "Dan")
    return Before(
        ann=ann,
        ben=ben,
        club=club,
        email=email,
        passkey=passkey,
        link=httpx.URL((await ann.ok("POST", "/api/sign-in-links"))["url"]).fragment,
        handed=httpx.URL((await hand(ann, club, ben))["url"]).fragment,
        reset=secret_in(await mail.next_to(email, after=2)),
        invitation=await secret_of(ann, club, invitation),
    )


async def hand(by: Person, club: int, to: Person) -> Json:
    return await by.ok("POST", f"/api/groups/{club}/members/{to.user}/sign-in-link")


async def signed(http: httpx.AsyncClient, passkey: Authenticator) -> str:
    options = (await http.post("/api/passkey-options")).json()["options"]
    return passkey.sign(options)


async def test_no_way_that_people_had_before_lets_anybody_in(
    database: Database, settings: Settings, house: House, fake: FakeIssuer, mail: Folder
) -> None:
    had = await before(house, mail)
    only = with_issuer(settings, fake, only=True)
    async with running(database, only) as place, place.http() as browser:
        host = (await browser.get("/api/host")).json()
        assert (host["issuer"], host["issuer_only"]) == ("Example", True)
        had.passkey.origin = place.url
        password = {"email": had.email, "password": PASSWORD}
        for path, said in (
            ("/api/accounts", {"name": "Eve"}),
            ("/api/accounts", {"name": "Eve", "email": f"{uuid7()}@example.org", "password": PASSWORD}),
            ("/api/sessions", password),
            ("/api/sessions", {"passkey": await signed(browser, had.passkey)}),
            ("/api/sessions", {"link": had.link}),
            ("/api/sessions", {"link": had.handed}),
            ("/api/password-resets", {"email": had.email}),
            ("/api/passwords", {"link": had.reset, "password": PASSWORD}),
            ("/api/invitations/accept", {"secret": had.invitation, "name": "Dan"}),
        ):
            assert refusal(await browser.post(path, json=said)) == ONLY, (path, said)
    async with house.http() as http:  # none was used up by it: they were good
        for way in (password, {"link": had.link}, {"link": had.handed}):
            assert (await http.post("/api/sessions", json=way)).status_code == 201
    await comes(house, had.invitation)


async def test_whoever_is_in_stays_in_and_makes_no_other_way(
    database: Database, settings: Settings, house: House, fake: FakeIssuer, mail: Folder
) -> None:
    had = await before(house, mail)
    by_mail(fake, had.email)
    async with running(database, with_issuer(settings, fake, only=True)) as place:
        for who in (had.ann, had.ben):
            http = place.http()
            renewed = await http.post("/api/tokens", json={"refresh_token": who.refresh_token})
            assert renewed.is_success, renewed.text
            here = Person(http, renewed.json(), place.fresh.look)
            place.people.append(here)
            await here.post(had.club, "still here")
            for path, said in (
                ("/api/sign-in-links", None),
                ("/api/me/passkeys", {"credential": "{}"}),
                (f"/api/groups/{had.club}/members/{had.ben.user}/sign-in-link", None),
            ):
                assert await here.refused("POST", path, said) == ONLY, path
            new = {"email": had.email, "password": "another " + PASSWORD, "current": PASSWORD}
            assert await here.refused("PUT", "/api/me/sign-in", new) == ONLY
        async with place.http() as browser:
            ann, came = await sign_in(place, browser, fake)
            assert (ann.user, "made" in came) == (had.ann.user, False)
            await ann.create_club("Another")
        await place.everyone_leaves()
