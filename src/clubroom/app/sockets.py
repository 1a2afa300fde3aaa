"""Drives sessions: carries what a session gives out to the rooms of the house, and what came of it back."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from clubroom import wire
from clubroom.claims import Claims
from clubroom.dba.pool import Database
from clubroom.dba.posting import Place
from clubroom.errors import ClubroomError, Unauthorized
from clubroom.histogram import SECONDS, Histogram
from clubroom.notification import session
from clubroom.notification.deliver import Hub
from clubroom.notification.pointers import Pointers
from clubroom.notification.resume import Entrance, portions, send_behind
from clubroom.ports.gateway import Connection, Frame

log = logging.getLogger(__name__)

WAITING_BYTES_MAX = 1024 * 1024
WAITING_FRAMES_MAX = 256
NO_PROGRESS_S = 30.0
LOOKS_A_HEARTBEAT = 12
ROUNDS_A_SECOND = 2
SOCKETS_A_PERSON_MAX = 10
LOST_HEARTBEATS = 1.3  # whoever is there is heard once in 1.2: who is silent for longer may make room
GOAWAY_MS = 2_000

StoreMessage = Callable[[Claims, int, UUID, str, UUID | None, Sequence[wire.NewImage]], Awaitable[Place]]
Outcome = session.Stored | session.Refused


async def outcome_of(
    store: StoreMessage, claims: Claims, post: wire.Post
) -> session.Stored | session.Refused:
    """Stores a post; what its session has to hear of it."""
    try:
        place = await store(claims, post.group, post.id, post.text, post.reply_to, post.images)
    except ClubroomError as error:
        return session.Refused(error, post.id)
    return session.Stored(
        wire.Ack(id=post.id, group=post.group, seq=place.seq, at=place.at, duplicate=place.duplicate)
    )


def unanswered(post: wire.Post) -> session.Refused:
    """For a post that met a fault of ours: its client would wait for an answer for ever."""
    return session.Refused(ClubroomError(), post.id)


class Socket:
    """One connection with its session; a `Receiver` for delivery."""

    def __init__(self, sockets: "Sockets", connection: Connection, now: float) -> None:
        self.sockets = sockets
        self.connection = connection
        self.state = session.begin(now, sockets.posts_a_second, sockets.heartbeat_s)
        self.groups: set[int] = set()
        self.resuming = True
        self.disturbed = 0
        self.lagging = False  # what its rooms heard was thrown away for it, and it has not been told yet
        self.taken = 0
        self.moved_at = now

    @property
    def id(self) -> str:
        """The connection's."""
        return self.connection.id

    @property
    def heartbeat_s(self) -> float:
        """How often its client is asked to ping."""
        return self.state.heartbeat_s

    @property
    def claims(self) -> Claims:
        """Only for sockets that have said who they are."""
        assert self.state.claims is not None
        return self.state.claims

    @property
    def key(self) -> int:
        """Whose it is."""
        return self.claims.key

    @property
    def user(self) -> str:
        """Whose it is, as every edge knows them."""
        return self.claims.user

    @property
    def watches(self) -> bool:
        """See Receiver."""
        return bool(self.state.watching)

    @property
    def watching(self) -> frozenset[int]:
        """The groups that its device shows."""
        return self.state.watching

    @property
    def got(self) -> dict[int, int]:
        """How far its device has come."""
        return self.state.got

    def deliver(self, frame: Frame) -> None:
        """What its room hears. Nobody waits for whoever reads too slowly: beyond the limit it all goes, and
        once they have read what they were sent they are told how far behind they are.
        """
        if self.lagging:
            return
        if self._holds(1.0):
            self._lag()
        else:
            self.connection.send_framed(frame)

    def hint(self, frame: Frame) -> None:
        """What may be lost."""
        if not self.lagging and not self._holds(0.5):
            self.connection.send_framed(frame)

    def send(self, payload: bytes) -> None:
        """To this socket alone: it is kept. Whoever asks for more and more and reads nothing is sent away."""
        if self._holds(1.0) and not self.lagging:
            self._lag()
        if self.connection.waiting > WAITING_BYTES_MAX:
            self.step(session.Stuck())
        else:
            self.connection.send(payload)

    def _lag(self) -> None:
        self.lagging = True
        self.connection.discard()

    def catch_up(self) -> None:
        """It reads again."""
        if self.lagging:
            self.lagging = False
            send_behind(self.sockets.hub, self, self.sockets.differing(self))

    def looked_at(self, now: float, wall: float) -> None:
        """Time went by."""
        taken = self.connection.taken
        if taken != self.taken or not self.connection.waiting:
            self.taken, self.moved_at = taken, now
        if now - self.moved_at > NO_PROGRESS_S:
            self.step(session.Stuck())
        else:
            self.step(session.Tick(wall))

    def _holds(self, share: float) -> bool:
        """Whether so much of what may wait for a slow reader waits already."""
        connection = self.connection
        return connection.slow and (
            connection.waiting > share * WAITING_BYTES_MAX
            or connection.frames_waiting >= share * WAITING_FRAMES_MAX
        )

    def look_below(self) -> None:
        """See Receiver."""
        self.sockets.enter_more(self)

    def come_again(self) -> None:
        """This socket ends; its client comes back at once and is let into what it may read."""
        self.connection.close(wire.Close.RESTART, "come again")

    def step(self, event: session.Input) -> None:
        """Moves the session and does what it gives out."""
        self.state, outputs = session.step(self.state, event, time.monotonic())
        for output in outputs:
            self.sockets.do(self, output)


class Sockets:
    """The gateway's handler. All of it runs in the loop's thread."""

    def __init__(
        self,
        hub: Hub,
        db: Database,
        pointers: Pointers,
        verify: Callable[[str], Claims],
        ended: Callable[[UUID], bool],
        store: StoreMessage,
        posts_a_second: float,
        heartbeat_s: float,
    ) -> None:
        self.hub = hub
        self.db = db
        self.pointers = pointers
        self.verify = verify
        self.ended = ended
        self.store = store
        self.posts_a_second = posts_a_second
        self.heartbeat_s = heartbeat_s
        self.epoch = ""
        self.turn = 0
        self.open: dict[str, Socket] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.errors: Counter[str] = Counter()  # error frames, by code
        self.ack_seconds = Histogram(*SECONDS)

    # --- the gateway's handler ---

    def opened(self, connection: Connection) -> None:
        """See ports/gateway."""
        self.open[connection.id] = Socket(self, connection, time.monotonic())

    def frame(self, connection: Connection, data: bytes) -> None:
        """See ports/gateway."""
        self.open[connection.id].step(session.FrameIn(data))

    def drained(self, connection: Connection) -> None:
        """See ports/gateway. What a slow reader missed it pulls."""
        self.open[connection.id].catch_up()

    def closed(self, connection: Connection, code: int) -> None:
        """See ports/gateway."""
        socket = self.open.pop(connection.id)
        if socket.state.claims is not None:
            self.hub.leave(socket)

    # --- the app ---

    def whose_turn(self) -> list[Socket]:
        """Who is to be looked at, twice a second: a share of the sockets, so that thousands do not hold up
        the loop at once, and whoever has not said hello.
        """
        turns = max(1, int(self.heartbeat_s * ROUNDS_A_SECOND / LOOKS_A_HEARTBEAT))
        self.turn = (self.turn + 1) % turns
        return [
            socket
            for index, socket in enumerate(self.open.values())
            if index % turns == self.turn or socket.state.claims is None
        ]

    def end_session(self, device: UUID) -> None:
        """This device was signed out."""
        for socket in list(self.open.values()):
            if socket.state.claims is not None and socket.claims.session == device:
                socket.step(session.Ended())

    def showing(self) -> list[Socket]:
        """Those that may show something."""
        return [socket for socket in self.open.values() if socket.state.watching and socket.groups]

    def close_all(self, code: int, why: str) -> None:
        """This server cannot serve them: they come again, here or elsewhere."""
        for socket in list(self.open.values()):
            socket.connection.close(code, why)

    async def finish(self) -> None:
        """Waits for what is under way."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # --- what sessions give out ---

    def do(self, socket: Socket, output: session.Output) -> None:
        """One output of one session."""
        match output:
            case session.Send(frame):
                self._send(socket, frame)
            case session.Verify(token):
                self._verify(socket, token)
            case session.Resume(epoch, cursors):
                self._resume(socket, wire.Sync(cursors=cursors, epoch=epoch))
            case session.EnterMore():
                self.enter_more(socket)
            case session.StorePost(post):
                self._store_post(socket, post)
            case session.MovePointer(group, seq) if group in socket.groups:
                self.pointers.gather(socket.key, group, seq)
            case session.TellTyping(group):
                self._typing(socket, group)
            case session.AnswerPing():
                self._pong(socket)
            case session.CloseSocket(code, why):
                socket.connection.close(code, why)

    def _send(self, socket: Socket, frame: wire.ServerFrame) -> None:
        if isinstance(frame, wire.Error):
            self.errors[frame.code] += 1
        socket.send(wire.encode(frame))

    def _verify(self, socket: Socket, token: str) -> None:
        try:
            claims = self.verify(token)
        except Unauthorized:
            socket.step(session.TokenRefused())
            return
        socket.step(session.Verified(claims, self.db.clock()))

    def _resume(self, socket: Socket, said: wire.Sync) -> None:
        if socket.state.phase != "resuming":
            return  # the token was refused a moment ago
        socket.connection.greeted()
        if not self._has_room_for(socket.key):
            socket.step(session.TooMany())
            return
        self.hub.enter(socket)  # now, not when its task begins: many may say hello in one turn of the loop
        self._spawn(self._come_in(socket, said))

    def _has_room_for(self, key: int) -> bool:
        """Once a person is full, whichever of their sockets was unheard longest is ended for the next one, if
        it has been silent for so long that it is half open in all likelihood.
        """
        mine = [one for one in self.hub.people.get(key, ()) if isinstance(one, Socket)]
        if len(mine) < SOCKETS_A_PERSON_MAX:
            return True
        last = min(mine, key=lambda one: one.state.heard_at)
        if time.monotonic() - last.state.heard_at <= LOST_HEARTBEATS * last.heartbeat_s:
            return False
        last.step(session.Stuck())
        self.hub.leave(last)  # now, and not when its end is done
        return True

    async def _come_in(self, socket: Socket, said: wire.Sync) -> None:
        try:
            await Entrance(self.hub, self.db, self.epoch, socket.claims, socket).come_in(said)
        except ClubroomError:
            socket.step(session.Unready())
        except Exception:
            socket.step(session.Unready())  # it would wait for `live` for ever
            raise
        finally:
            if socket.id in self.open:
                socket.step(session.Resumed())
            else:
                self.hub.leave(socket)  # it went away while it came in

    def enter_more(self, socket: Socket) -> None:
        """Into the rooms that it may have become free to hear."""
        self._spawn(self._enter_more(socket))

    async def _enter_more(self, socket: Socket) -> None:
        try:
            await Entrance(self.hub, self.db, self.epoch, socket.claims, socket).enter_more()
        except ClubroomError:
            socket.step(session.Unready())
        if socket.id not in self.open:
            self.hub.leave(socket)  # it went away meanwhile

    def _store_post(self, socket: Socket, post: wire.Post) -> None:
        if self.ended(socket.claims.session):
            socket.step(session.Ended())
        else:
            self._spawn(self._post(socket, post, time.perf_counter()))

    async def _post(self, socket: Socket, post: wire.Post, begun: float) -> None:
        try:
            outcome = await outcome_of(self.store, socket.claims, post)
        except Exception:
            socket.step(unanswered(post))
            raise
        socket.step(outcome)
        if isinstance(outcome, session.Stored):
            self.ack_seconds.observe(time.perf_counter() - begun)

    def _typing(self, socket: Socket, group: int) -> None:
        if group in socket.groups and socket.key not in self.hub.hidden:
            signal = wire.Signal(kind="typing", group=group, user=socket.user, ttl_ms=session.TYPING_TTL_MS)
            self.hub.signal(group, signal, but=socket.key)

    def _pong(self, socket: Socket) -> None:
        for heads in portions(self.differing(socket)) or [{}]:
            socket.send(wire.encode(wire.Pong(heads=heads)))

    def differing(self, socket: Socket) -> dict[int, int]:
        """The heads of its rooms that it has not said it got."""
        got = socket.state.got
        heads = {group: self.hub.head(group) for group in socket.groups}
        return {group: head for group, head in heads.items() if got.get(group) != head}

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Future[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("A socket's task failed.", exc_info=error)
