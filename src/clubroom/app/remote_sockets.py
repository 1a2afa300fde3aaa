"""Drives sessions where the gateway holds the sockets elsewhere and nothing runs between two frames.

A session is loaded, stepped, and stored over the version that was loaded; only then is done what it gave
out. When another frame of the same socket was quicker, the step is taken again from what that one left: it is
a pure function, so nothing has happened yet. Nobody stands in rooms here: who hears an action is asked of the
database, by the place of the action in its log.
"""

import asyncio
import logging
import random
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

import msgspec

from clubroom import wire
from clubroom.actions import Logged
from clubroom.app.remote_presence import Of, RemotePresence
from clubroom.app.sockets import SOCKETS_A_PERSON_MAX, StoreMessage, outcome_of, unanswered
from clubroom.claims import Claims
from clubroom.dba import connections, profiles, reading
from clubroom.dba.pool import Database
from clubroom.errors import Unauthorized, Unavailable
from clubroom.notification import session
from clubroom.notification.frames import frames
from clubroom.notification.pointers import Pointers
from clubroom.notification.resume import listed, portions, runs, start, welcome, within_budget
from clubroom.notification.session import Session
from clubroom.ports.bus import News, Whisper
from clubroom.ports.gateway import RemoteGateway

HEARTBEAT_S = 240.0  # the gateway ends sockets that are silent for ten minutes
LIVES_S = 100 * 60.0, 110 * 60.0  # and all of them after two hours
CROWD = 2_000  # more sockets hear only that there is more: the gateway takes 10,000 calls a second
MESSAGE_TOO_BIG, UNSUPPORTED = 1009, 1003
STEPS_MAX = 100
STEP_AGAIN_S = 0.02  # at most, so that many frames at once do not meet again and again
POSTS_AT_ONCE_MAX = 50
LOOKED_AT_AT_ONCE = 10

RANDOM = random.SystemRandom()

log = logging.getLogger(__name__)

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Session).decode


class RemoteSockets:
    """One for all sockets; it remembers nothing of them between two calls."""

    def __init__(
        self,
        gateway: RemoteGateway,
        db: Database,
        pointers: Pointers,
        verify: Callable[[str], Claims],
        store: StoreMessage,
        epoch: Callable[[], str],
        presence: Of,
        *,
        posts_a_second: float = session.POSTS_A_SECOND,
        heartbeat_s: float = HEARTBEAT_S,
        lives_s: tuple[float, float] = LIVES_S,
    ) -> None:
        self.gateway = gateway
        self.db = db
        self.pointers = pointers
        self.verify = verify
        self.store = store
        self.epoch = epoch
        self.presence = RemotePresence(db, presence)
        self.posts_a_second = posts_a_second
        self.heartbeat_s = heartbeat_s
        self.lives_s = lives_s
        self.room = asyncio.Semaphore(POSTS_AT_ONCE_MAX)
        self._swept_to = ""

    # --- what the gateway tells ---

    async def opened(self, connection: str) -> None:
        """A handshake was let through. Raises Unavailable: then it is refused."""
        first = session.begin(
            time.time(), self.posts_a_second, self.heartbeat_s, RANDOM.uniform(*self.lives_s)
        )
        await connections.open_connection(self.db, connection, _encode(first))

    async def frame(self, connection: str, data: bytes) -> None:
        """One text message. Raises Unavailable: nothing was done; the client finds out by its heartbeat."""
        if len(data) > wire.FRAME_IN_BYTES_MAX:
            await self._end(connection, MESSAGE_TOO_BIG)
        else:
            await self._step(connection, session.FrameIn(data))

    async def no_text(self, connection: str) -> None:
        """A message that is none of text."""
        await self._end(connection, UNSUPPORTED)

    async def closed(self, connection: str) -> None:
        """It is gone, as far as the gateway knows."""
        kept = await connections.load(self.db, connection)
        await connections.drop(self.db, connection)
        claims = _decode(kept.state).claims if kept is not None else None
        if claims is not None:
            await self.presence.went(connection)

    # --- what happens ---

    async def sweep(self) -> bool:
        """What time alone decides, once a minute or so, for a portion of the sockets; whether there are more.
        Whoever is stopped in between goes on there.
        """
        portion = await connections.portion_after(self.db, self._swept_to)
        looking = asyncio.Semaphore(LOOKED_AT_AT_ONCE)
        async with asyncio.TaskGroup() as tasks:
            for connection in portion:
                tasks.create_task(self._look_at(connection, looking))
        self._swept_to = portion[-1] if portion else ""
        return bool(portion)

    async def _look_at(self, connection: str, looking: asyncio.Semaphore) -> None:
        async with looking:
            try:
                await self._step(connection, session.Tick(self.db.clock()))
            except Unavailable:
                log.warning("The sweep could not look at a socket, and goes on with the next.")

    async def publish(self, entries: Sequence[Logged]) -> None:
        """Committed actions of any groups, in the order of their logs, to whom the log lets hear them."""
        for group, run in groupby(entries, key=lambda entry: entry.group):
            await self._publish(group, list(run))

    async def hear(self, news: News) -> None:
        """Signals, from wherever they come."""
        for whisper in news.whispers:
            await self._whisper(whisper)

    # --- one step ---

    async def _step(self, connection: str, event: session.Input) -> bool:
        """Whether it is open. A close that was decided and not done, for its call was killed, is done now."""
        for _ in range(STEPS_MAX):
            kept = await connections.load(self.db, connection)
            if kept is None:
                await self.gateway.end(connection)  # or it would wait for answers that nobody gives
                return False
            before = _decode(kept.state)
            if before.phase == "closed":
                await self._forget(connection)
                await self.gateway.end(connection)
                return False
            state, outputs = self._moved(before, session.Ended() if kept.ended else event)
            if state == before or await self._saved(connection, kept.version, state):
                break
            await asyncio.sleep(RANDOM.uniform(0, STEP_AGAIN_S))
        else:
            raise Unavailable(f"{STEPS_MAX} other frames of this socket were quicker.")
        for output in outputs:
            await self._do(connection, state, output)
        return state.phase != "closed"

    def _moved(self, state: Session, event: session.Input) -> tuple[Session, list[session.Output]]:
        """Tokens are verified on the way: that asks nobody."""
        events = deque([event])  # bounded: one frame shows at most one token
        outputs: list[session.Output] = []
        while events:
            state, given = session.step(state, events.popleft(), time.time())
            for output in given:
                if isinstance(output, session.Verify):
                    events.append(self._verified(output.token))
                else:
                    outputs.append(output)
        return state, outputs

    def _verified(self, token: str) -> session.Input:
        try:
            return session.Verified(self.verify(token), self.db.clock())
        except Unauthorized:
            return session.TokenRefused()

    async def _saved(self, connection: str, seen: int, state: Session) -> bool:
        who = (state.claims.key, state.claims.session) if state.claims is not None else (None, None)
        return await connections.save(self.db, connection, seen, _encode(state), *who)

    # --- what sessions give out ---

    async def _do(self, connection: str, state: Session, output: session.Output) -> None:
        match output:
            case session.Send(frame):
                await self._send(connection, frame)
            case session.CloseSocket(code):
                await self._end(connection, code)
            case session.Resume(epoch, cursors) if state.phase == "resuming":
                await self._come_in(connection, state, wire.Sync(cursors=cursors, epoch=epoch))
            case session.StorePost(post):
                await self._post(connection, _claims(state), post)
            case session.MovePointer(group, seq):
                self.pointers.gather(_claims(state).key, group, seq)
                await self.pointers.flush()
            case session.TellTyping(group):
                await self._typing(_claims(state), group)
            case session.AnswerPing(got):
                await self.presence.heard(connection, _claims(state))
                for heads in portions(await self._lacking(_claims(state), got)) or [{}]:
                    await self._send(connection, wire.Pong(heads=heads))
            case session.EnterMore():
                for heads in portions(await self._lacking(_claims(state), state.got)):
                    await self._send(connection, wire.Behind(heads=heads))

    async def _come_in(self, connection: str, state: Session, said: wire.Sync) -> None:
        """From the moment its session was stored, whatever is committed is sent to it; so what is read now
        and what comes live overlap, and nothing falls between.
        """
        claims = _claims(state)
        mine = await connections.of_person(self.db, claims.key)
        if connection not in mine[:SOCKETS_A_PERSON_MAX]:
            await self._step(connection, session.TooMany())
            return
        begin = await start(self.db, self.epoch(), claims, await listed(self.db, claims), said)
        await self._send(connection, welcome(begin, connection, self.epoch(), claims.user, state.heartbeat_s))
        for reset in begin.resets:
            await self._send(connection, reset)
        if begin.replay:
            await self._replay(connection, claims, begin.replay, begin.heads)
        await self._send(connection, wire.Live())
        if await self._step(connection, session.Resumed()):  # it may have gone meanwhile
            await self.presence.came(connection, claims)

    async def _replay(
        self, connection: str, claims: Claims, cursors: dict[int, int], heads: dict[int, int]
    ) -> None:
        entries = await reading.actions_after(self.db, claims.key, cursors, wire.ACTIONS_MAX + 1)
        kept = within_budget(entries, wire.ACTIONS_MAX, wire.ACTIONS_BYTES_MAX)
        for group, run in runs(kept):
            for payload in frames(group, run):
                await self._tell(connection, payload)
        if len(kept) < len(entries):
            await self._send(connection, wire.Behind(heads={group: heads[group] for group in cursors}))

    async def _post(self, connection: str, claims: Claims, post: wire.Post) -> None:
        try:
            outcome = await outcome_of(self.store, claims, post)
        except Exception:
            await self._step(connection, unanswered(post))
            raise
        await self._step(connection, outcome)

    async def _typing(self, claims: Claims, group: int) -> None:
        """Nobody types where they may not read, or unseen. Who shows another room would not see it."""
        hidden = await profiles.invisible_of(self.db, [claims.key])
        if not hidden and await reading.readable_groups(self.db, claims.key, [group]):
            signal = wire.Signal(kind="typing", group=group, user=claims.user, ttl_ms=session.TYPING_TTL_MS)
            await self._whisper(Whisper(msgspec.Raw(wire.encode(signal)), group=group, but=claims.key))

    async def _lacking(self, claims: Claims, got: dict[int, int]) -> dict[int, int]:
        groups = await listed(self.db, claims)
        readable = await reading.readable_groups(self.db, claims.key, sorted(groups))
        return {group.group: group.head for group in readable if got.get(group.group) != group.head}

    # --- to the sockets ---

    async def _publish(self, group: int, entries: list[Logged]) -> None:
        hearers = await connections.hearing(self.db, group, entries[0].seq, entries[-1].seq)
        if len(hearers) > CROWD:
            await self._tell_crowd(group, hearers)
            return
        stretches: dict[tuple[int, int], list[str]] = {}
        for hearer in hearers:
            stretches.setdefault((hearer.first, hearer.last), []).append(hearer.connection)
        for (first, last), hearing in stretches.items():
            for payload in frames(group, [entry for entry in entries if first <= entry.seq <= last]):
                await self._tell_all(hearing, payload)

    async def _tell_crowd(self, group: int, hearers: Sequence[connections.Hearer]) -> None:
        """How far it is for each of them: no head behind which somebody was removed is told to them."""
        by_last = sorted(hearers, key=lambda hearer: hearer.last)
        for last, some in groupby(by_last, key=lambda hearer: hearer.last):
            behind = wire.encode(wire.Behind(heads={group: last}))
            await self._tell_all([hearer.connection for hearer in some], behind)

    async def _whisper(self, whisper: Whisper) -> None:
        if whisper.person:
            hearing = await connections.of_person(self.db, whisper.person)
        else:
            there = await connections.showing(self.db, whisper.group)
            hearing = [connection for connection, who in there if who != whisper.but]
        await self._tell_all(hearing, bytes(whisper.signal))

    async def _tell_all(self, hearing: Iterable[str], payload: bytes) -> None:
        async with asyncio.TaskGroup() as tasks:
            for connection in hearing:
                tasks.create_task(self._tell(connection, payload))

    async def _send(self, connection: str, frame: wire.ServerFrame) -> None:
        await self._tell(connection, wire.encode(frame))

    async def _tell(self, connection: str, payload: bytes) -> None:
        """What the gateway does not take now the client finds lacking by its next heartbeat."""
        async with self.room:
            try:
                there = await self.gateway.post(connection, payload)
            except Unavailable:
                log.warning("The gateway did not take a frame.")
                return
        if not there:
            await self._forget(connection)

    async def _forget(self, connection: str) -> None:
        """If it cannot be now, the next frame meets it again. Nobody else goes without theirs for it."""
        try:
            await self.closed(connection)
        except Unavailable:
            log.warning("A socket that is gone could not be forgotten.")

    async def _end(self, connection: str, code: int) -> None:
        """No close code of ours can be sent here: it goes before the end, as an error."""
        await self._send(connection, wire.Error(code=str(code)))
        await self._forget(connection)
        await self.gateway.end(connection)


def _claims(state: Session) -> Claims:
    """Only greeted sessions give out what needs them."""
    assert state.claims is not None
    return state.claims
