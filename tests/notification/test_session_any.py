"""Whatever comes, in whatever order: a session never raises, ends once, and always fits a row."""

import json
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clubroom import wire
from clubroom.claims import Claims
from clubroom.errors import ClubroomError, NotFound, Unavailable
from clubroom.notification import session
from clubroom.notification.session import Input, Output, Session, step

ROW_BYTES_MAX = 64 * 1024
WALL = 1_800_000_000.0
DEVICES = [UUID(int=n) for n in (1, 2)]
NAMES = [UUID(int=0x7000 << 64 | n) for n in range(3)]

numbers = st.integers(-2, 5) | st.sampled_from([2**63 - 1, 2**63, 10**30])
groups = st.dictionaries(numbers.map(str), numbers, max_size=3)


def frames() -> st.SearchStrategy[session.FrameIn]:
    """Mostly right ones, so that a session gets somewhere."""
    fields: list[st.SearchStrategy[dict[str, Any]]] = [
        st.builds(
            lambda version, cursors: {
                "type": "hello",
                "version": version,
                "token": "t",
                "epoch": None,
                "cursors": cursors,
            },
            st.sampled_from([1, 1, 1, 2]),
            groups,
        ),
        st.builds(
            lambda group, name: {"type": "post", "group": group, "id": str(name), "text": "x"},
            numbers,
            st.sampled_from(NAMES),
        ),
        groups.map(lambda seqs: {"type": "got"} | seqs),
        st.just({"type": "ping"}),
        st.builds(lambda group, seq: {"type": "read", "group": group, "seq": seq}, numbers, numbers),
        st.builds(lambda group: {"type": "typing", "group": group}, numbers),
        st.builds(lambda group, on: {"type": "watch", "group": group, "on": on}, numbers, st.booleans()),
        st.just({"type": "token", "token": "t"}),
    ]
    right = st.one_of(fields).map(lambda fields: json.dumps(fields).encode())
    return (right | st.binary(max_size=20)).map(session.FrameIn)


def claims() -> st.SearchStrategy[Claims]:
    return st.builds(
        lambda key, device, groups, until: Claims(
            user=f"user {key}", key=key, session=device, groups=groups, expires_at=WALL + until
        ),
        st.sampled_from([1, 1, 2]),
        st.sampled_from([DEVICES[0], *DEVICES]),
        st.sampled_from([frozenset({1}), frozenset({1, 2})]),
        st.sampled_from([600.0, 600.0, 30.0, -1.0]),
    )


walls = st.sampled_from([WALL, WALL, WALL + 30, WALL + 560, WALL + 10_000])
errors: st.SearchStrategy[ClubroomError] = st.sampled_from([NotFound(), Unavailable(retry_ms=1_000)])
inputs: st.SearchStrategy[Input] = st.one_of(
    frames(),
    frames(),
    st.builds(session.Verified, claims(), walls),
    st.builds(session.Tick, walls),
    st.just(session.Resumed()),
    st.sampled_from(NAMES).map(
        lambda name: session.Stored(wire.Ack(id=name, group=1, seq=1, at="now", duplicate=False))
    ),
    st.builds(session.Refused, errors, st.none() | st.sampled_from(NAMES)),
    st.sampled_from(
        [session.TokenRefused(), session.Ended(), session.Stuck(), session.TooMany(), session.Unready()]
    ),
)
sequences = st.lists(st.tuples(inputs, st.sampled_from([0.0, 0.0, 0.01, 1.0, 3.0, 100.0])), max_size=60)


def through_a_row(state: Session) -> Session:
    """As a gateway that keeps nothing between frames stores it."""
    row = msgspec.json.encode(state)
    assert len(row) < ROW_BYTES_MAX
    return msgspec.json.decode(row, type=Session)


@given(sequences)
@settings(max_examples=150, deadline=None)
def test_whatever_comes_a_session_ends_at_most_once_and_says_nothing_after_it(
    events: list[tuple[Input, float]],
) -> None:
    state, now, ended = session.begin(0.0), 0.0, False
    for event, later in events:
        now += later
        state, outputs = step(state, event, now)
        assert not (ended and outputs)
        ended = ended or state.phase == "closed"
        assert ended == any(isinstance(output, session.CloseSocket) for output in outputs) or not outputs
        assert all(isinstance(output, Output) for output in outputs)


@given(sequences)
@settings(max_examples=150, deadline=None)
def test_a_session_that_is_stored_between_any_two_inputs_goes_on_alike(
    events: list[tuple[Input, float]],
) -> None:
    kept = stored = session.begin(0.0)
    now = 0.0
    for event, later in events:
        now += later
        kept, outputs = step(kept, event, now)
        stored, same_outputs = step(through_a_row(stored), event, now)
        assert stored == kept
        assert msgspec.json.encode(outputs) == msgspec.json.encode(same_outputs)


@given(sequences)
@settings(max_examples=150, deadline=None)
def test_nothing_is_done_for_whoever_has_not_shown_a_token(events: list[tuple[Input, float]]) -> None:
    state, now = session.begin(0.0), 0.0
    needs_token = (session.StorePost, session.MovePointer, session.TellTyping, session.AnswerPing)
    for event, later in events:
        now += later
        before = state
        state, outputs = step(state, event, now)
        if any(isinstance(output, needs_token) for output in outputs):
            assert before.claims is not None


@given(
    st.lists(st.builds(session.Verified, claims(), st.just(WALL)) | st.just(session.Resumed()), max_size=9)
)
@settings(max_examples=150, deadline=None)
def test_whoever_is_live_has_entered_the_groups_of_their_newest_token(events: list[Input]) -> None:
    first = Claims(user="user 1", key=1, session=DEVICES[0], groups=frozenset({1}), expires_at=WALL + 600)
    state, _ = step(session.begin(0.0), session.Verified(first, WALL), 0.0)
    entered = first.groups  # those it resumes with
    for event in events:
        state, outputs = step(through_a_row(state), event, 0.0)
        if session.EnterMore() in outputs:
            assert state.claims is not None
            entered |= state.claims.groups
        if state.phase == "live" and state.claims is not None:
            assert state.claims.groups <= entered


@pytest.mark.parametrize("phase", ["silent", "checking", "resuming", "live", "closed"])
def test_a_session_with_everything_it_may_remember_fits_a_row(phase: str) -> None:
    full = msgspec.structs.replace(
        session.begin(0.0),
        phase=phase,
        claims=Claims(
            user="x" * 255, key=2**62, session=DEVICES[0], groups=frozenset(range(10**9, 10**9 + 512))
        ),
        got=dict.fromkeys(range(10**9, 10**9 + wire.GOT_GROUPS_MAX), 10**9),
        watching=frozenset(range(10**9, 10**9 + wire.CURSORS_MAX)),
    )
    assert through_a_row(full) == full
