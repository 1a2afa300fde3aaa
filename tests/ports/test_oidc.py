"""The contract of an issuer: what it says is believed when it is exactly right, and otherwise not."""

import base64
import json
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from clubroom.ports.identity import NoIssuer, NotVouched, SignedOut, Vouched
from clubroom.ports.identity.oidc import KEYS_AGAIN_S, KEYS_S, KNOWN_S, OidcIssuer
from clubroom.ports.identity.oidc_client import OidcClient, client_of
from house.issuer import BACK, CLIENT, SECRET, FakeIssuer
from ports.oidc_rig import DISCOVERY, Steady, answering, came, made, refused, silent, trip


@dataclass(frozen=True)
class Ago:
    """Seconds before the test, not before the tests were found: the last of them runs ten minutes later."""

    seconds: float


async def test_whoever_signs_in_there_comes_back_as_themselves(ours: OidcIssuer, fake: FakeIssuer) -> None:
    fake.person |= {"email": "ada@example.org", "email_verified": True, "sid": "s1"}
    assert await came(ours, fake) == Vouched(
        issuer=fake.url, sub=fake.person["sub"], sid="s1", email="ada@example.org", name="Ada"
    )


async def test_an_address_that_the_issuer_has_not_verified_is_none(
    ours: OidcIssuer, fake: FakeIssuer
) -> None:
    for verified in (False, None, "true", "false", ""):
        fake.person |= {"email": "ada@example.org", "email_verified": verified}
        assert (await came(ours, fake)).email is None, verified


async def test_a_name_that_is_an_address_is_not_told_to_everybody(ours: OidcIssuer, fake: FakeIssuer) -> None:
    fake.person |= {"name": "ada@example.org", "nickname": "ada"}
    assert (await came(ours, fake)).name == "ada"


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256", "EdDSA"])
async def test_all_algorithms_that_are_allowed_are_understood(
    ours: OidcIssuer, fake: FakeIssuer, algorithm: str
) -> None:
    fake.rotate(algorithm)
    assert (await came(ours, fake)).sub == fake.person["sub"]


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"aud": "another"}, "audience"),
        ({"aud": []}, "audience"),
        ({"aud": [CLIENT, "another"]}, "authorized_party"),
        ({"aud": [CLIENT, "another"], "azp": "another"}, "authorized_party"),
        ({"azp": "another"}, "authorized_party"),
        ({"iss": "https://issuer.example"}, "issuer"),
        ({"nonce": "of another trip"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"exp": Ago(61)}, "expired"),
        ({"iat": Ago(-600)}, "issued_at"),
        ({"iat": Ago(3_600)}, "issued_at"),
        ({"nbf": Ago(-600)}, "issued_at"),
        ({"sub": ""}, "subject"),
        ({"sub": "x" * 256}, "subject"),
        ({"sub": "auth0|\u00e4da"}, "subject"),
        ({"sub": "auth0|a\nb"}, "subject"),
        ({"sub": None}, "claims"),
        ({"sub": 7}, "claims"),
        ({"exp": "tomorrow"}, "claims"),
    ],
)
async def test_a_token_that_is_not_for_us_now_is_refused(
    ours: OidcIssuer, fake: FakeIssuer, claims: dict[str, Any], why: str
) -> None:
    now = time.time()
    fake.claims = {
        name: now - said.seconds if isinstance(said, Ago) else said for name, said in claims.items()
    }
    assert await refused(ours, fake) == why
    fake.claims = {}
    assert (await came(ours, fake)).sub == fake.person["sub"]


async def test_for_several_audiences_it_must_say_that_it_was_made_for_us(
    ours: OidcIssuer, fake: FakeIssuer
) -> None:
    fake.claims = {"aud": [CLIENT, "another"], "azp": CLIENT}
    assert (await came(ours, fake)).sub == fake.person["sub"]


@pytest.mark.parametrize(
    ("header", "why"),  # HS256: signed with the secret that both know
    [({"alg": "none"}, "algorithm"), ({"alg": "HS256"}, "algorithm"),
     ({"crit": ["exp"]}, "critical_header"), ({"kid": "nobody"}, "unknown_key")],
)  # fmt: skip
async def test_no_header_chooses_a_way_of_its_own(
    ours: OidcIssuer, fake: FakeIssuer, header: dict[str, Any], why: str
) -> None:
    await came(ours, fake)
    original = fake.signed
    fake.signed = lambda claims: _with_header(original, fake, claims, header)  # type: ignore[method-assign]
    assert await refused(ours, fake) == why


def _with_header(
    original: Callable[[Any], str], fake: FakeIssuer, claims: Any, header: dict[str, Any]
) -> str:
    if "crit" not in header:
        fake.header = header
        return original(claims)
    head, payload, signature = original(claims).split(".")
    said = json.loads(base64.urlsafe_b64decode(head + "==")) | header
    changed = base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()
    return f"{changed}.{payload}.{signature}"


async def test_what_another_key_has_signed_is_refused(ours: OidcIssuer, fake: FakeIssuer) -> None:
    await came(ours, fake)
    kid = fake.signing
    fake.rotate("RS256", n=1)
    fake.keys = {kid: fake.keys[fake.signing]}  # under the name of the old one
    fake.signing = kid
    assert await refused(ours, fake) == "signature"


async def test_a_short_key_is_no_key(ours: OidcIssuer, fake: FakeIssuer) -> None:
    with warnings.catch_warnings(action="ignore"):
        fake.keys = {fake.signing: ("RS256", RSAKey.generate_key(1_024))}
    assert await refused(ours, fake) == "weak_key"


async def test_new_keys_are_fetched_though_not_for_everybody_who_makes_one_up(
    ours: OidcIssuer, fake: FakeIssuer, steady: Steady
) -> None:
    await came(ours, fake)
    fake.rotate("RS256", n=1)
    steady.at += KEYS_AGAIN_S + 1
    assert (await came(ours, fake)).sub == fake.person["sub"]
    assert fake.asked.count("/jwks") == 2
    fake.header = {"kid": "made up"}
    for _ in range(5):
        assert await refused(ours, fake) == "unknown_key"
    assert fake.asked.count("/jwks") == 2
    fake.header = {}
    steady.at += KEYS_S + 1  # a key that the issuer gave up is forgotten
    await came(ours, fake)
    assert fake.asked.count("/jwks") == 3


async def test_keys_that_are_there_stay_while_the_issuer_does_not_answer(
    ours: OidcIssuer, fake: FakeIssuer, steady: Steady
) -> None:
    await came(ours, fake)
    fake.answers["/jwks"] = answering(500)
    steady.at += KEYS_S + 1
    assert (await came(ours, fake)).sub == fake.person["sub"]


async def test_a_code_is_good_for_the_browser_that_asked_alone(ours: OidcIssuer, fake: FakeIssuer) -> None:
    mine, theirs = trip(), trip()
    code = fake.authorized(await ours.begin(theirs, BACK))["code"]
    with pytest.raises(NotVouched, match="invalid_grant"):
        await ours.finish(mine, BACK, code, fake.url)


@pytest.mark.parametrize("iss", ["https://issuer.example", None, ""])
async def test_an_answer_of_another_issuer_is_not_taken_to_this_one(
    ours: OidcIssuer, fake: FakeIssuer, iss: str | None
) -> None:
    assert await refused(ours, fake, iss=iss) == "issuer"
    assert "/token" not in fake.asked


@pytest.mark.parametrize(
    ("path", "answer", "why"),
    [
        (DISCOVERY, silent, "unreachable"),
        (DISCOVERY, answering(302, {"location": "http://127.0.0.1/"}), "status_302"),
        (DISCOVERY, answering(200, body=b" " * 300_000), "too_large"),
        (DISCOVERY, answering(200, body=b"[" * 100_000), "unreadable"),
        (DISCOVERY, answering(200, body=b"{}"), "unreadable"),
        ("/token", silent, "unreachable"),
        ("/token", answering(307, {"location": "http://127.0.0.1/"}), "status_307"),
        ("/token", answering(200, body=b"x" * 300_000), "too_large"),
        ("/token", answering(500), "status_500"),
        ("/token", answering(200, body=b"{}"), "unreadable"),
        ("/jwks", silent, "no_keys"),
        ("/jwks", answering(302, {"location": "http://127.0.0.1/"}), "no_keys"),
        ("/jwks", answering(200, body=b'{"keys": [' + b"{}," * 100_000 + b"{}]}"), "no_keys"),
        ("/jwks", answering(200, body=b'{"keys": [' + b"{}," * 200 + b"{}]}"), "no_keys"),
    ],
)
async def test_an_issuer_that_is_slow_or_huge_or_sends_elsewhere_is_as_good_as_none(
    ours: OidcIssuer, fake: FakeIssuer, path: str, answer: Any, why: str
) -> None:
    fake.answers[path] = answer
    ours.call_s = 1.0 if answer is silent else ours.call_s
    with pytest.raises(NoIssuer, match=why):
        await came(ours, fake)


async def test_it_must_call_itself_exactly_as_the_host_does(fake: FakeIssuer) -> None:
    ours = made(client_of(f"{fake.url}/", CLIENT, SECRET, "Example"))
    with pytest.raises(NoIssuer, match="another_issuer"):
        await ours.begin(trip(), BACK)
    await ours.close()


@pytest.mark.parametrize(
    "name", ["token_endpoint", "jwks_uri", "authorization_endpoint", "end_session_endpoint"]
)
async def test_it_cannot_lead_us_onto_an_open_line(ours: OidcIssuer, fake: FakeIssuer, name: str) -> None:
    for url in ("http://issuer.example/x", "ftp://127.0.0.1/x", "//127.0.0.1/x", "https://[/x"):
        fake.known[name] = url
        with pytest.raises(NoIssuer, match="endpoints"):
            await made(ours.client).begin(trip(), BACK)


async def test_an_issuer_that_is_down_is_asked_again_soon_but_not_by_everybody(
    ours: OidcIssuer, fake: FakeIssuer, steady: Steady
) -> None:
    fake.answers[DISCOVERY] = answering(503)
    for _ in range(5):
        with pytest.raises(NoIssuer):
            await ours.begin(trip(), BACK)
    assert len(fake.asked) == 1
    fake.answers.clear()
    steady.at += 6
    assert (await came(ours, fake)).sub == fake.person["sub"]
    steady.at += KNOWN_S + 1
    fake.answers[DISCOVERY] = answering(503)
    assert (await came(ours, fake)).sub == fake.person[
        "sub"
    ]  # what it said an hour ago is better than nothing


@pytest.mark.parametrize(
    "methods", [None, ["client_secret_basic", "client_secret_post"], ["client_secret_post"]]
)
async def test_the_secret_is_shown_as_the_issuer_takes_it(
    fake: FakeIssuer, methods: list[str] | None
) -> None:
    fake.known["token_endpoint_auth_methods_supported"] = methods
    fake.secret = "a secret: with 100% of + and é".replace("é", "e")
    ours = made(client_of(fake.url, CLIENT, fake.secret, None))
    assert (await came(ours, fake)).sub == fake.person["sub"]
    assert ("client_secret" in fake.forms[0]) == (methods == ["client_secret_post"])
    wrong = made(client_of(fake.url, CLIENT, "wrong", None))
    assert await refused(wrong, fake) == "invalid_client"


async def test_a_public_client_has_no_secret_to_show(fake: FakeIssuer) -> None:
    fake.secret = None
    ours = made(client_of(fake.url, CLIENT, None, None))
    assert (await came(ours, fake)).sub == fake.person["sub"]


async def test_one_signs_out_there_only_if_it_offers_that(ours: OidcIssuer, fake: FakeIssuer) -> None:
    url = await ours.leave("http://localhost:8000/", "s1")
    assert url == (
        f"{fake.url}/out?client_id={CLIENT}&post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A8000%2F&logout_hint=s1"
    )
    fake.known["end_session_endpoint"] = None
    assert await made(ours.client).leave("http://localhost:8000/", None) is None


async def test_the_issuer_says_who_has_signed_out_there(ours: OidcIssuer, fake: FakeIssuer) -> None:
    token = fake.logout_token(sub="auth0|ada", sid="s1", jti="1")
    assert await ours.signed_out(token) == SignedOut(issuer=fake.url, sub="auth0|ada", sid="s1", jti="1")


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"nonce": "x"}, "no_logout_token"),
        ({"events": {}}, "no_logout_token"),
        ({"sub": None}, "no_logout_token"),
        ({"jti": None}, "claims"),
        ({"aud": "another"}, "audience"),
        ({"iss": "https://issuer.example"}, "issuer"),
        ({"exp": time.time() - 100}, "expired"),
        ({"iat": time.time() - 3_600}, "expired"),
    ],
)
async def test_nobody_is_signed_out_by_anything_else(
    ours: OidcIssuer, fake: FakeIssuer, claims: dict[str, Any], why: str
) -> None:
    with pytest.raises(NotVouched, match=why):
        await ours.signed_out(fake.logout_token(**({"sub": "auth0|ada"} | claims)))
    with pytest.raises(NotVouched):
        await ours.signed_out(fake.id_token("nonce", fake.person))


@pytest.mark.parametrize(
    "issuer",
    ["", "issuer.example", "http://issuer.example", "https://", "https://a b", "https://x?y", "https://x#y",
     "https://u:p@x", "https://x:99999", "https://é.example", "https://x/" + "y" * 300],
)  # fmt: skip
def test_what_can_be_no_issuer_is_told_to_the_host(issuer: str) -> None:
    with pytest.raises(ValueError, match="exactly as the issuer writes it"):
        client_of(issuer, CLIENT, None, None)


def test_neither_secret_nor_code_stands_in_what_is_logged() -> None:
    client = client_of("https://club.eu.auth0.com/", CLIENT, SECRET, None)
    assert client == OidcClient(
        issuer="https://club.eu.auth0.com/", client_id=CLIENT, secret=SECRET, name="club.eu.auth0.com"
    )
    assert SECRET not in repr(client)
    going = trip()
    assert all(word not in repr(going) for word in (going.state, going.nonce, going.verifier))
