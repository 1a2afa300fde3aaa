"""F20: every frame that a test sends or hears is held to the served description of the socket."""

from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from clubroom.app import asyncapi


@cache
def _validators() -> dict[str, Draft202012Validator]:
    described = asyncapi.document()
    found = {}
    for name, message in described["components"]["messages"].items():
        schema = {"$ref": f"#/components/schemas/{name}", "components": described["components"]}
        found[message["name"]] = Draft202012Validator(schema)
    return found


def described(frame: dict[str, Any]) -> dict[str, Any]:
    """The frame itself, if it is as the description says."""
    _validators()[frame["type"]].validate(frame)
    return frame
