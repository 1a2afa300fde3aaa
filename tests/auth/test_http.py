"""The room's calls as a client meets them: statuses, bodies, cookies, refusals (abuse 6, 15, 19, 24, 25)."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest

from auth.rig import PASSWORD, Rig, new_email
from clubroom import wire
from clubroom.app import http as app_http
from clubroom.auth import http as auth_http
from clubroom.auth.room import Auth

HERE = "http://localhost:8000"


def door_of(auth: Auth, peer: str, base: str = HERE) -> httpx.AsyncClient:
    host = wire.Host(version="0", create="open", url=base, only_here=True, mail=False)
    app = app_http.application([auth_http.router(auth)], auth.tokens.verify, host)
    transport = httpx.ASGITransport(app=app, client=(peer, 50_000))  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url=base)


@pytest.fixture
async def http(rig: Rig) -> AsyncIterator[httpx.AsyncClient]:
    async with door_of(rig.auth, rig.peer) as client:
        yield client


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


async def sign_up(http: httpx.AsyncClient, name: str = "Ann", **fields: Any) -> dict[str, Any]:
    answer = await http.post("/api/accounts", json={"name": name, **fields})
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def owner(http: httpx.AsyncClient, name: str = "Ann") -> dict[str, str]:
    account = await sign_up(http, name, email=new_email(), password=PASSWORD)
    return bearer(account["access_token"])


def code_of(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


async def test_the_first_conversation_is_as_the_protocol_writes_it(http: httpx.AsyncClient) -> None:
    ann = await sign_up(http, "Ann")
    assert set(ann) == {"user", "access_token", "expires_in", "refresh_token"}
    assert ann["expires_in"] == 600
    who, email = bearer(ann["access_token"]), new_email()
    answer = await http.put("/api/me/sign-in", json={"email": email, "password": PASSWORD}, headers=who)
    assert (answer.status_code, answer.json()) == (200, {"email": email})
    answer = await http.post("/api/sessions", json={"email": email, "password": PASSWORD})
    assert (answer.status_code, set(answer.json())) == (201, set(ann))
    answer = await http.post("/api/tokens", json={"refresh_token": ann["refresh_token"]})
    assert (answer.status_code, set(answer.json())) == (201, set(ann))
    assert answer.headers["cache-control"] == "no-store"
    answer = await http.post("/api/sign-in-links", headers=who)
    assert answer.status_code == 201
    answer = await http.post("/api/sessions", json={"link": answer.json()["url"].partition("#")[2]})
    assert (answer.status_code, answer.json()["user"]) == (201, ann["user"])
    answer = await http.delete("/api/sessions/current", headers=bearer(answer.json()["access_token"]))
    assert (answer.status_code, answer.content) == (204, b"")


async def test_a_club_is_created_joined_shown_and_left(http: httpx.AsyncClient) -> None:
    ann, new = await owner(http), {"key": str(uuid4()), "name": "Chess club"}
    answers = [await http.post("/api/clubs", json=new, headers=ann) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 200]
    club, again = (one.json() for one in answers)
    assert set(club) == {"group", "code", "access_token"}
    assert (club["group"], club["code"]) == (again["group"], again["code"])
    answer = await http.post("/api/clubs/preview", json={"code": club["code"]})
    assert (answer.status_code, answer.json()) == (
        200,
        {"name": "Chess club", "members": 1, "sign": None, "colour": 0, "asks": False, "question": ""},
    )
    ben = await sign_up(http, "Ben")
    answer = await http.post(
        "/api/clubs/join", json={"code": club["code"]}, headers=bearer(ben["access_token"])
    )
    assert answer.status_code == 200
    assert answer.json() | {"access_token": ""} == {
        "group": club["group"],
        "name": "Chess club",
        "access_token": "",
    }
    me = (await http.get("/api/me", headers=bearer(answer.json()["access_token"]))).json()
    own = {"user", "name", "email", "email_verified", "passkeys", "time_zone", "language", "invisible"}
    own |= {"password", "identities", "quiet", "letters", "activity_seen", "activity_unseen"}
    assert set(me) == own | {"epoch", "groups", "blocked", "host"}
    assert [one["kind"] for one in me["groups"]] == ["club", "self"]
    answer = await http.get(f"/api/groups/{club['group']}/code", headers=ann)
    assert answer.json()["code"] == club["code"]
    answer = await http.delete(f"/api/groups/{club['group']}/members/{ben['user']}", headers=ann)
    assert answer.status_code == 204


async def test_a_repeated_sign_up_says_200(http: httpx.AsyncClient) -> None:
    body = {"name": "Ann", "key": str(uuid4())}
    answers = [await http.post("/api/accounts", json=body) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 200]
    assert answers[0].json()["user"] == answers[1].json()["user"]


async def test_a_browser_on_plain_http_keeps_its_token_in_a_cookie_by_port(http: httpx.AsyncClient) -> None:
    answer = await http.post("/api/accounts", json={"name": "Ann", "keep": "cookie"})
    assert "refresh_token" not in answer.json()
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("refresh-8000=")
    assert "secure" not in cookie.lower()
    for word in ("HttpOnly", "Path=/", "SameSite=strict", "Max-Age=15552000"):
        assert word.lower() in cookie.lower()
    first = http.cookies["refresh-8000"]
    answer = await http.post("/api/tokens", json={}, headers={"origin": HERE})
    assert answer.status_code == 201
    assert "refresh_token" not in answer.json()  # though the body did not say cookie
    assert http.cookies["refresh-8000"] not in ("", first)


async def test_behind_https_the_cookie_is_bound_to_the_host(rig: Rig) -> None:
    base = "https://club.example"
    settings = msgspec.structs.replace(rig.auth.settings, public_url=base, origins=frozenset({base}))
    async with door_of(msgspec.structs.replace(rig.auth, settings=settings), rig.peer, base) as http:
        answer = await http.post("/api/accounts", json={"name": "Ann", "keep": "cookie"})
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-refresh=")
        assert "; secure" in cookie.lower()
        assert "domain" not in cookie.lower()
        assert (await http.post("/api/tokens", json={})).status_code == 201
        answer = await http.delete("/api/sessions/current", headers=bearer(answer.json()["access_token"]))
        assert "Max-Age=0" in answer.headers["set-cookie"]
        assert code_of(await http.post("/api/tokens", json={})) == (401, "invalid_refresh")


async def test_only_our_own_pages_may_refresh_and_a_bot_without_origin(http: httpx.AsyncClient) -> None:
    account = await sign_up(http)
    body = {"refresh_token": account["refresh_token"]}
    for foreign in (
        "https://evil.example",
        "null",
        "http://localhost:8001",
        "http://localhost:8000.evil.example",
    ):
        answer = await http.post("/api/tokens", json=body, headers={"origin": foreign})
        assert code_of(answer) == (403, "foreign_origin")
    assert (await http.post("/api/tokens", json=body)).status_code == 201


async def test_a_replayed_refresh_token_ends_the_session(http: httpx.AsyncClient) -> None:
    first = (await sign_up(http))["refresh_token"]
    second = (await http.post("/api/tokens", json={"refresh_token": first})).json()["refresh_token"]
    third = (await http.post("/api/tokens", json={"refresh_token": second})).json()["refresh_token"]
    for token in (first, second, third, "nonsense", ""):
        answer = await http.post("/api/tokens", json={"refresh_token": token})
        assert code_of(answer) == (401, "invalid_refresh")


async def test_a_signed_out_device_is_refused_at_once(http: httpx.AsyncClient) -> None:
    who = bearer((await sign_up(http))["access_token"])
    assert (await http.delete("/api/sessions/current", headers=who)).status_code == 204
    for _ in range(2):
        assert code_of(await http.get("/api/me", headers=who)) == (401, "unauthorized")


async def test_known_and_unknown_addresses_get_the_same_bytes(http: httpx.AsyncClient) -> None:
    known = new_email()
    await sign_up(http, email=known, password=PASSWORD)
    answers = [
        await http.post("/api/sessions", json={"email": email, "password": "wrong password"})
        for email in (known, new_email())
    ]
    assert code_of(answers[0]) == (401, "wrong_sign_in")
    assert answers[0].content == answers[1].content
    assert answers[0].headers.raw == answers[1].headers.raw
    answer = await http.post("/api/accounts", json={"name": "Eve", "email": known, "password": PASSWORD})
    assert code_of(answer) == (409, "address_taken")


async def test_a_wait_is_told_in_the_body_and_in_the_header(http: httpx.AsyncClient) -> None:
    who = bearer((await sign_up(http))["access_token"])
    for _ in range(5):
        answer = await http.post("/api/clubs/join", json={"code": "0000-0000-0000"}, headers=who)
        assert code_of(answer) == (404, "invalid_code")
    answer = await http.post("/api/clubs/join", json={"code": "0000-0000-0000"}, headers=who)
    assert code_of(answer) == (429, "rate_limited")
    assert 3_500_000 < answer.json()["retry_ms"] <= 3_600_000
    assert int(answer.headers["retry-after"]) == -(-answer.json()["retry_ms"] // 1_000)


CALLS_WITH_BODY: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/api/accounts", {"name": "Ann"}),
    ("POST", "/api/sessions", {"link": "x"}),
    ("POST", "/api/tokens", {}),
    ("PUT", "/api/me/sign-in", {"email": "ann@example.org", "password": PASSWORD}),
    ("POST", "/api/clubs", {"key": str(uuid4()), "name": "Chess club"}),
    ("POST", "/api/clubs/join", {"code": "0000-0000-0000"}),
    ("POST", "/api/clubs/preview", {"code": "0000-0000-0000"}),
]
CALLS_OF_A_PERSON = [
    ("DELETE", "/api/sessions/current"),
    ("POST", "/api/sign-in-links"),
    ("GET", "/api/me"),
    ("PUT", "/api/me/sign-in"),
    ("POST", "/api/clubs"),
    ("POST", "/api/clubs/join"),
    ("GET", "/api/groups/1/code"),
    ("DELETE", "/api/groups/1/members/u_ann"),
]


@pytest.mark.parametrize(("method", "path", "body"), CALLS_WITH_BODY)
async def test_a_body_is_exactly_what_was_asked_for(
    http: httpx.AsyncClient, method: str, path: str, body: dict[str, Any]
) -> None:
    who = {**await owner(http), "content-type": "application/json"}

    async def sent(content: bytes, **headers: str) -> tuple[int, str]:
        return code_of(await http.request(method, path, content=content, headers=who | headers))

    for forged in ("role", "author", "seq", "user", "is_dm", "at"):
        assert await sent(wire.encode(body | {forged: 1})) == (400, "unknown_field")
    for name in body:
        assert await sent(wire.encode(body | {name: 7})) == (400, "invalid_field")
        assert await sent(wire.encode(body | {name: {}})) == (400, "invalid_field")
    for malformed in (b"{", b'{"a"', b"\xff\xfe", b'{"name":"\xed\xa0\x80"}', b"nonsense"):
        assert await sent(malformed) == (400, "malformed")
    assert (await sent(b"[]"))[0] == 400
    assert (await sent(b""))[0] == 400
    assert (await sent(b"[" * 10_000))[0] == 400
    assert await sent(wire.encode(body | {"x": "a" * 70_000})) == (413, "too_large")
    for other in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        assert await sent(wire.encode(body), **{"content-type": other}) == (415, "unsupported_media_type")


@pytest.mark.parametrize(("method", "path"), CALLS_OF_A_PERSON)
async def test_without_a_good_token_nothing_is_told(http: httpx.AsyncClient, method: str, path: str) -> None:
    token = (await sign_up(http))["access_token"]
    for headers in (
        {},
        {"authorization": token},
        {"authorization": f"Basic {token}"},
        bearer(""),
        bearer("a.b.c"),
        bearer(token[:-2]),
        bearer("x" * 9_000),
    ):
        body: dict[str, str] | None = None if method in ("GET", "DELETE") else {}
        answer = await http.request(method, path, headers=headers, json=body)
        assert code_of(answer) == (401, "unauthorized")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "invalid_text"),
        (" \t ", "invalid_text"),
        ("An\0n", "invalid_text"),
        ("\u202eAnn", "invalid_text"),
        ("a" * 61, "text_too_long"),
    ],
)
async def test_impossible_names_are_refused_with_a_code(
    http: httpx.AsyncClient, name: str, code: str
) -> None:
    assert code_of(await http.post("/api/accounts", json={"name": name})) == (400, code)
    who = await owner(http)
    answer = await http.post("/api/clubs", json={"key": str(uuid4()), "name": name}, headers=who)
    assert code_of(answer) == (400, code)


async def test_half_a_sign_is_no_name(http: httpx.AsyncClient) -> None:
    headers = {"content-type": "application/json"}
    answer = await http.post("/api/accounts", content=b'{"name":"\\ud800 x"}', headers=headers)
    assert code_of(answer)[0] == 400


async def test_to_an_outsider_a_club_is_as_unknown_as_none(http: httpx.AsyncClient) -> None:
    ann = await owner(http)
    made = await http.post("/api/clubs", json={"key": str(uuid4()), "name": "Chess club"}, headers=ann)
    club, eve = made.json()["group"], await owner(http, "Eve")
    for path in ("/api/groups/{}/code",):
        answers = [await http.get(path.format(group), headers=eve) for group in (club, 2**40, 2**64)]
        assert code_of(answers[0]) == (404, "not_found")
        assert len({one.content for one in answers}) == 1
    answers = [
        await http.delete(f"/api/groups/{group}/members/{user}", headers=eve)
        for group, user in ((club, "u_x"), (2**40, "u_x"), (club, "%00"), (club, "%ff"), (club, "a%7Cb"))
    ]
    assert {code_of(one) for one in answers} == {(404, "not_found")}


async def test_openapi_names_bodies_answers_and_errors(http: httpx.AsyncClient) -> None:
    schema = (await http.get("/api/openapi.json")).json()
    call = schema["paths"]["/api/clubs/join"]["post"]
    assert call["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("JoinClub")
    assert call["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].endswith("ClubJoined")
    assert call["responses"]["202"]["content"]["application/json"]["schema"]["$ref"].endswith("ClubAsked")
    assert "invalid_code" in call["responses"]["404"]["description"]
    assert "application/problem+json" in call["responses"]["404"]["content"]
    parameters = {one["name"] for one in call.get("parameters", [])}
    assert parameters == set()
    assert schema["paths"]["/api/accounts"]["post"]["responses"]["200"]


async def test_no_secret_is_in_a_log_or_a_refusal(
    http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="clubroom")
    account = await sign_up(http, email=new_email(), password=PASSWORD)
    who = bearer(account["access_token"])
    secrets = [account["access_token"], account["refresh_token"], PASSWORD, "0123-4567-89AB", "s3cret-link"]
    answers = [
        await http.post("/api/clubs/join", json={"code": "0123-4567-89AB"}, headers=who),
        await http.post("/api/sessions", json={"link": "s3cret-link"}),
        await http.post("/api/tokens", json={"refresh_token": account["refresh_token"], "x": 1}),
        await http.post(
            "/api/accounts", json={"name": PASSWORD * 9, "email": PASSWORD, "password": PASSWORD}
        ),
        await http.get("/api/me", headers=bearer(account["access_token"] + "x")),
    ]
    for answer in answers:
        assert answer.status_code >= 400
        assert not any(secret in answer.text for secret in secrets)
    assert not any(secret in caplog.text for secret in secrets)
