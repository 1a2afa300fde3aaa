"""The socket's protocol as a pure state machine: `step(state, input, now) → (state, outputs)`.

The state is one small value, so a gateway that keeps nothing between frames can store it in a row. Nothing
here reads a clock, a socket or the database: what is to be done is given out, and the app does it and comes
back with what came of it. Times are seconds of a steady clock; `expires_at` is of the wall's.
docs/protocol.md tells the same for people.
"""

from itertools import islice
from typing import Literal
from uuid import UUID

import msgspec

from clubroom import wire
from clubroom.bucket import Bucket, retry_ms
from clubroom.claims import Claims
from clubroom.errors import ClubroomError, HelloAgain, InvalidField, RateLimited
from clubroom.wire import Close

HEARTBEAT_S = 25.0
HELLO_S = 5.0
SILENCE_HEARTBEATS = 2.4  # and a little until somebody looks: 2.5 at most
REAUTH_BEFORE_S = 60.0
POSTS_A_SECOND = 10.0
POSTS_BURST_S = 10.0  # a socket may send at once what it may send in this time
POSTS_UNDER_WAY_MAX = 100
FRAMES_A_SECOND = 20.0  # of any kind, beside posts …
FRAMES_BURST_S = 10.0  # … and at once what may come in this time; whoever sends more is sent away
REFUSALS_MAX = 100.0  # refused frames before 4429 …
REFUSALS_FORGIVEN_A_SECOND = 2.0  # … of which these are forgotten
TYPING_S = 3.0
TYPING_TTL_MS = 5_000
RETRY_CLOSED_MS = 5_000
LEAVING_MS = 240_000  # to change over to a new socket, at a moment of the client's own


class Session(msgspec.Struct, frozen=True):
    """What is remembered of one socket."""

    opened_at: float
    heard_at: float
    phase: Literal["silent", "checking", "resuming", "live", "closed"] = "silent"
    claims: Claims | None = None
    reauth_asked: bool = False
    more_to_enter: bool = False  # a newer token came during the replay, with groups that this does not know
    got: dict[int, int] = {}
    watching: frozenset[int] = frozenset()
    heartbeat_s: float = HEARTBEAT_S
    posts_a_second: float = POSTS_A_SECOND
    posts: Bucket = Bucket(POSTS_A_SECOND * POSTS_BURST_S, 0.0)
    frames: Bucket = Bucket((FRAMES_A_SECOND + POSTS_A_SECOND) * FRAMES_BURST_S, 0.0)
    refusals: Bucket = Bucket(REFUSALS_MAX, 0.0)
    under_way: int = 0
    typed_at: float = -TYPING_S
    leaves_at: float | None = None  # where sockets live only so long: then the client is told to change over
    leaving: bool = False


# --- what comes in ----------------------------------------------------------------------------------------


class FrameIn(msgspec.Struct, frozen=True):
    """One text message of the client."""

    data: bytes


class Verified(msgspec.Struct, frozen=True):
    """The token is good. `wall` is now in seconds since 1970."""

    claims: Claims
    wall: float


class TokenRefused(msgspec.Struct, frozen=True):
    """The token is not good."""


class Resumed(msgspec.Struct, frozen=True):
    """Welcome and replay were sent."""


class Stored(msgspec.Struct, frozen=True):
    """A post was committed."""

    ack: wire.Ack


class Refused(msgspec.Struct, frozen=True):
    """What was asked could not be done; `id` of the post, if it was one."""

    error: ClubroomError
    id: UUID | None = None


class Tick(msgspec.Struct, frozen=True):
    """Time went by; at least once in 5 s. `wall` is now in seconds since 1970."""

    wall: float


class Ended(msgspec.Struct, frozen=True):
    """The signed-in device was signed out."""


class Stuck(msgspec.Struct, frozen=True):
    """It reads too slowly: what waits for it has reached the limit."""


class TooMany(msgspec.Struct, frozen=True):
    """This person has as many sockets as one may have."""


class Unready(msgspec.Struct, frozen=True):
    """The database could not be read: come again."""


# --- what is to be done -----------------------------------------------------------------------------------


class Send(msgspec.Struct, frozen=True):
    """To this client."""

    frame: wire.ServerFrame


class Verify(msgspec.Struct, frozen=True):
    """Come back with Verified or TokenRefused."""

    token: str


class Resume(msgspec.Struct, frozen=True):
    """Send welcome, replay and `live`; then come back with Resumed."""

    epoch: str | None
    cursors: dict[int, int]


class EnterMore(msgspec.Struct, frozen=True):
    """The newer token knows groups that the one before did not: let this socket into their rooms."""


class StorePost(msgspec.Struct, frozen=True):
    """Come back with Stored or Refused."""

    post: wire.Post


class MovePointer(msgspec.Struct, frozen=True):
    """This person has read so far."""

    group: int
    seq: int


class TellTyping(msgspec.Struct, frozen=True):
    """Tell the others in the room."""

    group: int


class AnswerPing(msgspec.Struct, frozen=True):
    """Send `pong` with the heads that differ from `got`."""

    got: dict[int, int]


class CloseSocket(msgspec.Struct, frozen=True):
    """Say goodbye."""

    code: int
    why: str = ""


Input = (
    FrameIn | Verified | TokenRefused | Resumed | Stored | Refused | Tick | Ended | Stuck | TooMany | Unready
)
Output = Send | Verify | Resume | EnterMore | StorePost | MovePointer | TellTyping | AnswerPing | CloseSocket
Step = tuple[Session, list[Output]]

_replace = msgspec.structs.replace


def begin(
    now: float,
    posts_a_second: float = POSTS_A_SECOND,
    heartbeat_s: float = HEARTBEAT_S,
    lives_s: float | None = None,
) -> Session:
    """A socket that was opened and has said nothing yet. After `lives_s` it is told to change over."""
    return Session(
        opened_at=now,
        heard_at=now,
        heartbeat_s=heartbeat_s,
        posts_a_second=posts_a_second,
        posts=Bucket(posts_a_second * POSTS_BURST_S, now),
        frames=Bucket((FRAMES_A_SECOND + posts_a_second) * FRAMES_BURST_S, now),
        refusals=Bucket(REFUSALS_MAX, now),
        leaves_at=now + lives_s if lives_s is not None else None,
    )


def step(state: Session, event: Input, now: float) -> Step:
    """The one way a session moves."""
    if state.phase == "closed":
        return state, []
    match event:
        case FrameIn(data):
            return _frame(_replace(state, heard_at=now), data, now)
        case Verified(claims, wall):
            return _verified(state, claims, wall)
        case TokenRefused():
            return _close(state, Close.TOKEN, "token")
        case Resumed():
            return _resumed(state)
        case Stored(ack):
            return _replace(state, under_way=state.under_way - 1), [Send(ack)]
        case Refused(error, message_id):
            return _refused(state, error, message_id)
        case Tick(wall):
            return _tick(state, wall, now)
        case Ended():
            return _close(state, Close.ENDED, "signed out")
        case Stuck():
            return _close(state, Close.NO_PROGRESS, "too slow")
        case TooMany():
            return _close(state, Close.TOO_MANY, "too many")
        case Unready():
            return _close(state, Close.BLIND, "database")


def _frame(state: Session, data: bytes, now: float) -> Step:
    """Counted before it is decoded: nobody else waits while one socket is talked to."""
    pace = FRAMES_A_SECOND + state.posts_a_second
    frames, wait_s = state.frames.take(pace, pace * FRAMES_BURST_S, now)
    if wait_s:
        return _slow_down(state)
    return _counted_frame(_replace(state, frames=frames), data, now)


def _counted_frame(state: Session, data: bytes, now: float) -> Step:
    greeted = state.phase in ("resuming", "live")
    try:
        frame = wire.decode_frame(data)
    except ClubroomError as error:
        if not greeted:
            return _close(state, Close.MALFORMED)
        return _strike(state, wire.Error(code=error.code, id=wire.id_of_post(data)), now)
    if isinstance(frame, wire.Hello):
        return _hello(state, frame, now)
    if not greeted:
        return _close(state, Close.MALFORMED, "hello first")
    match frame:
        case wire.Post():
            return _post(state, frame, now)
        case wire.Got(seqs):
            return _got(state, seqs, now)
        case wire.Ping():
            return state, [AnswerPing(state.got)]
        case wire.Read(group=group, seq=seq):
            return _read(state, group, seq, now)
        case wire.Typing(group=group):
            return _typing(state, group, now)
        case wire.Watch(group=group, on=on):
            return _watch(state, group, on, now)
        case wire.Token(token=token):
            return state, [Verify(token)]


def _hello(state: Session, hello: wire.Hello, now: float) -> Step:
    if state.phase != "silent":
        return _strike(state, wire.Error(code=HelloAgain.code), now)
    if hello.version != wire.VERSION:
        return _close(state, Close.NEW_VERSION, "version")
    if len(hello.cursors) > wire.CURSORS_MAX or not wire.possible_seqs(hello.cursors):
        return _close(state, Close.MALFORMED, "cursors")
    resume = Resume(hello.epoch, hello.cursors)
    return _replace(state, phase="checking", got=dict(hello.cursors)), [Verify(hello.token), resume]


def _verified(state: Session, claims: Claims, wall: float) -> Step:
    if claims.expires_at <= wall:
        return _close(state, Close.TOKEN, "token")
    if state.claims is None:
        return _replace(state, phase="resuming", claims=claims), []
    if claims.session != state.claims.session or claims.user != state.claims.user:
        return _close(state, Close.TOKEN, "another device's token")
    more = claims.more or not claims.groups <= state.claims.groups
    state = _replace(state, claims=claims, reauth_asked=False)
    if state.phase == "resuming":
        return _replace(state, more_to_enter=more or state.more_to_enter), []
    return state, [EnterMore()] if more else []


def _resumed(state: Session) -> Step:
    if state.phase != "resuming":
        return state, []
    entering: list[Output] = [EnterMore()] if state.more_to_enter else []
    return _replace(state, phase="live", more_to_enter=False), entering


def _post(state: Session, post: wire.Post, now: float) -> Step:
    posts, wait_s = state.posts.take(state.posts_a_second, state.posts_a_second * POSTS_BURST_S, now)
    if wait_s or state.under_way >= POSTS_UNDER_WAY_MAX:
        error = wire.Error(code=RateLimited.code, id=post.id, retry_ms=retry_ms(wait_s))
        return _strike(state, error, now)
    return _replace(state, posts=posts, under_way=state.under_way + 1), [StorePost(post)]


def _got(state: Session, seqs: dict[int, int], now: float) -> Step:
    if not wire.possible_seqs(seqs):
        return _strike(state, wire.Error(code=InvalidField.code), now)
    got = state.got | seqs  # those that are known stand first
    return _replace(state, got=dict(islice(got.items(), wire.GOT_GROUPS_MAX))), []


def _read(state: Session, group: int, seq: int, now: float) -> Step:
    if not wire.possible_seqs({group: seq}):
        return _strike(state, wire.Error(code=InvalidField.code), now)
    return state, [MovePointer(group, seq)]


def _typing(state: Session, group: int, now: float) -> Step:
    """More often than once in 3 s it is dropped in silence: it may be lost anyway."""
    if now - state.typed_at < TYPING_S:
        return state, []
    return _replace(state, typed_at=now), [TellTyping(group)]


def _watch(state: Session, group: int, on: bool, now: float) -> Step:
    watching = state.watching | {group} if on else state.watching - {group}
    if not wire.possible_seqs({group: 0}) or len(watching) > wire.CURSORS_MAX:
        return _strike(state, wire.Error(code=InvalidField.code), now)
    return _replace(state, watching=watching), []


def _refused(state: Session, error: ClubroomError, message_id: UUID | None) -> Step:
    under_way = state.under_way - 1 if message_id is not None else state.under_way
    frame = wire.Error(code=error.code, id=message_id, retry_ms=error.retry_ms)
    return _replace(state, under_way=under_way), [Send(frame)]


def _strike(state: Session, error: wire.Error, now: float) -> Step:
    """A refused frame is answered; whoever goes on regardless is sent away for a while."""
    if state.phase not in ("resuming", "live"):
        return state, [Send(error)]
    refusals, wait_s = state.refusals.take(REFUSALS_FORGIVEN_A_SECOND, REFUSALS_MAX, now)
    if wait_s:
        return _slow_down(state)
    return _replace(state, refusals=refusals), [Send(error)]


def _slow_down(state: Session) -> Step:
    retry = wire.Error(code=RateLimited.code, retry_ms=RETRY_CLOSED_MS)
    state, outputs = _close(state, Close.SLOW_DOWN, "too often")
    return state, [Send(retry), *outputs]


def _tick(state: Session, wall: float, now: float) -> Step:
    if state.claims is None:
        late = now - state.opened_at > HELLO_S
        return _close(state, Close.TOKEN, "no hello") if late else (state, [])
    if now - state.heard_at > SILENCE_HEARTBEATS * state.heartbeat_s:
        return _close(state, Close.NO_PROGRESS, "silence")
    left = state.claims.expires_at - wall
    if left <= 0:
        return _close(state, Close.TOKEN, "token expired")
    if state.leaves_at is not None and now >= state.leaves_at and not state.leaving:
        return _replace(state, leaving=True), [Send(wire.Goaway(in_ms=LEAVING_MS, why="limit"))]
    if left < REAUTH_BEFORE_S and not state.reauth_asked:
        return _replace(state, reauth_asked=True), [Send(wire.Reauth(by=int(left * 1000)))]
    return state, []


def _close(state: Session, code: int, why: str = "") -> Step:
    return _replace(state, phase="closed"), [CloseSocket(code, why)]
