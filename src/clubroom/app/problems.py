"""One handler for every error an HTTP call can meet: RFC 9457, with a stable code, and no internals."""

import logging
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import (
    HTTPException,
    MethodNotAllowedException,
    NotAuthorizedException,
    ValidationException,
)

from clubroom import errors, wire
from clubroom.wire.http import MEDIA_TYPE

log = logging.getLogger(__name__)

HEADERS = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}  # of every answer
_BY_STATUS: dict[int, type[errors.ClubroomError]] = {
    404: errors.NotFound,
    405: errors.MethodNotAllowed,
    413: errors.TooLarge,
    415: errors.UnsupportedMediaType,
}


def answer(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Whatever was raised, in our words."""
    answered = problem(_word(error))
    if isinstance(error, MethodNotAllowedException) and error.headers:
        answered.headers.update(error.headers)  # `allow`: what could be done here
    return answered


def problem(error: errors.ClubroomError) -> Response[bytes]:
    """The answer for one of our errors."""
    body = wire.Problem(
        type=f"urn:clubroom:error:{error.code}",
        title=error.title,
        status=error.status,
        code=error.code,
        detail=error.detail or None,
        retry_ms=error.retry_ms,
        limit=error.limit,
        used=error.used,
    )
    headers = {**HEADERS, "cache-control": "no-store"}
    if error.retry_ms is not None:
        headers["retry-after"] = str(-(-error.retry_ms // 1000))
    return Response(wire.encode(body), status_code=error.status, media_type=MEDIA_TYPE, headers=headers)


def _word(error: Exception) -> errors.ClubroomError:
    if isinstance(error, errors.ClubroomError):
        return error
    found = _msgspec_error(error)
    if found is not None:
        return wire.refused(found)
    if isinstance(error, NotAuthorizedException):
        return errors.Unauthorized()
    if isinstance(error, ValidationException):
        return errors.InvalidField()
    if isinstance(error, HTTPException):
        return _BY_STATUS.get(error.status_code, errors.Malformed)()
    log.error("A call failed.", exc_info=error)
    return errors.ClubroomError()


def _msgspec_error(error: BaseException | None) -> Exception | None:
    """What msgspec said, wherever the framework has wrapped it."""
    while error is not None:
        if isinstance(error, msgspec.DecodeError | UnicodeDecodeError | RecursionError):
            return error
        error = error.__cause__ or error.__context__
    return None
