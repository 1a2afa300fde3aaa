"""The HTTP calls, described for machines: OpenAPI 3.1. The framework lists the calls; bodies are described
by the types that decode and encode them, and each refusal by its codes.
"""

from http import HTTPStatus
from typing import Any

from litestar import Litestar

from clubroom import wire
from clubroom.app import asyncapi
from clubroom.wire.http import MEDIA_TYPE

_PROBLEM = {"$ref": "#/components/schemas/Problem"}
_DEFAULT = {
    "description": "An error, told by its `code`.",
    "content": {MEDIA_TYPE: {"schema": _PROBLEM}},
}


def document(app: Litestar) -> dict[str, Any]:
    """The whole description, as `GET /api/openapi.json` answers it."""
    described = app.openapi_schema.to_schema()
    schemas = described["components"]["schemas"]
    described["components"]["schemas"] = asyncapi.shapes([getattr(wire, name) for name in schemas])
    for path in described["paths"].values():
        for call in path.values():
            call["responses"] = _answers(call["responses"])
    return described


def _answers(responses: dict[str, Any]) -> dict[str, Any]:
    """Without those that the framework would give by itself. What is not named may be any problem."""
    kept = {}
    for status, answer in responses.items():
        content = answer.get("content", {})
        if MEDIA_TYPE in content:
            kept[status] = answer | {"content": {MEDIA_TYPE: {"schema": _told_by(answer["description"])}}}
        elif int(status) == HTTPStatus.NO_CONTENT:
            kept[status] = {"description": answer["description"]}
        elif int(status) < HTTPStatus.BAD_REQUEST:
            kept[status] = answer
    return kept | {"default": _DEFAULT}


def _told_by(codes: str) -> dict[str, Any]:
    """`codes` as `wire.http.may_answer` lists them."""
    return {"allOf": [_PROBLEM, {"properties": {"code": {"enum": codes.split(", ")}}}]}
