"""The socket, described for machines: AsyncAPI 3, made from the types that decode and encode its frames."""

from collections.abc import Sequence
from typing import Any, get_args

import msgspec

from clubroom import __version__, actions, wire

_GOT = {
    "title": "Got",
    "description": wire.Got.__doc__,
    "type": "object",
    "properties": {"type": {"const": "got"}},
    "required": ["type"],
    "patternProperties": {"^[1-9][0-9]*$": {"type": "integer", "minimum": 0}},
    "additionalProperties": False,
}


def document() -> dict[str, Any]:
    """The whole description, as `GET /api/asyncapi.json` answers it."""
    client, server = get_args(wire.ClientFrame), get_args(wire.ServerFrame)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Clubroom's socket",
            "version": __version__,
            "description": "JSON text, one object a frame. docs/protocol.md tells the rules.",
        },
        "channels": {
            "socket": {
                "address": "/socket",
                "messages": {kind.__name__: _reference("messages", kind) for kind in (*client, *server)},
            }
        },
        "operations": {
            "receive": _operation("receive", client, "What a client may send."),
            "send": _operation("send", server, "What the server sends."),
        },
        "components": {
            "messages": {kind.__name__: _message(kind) for kind in (*client, *server)},
            "schemas": shapes([*client, *server]),
        },
    }


def _operation(action: str, kinds: tuple[type, ...], summary: str) -> dict[str, Any]:
    messages = [{"$ref": f"#/channels/socket/messages/{kind.__name__}"} for kind in kinds]
    return {
        "action": action,
        "channel": {"$ref": "#/channels/socket"},
        "summary": summary,
        "messages": messages,
    }


def _message(kind: type) -> dict[str, Any]:
    tag = kind.__struct_config__.tag  # type: ignore[attr-defined]
    return {
        "name": tag,
        "contentType": "application/json",
        "summary": (kind.__doc__ or "").split("\n", maxsplit=1)[0],
        "payload": _reference("schemas", kind),
    }


def shapes(kinds: Sequence[type]) -> dict[str, Any]:
    """JSON schemas of frames or bodies by their names, and of the actions that stand in them."""
    whole = (*kinds, *get_args(actions.AnyAction))
    _, found = msgspec.json.schema_components(whole, ref_template="#/components/schemas/{name}")
    for kind in get_args(actions.AnyAction):
        _place(found[kind.__name__])
    names = [kind.__name__ for kind in get_args(actions.AnyAction)]
    found["Placed"] = {
        "description": "An action with its place. A client must pass over types that it does not know.",
        "anyOf": [{"$ref": f"#/components/schemas/{name}"} for name in names],
    }
    for name in found.keys() & {"Actions", "ActionsPage"}:
        found[name]["properties"]["actions"]["items"] = {"$ref": "#/components/schemas/Placed"}
    return found | ({"Got": _GOT} if wire.Got in kinds else {})


def _place(schema: dict[str, Any]) -> None:
    """What the server puts in front of the stored bytes."""
    schema["properties"] = {
        "seq": {"type": "integer", "minimum": 1},
        "at": {"type": "string", "format": "date-time"},
    } | schema["properties"]
    schema["required"] = ["seq", "at", *schema["required"]]


def _reference(where: str, kind: type) -> dict[str, str]:
    return {"$ref": f"#/components/{where}/{kind.__name__}"}
