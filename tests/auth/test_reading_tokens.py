"""Tokens for gateways that only read: what they say, who verifies them, and where they are refused."""

import base64
import json
import os
import time
from collections.abc import Sequence
from typing import Any

import httpx
import msgspec
import pytest
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from clubroom.app.readers import CLAIMS, claims
from clubroom.app.settings import Settings
from clubroom.auth.keys import Keys
from clubroom.auth.reading.tokens import AUDIENCE, GROUPS_MAX, READING_SECONDS, ReadingTokens
from clubroom.dba.pool import Database
from clubroom.errors import Unauthorized
from clubroom.wire import TOKEN_BYTES_MAX
from house.person import Person
from house.server import House, running

SECRET = b"s" * 32


def tokens(*earlier: bytes, secret: bytes = SECRET) -> ReadingTokens:
    return ReadingTokens(Keys(secret, earlier), issuer="https://club.example", shape=claims, clock=time.time)


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    header, payload = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in token.split(".")[:2])
    return header, payload


def said(token: str, keys: Any) -> dict[str, Any]:
    """As a gateway reads it that knows the published keys alone."""
    found = jwt.decode(token, KeySet.import_key_set(keys), algorithms=["ES256"]).claims
    jwt.JWTClaimsRegistry(
        aud={"essential": True, "value": AUDIENCE}, exp={"essential": True}, sub={"essential": True}
    ).validate(found)
    return found


async def asked(person: Person) -> str:
    answer = await person.ok("POST", "/api/tokens/reading")
    assert answer["expires_in"] == READING_SECONDS
    token: str = answer["token"]
    return token


def test_a_token_for_reading_says_who_reads_and_for_whom_it_is() -> None:
    header, payload = parts(tokens().mint("u_ann", [3, 14]))
    assert header["alg"] == "ES256" and header["typ"] == "reading+jwt"
    assert payload["sub"] == "u_ann" and payload["aud"] == "clubroom-reading"
    assert payload["iss"] == "https://club.example"
    assert payload["exp"] - payload["iat"] == READING_SECONDS
    assert payload[CLAIMS] == {
        "x-hasura-default-role": "member",
        "x-hasura-allowed-roles": ["member"],
        "x-hasura-user-id": "u_ann",
        "x-hasura-groups": '{"3","14"}',
    }


@pytest.mark.parametrize("groups", [[], [7], list(range(1, 513))])
async def test_the_groups_are_a_list_as_postgresql_writes_them(
    database: Database, groups: Sequence[int]
) -> None:
    _, payload = parts(tokens().mint("u_ann", groups))
    async with database.pool.acquire() as connection:
        cast = await connection.fetchval("select $1::text::text[]", payload[CLAIMS]["x-hasura-groups"])
    assert cast == [str(group) for group in groups]


def test_too_many_groups_are_left_out_and_the_token_stays_as_short_as_ours() -> None:
    most = tokens().mint("u_ann", list(range(2**50, 2**50 + GROUPS_MAX)))
    more = tokens().mint("u_ann", list(range(GROUPS_MAX + 1)))
    assert max(len(most), len(more)) <= TOKEN_BYTES_MAX
    for token in (most, more):
        assert "x-hasura-groups" not in parts(token)[1][CLAIMS]


def test_the_published_keys_hold_no_secret_and_outlive_a_change_of_it() -> None:
    old = tokens().mint("u_ann", [])
    keys = tokens(SECRET, secret=os.urandom(32)).public_keys()
    assert len(keys["keys"]) == 2
    assert all("d" not in key and key["use"] == "sig" for key in keys["keys"])
    assert said(old, keys)["sub"] == "u_ann"
    with pytest.raises((JoseError, ValueError)):
        said(old, tokens(secret=os.urandom(32)).public_keys())


async def test_a_signed_in_person_gets_one_that_the_published_keys_verify(house: House) -> None:
    club, [ann] = await house.club("Ann")
    async with house.http() as http:
        answer = await http.get("/api/jwks.json")
    assert answer.headers["cache-control"] == "public, max-age=300"
    found = said(await asked(ann), answer.json())
    assert found["sub"] == found[CLAIMS]["x-hasura-user-id"] == ann.user
    assert found["iss"].startswith("http://localhost:")
    assert f'"{club}"' in found[CLAIMS]["x-hasura-groups"]


async def test_a_token_for_reading_is_refused_here_by_calls_and_sockets(house: House) -> None:
    _, [ann] = await house.club("Ann")
    token = await asked(ann)
    async with house.http() as http:
        for path in ("/api/me", "/api/tokens/reading"):
            method = "GET" if path == "/api/me" else "POST"
            answer = await http.request(method, path, headers={"authorization": f"Bearer {token}"})
            assert answer.status_code == 401, answer.text
    with pytest.raises(Unauthorized):  # as a socket's hello is judged
        house.process.tokens.verify(token)


async def test_an_access_token_is_refused_by_whoever_knows_the_published_keys(house: House) -> None:
    _, [ann] = await house.club("Ann")
    async with house.http() as http:
        keys = (await http.get("/api/jwks.json")).json()
    with pytest.raises((JoseError, ValueError)):
        said(ann.token, keys)


async def test_a_device_that_was_signed_out_gets_none_from_any_server(
    house: House, database: Database, settings: Settings
) -> None:
    _, [ann] = await house.club("Ann")
    token = ann.token
    gone = await ann.http.delete("/api/sessions/current", headers=ann.headers)
    assert gone.status_code == 204
    async with running(database, settings) as another:  # it has not heard of it yet
        another.process.tokens.belong_to(house.process.tokens._issuer.removeprefix("clubroom:"))
        async with another.http() as http:
            answer = await http.post("/api/tokens/reading", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 401, answer.text


async def test_the_groups_in_it_are_those_of_now_and_not_those_of_the_access_token(house: House) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    assert f'"{club}"' in parts(await asked(ben))[1][CLAIMS]["x-hasura-groups"]
    await ann.remove(club, ben.user)
    assert f'"{club}"' not in parts(await asked(ben))[1][CLAIMS]["x-hasura-groups"]


async def test_where_the_host_has_not_turned_it_on_there_is_nothing(
    database: Database, settings: Settings
) -> None:
    async with running(database, msgspec.structs.replace(settings, reading=False)) as house:
        try:
            _, [ann] = await house.club("Ann")
            answers: list[httpx.Response] = [
                await ann.http.post("/api/tokens/reading", headers={"authorization": f"Bearer {ann.token}"}),
                await ann.http.get("/api/jwks.json"),
            ]
        finally:
            await house.everyone_leaves()
    assert [answer.status_code for answer in answers] == [404, 404]
