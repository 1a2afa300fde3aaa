"""The client's types, made from the server's: `clubroom types` prints web/src/wire/types.ts."""

import inspect
import pkgutil
from importlib import import_module
from types import ModuleType
from typing import Any, get_args

import msgspec
from msgspec import inspect as shapes

from clubroom import actions, errors, wire
from clubroom.actions import events
from clubroom.wire import limits

HEAD = "// What crosses the wire. Made from the server's types by `clubroom types`; do not edit by hand.\n"
SAFE_INTEGER_MAX = 2**53 - 1
_WRITTEN_OUT = {
    "Got": 'export type Got = { type: "got" } & { [group: `${number}`]: number };',
    "Actions.actions": "Placed[]",
    "ActionsPage.actions": "Placed[]",
}


def source() -> str:
    """The whole file."""
    kinds: list[type[msgspec.Struct]] = [
        actions.QuietSpan,
        actions.MessageImage,
        actions.LinkPreview,
        *_structs_of_events(),
        *get_args(actions.AnyAction),
        *(kind for module in _modules() for kind in _structs(module)),
    ]
    parts = [
        HEAD,
        _alias("Role", get_args(actions.Role)),
        _alias("GroupKind", get_args(actions.GroupKind)),
        _alias("Level", get_args(actions.Level)),
        _alias("Answer", get_args(events.Answer)),
        _alias("Standing", get_args(events.Standing)),
        *(_interface(kind) for kind in kinds),
        _union("AnyAction", get_args(actions.AnyAction)),
        "export type Placed = { seq: number; at: string } & AnyAction;\n",
        _union("ClientFrame", get_args(wire.ClientFrame)),
        _union("ServerFrame", get_args(wire.ServerFrame)),
        _alias("ErrorCode", [kind.code for kind in _error_kinds()]),
        _limits(),
    ]
    return "\n".join(parts)


def _modules() -> list[ModuleType]:
    """Every file of `wire`."""
    return [import_module(f"{wire.__name__}.{found.name}") for found in pkgutil.iter_modules(wire.__path__)]


def _structs(module: ModuleType) -> list[type[msgspec.Struct]]:
    """The shapes a module defines, in its order; but no bases that have nothing in them."""
    return [
        found
        for found in vars(module).values()
        if inspect.isclass(found)
        and issubclass(found, msgspec.Struct)
        and found.__module__ == module.__name__
        and (found.__struct_fields__ or found.__struct_config__.tag)
    ]


def _structs_of_events() -> list[type[msgspec.Struct]]:
    """What actions of events are made of."""
    return [found for found in _structs(events) if not issubclass(found, actions.Action)]


def _error_kinds() -> list[type[errors.ClubroomError]]:
    return [errors.ClubroomError, *errors.ClubroomError.__subclasses__()]


def _interface(kind: type[msgspec.Struct]) -> str:
    if kind.__name__ in _WRITTEN_OUT:
        return _WRITTEN_OUT[kind.__name__] + "\n"
    info = shapes.type_info(kind)
    assert isinstance(info, shapes.StructType)
    lines = [f"export interface {kind.__name__} {{"]
    if info.tag_field is not None:
        lines.append(f'  {info.tag_field}: "{info.tag}";')
    lines += [_field(kind, field) for field in info.fields]
    return "\n".join([*lines, "}"]) + "\n"


def _field(kind: type[msgspec.Struct], field: shapes.Field) -> str:
    may_miss = not field.required and (
        kind.__struct_config__.omit_defaults or issubclass(kind, wire.Incoming)
    )
    name = f"{kind.__name__}.{field.name}"
    return f"  {field.encode_name}{'?' if may_miss else ''}: {_WRITTEN_OUT.get(name) or _type(field.type)};"


def _type(found: shapes.Type) -> str:
    match found:
        case shapes.IntType() | shapes.FloatType():
            return "number"
        case shapes.Metadata(type=described):
            return _type(described)
        case shapes.StrType() | shapes.UUIDType():
            return "string"
        case shapes.BoolType():
            return "boolean"
        case shapes.AnyType():
            return "unknown"
        case shapes.NoneType():
            return "null"
        case shapes.LiteralType(values):
            return " | ".join(f'"{value}"' for value in values)
        case shapes.UnionType(types):
            return " | ".join(_type(one) for one in types)
        case shapes.DictType():
            return f"Record<string, {_type(found.value_type)}>"
        case shapes.ListType(item):
            return f"{_type(item)}[]"
        case shapes.StructType(cls):
            return str(cls.__name__)
    raise AssertionError(f"There is no TypeScript for {found}")


def _alias(name: str, values: Any) -> str:
    return f"export type {name} =\n" + "\n".join(f'  | "{value}"' for value in values) + ";\n"


def _union(name: str, kinds: Any) -> str:
    return f"export type {name} =\n" + "\n".join(f"  | {kind.__name__}" for kind in kinds) + ";\n"


def _limits() -> str:
    lines = [
        f"  {name}: {value},"
        for name, value in vars(limits).items()
        if name.isupper() and value <= SAFE_INTEGER_MAX
    ]
    return "\n".join(["export const limits = {", *lines, "} as const;"]) + "\n"
