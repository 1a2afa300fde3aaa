"""Every error is a problem (RFC 9457) with a code that clients can rely on, and no internals."""

from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest
from litestar import Request
from litestar.exceptions import HTTPException, NotAuthorizedException, ValidationException

from clubroom import errors
from clubroom.app import problems
from house.server import House

REQUEST: Request[Any, Any, Any] = Request({"type": "http", "headers": []})  # type: ignore[arg-type]


def kinds() -> Iterator[type[errors.ClubroomError]]:
    waiting = [errors.ClubroomError]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__ == errors.__name__:
            yield kind


def told(error: Exception) -> dict[str, Any]:
    """The body; it agrees with the head."""
    answer = problems.answer(REQUEST, error)
    found: dict[str, Any] = msgspec.json.decode(answer.content)
    assert answer.status_code == found["status"]
    assert answer.media_type == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert found["type"] == f"urn:clubroom:error:{found['code']}"
    return found


@pytest.mark.parametrize("kind", list(kinds()), ids=lambda kind: kind.code)
def test_each_of_our_errors_is_told_by_its_own_words(kind: type[errors.ClubroomError]) -> None:
    found = told(kind())
    assert (found["code"], found["status"], found["title"]) == (kind.code, kind.status, kind.title)
    assert "detail" not in found
    assert told(kind("what was wrong"))["detail"] == "what was wrong"


def test_no_two_errors_share_a_code() -> None:
    codes = [kind.code for kind in kinds()]
    assert len(codes) == len(set(codes)) > 20


@pytest.mark.parametrize(
    ("retry_ms", "seconds"), [(0, "0"), (1, "1"), (1_000, "1"), (1_001, "2"), (90_000, "90")]
)
def test_a_wait_is_told_in_milliseconds_and_in_whole_seconds_rounded_up(retry_ms: int, seconds: str) -> None:
    answer = problems.problem(errors.RateLimited(retry_ms=retry_ms))
    assert answer.headers["retry-after"] == seconds
    assert msgspec.json.decode(answer.content)["retry_ms"] == retry_ms
    assert "retry-after" not in problems.problem(errors.RateLimited()).headers


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NotAuthorizedException(), "unauthorized"),
        (ValidationException("limit=secret"), "invalid_field"),
        (HTTPException(status_code=404), "not_found"),
        (HTTPException(status_code=405), "method_not_allowed"),
        (HTTPException(status_code=413), "too_large"),
        (HTTPException(status_code=415), "unsupported_media_type"),
        (HTTPException(status_code=418, detail="secret"), "malformed"),
        (RuntimeError("secret"), "internal"),
        (KeyError("secret"), "internal"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_what_others_raise_becomes_one_of_our_words_and_repeats_nothing(error: Exception, code: str) -> None:
    """Abuse 25."""
    found = told(error)
    assert found["code"] == code
    assert "secret" not in str(found)


def test_what_the_decoder_found_is_told_however_deep_it_is_wrapped() -> None:
    try:
        try:
            msgspec.json.decode(b"{", type=dict)
        except msgspec.DecodeError as error:
            raise ValueError from error
    except ValueError as error:
        wrapped = HTTPException(status_code=400)
        wrapped.__cause__ = error
    assert told(wrapped)["code"] == "malformed"
    assert told(UnicodeDecodeError("utf-8", b"\xff", 0, 1, "secret"))["code"] == "malformed"
    assert told(RecursionError())["code"] == "malformed"


async def test_every_answer_of_the_api_is_what_it_says_and_tells_no_referrer(
    client: httpx.AsyncClient, house: House
) -> None:
    for path in ("/api/health", "/api/host", "/api/me", "/api/nowhere", "/api/openapi.json"):
        answer = await client.get(path)
        assert answer.headers["x-content-type-options"] == "nosniff", path
        assert answer.headers["cache-control"] == "no-store", path
        assert answer.headers["referrer-policy"] == "no-referrer", path
        assert "access-control-allow-origin" not in answer.headers
    asked = await client.options("/api/me", headers={"origin": "http://evil.example"})
    assert "access-control-allow-origin" not in asked.headers


async def test_no_page_of_the_framework_is_served(client: httpx.AsyncClient) -> None:
    for path in ("/api/schema", "/api/schema/", "/api/schema/swagger", "/api/schema/openapi.json"):
        answer = await client.get(path)
        assert answer.status_code == 404
        assert answer.json()["code"] == "not_found"
