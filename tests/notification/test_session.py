"""The socket's protocol as a pure function: every input in every phase, and what comes of it."""

import json
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from clubroom import wire
from clubroom.bucket import Bucket
from clubroom.claims import Claims
from clubroom.errors import NotFound, RateLimited, Unavailable
from clubroom.notification import session
from clubroom.notification.session import FrameIn, Output, Send, Session, Step, Tick, Verified, step
from clubroom.wire import Close

WALL = 1_800_000_000.0
DEVICE = UUID("0190aaaa-0000-7000-8000-000000000001")
ANN = Claims(user="ann", key=1, session=DEVICE, groups=frozenset({42}), expires_at=WALL + 600)
NAME = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
ACK = wire.Ack(id=NAME, group=42, seq=7, at="2027-01-15T08:00:00.000000Z", duplicate=False)


def said(**fields: Any) -> FrameIn:
    return FrameIn(json.dumps(fields).encode())


def hello(**fields: Any) -> FrameIn:
    return said(**({"type": "hello", "version": 1, "token": "t", "epoch": None, "cursors": {}} | fields))


def post(text: str = "hello") -> FrameIn:
    return said(type="post", group=42, id=str(NAME), text=text)


def silent() -> Session:
    return session.begin(now=0.0)


def checking() -> Session:
    return step(silent(), hello(), 0.0)[0]


def resuming() -> Session:
    return step(checking(), Verified(ANN, WALL), 0.0)[0]


def live() -> Session:
    return step(resuming(), session.Resumed(), 0.0)[0]


def closed() -> Session:
    return step(live(), session.Ended(), 0.0)[0]


PHASES = {"silent": silent, "checking": checking, "resuming": resuming, "live": live, "closed": closed}


def refused(code: str, **more: Any) -> list[Output]:
    return [Send(wire.Error(code=code, **more))]


def code_of(taken: Step) -> int:
    """The close code; the session has ended with it."""
    state, outputs = taken
    assert state.phase == "closed"
    last = outputs[-1]
    assert isinstance(last, session.CloseSocket)
    return last.code


@pytest.mark.parametrize("phase", PHASES)
def test_each_phase_is_reached_by_what_a_client_does(phase: str) -> None:
    assert PHASES[phase]().phase == phase


def test_hello_asks_for_the_token_first_and_then_for_the_replay() -> None:
    state, outputs = step(silent(), hello(epoch="e", cursors={"42": 7}), 1.0)
    assert outputs == [session.Verify("t"), session.Resume("e", {42: 7})]
    assert state.got == {42: 7}


# --- the end ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", ["silent", "checking", "resuming", "live"])
@pytest.mark.parametrize(
    ("event", "code"),
    [
        (session.TokenRefused(), Close.TOKEN),
        (session.Ended(), Close.ENDED),
        (session.Stuck(), Close.NO_PROGRESS),
        (session.TooMany(), Close.TOO_MANY),
        (session.Unready(), Close.BLIND),
    ],
)
def test_each_reason_to_end_has_its_code_in_every_phase(phase: str, event: session.Input, code: int) -> None:
    assert code_of(step(PHASES[phase](), event, 1.0)) == code


@pytest.mark.parametrize(
    "frame",
    [
        post(),
        said(type="ping"),
        said(type="got"),
        said(type="typing", group=1),
        said(type="token", token="t"),
    ],
)
@pytest.mark.parametrize("phase", ["silent", "checking"])
def test_whoever_talks_before_hello_is_sent_away(phase: str, frame: FrameIn) -> None:
    """Abuse 16."""
    assert code_of(step(PHASES[phase](), frame, 1.0)) == Close.MALFORMED


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff", b'{"type":"shout"}', b'{"type":"hello"}'])
def test_what_is_no_frame_ends_a_silent_socket_and_is_answered_on_a_live_one(data: bytes) -> None:
    assert code_of(step(silent(), FrameIn(data), 1.0)) == Close.MALFORMED
    state, outputs = step(live(), FrameIn(data), 1.0)
    assert state.phase == "live"
    assert outputs in (refused("malformed"), refused("invalid_field"))


@pytest.mark.parametrize("wrong", [{"text": "\ud83d"}, {"text": 5}, {"n": 1}, {"group": "42"}], ids=str)
def test_a_post_that_is_no_frame_is_refused_by_its_id(wrong: dict[str, Any]) -> None:
    [answer] = step(
        live(), said(**({"type": "post", "group": 42, "id": str(NAME), "text": "x"} | wrong)), 1.0
    )[1]
    assert isinstance(answer, Send)
    assert isinstance(answer.frame, wire.Error)
    assert answer.frame.id == NAME


def test_nobody_waits_longer_than_five_seconds_for_hello() -> None:
    """Abuse 14."""
    assert step(silent(), Tick(WALL), session.HELLO_S) == (silent(), [])
    assert code_of(step(silent(), Tick(WALL), session.HELLO_S + 0.1)) == Close.TOKEN


def test_talking_nonsense_does_not_prolong_the_wait_for_hello() -> None:
    state, _ = step(checking(), hello(), 4.9)
    assert code_of(step(state, Tick(WALL), 5.1)) == Close.TOKEN


def test_silence_for_more_than_two_heartbeats_ends_it() -> None:
    """Abuse 16."""
    state, _ = step(live(), said(type="ping"), 100.0)
    silence = session.SILENCE_HEARTBEATS * session.HEARTBEAT_S
    assert step(state, Tick(WALL), 100.0 + silence) == (state, [])
    assert code_of(step(state, Tick(WALL), 100.1 + silence)) == Close.NO_PROGRESS


def test_where_clients_ping_more_often_silence_is_over_sooner() -> None:
    often = msgspec.structs.replace(live(), heartbeat_s=2.0, heard_at=100.0)
    assert step(often, Tick(WALL), 104.8) == (often, [])
    assert code_of(step(often, Tick(WALL), 105.1)) == Close.NO_PROGRESS


def test_another_version_is_told_to_load_itself_anew() -> None:
    assert code_of(step(silent(), hello(version=2), 1.0)) == Close.NEW_VERSION
    assert code_of(step(silent(), hello(version=0), 1.0)) == Close.NEW_VERSION


def test_a_second_hello_is_an_error_and_no_end() -> None:
    """Abuse 14."""
    for begun in (checking, resuming, live):
        state, outputs = step(begun(), hello(), 1.0)
        assert outputs == refused("hello_again")
        assert state.phase == begun().phase


# --- cursors and numbers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cursors",
    [
        {str(group): 1 for group in range(1, 502)},
        {"42": -1},
        {"42": 2**63},
        {"0": 1},
        {"-1": 1},
        {str(2**63): 1},
    ],
    ids=["501", "negative", "too large", "group 0", "group -1", "group too large"],
)
def test_impossible_cursors_are_malformed_before_anything_is_read(cursors: dict[str, int]) -> None:
    """Abuse 18."""
    assert code_of(step(silent(), hello(cursors=cursors), 1.0)) == Close.MALFORMED


def test_five_hundred_cursors_and_the_largest_number_are_taken() -> None:
    cursors = {str(group): 2**63 - 1 for group in range(1, 501)}
    _, outputs = step(silent(), hello(cursors=cursors), 1.0)
    assert isinstance(outputs[1], session.Resume)
    assert len(outputs[1].cursors) == 500


@pytest.mark.parametrize("seq", [-1, 2**63])
def test_numbers_that_no_seq_can_have_are_refused(seq: int) -> None:
    assert step(live(), said(type="read", group=42, seq=seq), 1.0)[1] == refused("invalid_field")
    assert step(live(), said(type="got", **{"42": seq}), 1.0)[1] == refused("invalid_field")
    assert step(live(), said(type="watch", group=0, on=True), 1.0)[1] == refused("invalid_field")


def test_what_was_got_is_remembered_for_the_next_pong() -> None:
    state, _ = step(resuming(), said(type="got", **{"42": 7, "43": 1}), 1.0)
    state, _ = step(state, said(type="got", **{"42": 9}), 2.0)
    assert step(state, said(type="ping"), 3.0)[1] == [session.AnswerPing({42: 9, 43: 1})]


def test_only_so_many_groups_are_remembered_or_watched() -> None:
    state, _ = step(live(), said(type="got", **{str(group): 1 for group in range(1, 1_001)}), 1.0)
    assert len(state.got) == 1_000
    state, outputs = step(state, said(type="got", **{"1001": 1, "7": 2}), 1.0)  # a person of many clubs
    assert (outputs, len(state.got), state.got[7]) == ([], 1_000, 2)
    for group in range(1, 501):
        state, outputs = step(state, said(type="watch", group=group, on=True), 1.0 + group)
        assert outputs == []
    assert step(state, said(type="watch", group=501, on=True), 502.0)[1] == refused("invalid_field")
    state, _ = step(state, said(type="watch", group=1, on=False), 503.0)
    assert step(state, said(type="watch", group=501, on=True), 504.0)[1] == []


def test_whoever_never_stops_talking_is_sent_away_before_anything_is_decoded() -> None:
    state = live()
    for _ in range(299):  # and the hello
        state, outputs = step(state, said(type="ping"), 0.0)
        assert isinstance(outputs[0], session.AnswerPing)
    state, outputs = step(state, FrameIn(b"\xff" * 20_000), 0.0)
    assert outputs[-1] == session.CloseSocket(wire.Close.SLOW_DOWN, "too often")
    assert state.phase == "closed"


def test_reading_moves_the_pointer_as_often_as_it_is_said() -> None:
    assert step(live(), said(type="read", group=42, seq=0), 1.0)[1] == [session.MovePointer(42, 0)]


def test_typing_is_told_once_in_three_seconds_and_else_dropped_in_silence() -> None:
    state, outputs = step(live(), said(type="typing", group=42), 0.0)
    assert outputs == [session.TellTyping(42)]
    state, outputs = step(state, said(type="typing", group=42), 2.9)
    assert outputs == []
    assert state.refusals.left == session.REFUSALS_MAX
    assert step(state, said(type="typing", group=42), 3.0)[1] == [session.TellTyping(42)]


# --- posts ------------------------------------------------------------------------------------------------


def posted(state: Session, count: int, now: float) -> tuple[Session, list[Output]]:
    """So many posts at once, each stored before the next."""
    heard: list[Output] = []
    for _ in range(count):
        state, outputs = step(state, post(), now)
        heard += outputs
        if isinstance(outputs[0], session.StorePost):
            state, _ = step(state, session.Stored(ACK), now)
    return state, heard


def test_a_hundred_posts_at_once_are_stored_and_the_next_is_told_when() -> None:
    state, heard = posted(live(), 101, 0.0)
    assert [type(output) for output in heard] == [session.StorePost] * 100 + [Send]
    assert heard[-1:] == refused("rate_limited", id=NAME, retry_ms=100)
    _, heard = posted(state, 1, 0.1)
    assert [type(output) for output in heard] == [session.StorePost]


def test_ten_a_second_are_stored_for_ever() -> None:
    state, _ = posted(live(), 100, 0.0)
    for second in range(1, 100):
        state, heard = posted(state, 10, float(second))
        assert [type(output) for output in heard] == [session.StorePost] * 10


def test_rest_does_not_save_up_more_than_the_burst() -> None:
    _, heard = posted(live(), 101, 86_400.0)
    assert heard[-1:] == refused("rate_limited", id=NAME, retry_ms=100)


def test_going_on_regardless_ends_with_wait_a_while() -> None:
    """Abuse 23, as far as one socket goes."""
    state, heard = posted(live(), 200, 0.0)
    assert state.phase == "live"
    assert (
        len([output for output in heard if output in refused("rate_limited", id=NAME, retry_ms=100)]) == 100
    )
    state, outputs = step(state, post(), 0.0)
    assert outputs[0] == Send(wire.Error(code="rate_limited", retry_ms=session.RETRY_CLOSED_MS))
    assert code_of((state, outputs)) == Close.SLOW_DOWN


def test_refusals_are_forgiven_two_a_second() -> None:
    state = live()
    for second in range(1_000):
        for _ in range(2):
            state, outputs = step(state, FrameIn(b"{"), float(second))
            assert outputs == refused("malformed")
    assert state.phase == "live"


def test_only_so_many_posts_of_a_socket_are_under_way() -> None:
    fast = 1_000.0  # so that it is not the pace that refuses
    state = msgspec.structs.replace(live(), posts_a_second=fast, posts=Bucket(fast, 0.0))
    for _ in range(session.POSTS_UNDER_WAY_MAX):
        state, outputs = step(state, post(), 0.0)
        assert isinstance(outputs[0], session.StorePost)
    state, outputs = step(state, post(), 0.0)
    assert outputs == refused("rate_limited", id=NAME, retry_ms=100)
    state, outputs = step(state, session.Stored(ACK), 0.0)
    assert outputs == [Send(ACK)]
    assert isinstance(step(state, post(), 0.0)[1][0], session.StorePost)


def test_a_refused_post_is_told_by_its_id_and_is_no_longer_under_way() -> None:
    state, _ = step(live(), post(), 0.0)
    state, outputs = step(state, session.Refused(NotFound(), NAME), 0.0)
    assert outputs == refused("not_found", id=NAME)
    assert state.under_way == 0
    state, outputs = step(state, session.Refused(Unavailable(retry_ms=1_000)), 0.0)
    assert outputs == refused("unavailable", retry_ms=1_000)
    assert state.under_way == 0


def test_an_error_outside_of_posts_has_no_id() -> None:
    _, outputs = step(live(), session.Refused(RateLimited(retry_ms=5)), 0.0)
    assert outputs == refused("rate_limited", retry_ms=5)


# --- tokens -----------------------------------------------------------------------------------------------


def test_a_fresh_token_is_asked_for_once_a_minute_before_the_old_one_ends() -> None:
    state, _ = step(live(), said(type="ping"), 530.0)
    assert step(state, Tick(WALL + 539), 539.0)[1] == []
    state, outputs = step(state, Tick(WALL + 541), 541.0)
    assert outputs == [Send(wire.Reauth(by=59_000))]
    assert step(state, Tick(WALL + 550), 550.0) == (state, [])


def test_a_token_that_came_in_time_starts_the_time_anew() -> None:
    state, _ = step(live(), Tick(WALL + 541), 30.0)
    state, outputs = step(state, said(type="token", token="fresh"), 31.0)
    assert outputs == [session.Verify("fresh")]
    fresh = msgspec.structs.replace(ANN, groups=frozenset({42, 43}), expires_at=WALL + 1_200)
    state, outputs = step(state, Verified(fresh, WALL + 542), 32.0)
    assert outputs == [session.EnterMore()]  # it knows a group that the older one did not
    assert state.claims == fresh
    assert step(state, Tick(WALL + 1_100), 33.0)[1] == []
    assert step(state, Tick(WALL + 1_150), 33.0)[1] == [Send(wire.Reauth(by=50_000))]


def test_groups_of_a_token_that_came_during_the_replay_are_entered_once_it_is_over() -> None:
    larger = msgspec.structs.replace(ANN, groups=frozenset({42, 43}))
    state, outputs = step(resuming(), Verified(larger, WALL), 1.0)
    assert (outputs, state.claims) == ([], larger)
    state, outputs = step(state, Verified(larger, WALL), 2.0)  # once more, and now it knows nothing new
    assert outputs == []
    state, outputs = step(state, session.Resumed(), 3.0)
    assert outputs == [session.EnterMore()]
    assert step(state, session.Resumed(), 4.0) == (state, [])
    assert step(resuming(), session.Resumed(), 3.0)[1] == []


def test_an_expired_token_ends_the_socket() -> None:
    """Abuse 14: it may come in with one of the last seconds, and it ends with it."""
    assert code_of(step(live(), Tick(WALL + 600), 1.0)) == Close.TOKEN
    assert code_of(step(checking(), Verified(ANN, WALL + 600), 1.0)) == Close.TOKEN
    assert code_of(step(live(), Verified(ANN, WALL + 601), 1.0)) == Close.TOKEN


@pytest.mark.parametrize(
    "foreign", [{"session": uuid4()}, {"user": "ben", "key": 2}], ids=["device", "person"]
)
def test_a_token_of_somebody_else_ends_the_socket(foreign: dict[str, Any]) -> None:
    """Abuse 14."""
    other = msgspec.structs.replace(ANN, **foreign)
    assert code_of(step(live(), Verified(other, WALL), 1.0)) == Close.TOKEN


def test_after_the_end_nothing_is_heard_and_nothing_is_said() -> None:
    for event in (
        post(),
        hello(),
        Tick(WALL + 10_000),
        session.Stored(ACK),
        session.Resumed(),
        session.Ended(),
    ):
        assert step(closed(), event, 10_000.0) == (closed(), [])
