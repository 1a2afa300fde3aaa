"""What a client sends is taken strictly or refused with a word of ours."""

import json
from typing import Any, get_args
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clubroom import wire
from clubroom.errors import ClubroomError, InvalidField, Malformed, UnknownField

NAME = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
POST = {"type": "post", "group": 42, "id": str(NAME), "text": "hello"}
FRAMES: dict[type[wire.ClientFrame], dict[str, Any]] = {
    wire.Hello: {"type": "hello", "version": 1, "token": "t", "epoch": None, "cursors": {"42": 7}},
    wire.Post: POST,
    wire.Got: {"type": "got", "42": 7},
    wire.Ping: {"type": "ping"},
    wire.Read: {"type": "read", "group": 42, "seq": 7},
    wire.Typing: {"type": "typing", "group": 42},
    wire.Watch: {"type": "watch", "group": 42, "on": True},
    wire.Token: {"type": "token", "token": "t"},
}


def frame(**fields: Any) -> bytes:
    return json.dumps(fields).encode()


@pytest.mark.parametrize("shape", get_args(wire.ClientFrame), ids=lambda shape: shape.__name__)
def test_every_frame_is_read_as_it_is_written(shape: type[wire.ClientFrame]) -> None:
    assert isinstance(wire.decode_frame(json.dumps(FRAMES[shape]).encode()), shape)


def test_got_carries_its_groups_beside_its_type() -> None:
    assert wire.decode_frame(b'{"type":"got","42":7,"43":0}') == wire.Got(seqs={42: 7, 43: 0})
    assert wire.decode_frame(b'{"type":"got"}') == wire.Got(seqs={})


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"hello",
        b'{"type":"ping"} {"type":"ping"}',
        b'{"type":"read","group":42,"seq":NaN}',
        b'{"type":"read","group":42,"seq":Infinity}',
        b'{"type":"post","group":42,"id":"01890a5d-ac96-774b-bcce-b302099a8057","text":"\xff"}',
        b'{"type":"post","group":42,"id":"01890a5d-ac96-774b-bcce-b302099a8057","text":"\\ud800"}',
        b"\xef\xbb\xbf" + frame(type="ping"),
    ],
    ids=lambda data: repr(data[:24]),
)
def test_what_is_no_json_is_malformed(data: bytes) -> None:
    """Abuse 17: also NaN, bad UTF-8 and a lone surrogate."""
    with pytest.raises(Malformed):
        wire.decode_frame(data)
    with pytest.raises(Malformed):
        wire.decode(dict[str, Any], data)


@pytest.mark.parametrize("depth", [1_000, 100_000])
def test_depth_is_refused_before_it_costs_anything(depth: int) -> None:
    """Abuse 17."""
    deep = b"[" * depth + b"]" * depth
    for data in (deep, b'{"type":"ping","x":' + deep + b"}", b'{"a":' * depth + b"1" + b"}" * depth):
        with pytest.raises((Malformed, InvalidField, UnknownField)):
            wire.decode_frame(data)
        with pytest.raises((Malformed, InvalidField, UnknownField)):
            wire.decode(wire.Sync, data.replace(b'"type":"ping"', b'"cursors":{}'))


@pytest.mark.parametrize("data", [b"[]", b"null", b"1", b'"hello"', b"true"])
def test_json_that_is_no_object_is_an_invalid_field(data: bytes) -> None:
    with pytest.raises(InvalidField):
        wire.decode_frame(data)
    with pytest.raises(InvalidField):
        wire.decode(wire.PutMessage, data)


@pytest.mark.parametrize("shape", [s for s in FRAMES if s is not wire.Got], ids=lambda shape: shape.__name__)
@pytest.mark.parametrize("field", ["role", "author", "seq_", "sent_at", "is_dm", "Type", ""])
def test_a_field_that_no_frame_knows_is_unknown(shape: type[wire.ClientFrame], field: str) -> None:
    """Abuse 6."""
    with pytest.raises(UnknownField):
        wire.decode_frame(frame(**FRAMES[shape], **{field: 1}))


@pytest.mark.parametrize(
    "data",
    [
        frame(type="shout"),
        frame(type=1),
        frame(type=["post"]),
        frame(type="Post"),
        frame(group=42),
        frame(**(POST | {"group": "42"})),
        frame(**(POST | {"group": 4.5})),
        frame(**(POST | {"group": True})),
        frame(**(POST | {"id": "no uuid"})),
        frame(**(POST | {"text": None})),
        frame(type="watch", group=1, on=1),
        frame(type="got", group="7"),
        frame(type="got", **{"42": "7"}),
        frame(type="got", **{"42": 7.5}),
        frame(type="got", **{"4.2": 7}),
        frame(type="hello", version=1, token="t", epoch=None, cursors=[]),
        frame(type="hello", version=1, token="t", epoch=None, cursors={"x": 1}),
        frame(type="hello", version=1, token="t", cursors={}),
    ],
    ids=lambda data: data.decode()[:60],
)
def test_a_value_of_the_wrong_kind_is_an_invalid_field(data: bytes) -> None:
    with pytest.raises(InvalidField):
        wire.decode_frame(data)


@pytest.mark.parametrize("digits", [20, 400, 5_000])
def test_a_number_without_end_is_read_or_refused_and_breaks_nothing(digits: int) -> None:
    """Abuse 18. Whether it is too large for a group is not this door's question."""
    number = "9" * digits
    for data in (
        f'{{"type":"read","group":{number},"seq":1}}',
        f'{{"type":"got","{number}":1}}',
        f'{{"type":"got","1":{number}}}',
        f'{{"type":"hello","version":{number},"token":"t","epoch":null,"cursors":{{"{number}":1}}}}',
    ):
        try:
            wire.decode_frame(data.encode())
        except (InvalidField, Malformed):
            continue


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": "\ud800"},
        {"text": "\udc00"},
        {"text": None},
        {"more": float("nan")},
        {"Type": [[]]},
        {"group": 1.5},
    ],
    ids=str,
)
def test_the_id_of_a_post_is_found_whatever_else_is_wrong_with_it(wrong: dict[str, Any]) -> None:
    data = frame(**(POST | wrong))
    with pytest.raises(ClubroomError):
        wire.decode_frame(data)
    assert wire.id_of_post(data) == NAME


@pytest.mark.parametrize(
    "data",
    [
        frame(**POST)[:-1],
        frame(**POST) + b"}",
        b'{"type":"post","id":"' + str(NAME).encode() + b'","text":"\xff"}',
        frame(**(POST | {"id": "no uuid"})),
        frame(**(POST | {"id": 7})),
        frame(**(POST | {"id": ["x"]})),
        frame(**(POST | {"type": "ping"})),
        frame(**(POST | {"type": ["post"]})),
        frame(type="post"),
        b'["post"]',
        b"[" * 20_000,
        b"9" * 20_000,
        b"",
    ],
    ids=lambda data: repr(data[:24]),
)
def test_what_is_no_json_and_what_is_no_post_has_no_id(data: bytes) -> None:
    assert wire.id_of_post(data) is None


def test_a_frame_of_two_types_is_refused_and_of_a_field_the_last_counts() -> None:
    with pytest.raises(InvalidField):
        wire.decode_frame(b'{"type":"ping","type":"typing","group":1}')
    assert wire.decode_frame(b'{"type":"typing","group":1,"group":2}') == wire.Typing(group=2)


def test_a_refusal_names_the_place_and_never_the_value() -> None:
    with pytest.raises(InvalidField) as refused:
        wire.decode_frame(frame(type="token", token=["very secret"]))
    assert "$.token" in refused.value.detail
    assert "secret" not in refused.value.detail


def test_each_complaint_of_the_decoder_has_a_word_of_ours() -> None:
    assert isinstance(wire.refused(msgspec.DecodeError("truncated")), Malformed)
    assert isinstance(wire.refused(RecursionError()), Malformed)
    assert isinstance(wire.refused(msgspec.ValidationError("Expected `int`")), InvalidField)
    assert isinstance(
        wire.refused(msgspec.ValidationError("Object contains unknown field `x`")), UnknownField
    )


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
_words = st.sampled_from(["hello", "post", "got", "ping", "read", "typing", "watch", "token", "shout"])
_fields = st.sampled_from(["group", "seq", "id", "text", "on", "token", "version", "epoch", "cursors", "1"])


@given(st.binary(max_size=200) | _json.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_a_frame_or_refused(data: bytes) -> None:
    assert wire.id_of_post(data) is None
    try:
        assert isinstance(wire.decode_frame(data), get_args(wire.ClientFrame))
    except ClubroomError as error:
        assert error.status == 400


@given(_words, st.dictionaries(_fields, _json, max_size=5))
def test_any_fields_are_a_frame_or_refused(word: str, fields: dict[str, Any]) -> None:
    try:
        assert isinstance(wire.decode_frame(frame(**(fields | {"type": word}))), get_args(wire.ClientFrame))
    except ClubroomError as error:
        assert error.status == 400
