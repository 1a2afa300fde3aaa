"""Access tokens: minted, verified, forged (abuse 3)."""

import base64
import hashlib
import hmac
import json
import os
import time
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OKPKey

from clubroom.auth import tokens as module
from clubroom.auth.keys import Keys
from clubroom.auth.tokens import ACCESS_SECONDS, Tokens
from clubroom.errors import Unauthorized

KEYS = Keys(b"k" * 32)
SESSION = uuid4()


def minted(groups: int = 2, **options: Any) -> str:
    return Tokens(KEYS, **options).mint("u_ann", 7, SESSION, list(range(1, groups + 1)))


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    header, payload, _ = token.split(".")
    return json.loads(base64.urlsafe_b64decode(header + "==")), json.loads(
        base64.urlsafe_b64decode(payload + "==")
    )


def signed(header: dict[str, Any], payload: dict[str, Any]) -> str:
    """By our own key, whatever the header says: as if somebody had it sign something else."""
    key = Tokens(KEYS)._keys[KEYS.newest.kid]
    text = f"{part(header)}.{part(payload)}"
    signature = key.get_op_key("sign").sign(text.encode())  # type: ignore[union-attr]
    return f"{text}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def test_a_token_says_who_is_asking() -> None:
    claims = Tokens(KEYS).verify(minted())
    assert (claims.user, claims.key, claims.session) == ("u_ann", 7, SESSION)
    assert claims.groups == {1, 2}
    assert not claims.more
    assert claims.expires_at == pytest.approx(time.time() + ACCESS_SECONDS, abs=2)


def test_its_header_and_claims_are_what_the_protocol_says() -> None:
    header, payload = parts(minted())
    assert header == {"alg": "EdDSA", "typ": "at+jwt", "kid": KEYS.newest.kid}
    assert payload["g"] == [1, 2]
    assert set(payload) == {"sub", "uid", "sid", "g", "iat", "exp", "iss"}
    assert payload["exp"] - payload["iat"] == 600


def test_512_groups_stand_in_a_token_and_with_more_the_database_is_asked() -> None:
    full, over = Tokens(KEYS).verify(minted(512)), Tokens(KEYS).verify(minted(513))
    assert (len(full.groups), full.more) == (512, False)
    assert (over.groups, over.more) == (frozenset(), True)
    assert "g" not in parts(minted(513))[1]


def test_a_token_that_would_be_too_long_leaves_its_groups_out() -> None:
    token = Tokens(KEYS).mint("u_ann", 7, SESSION, [2**62 + n for n in range(512)])
    assert len(token) < 8_000
    assert Tokens(KEYS).verify(token).more


def test_a_token_ends_after_ten_minutes_and_at_most_thirty_seconds() -> None:
    now = [1_000_000.0]
    tokens = Tokens(KEYS, clock=lambda: now[0])
    token = tokens.mint("u_ann", 7, SESSION, [])
    now[0] += ACCESS_SECONDS + 29
    assert tokens.verify(token).key == 7
    now[0] += 2
    with pytest.raises(Unauthorized):
        tokens.verify(token)  # from memory
    with pytest.raises(Unauthorized):
        Tokens(KEYS, clock=lambda: now[0]).verify(token)


def test_the_tokens_of_an_ended_session_are_refused_even_when_remembered() -> None:
    tokens = Tokens(KEYS)
    token, other = minted(), tokens.mint("u_ben", 8, uuid4(), [])
    tokens.verify(token)
    assert tokens.end(SESSION)
    assert not tokens.end(SESSION)
    with pytest.raises(Unauthorized):
        tokens.verify(token)
    assert tokens.verify(other).key == 8


def test_a_session_that_ended_here_is_still_news_when_the_database_tells_it() -> None:
    tokens = Tokens(KEYS)
    tokens.refuse(SESSION)
    with pytest.raises(Unauthorized):
        tokens.verify(minted())
    assert tokens.end(SESSION)
    assert not tokens.end(SESSION)


def test_ended_sessions_are_forgotten_when_their_tokens_are_dead() -> None:
    now = [1_000_000.0]
    tokens = Tokens(KEYS, clock=lambda: now[0])
    tokens.end(SESSION)
    now[0] += ACCESS_SECONDS + 61
    tokens.end(uuid4())
    assert SESSION not in tokens._ended


def test_only_so_many_tokens_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CACHED_MAX", 3)
    tokens = Tokens(KEYS)
    for n in range(5):
        tokens.verify(tokens.mint("u_ann", n, SESSION, []))
    assert len(tokens._verified) == 3


def test_a_token_of_an_earlier_secret_is_accepted_and_of_a_foreign_one_is_not() -> None:
    newest = b"n" * 32
    assert Tokens(Keys(newest, [b"k" * 32])).verify(minted()).key == 7
    with pytest.raises(Unauthorized):
        Tokens(Keys(newest)).verify(minted())


def test_a_token_of_another_issuer_is_refused() -> None:
    with pytest.raises(Unauthorized):
        Tokens(KEYS, issuer="elsewhere").verify(minted())


def test_a_token_signed_with_the_public_key_as_a_password_is_refused() -> None:
    _, payload = parts(minted())
    for public in (KEYS.newest.signing_public, Tokens(KEYS)._keys[KEYS.newest.kid].as_pem(private=False)):
        text = f"{part({'alg': 'HS256', 'typ': 'at+jwt', 'kid': KEYS.newest.kid})}.{part(payload)}"
        proof = hmac.new(public, text.encode(), hashlib.sha256).digest()
        forged = f"{text}.{base64.urlsafe_b64encode(proof).rstrip(b'=').decode()}"
        with pytest.raises(Unauthorized):
            Tokens(KEYS).verify(forged)


@pytest.mark.parametrize(
    "change",
    [
        {"alg": "none"},
        {"alg": "None"},
        {"alg": "HS256"},
        {"alg": "Ed25519"},
        {"typ": "JWT"},
        {"typ": None},
        {"kid": "somebody-else"},
        {"kid": 1},
        {"jku": "https://evil.example/keys"},
        {"x5u": "https://evil.example/keys"},
        {"jwk": {"kty": "OKP", "crv": "Ed25519", "x": "A" * 43}},
        {"crit": ["exp"]},
        {"b64": False},
        {"zip": "DEF"},
    ],
)
def test_a_header_that_is_not_ours_is_refused_even_with_a_right_signature(change: dict[str, Any]) -> None:
    header, payload = parts(minted())
    assert Tokens(KEYS).verify(signed(header, payload)).key == 7  # the test itself signs rightly
    with pytest.raises(Unauthorized):
        Tokens(KEYS).verify(signed(header | change, payload))


@pytest.mark.parametrize("missing", ["sub", "uid", "sid", "exp", "iss"])
def test_a_token_without_one_of_its_claims_is_refused(missing: str) -> None:
    header, payload = parts(minted())
    del payload[missing]
    with pytest.raises(Unauthorized):
        Tokens(KEYS).verify(signed(header, payload))


def test_a_token_without_a_signature_or_with_a_foreign_one_is_refused() -> None:
    token = minted()
    text, _, signature = token.rpartition(".")
    foreign = jws.serialize_compact(
        {"alg": "EdDSA", "typ": "at+jwt", "kid": KEYS.newest.kid},
        json.dumps(parts(token)[1]),
        OKPKey.generate_key("Ed25519"),
        registry=module._registry,
    )
    for forged in (text, text + ".", f"{text}.{signature[:-4]}AAAA", foreign, f"{token}.x", "", "a.b.c", "…"):
        with pytest.raises(Unauthorized):
            Tokens(KEYS).verify(forged)


def test_a_token_of_more_than_8000_bytes_is_not_even_looked_at() -> None:
    header, payload = parts(minted())
    long = signed(header, payload | {"x": "a" * 8_000})
    with pytest.raises(Unauthorized):
        Tokens(KEYS).verify(long)


@given(st.text(max_size=300) | st.binary(max_size=300).map(lambda raw: raw.hex(".")))
def test_no_text_is_a_token_by_chance(text: str) -> None:
    with pytest.raises(Unauthorized):
        Tokens(KEYS).verify(text)


def test_the_published_keys_verify_and_hold_no_secret() -> None:
    published = Tokens(Keys(os.urandom(32), [os.urandom(32)])).public_keys()["keys"]
    assert len(published) == 2
    assert all("d" not in key and key["alg"] == "EdDSA" and key["kid"] for key in published)
