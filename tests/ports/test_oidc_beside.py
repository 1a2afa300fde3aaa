"""The contract of an issuer, beside what it signs: how it refuses, where it leads, what it tells."""

from typing import Any

import msgspec
import pytest

from clubroom.ports.calling import Answer, NoAnswer
from clubroom.ports.identity import NoIssuer
from clubroom.ports.identity.oidc import OidcIssuer
from clubroom.ports.identity.oidc_client import client_of, leads
from house.issuer import BACK, CLIENT, FakeIssuer
from ports.oidc_rig import answering, came, made, refused, silent, trip

FAR = "https://issuer.example"
EVE = b'{"sub": "auth0|eve", "name": "Eve", "email": "eve@example.org", "email_verified": true}'


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (400, b'{"error": "invalid_grant"}', "invalid_grant"),
        (401, b'{"error": "invalid_client"}', "invalid_client"),
        (403, b'{"error": "invalid_grant", "error_description": "no"}', "invalid_grant"),
        (403, b'{"error": "access_denied"}', "code_refused"),
        (422, b'{"error": "invalid_request"}', "invalid_request"),
        (400, b"no", "code_refused"),
    ],
)
async def test_a_code_is_refused_by_whatever_status_says_so(
    ours: OidcIssuer, fake: FakeIssuer, status: int, body: bytes, why: str
) -> None:
    fake.answers["/token"] = answering(status, body=body)
    assert await refused(ours, fake) == why


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (429, b'{"error": "invalid_grant"}'),
        (403, b"<h1>Forbidden</h1>"),
        (403, b'{"error": ""}'),
        (404, b"{}"),
        (503, b'{"error": "temporarily_unavailable"}'),
    ],
)
async def test_what_is_no_refusal_is_no_answer(
    ours: OidcIssuer, fake: FakeIssuer, status: int, body: bytes
) -> None:
    fake.answers["/token"] = answering(status, body=body)
    with pytest.raises(NoIssuer, match=f"status_{status}"):
        await came(ours, fake)


async def test_what_the_id_token_does_not_say_is_asked_for(ours: OidcIssuer, fake: FakeIssuer) -> None:
    fake.known["userinfo_endpoint"] = f"{fake.url}/me"
    fake.person.pop("name")
    more = {"email": "ada@example.org", "email_verified": True, "given_name": "Ada", "family_name": "L"}
    fake.more = fake.person | more
    vouched = await came(ours, fake)
    assert (vouched.email, vouched.name) == ("ada@example.org", "Ada L")


async def test_what_the_id_token_says_is_not_said_otherwise(ours: OidcIssuer, fake: FakeIssuer) -> None:
    """An address comes with its own flag, never with that of another."""
    fake.known["userinfo_endpoint"] = f"{fake.url}/me"
    fake.more = fake.person | {"name": "Eve", "email": "eve@example.org", "email_verified": True}
    assert (await came(ours, fake)).name == "Ada"
    fake.person.pop("name")
    fake.person |= {"email": "ada@example.org", "email_verified": False}
    vouched = await came(ours, fake)
    assert (vouched.email, vouched.name) == (None, "Eve")
    fake.person |= {"email": "ada@example.org", "email_verified": True}
    assert (await came(ours, fake)).email == "ada@example.org"
    fake.person = {"sub": fake.person["sub"], "email_verified": True}
    fake.more = {"sub": fake.person["sub"], "email": "ada@example.org"}
    assert (await came(ours, fake)).email is None


@pytest.mark.parametrize(
    "told",
    [
        answering(500),
        answering(401, body=b'{"error": "invalid_token"}'),
        answering(302, {"location": "http://127.0.0.1/"}),
        answering(200, body=b"no"),
        answering(200, body=EVE),
        silent,
    ],
)
async def test_whoever_is_known_comes_in_without_a_name(
    ours: OidcIssuer, fake: FakeIssuer, told: Any
) -> None:
    """Nor is what is told of somebody else listened to."""
    fake.known["userinfo_endpoint"] = f"{fake.url}/me"
    fake.person.pop("name")
    fake.answers["/me"] = told
    ours.call_s = 1.0 if told is silent else ours.call_s
    vouched = await came(ours, fake)
    assert (vouched.sub, vouched.email, vouched.name) == (fake.person["sub"], None, None)
    assert "/me" in fake.asked


class Says:
    """Instead of the line to an issuer that is far away."""

    def __init__(self, known: dict[str, str]) -> None:
        self.known = known

    async def call(self, method: str, url: str, *_: Any, **__: Any) -> Answer:
        if url != f"{FAR}/.well-known/openid-configuration":
            raise NoAnswer
        return Answer(200, {}, msgspec.json.encode(self.known))


ENDPOINTS = (
    "authorization_endpoint",
    "token_endpoint",
    "jwks_uri",
    "userinfo_endpoint",
    "end_session_endpoint",
)


@pytest.mark.parametrize("name", ENDPOINTS)
async def test_an_issuer_far_away_does_not_send_us_to_ourselves(name: str) -> None:
    known = {"issuer": FAR} | {one: f"{FAR}/{one}" for one in ENDPOINTS}
    ours: Any = made(client_of(FAR, CLIENT, None, None))
    ours.caller = Says(known)
    assert (await ours.begin(trip(), BACK)).startswith(f"{FAR}/authorization_endpoint?")
    for url in ("http://127.0.0.1:5432/x", "https://localhost:8000/x", "https://[::1]/x"):
        ours = made(client_of(FAR, CLIENT, None, None))
        ours.caller = Says(known | {name: url})
        with pytest.raises(NoIssuer, match="endpoints"):
            await ours.begin(trip(), BACK)


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST", "localhost.", "db.localhost", "127.0.0.1", "127.9.9.9", "127.1", "2130706433",
     "0x7f.1", "0.0.0.0", "[::1]", "[::]", "[::ffff:127.0.0.1]"],
)  # fmt: skip
def test_this_computer_is_known_by_each_of_its_names(host: str) -> None:
    assert not leads(FAR, f"https://{host}/x")
    assert not leads(FAR, f"http://{host}/x")
    assert leads(f"http://{host}/", f"http://{host}/x")
    assert leads(f"https://{host}/", "https://keys.example/x")


def test_elsewhere_one_speaks_https() -> None:
    assert leads(FAR, "https://keys.example/x")
    assert leads(FAR, "https://10.0.0.7/x")  # an issuer in a private network
    assert not leads(FAR, "http://keys.example/x")
    assert not leads("http://127.0.0.1:9000", "http://keys.example/x")
    for nothing in ("", "//x", "https://", "https://[/x", "ftp://keys.example/x"):
        assert not leads(FAR, nothing)
