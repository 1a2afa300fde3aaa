"""F20: every frame that a test sends or hears is held to the served description of the socket."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

from clubroom.app import asyncapi


@cache
def _validators() -> dict[str, Draft202012Validator]:
    described = asyncapi.document()
    tagged = {"anyOf": _by_its_type(described["components"]["schemas"])}
    kind = extend(Draft202012Validator, tagged)  # type: ignore[no-untyped-call]
    found = {}
    for name, message in described["components"]["messages"].items():
        schema = {"$ref": f"#/components/schemas/{name}", "components": described["components"]}
        found[message["name"]] = kind(schema)
    return found


def _by_its_type(schemas: dict[str, Any]) -> Any:
    """`anyOf` that tries no shape of another `type`: none of those can fit, and there are sixty of them."""
    types = {
        f"#/components/schemas/{name}": frozenset(schema["properties"]["type"]["enum"])
        for name, schema in schemas.items()
        if "enum" in schema.get("properties", {}).get("type", {})
    }

    def any_of(validator: Any, shapes: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
        said = value.get("type") if isinstance(value, dict) else None
        near = [one for one in shapes if said in types.get(one.get("$ref"), (said,))]
        yield from Draft202012Validator.VALIDATORS["anyOf"](validator, near or shapes, value, schema)

    return any_of


def described(frame: dict[str, Any]) -> dict[str, Any]:
    """The frame itself, if it is as the description says."""
    _validators()[frame["type"]].validate(frame)
    return frame
