"""A client as docs/protocol.md asks for one: it applies only what follows its cursor, pulls what it lacks,
comes back after every end, and sends each message under one id until it is acknowledged.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpx
import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from faults.diary import Action, Diary
from house.pause import pause
from house.person import Json, Person
from house.uuid7 import uuid7

OPEN_S = 10.0
CLOSE_S = 1.0
ANSWER_S = 13.0  # in 12 s at most a server that has lost its database says so
FIRST_HEARTBEAT_S = 2.0  # until `welcome` says another
PONG_HEARTBEATS = 1.0  # of the real ones: 10 s of 25
JITTER = (0.8, 1.2)
BACKOFF_S = (0.05, 0.5)  # the first and the longest; of the real ones: 0.5 s and 10 s
BY_HTTP = 0.2
TOKEN = 4401
WITHOUT_WORD = 1006
LATER = ("rate_limited", "unavailable")


@dataclass(frozen=True)
class Talk:
    """How somebody writes: with pauses of so many seconds, which leave the machine to the servers, and with
    so many characters before what there is to say.
    """

    between_s: tuple[float, float] = (0.0, 0.2)
    padding: int = 0


class Client:
    """One device of a person in one group, who may come in at any of `urls`. `told` is called after each
    message sent or acknowledged and each action applied. `lived` holds from when to when its sockets were
    live, `codes` how they ended.
    """

    def __init__(
        self,
        person: Person,
        group: int,
        urls: Sequence[str],
        rng: random.Random,
        told: Callable[[], None],
        talk: Talk,
    ) -> None:
        self.person = person
        self.urls = urls
        self.url = urls[0]
        self.group = group
        self.rng = rng
        self.told = told
        self.talk = talk
        self.diary = Diary(person.user)
        self.cursor = 0
        self.ack_times: list[float] = []
        self.lived: list[tuple[float, float]] = []
        self.codes: Counter[int] = Counter()
        self.behind = 0
        self._epoch: str | None = None
        self._heartbeat_s = FIRST_HEARTBEAT_S
        self._got = 0
        self._ponged = asyncio.Event()
        self._opened_at = self._live_at = 0.0
        self._heard = 0  # the last seq that came over this socket
        self._tries = 0
        self._socket: ClientConnection | None = None
        self._live = asyncio.Event()
        self._answers: dict[str, asyncio.Future[Json | None]] = {}

    # --- writing ---

    async def write(self, finished: asyncio.Event) -> None:
        """One message after the other."""
        while not finished.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(self.rng.uniform(*self.talk.between_s)):
                    await finished.wait()
            text = f"{len(self.diary.written)} of {self.person.user} at {self._now():.4f}"
            await self.post("." * self.talk.padding + text)

    async def post(self, text: str) -> None:
        """Under the same id until it is acknowledged."""
        name = str(uuid7())
        self.diary.written[name] = text
        while name not in self.diary.acked:
            try:
                answer = await (self._by_http if self.rng.random() < BY_HTTP else self._by_socket)(name, text)
                if answer is not None and "seq" not in answer:
                    await self._come_again(answer)
                    continue
            except (TimeoutError, OSError, httpx.TransportError, WebSocketException):
                answer = None
            if answer is None:
                await self._back_off()
            else:
                self._take_ack(answer)

    async def _by_socket(self, name: str, text: str) -> Json | None:
        """The ack, the error, or None when the socket ended without either."""
        if not await self._is_live() or self._socket is None:
            return None
        answer: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        self._answers[name] = answer
        await self._send(self._socket, type="post", group=self.group, id=name, text=text)
        self.told()
        try:
            async with asyncio.timeout(ANSWER_S):
                return await answer
        except TimeoutError:
            self.diary.unanswered += 1
            raise

    async def _is_live(self) -> bool:
        """Waits for it. A socket that is open for long and never comes to be live was forgotten."""
        with suppress(TimeoutError):
            async with asyncio.timeout(ANSWER_S):
                await self._live.wait()
        forgotten = self._socket is not None and self._now() - self._opened_at > ANSWER_S / 2
        self.diary.unanswered += forgotten and not self._live.is_set()
        return self._live.is_set()

    async def _by_http(self, name: str, text: str) -> Json:
        asked = {"group": self.group, "text": text}
        path = f"{self.url}/api/messages/{name}"
        response = await self.person.http.put(path, headers=self.person.headers, json=asked)
        answer: Json = response.json()
        return answer

    def _take_ack(self, ack: Json) -> None:
        place = (ack["seq"], ack["at"])
        self.diary.repeated += ack["duplicate"]
        self.diary.contradicted += self.diary.acked.setdefault(ack["id"], place) != place
        self.ack_times.append(self._now())
        self.told()

    async def _come_again(self, error: Json) -> None:
        if error["code"] == "unauthorized":
            await self.refresh()
            return
        assert error["code"] in LATER, error
        await pause(min(1_000, error.get("retry_ms") or 100) / 1_000)

    @property
    def waits(self) -> bool:
        """A message is under way over its socket."""
        return bool(self._answers)

    # --- reading ---

    async def listen(self) -> None:
        """Over any number of sockets, until it is cancelled."""
        while True:
            try:
                async with connect(
                    self.url.replace("http", "ws", 1) + "/socket",
                    compression=None,
                    max_size=None,
                    ping_interval=None,
                    open_timeout=OPEN_S,
                    close_timeout=CLOSE_S,
                    proxy=None,
                ) as socket:
                    await self._converse(socket)
            except ConnectionClosed as end:
                code = end.rcvd.code if end.rcvd is not None else WITHOUT_WORD
                self.codes[code] += 1
                if code == TOKEN:
                    with suppress(httpx.TransportError):
                        await self.refresh()
            except (TimeoutError, OSError, httpx.TransportError, WebSocketException):
                pass
            await self._back_off()

    async def _converse(self, socket: ClientConnection) -> None:
        self._socket, self._heard, self._opened_at = socket, self.cursor, self._now()
        cursors = {self.group: self.cursor}
        self._got = self.cursor
        beating = asyncio.create_task(self._beat(socket))
        try:
            await self._send(
                socket, type="hello", version=1, token=self.person.token, epoch=self._epoch, cursors=cursors
            )
            while True:
                frame: Json = msgspec.json.decode(await socket.recv())
                await self._take(socket, frame)
        finally:
            beating.cancel()
            self._socket = None
            self._is_over()

    def _is_over(self) -> None:
        """Whoever waits for an answer over this socket gets none."""
        if self._live.is_set():
            self.lived.append((self._live_at, self._now()))
            self._live.clear()
        for answer in self._answers.values():
            if not answer.done():
                answer.set_result(None)
        self._answers.clear()

    async def _beat(self, socket: ClientConnection) -> None:
        """Pings on time, whatever else is said. Without an answer in time the socket is dead."""
        with suppress(ConnectionClosed):
            while True:
                await pause(self.rng.uniform(*JITTER) * self._heartbeat_s)
                try:
                    async with asyncio.timeout(PONG_HEARTBEATS * self._heartbeat_s):
                        await self._ping(socket)
                except TimeoutError:
                    socket.transport.abort()
                    return

    async def _ping(self, socket: ClientConnection) -> None:
        if self._got < self.cursor:
            self._got = self.cursor
            await self._send(socket, type="got", **{str(self.group): self._got})
        self._ponged.clear()
        await self._send(socket, type="ping")
        await self._ponged.wait()

    async def _take(self, socket: ClientConnection, frame: Json) -> None:
        match frame["type"]:
            case "welcome":
                self._epoch = frame["epoch"]
                self._heartbeat_s = frame["heartbeat_ms"] / 1_000
            case "live":
                self._tries = 0
                self._live_at = self._now()
                self._live.set()
            case "actions" if frame["group"] == self.group:
                await self._hear(frame)
            case "pong":
                self._ponged.set()
                await self._catch_up(frame["heads"])
            case "behind":
                self.behind += 1
                await self._catch_up(frame["heads"])
            case "reset" if frame["group"] == self.group:
                self.diary.reset += 1
            case "ack" | "error":
                answer = self._answers.pop(frame.get("id", ""), None)
                if answer is not None and not answer.done():
                    answer.set_result(frame)
            case "reauth":
                await self.refresh()
                await self._send(socket, type="token", token=self.person.token)

    async def _hear(self, frame: Json) -> None:
        """Whatever is older than the cursor is dropped; what comes twice over one socket is counted."""
        self.diary.doubled += max(0, min(self._heard, frame["to"]) - frame["from"] + 1)
        self._heard = max(self._heard, frame["to"])
        if self._apply(frame["actions"]):
            await self._pull()

    def _apply(self, actions: list[Action]) -> bool:
        """True when something before them is lacking."""
        for action in actions:
            if action["seq"] > self.cursor + 1:
                return True
            if action["seq"] == self.cursor + 1:
                self.diary.applied.append(action)
                self.cursor += 1
        self.told()
        return False

    async def _catch_up(self, heads: dict[str, int]) -> None:
        if heads.get(str(self.group), 0) > self.cursor:
            await self._pull()

    async def _pull(self) -> None:
        more = True
        while more:
            path = f"{self.url}/api/groups/{self.group}/actions?after={self.cursor}"
            response = await self.person.http.get(path, headers=self.person.headers)
            if response.is_error:
                return  # the next pong says again what is lacking
            page = response.json()
            more = not self._apply(page["actions"]) and page["more"]

    # --- both ---

    async def _send(self, socket: ClientConnection, **frame: Any) -> None:
        await socket.send(msgspec.json.encode(frame).decode())

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    async def refresh(self) -> None:
        """A token of the server that answers."""
        asked = {"refresh_token": self.person.refresh_token}
        response = await self.person.http.post(f"{self.url}/api/tokens", json=asked)
        if response.is_success:
            self.person.token = response.json()["access_token"]
            self.person.refresh_token = response.json()["refresh_token"]

    async def _back_off(self) -> None:
        """Full jitter, and another door if there is one."""
        self.url = self.rng.choice(self.urls)
        first, longest = BACKOFF_S
        await pause(self.rng.uniform(0, min(longest, first * 2**self._tries)))
        self._tries = min(self._tries + 1, 10)
