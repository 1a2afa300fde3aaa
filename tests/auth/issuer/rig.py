"""To an issuer and back, in the words of people."""

from typing import Any

import httpx
import msgspec

from clubroom.app.settings import Settings
from clubroom.ports.identity.oidc_client import client_of
from house.issuer import CLIENT, SECRET, FakeIssuer
from house.mailbox import Folder, secret_in
from house.person import Person
from house.server import House

LOST = (401, "not_vouched")
ONLY = (403, "issuer_only")


def with_issuer(settings: Settings, issuer: FakeIssuer, *, only: bool = False) -> Settings:
    client = client_of(issuer.url, CLIENT, SECRET, "Example")
    return msgspec.structs.replace(settings, issuer=client, issuer_only=only)


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
