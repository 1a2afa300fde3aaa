"""Strict decoding, with our words for what is wrong."""

import json
from typing import Any, TypeVar, cast
from uuid import UUID

import msgspec

from clubroom.errors import InvalidField, Malformed, UnknownField
from clubroom.wire.frames import ClientFrame, Got, Hello, Ping, Post, Read, Token, Typing, Watch

T = TypeVar("T")


class _Kind(msgspec.Struct):
    type: str


_kind = msgspec.json.Decoder(_Kind)
_FRAMES: dict[str, type[ClientFrame]] = {
    "hello": Hello,
    "post": Post,
    "ping": Ping,
    "read": Read,
    "typing": Typing,
    "watch": Watch,
    "token": Token,
}
_decoders: dict[type[Any], msgspec.json.Decoder[Any]] = {}
_got = msgspec.json.Decoder(dict[str, int | str])
encode = msgspec.json.Encoder().encode


def decode(shape: type[T], data: bytes) -> T:
    """JSON bytes as `shape`. Raises UnknownField, InvalidField or Malformed; `detail` names the place."""
    decoder = _decoders.get(shape)
    if decoder is None:
        decoder = _decoders[shape] = msgspec.json.Decoder(shape)
    try:
        return cast(T, decoder.decode(data))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise refused(error) from None


def decode_frame(data: bytes) -> ClientFrame:
    """One frame of a client. Raises as `decode` does; an unknown `type` is InvalidField."""
    try:
        kind = _kind.decode(data).type
        if kind == "got":
            seqs = _got.decode(data)
            del seqs["type"]
            return Got(seqs=msgspec.convert(seqs, dict[int, int], strict=True, str_keys=True))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise refused(error) from None
    if kind not in _FRAMES:
        raise InvalidField("There is no frame of this type.")
    return decode(_FRAMES[kind], data)


def id_of_post(data: bytes) -> UUID | None:
    """The id of a post that `decode_frame` refused, if it has one: without it nobody knows which of their
    messages was meant. Read by a laxer reader, to which half a pair is a character and NaN a number.
    """
    try:
        found = json.loads(data.decode(), parse_int=str)
        if isinstance(found, dict) and found.get("type") == "post":
            return msgspec.convert(found.get("id"), UUID)
    except (ValueError, RecursionError):  # msgspec's refusals are ValueErrors, too
        pass
    return None


def refused(error: Exception) -> Malformed | UnknownField | InvalidField:
    """Our word for what msgspec found wrong. Its own message names places and types, never values."""
    if not isinstance(error, msgspec.ValidationError):
        return Malformed()
    words = str(error)
    return UnknownField(words) if "unknown field" in words else InvalidField(words)
