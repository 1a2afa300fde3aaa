"""Frames that nobody thought of, made from the served description of the socket: right ones, right ones with
values that mean nothing, wrong ones, and noise.
"""

import json
import random
from typing import Any

from clubroom.app import asyncapi
from house.uuid7 import uuid7

DOCUMENT = asyncapi.document()
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
KINDS = [reference["$ref"].rpartition("/")[2] for reference in DOCUMENT["operations"]["receive"]["messages"]]
REAL = 0.7
HOSTILE: list[Any] = [
    None, True, 0, -1, 1.5, -0.0, 1e308, 2**31, 2**63 - 1, 2**63, -(2**63), 2**64, 10**400,
    "", " ", "1", "null", "\0", "\ud83d", "\u202e", "x" * 4_001, "🎶" * 4_000, "'; drop table messages; --",
    [], {}, [None], {"type": "ping"}, {"1": 1}, {"": -1}, {str(2**63): 1}, [[[[[[[[]]]]]]]],
]  # fmt: skip
NOISE_BYTES_MAX = 200


class Maker:
    """`real` holds, by the name of a field, values that exist."""

    def __init__(self, dice: random.Random, real: dict[str, list[Any]]) -> None:
        self.dice = dice
        self.real = real

    def message(self) -> bytes:
        """One text message, which may be no JSON and no text either."""
        make = self.dice.choices(
            (self.right, self.meaningless, self.misshapen, self.damaged, self.noise), (30, 25, 25, 15, 5)
        )[0]
        return make()

    def right(self) -> bytes:
        """As described, and mostly about what exists."""
        return self._written(self._frame(self.dice.choice(KINDS)))

    def meaningless(self) -> bytes:
        """Of the right shape, with values that nobody has."""
        frame = self._frame(self.dice.choice(KINDS))
        for name in set(frame) - {"type"}:
            same = [value for value in HOSTILE if type(value) is type(frame[name])]
            if same and self.dice.random() < 0.5:
                frame[name] = self.dice.choice(same)
        return self._written(frame)

    def misshapen(self) -> bytes:
        """A field of another type, one too few, one too many, or no object at all."""
        frame = self._frame(self.dice.choice(KINDS))
        name = self.dice.choice(list(frame))
        match self.dice.randrange(5):
            case 0:
                frame[name] = self.dice.choice(HOSTILE)
            case 1:
                del frame[name]
            case 2:
                frame[self.dice.choice(["seq", "author", "", "\0", "1", "type "])] = self.dice.choice(HOSTILE)
            case 3:
                return self._written([frame])
            case _:
                return self._written(self.dice.choice(HOSTILE))
        return self._written(frame)

    def damaged(self) -> bytes:
        """A right one with bytes lost, doubled or changed on its way."""
        data = bytearray(self.right())
        start = self.dice.randrange(len(data))
        stop = start + self.dice.randrange(1, 20)
        match self.dice.randrange(4):
            case 0:
                del data[start:stop]
            case 1:
                data[start:start] = data[start:stop]
            case 2:
                data[start] ^= 1 << self.dice.randrange(7)
            case _:
                del data[start:]
        return bytes(data)

    def noise(self) -> bytes:
        """Nothing of a frame; mostly text at least, which does not end the socket."""
        data = self.dice.randbytes(self.dice.randrange(NOISE_BYTES_MAX))
        return data if self.dice.random() < 0.1 else data.decode("latin-1").encode()

    def _frame(self, kind: str) -> dict[str, Any]:
        schema = SCHEMAS[kind]
        if "patternProperties" in schema:
            [[_, number]] = schema["patternProperties"].items()
            groups = {str(group): self._value("seq", number) for group in self.real["group"]}
            return {"type": kind.lower()} | groups
        return {name: self._value(name, each) for name, each in schema["properties"].items()}

    def _value(self, name: str, schema: dict[str, Any]) -> Any:
        if name in self.real and (name == "token" or self.dice.random() < REAL):
            return self.dice.choice(self.real[name])
        if "enum" in schema:
            return self.dice.choice(schema["enum"])
        if "anyOf" in schema:
            return self._value("", self.dice.choice(schema["anyOf"]))
        match schema["type"]:
            case "integer":
                return self.dice.choice([0, 1, 2, 5, 10**6])
            case "boolean":
                return self.dice.random() < 0.5
            case "null":
                return None
            case "object":
                return {str(self.dice.randrange(1, 9)): self.dice.randrange(9) for _ in range(3)}
        return str(uuid7()) if schema.get("format") == "uuid" else self.dice.choice(["hello", "x"])

    def _written(self, value: Any) -> bytes:
        """Half a character goes out as an escape, or as bytes that are no UTF-8."""
        return json.dumps(value, ensure_ascii=self.dice.random() < 0.5).encode(errors="surrogatepass")
