"""Every call of the served OpenAPI, with everything that is no proper request.

A call without a line in CALLS fails the first test: whoever adds one says here what it takes.
"""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest

from abuse.forging import forged_tokens
from abuse.rig import Refusal, nothing_changes, refusal
from clubroom import wire
from clubroom.dba.embedded import EmbeddedPostgres
from house.person import Person
from house.server import PASSWORD, House
from house.uuid7 import uuid7

NAME = str(uuid7())
NUMBERED = {
    "code": 1,
    "request_id": 1,
    "report": 1,
    "label": NAME,
    "session": NAME,
    "passkey": "AAAA",
    "invitation": 1,
    "identity": 1,
    "token": "x",
    "event": NAME,
    "key": "once",
    "file": NAME,
}
JSON = {"content-type": "application/json"}
DEEP = b'{"x":' + b"[" * 1_000 + b"]" * 1_000 + b"}"


class Call(msgspec.Struct, frozen=True):
    """A body that would do (None = the call takes none), and whether it may be made signed out."""

    body: dict[str, Any] | None = None
    wrong: tuple[str, Any] = ("", None)
    open: bool = False


CALLS: dict[tuple[str, str], Call] = {
    ("POST", "/api/accounts"): Call({"name": "Mallory"}, ("name", 7), open=True),
    ("POST", "/api/sessions"): Call(
        {"email": "m@example.org", "password": PASSWORD}, ("email", ["m@example.org"]), open=True
    ),
    ("DELETE", "/api/sessions/current"): Call(),
    ("POST", "/api/tokens"): Call({"refresh_token": "x"}, ("refresh_token", 7), open=True),
    ("POST", "/api/tokens/reading"): Call(),
    ("GET", "/api/jwks.json"): Call(open=True),
    ("POST", "/api/sign-in-links"): Call(),
    ("GET", "/api/me"): Call(),
    ("PUT", "/api/me/sign-in"): Call({"email": "m@example.org", "password": PASSWORD}, ("password", {})),
    ("PATCH", "/api/me"): Call({"name": "Mallory"}, ("name", 7)),
    ("PUT", "/api/me/quiet"): Call({"spans": []}, ("spans", {})),
    ("PUT", "/api/me/mail"): Call({"missed": "daily", "announcements": True}, ("missed", "weekly")),
    ("POST", "/api/mail/unsubscribe/{token}"): Call(open=True),
    ("GET", "/api/mail/unsubscribe/{token}"): Call(open=True),
    ("GET", "/api/mail/answers/{token}"): Call(open=True),
    ("POST", "/api/mail/answers/{token}"): Call({"answer": "going"}, ("answer", "yes"), open=True),
    ("PUT", "/api/me/calendar"): Call(),
    ("POST", "/api/me/calendar"): Call(),
    ("GET", "/api/events/{event}/calendar"): Call(),
    ("GET", "/api/events/{event}/reminders"): Call(),
    ("PUT", "/api/events/{event}/reminders"): Call({"minutes": [60]}, ("minutes", {})),
    ("POST", "/api/events/{event}/remind"): Call({"key": "once"}, ("key", 7)),
    ("POST", "/api/me/email-verification"): Call(),
    ("POST", "/api/email-verifications"): Call({"link": "x"}, ("link", 7), open=True),
    ("POST", "/api/password-resets"): Call({"email": "m@example.org"}, ("email", 7), open=True),
    ("POST", "/api/passwords"): Call({"link": "x", "password": PASSWORD}, ("password", 7), open=True),
    ("GET", "/api/sessions"): Call(),
    ("DELETE", "/api/sessions"): Call(),
    ("DELETE", "/api/sessions/others"): Call(),
    ("DELETE", "/api/sessions/{session}"): Call(),
    ("POST", "/api/passkey-options"): Call(open=True),
    ("GET", "/api/me/passkeys"): Call(),
    ("POST", "/api/me/passkeys/options"): Call(),
    ("POST", "/api/me/passkeys"): Call({"credential": "{}"}, ("credential", {})),
    ("DELETE", "/api/me/passkeys/{passkey}"): Call(),
    ("GET", "/api/me/deletion"): Call(),
    ("POST", "/api/me/deletion/passkey-options"): Call(),
    ("POST", "/api/me/deletion"): Call({"name": "Mallory"}, ("messages", "all")),
    ("GET", "/api/me/export"): Call(),
    ("POST", "/api/groups/{group}/members/{user}/sign-in-link"): Call(),
    ("POST", "/api/clubs"): Call({"key": NAME, "name": "Go club"}, ("key", "no uuid")),
    ("POST", "/api/clubs/join"): Call({"code": "K7QM-9XRT-2HVC"}, ("code", 7)),
    ("POST", "/api/clubs/preview"): Call({"code": "K7QM-9XRT-2HVC"}, ("code", None), open=True),
    ("GET", "/api/groups/{group}/code"): Call(),
    ("GET", "/api/groups/{group}/codes"): Call(),
    ("POST", "/api/groups/{group}/codes"): Call({"key": NAME, "role": "member"}, ("uses", "many")),
    ("POST", "/api/groups/{group}/codes/reset"): Call({"key": NAME}, ("key", 7)),
    ("PATCH", "/api/groups/{group}/codes/{code}"): Call({"uses": 3}, ("rooms", {})),
    ("DELETE", "/api/groups/{group}/codes/{code}"): Call(),
    ("GET", "/api/groups/{group}/requests"): Call(),
    ("POST", "/api/groups/{group}/requests/{user}"): Call({"accept": True}, ("accept", 1)),
    ("GET", "/api/me/requests"): Call(),
    ("DELETE", "/api/me/requests/{request_id}"): Call(),
    ("GET", "/api/groups/{group}/blocks"): Call(),
    ("PUT", "/api/groups/{group}/blocks/{user}"): Call(),
    ("DELETE", "/api/groups/{group}/blocks/{user}"): Call(),
    ("POST", "/api/messages/{message_id}/reports"): Call({"reason": "rude"}, ("club", "1")),
    ("POST", "/api/groups/{group}/reports"): Call({"user": "u_x", "reason": "rude"}, ("user", 7)),
    ("GET", "/api/groups/{group}/reports"): Call(),
    ("DELETE", "/api/groups/{group}/reports/{report}"): Call(),
    ("DELETE", "/api/groups/{group}/members/{user}"): Call(),
    ("PUT", "/api/messages/{message_id}"): Call({"group": 1, "text": "hello"}, ("group", "1")),
    ("GET", "/api/groups/{group}/messages"): Call(),
    ("GET", "/api/groups/{group}/snapshot"): Call(),
    ("POST", "/api/sync"): Call({"cursors": {"1": 1}}, ("cursors", [1])),
    ("GET", "/api/groups/{group}/actions"): Call(),
    ("PUT", "/api/groups/{group}/read"): Call({"seq": 1}, ("seq", 1.5)),
    ("GET", "/api/groups/{group}/online"): Call(),
    ("POST", "/api/groups/{group}/channels"): Call({"key": NAME, "name": "Board"}, ("private", 1)),
    ("PATCH", "/api/groups/{group}"): Call({"dms_off": True}, ("dms_off", "no")),
    ("DELETE", "/api/groups/{group}"): Call({"name": "Chess club"}, ("name", 7)),
    ("GET", "/api/groups/{group}/audit"): Call(),
    ("GET", "/api/groups/{group}/audit.csv"): Call(),
    ("GET", "/api/host/clubs"): Call(),
    ("PATCH", "/api/host/clubs/{group}"): Call({"suspended": True}, ("suspended", 1)),
    ("GET", "/api/host/place"): Call(),
    ("PUT", "/api/host/keeping"): Call({"days": 30}, ("days", "30")),
    ("PUT", "/api/groups/{group}/follow"): Call({"on": True}, ("on", 1)),
    ("PUT", "/api/groups/{group}/mute"): Call({"for_s": 3_600}, ("for_s", "long")),
    ("PUT", "/api/groups/{group}/level"): Call({"level": "nothing"}, ("level", "loud")),
    ("POST", "/api/groups/{group}/members"): Call({"users": ["u_x"]}, ("users", "u_x")),
    ("PUT", "/api/groups/{group}/members/{user}/role"): Call({"role": "admin"}, ("role", "king")),
    ("PUT", "/api/groups/{group}/members/{user}/labels"): Call({"labels": []}, ("labels", ["tenor"])),
    ("PUT", "/api/groups/{group}/labels/{label}"): Call({"name": "Tenor"}, ("name", 7)),
    ("DELETE", "/api/groups/{group}/labels/{label}"): Call(),
    ("PUT", "/api/groups/{group}/emotes/{file}"): Call({"name": "party"}, ("name", 7)),
    ("DELETE", "/api/groups/{group}/emotes/{file}"): Call(),
    ("POST", "/api/groups/{group}/labels/{label}/members"): Call({"add": ["u_x"]}, ("remove", "u_x")),
    ("POST", "/api/groups/{group}/invitations"): Call(
        {"key": NAME, "people": [{"name": "Ben"}]}, ("people", [{"name": 7}])
    ),
    ("GET", "/api/groups/{group}/invitations"): Call(),
    ("POST", "/api/groups/{group}/invitations/send"): Call({"invitations": [1]}, ("invitations", ["1"])),
    ("POST", "/api/groups/{group}/invitations/{invitation}/link"): Call(),
    ("DELETE", "/api/groups/{group}/invitations/{invitation}"): Call(),
    ("POST", "/api/invitations/preview"): Call({"secret": "x"}, ("secret", 7), open=True),
    ("POST", "/api/invitations/accept"): Call({"secret": "x"}, ("name", 7), open=True),
    ("PUT", "/api/groups/{group}/managed/{user}"): Call({"name": "Ben"}, ("name", 7)),
    ("PUT", "/api/groups/{group}/contact"): Call({"visible_to": "admins"}, ("visible_to", "everybody")),
    ("GET", "/api/groups/{group}/contacts"): Call(),
    ("GET", "/api/groups/{group}/pins"): Call(),
    ("GET", "/api/push"): Call(),
    ("GET", "/api/me/push"): Call(),
    ("PUT", "/api/me/push"): Call({"kind": "fcm", "address": "of-a-native-shell"}, ("kind", "pigeon")),
    ("DELETE", "/api/me/push"): Call(),
    ("POST", "/api/me/push/test"): Call(),
    ("GET", "/api/messages/{message_id}/why"): Call(),
    ("POST", "/api/dms"): Call({"users": ["u_x"]}, ("users", [7])),
    ("PUT", "/api/me/blocks/{user}"): Call(),
    ("DELETE", "/api/me/blocks/{user}"): Call(),
    ("GET", "/api/messages/{message_id}"): Call(),
    ("PATCH", "/api/messages/{message_id}"): Call({"text": "hello"}, ("text", 7)),
    ("DELETE", "/api/messages/{message_id}"): Call(),
    ("DELETE", "/api/messages/{message_id}/preview"): Call(),
    ("GET", "/api/messages/{message_id}/seen"): Call(),
    ("PUT", "/api/messages/{message_id}/emotes/{emote}"): Call(),
    ("DELETE", "/api/messages/{message_id}/emotes/{emote}"): Call(),
    ("PUT", "/api/messages/{message_id}/pin"): Call(),
    ("DELETE", "/api/messages/{message_id}/pin"): Call(),
    ("PUT", "/api/events/{event}"): Call(
        {"group": 1, "name": "Concert", "zone": "Europe/Berlin"}, ("places", "many")
    ),
    ("PUT", "/api/events/{event}/plan"): Call(
        {"group": 1, "name": "Concert", "zone": "Europe/Berlin"}, ("guests", "many")
    ),
    ("DELETE", "/api/events/{event}"): Call(),
    ("DELETE", "/api/events/{event}/occurrences/{key}"): Call(),
    ("PUT", "/api/events/{event}/answer"): Call(
        {"key": "once", "answer": "going", "user": "u_x"}, ("answer", "perhaps")
    ),
    ("GET", "/api/events/{event}/answers"): Call(),
    ("PUT", "/api/events/{event}/draft"): Call({"group": 1, "says": {"name": "Conc"}}, ("version", "newest")),
    ("GET", "/api/events/{event}/draft"): Call(),
    ("DELETE", "/api/events/{event}/draft"): Call(),
    ("GET", "/api/groups/{group}/event-drafts"): Call(),
    ("GET", "/api/search"): Call(),
    ("GET", "/api/activity"): Call(),
    ("PUT", "/api/activity/seen"): Call({"at": "2026-01-01T00:00:00Z"}, ("at", "yesterday")),
    ("PUT", "/api/events/{event}/door"): Call({"key": "once", "ticks": []}, ("ticks", {})),
    ("GET", "/api/events/{event}/door"): Call(),
    ("GET", "/api/events/{event}/list.csv"): Call(),
    ("GET", "/api/groups/{group}/statistics"): Call(),
    ("POST", "/api/files"): Call(
        {"id": NAME, "purpose": "message", "type": "image/png", "length": 1}, ("length", "1")
    ),
    ("POST", "/api/files/{file}/uploaded"): Call(),
    ("GET", "/api/files/{file}"): Call(),
    ("DELETE", "/api/files/{file}"): Call(),
    ("POST", "/api/files/links"): Call({"ids": [NAME]}, ("ids", NAME)),
    ("GET", "/api/groups/{group}/files/usage"): Call(),
    ("PUT", "/api/me/avatar"): Call({"file": NAME}, ("file", "mine")),
    ("DELETE", "/api/me/avatar"): Call(),
    ("PUT", "/api/groups/{group}/picture"): Call({"file": NAME}, ("file", "ours")),
    ("DELETE", "/api/groups/{group}/picture"): Call(),
    ("PUT", "/api/events/{event}/cover"): Call({"file": NAME}, ("file", 1)),
    ("DELETE", "/api/events/{event}/cover"): Call(),
    ("GET", "/api/files/room"): Call(),
    ("POST", "/api/issuer/round-trips"): Call({"then": "/"}, ("then", 7), open=True),
    ("POST", "/api/issuer/sessions"): Call({"state": "x", "code": "x"}, ("code", 7), open=True),
    ("POST", "/api/issuer/sign-out"): Call(),
    ("POST", "/api/issuer/logout"): Call(open=True),
    ("GET", "/api/me/identities"): Call(),
    ("POST", "/api/me/identities"): Call({"state": "x", "code": "x"}, ("code", 7)),
    ("POST", "/api/me/identities/round-trips"): Call({"then": "/"}, ("then", 7)),
    ("DELETE", "/api/me/identities/{identity}"): Call(),
    ("GET", "/api/health"): Call(open=True),
    ("GET", "/api/host"): Call(open=True),
}
WITH_BODY = [key for key, call in CALLS.items() if call.body is not None]
SIGNED_IN = [key for key, call in CALLS.items() if not call.open]
METHODS = {"get", "put", "post", "delete", "patch", "head", "options", "trace"}


class Target:
    """A club with its owner, whose token is good; `send` fills in the path."""

    def __init__(self, http: httpx.AsyncClient, group: int, owner: Person) -> None:
        self.http = http
        self.group = group
        self.owner = owner

    async def send(
        self, key: tuple[str, str], content: bytes | None = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        method, path = key
        path = path.format(group=self.group, user=self.owner.user, message_id=NAME, emote="👍", **NUMBERED)
        return await self.http.request(method, path, content=content, headers=headers or {})

    async def refused(self, key: tuple[str, str], content: bytes) -> Refusal:
        """Signed in, with this body."""
        return refusal(await self.send(key, content, self.owner.headers | JSON))


@pytest.fixture
async def target(house: House) -> AsyncIterator[Target]:
    group, [ann] = await house.club("Ann")
    yield Target(ann.http, group, ann)


def encoded(value: Any) -> bytes:
    return msgspec.json.encode(value)


async def test_every_call_of_the_description_has_a_line_here(client: httpx.AsyncClient) -> None:
    described = (await client.get("/api/openapi.json")).json()["paths"]
    calls = {
        (method.upper(), path): operation
        for path, item in described.items()
        for method, operation in item.items()
        if method in METHODS
    }
    assert calls.keys() == CALLS.keys()
    assert {key for key, operation in calls.items() if "requestBody" in operation} == set(WITH_BODY)


async def test_no_call_takes_a_body_that_is_not_what_it_asks_for(
    target: Target, postgres: EmbeddedPostgres
) -> None:
    """Abuse 6 and 17: one and the same words for every call, and nothing changes."""
    async with nothing_changes(postgres):
        for key in WITH_BODY:
            call = CALLS[key]
            assert call.body is not None
            field, wrong = call.wrong
            assert {
                "cut off": await target.refused(key, encoded(call.body)[:-1]),
                "no utf-8": await target.refused(key, encoded(call.body)[:-2] + b'\xff"}'),
                "not a number": await target.refused(key, b'{"%s":NaN}' % field.encode()),
                "no object": await target.refused(key, b"[]"),
                "null": await target.refused(key, b"null"),
                "nothing": await target.refused(key, b" "),
                "deep": (await target.refused(key, DEEP))[0],
                "wrong type": await target.refused(key, encoded(call.body | {field: wrong})),
                "too long": await target.refused(key, b" " * (wire.BODY_BYTES_MAX + 1)),
            } == {
                "cut off": (400, "malformed"),
                "no utf-8": (400, "malformed"),
                "not a number": (400, "malformed"),
                "no object": (400, "invalid_field"),
                "null": (400, "invalid_field"),
                "nothing": (400, "malformed"),
                "deep": 400,
                "wrong type": (400, "invalid_field"),
                "too long": (413, "too_large"),
            }, key


@pytest.mark.parametrize("field", ["role", "author", "seq_", "sent_at", "is_dm", "user", "group_id"])
async def test_no_call_takes_a_field_it_does_not_know(
    target: Target, postgres: EmbeddedPostgres, field: str
) -> None:
    """Abuse 6."""
    async with nothing_changes(postgres):
        for key in WITH_BODY:
            if field in (CALLS[key].body or {}):
                continue
            body = encoded({**(CALLS[key].body or {}), field: "owner"})
            assert await target.refused(key, body) == (400, "unknown_field"), key


async def test_a_body_without_a_stated_length_is_cut_off_too(target: Target) -> None:
    """Abuse 17."""

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 1_024

    for key in WITH_BODY:
        path = key[1].format(group=target.group, user=target.owner.user, message_id=NAME, **NUMBERED)
        headers = target.owner.headers | JSON
        answer = await target.http.request(key[0], path, content=endless(), headers=headers)
        assert refusal(answer) == (413, "too_large")


@pytest.mark.parametrize(
    "media_type",
    ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
     "text/plain", "", "application/xml"],
)  # fmt: skip
async def test_a_form_of_another_site_is_no_call_of_ours(
    target: Target, postgres: EmbeddedPostgres, media_type: str
) -> None:
    headers = target.owner.headers | {"content-type": media_type}
    async with nothing_changes(postgres):
        for key in WITH_BODY:
            answer = await target.send(key, encoded(CALLS[key].body), headers)
            assert refusal(answer) == (415, "unsupported_media_type"), key
        answer = await target.send(("POST", "/api/sign-in-links"), b"user=ann", headers)
        assert refusal(answer) == (415, "unsupported_media_type")


async def test_without_a_good_token_nothing_is_told_and_nothing_done(
    house: House, target: Target, postgres: EmbeddedPostgres
) -> None:
    """Abuse 3."""
    forged = forged_tokens(target.owner.token, house.process.tokens)
    headers = [{}, {"authorization": "Basic QW5uOmFubg=="}, {"authorization": target.owner.token}]
    headers += [{"authorization": f"Bearer {token}"} for token in forged.values()]
    async with nothing_changes(postgres):
        for key in SIGNED_IN:
            body = CALLS[key].body
            for header in headers:
                answer = await target.send(key, None if body is None else encoded(body), header | JSON)
                assert refusal(answer) == (401, "unauthorized"), (key, header)


async def test_numbers_that_no_group_has_are_unknown(target: Target, postgres: EmbeddedPostgres) -> None:
    """Abuse 18."""
    with_group = [key for key in SIGNED_IN if "{group}" in key[1]]
    async with nothing_changes(postgres):
        for number in ("0", "-1", str(2**63 - 1), str(2**63), "9" * 50, "x", "1.5", "1e3"):
            for key in with_group:
                path = key[1].format(group=number, user=target.owner.user, **NUMBERED)
                body = CALLS[key].body
                answer = await target.http.request(
                    key[0],
                    path,
                    content=None if body is None else encoded(body),
                    headers=target.owner.headers | JSON,
                )
                assert refusal(answer) == (404, "not_found"), (key, number)


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("messages", "limit=0"),
        ("messages", f"limit={wire.PAGE_MAX + 1}"),
        ("messages", "limit=x"),
        ("messages", "before=-1"),
        ("messages", f"before={2**63}"),
        ("messages", "around=1.5"),
        ("messages", "before=null"),
        ("messages", "before=1&before=2"),
        ("messages", "before=2&after=1"),
        ("messages", "at=yesterday"),
        ("messages", "at=2026-01-01T00:00:00"),
        ("messages", "at=2026-01-01T00:00:00Z&before=2"),
        ("snapshot", "since=-1"),
        ("snapshot", f"since={2**63}"),
        ("actions", "after=-1"),
        ("actions", f"after={2**63}"),
        ("actions", f"limit={wire.ACTIONS_MAX + 1}"),
        ("actions", "limit=0"),
    ],
)
async def test_questions_out_of_range_are_refused(target: Target, path: str, asked: str) -> None:
    """Abuse 18."""
    answer = await target.owner.call("GET", f"/api/groups/{target.group}/{path}?{asked}")
    assert refusal(answer) == (400, "invalid_field")
