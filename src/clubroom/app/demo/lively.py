"""A few members of the demo's clubs are there: they chat for two minutes, in a room too, and they answer.

They are clients like any other, on sockets of their own.
"""

import asyncio
import random
import re
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

import msgspec

from clubroom.app.demo.calendar import Moment
from clubroom.app.demo.casting import Casting, Memory, Said
from clubroom.app.demo.device import Phone
from clubroom.app.demo.folder import Made
from clubroom.app.demo.furnish import addressed
from clubroom.app.demo.rooms import ROOMS
from clubroom.app.demo.threads import Thread, load
from clubroom.app.demo.uuid7 import uuid7
from clubroom.notification.session import TYPING_S

CHAT_S = 120.0
BETWEEN_THREADS_S = (6.0, 14.0)
TYPED_CHARACTERS_A_SECOND = 14.0
ANSWER_TYPED_S = (2.0, 3.0)
ANSWERS_WAITING_MAX = 3
PARTNER = "babak"  # answers in the small club
FRIEND = "amelie"  # answers in the conversation with her
ANSWERS_AS_REPLY = 0.4
_GREETING = re.compile(
    r"^\W*(hi+|hello|hey|hallo|salut|ciao|moin|good (morning|evening|day))\b", re.IGNORECASE
)
_THANKS = re.compile(r"\b(thanks?|thank you|thx|danke|merci|dzięk\w+)\b", re.IGNORECASE)


class Heard(msgspec.Struct, frozen=True):
    """What the demo's member has written."""

    group: int
    id: str
    text: str


class Lively:
    """Call `run` once; cancel it to stop. `mint` gives an access token for a member by key."""

    def __init__(
        self, made: Made, socket_url: str, mint: Callable[[str], str], now: Moment, rng: random.Random
    ) -> None:
        self.made = made
        self.now = now
        self.rng = rng
        self.memory = Memory()
        self.phones = {
            device.key: Phone(device.key, socket_url, self._token_of(mint, device.key), self._ear(device.key))
            for device in made.lively
        }
        self.came = asyncio.Event()
        self.said: asyncio.Queue[Heard] = asyncio.Queue(ANSWERS_WAITING_MAX)
        self.users = {device.key: device.user for device in [made.me, *made.lively]}
        self.answering = asyncio.Lock()  # whoever is asked goes first; the chat waits

    async def run(self) -> None:
        """Online at once; the chat begins when the demo's member comes in."""
        await _together(
            [
                *(phone.stay_online() for phone in self.phones.values()),
                self._chat(),
                self._answer(),
            ]
        )

    # --- what is heard: one phone listens to the choir and its open rooms, one to each other group ---

    def _token_of(self, mint: Callable[[str], str], key: str) -> Callable[[], str]:
        return lambda: mint(key)

    def _ear(self, key: str) -> Callable[[dict[str, Any]], None]:
        listens = {
            self.made.lively[0].key: {self.made.choir, *self._open_rooms()},
            PARTNER: {self.made.chess},
            FRIEND: {self.made.talks[FRIEND]},
        }.get(key, set())
        return lambda frame: self._hear(frame) if frame.get("group") in listens else None

    def _open_rooms(self) -> list[int]:
        return [self.made.rooms[room.key] for room in ROOMS if not room.private]

    def _hear(self, frame: dict[str, Any]) -> None:
        me = self.made.me.user
        if frame["type"] == "signal" and frame.get("user") == me and frame.get("on", True):
            self.came.set()
        for action in frame.get("actions", ()):
            if action["type"] == "message_posted" and action["author"] == me:
                self.came.set()
                with suppress(asyncio.QueueFull):  # whoever writes a lot gets an answer now and then
                    self.said.put_nowait(Heard(frame["group"], action["id"], action["text"]))

    # --- what is said ---

    async def _chat(self) -> None:
        await self.came.wait()
        threads = self.in_turn(load("live"))
        ends = time.monotonic() + CHAT_S
        for thread, group in threads:
            await asyncio.sleep(self.rng.uniform(*BETWEEN_THREADS_S))
            if time.monotonic() > ends:
                return
            for said in self._cast().play(thread):
                async with self.answering:
                    pass
                await self._write(group, said, len(said.text) / TYPED_CHARACTERS_A_SECOND)

    def in_turn(self, threads: list[Thread]) -> list[tuple[Thread, int]]:
        """By chance, with the group that hears each; every third one is told in a room."""
        placed = [(thread, self._place(thread)) for thread in self.rng.sample(threads, len(threads))]
        told = [one for one in placed if one[1] == self.made.choir]
        for place, one in enumerate(one for one in placed if one[1] != self.made.choir):
            told.insert(1 + 3 * place, one)
        return told

    def _place(self, thread: Thread) -> int:
        """A thread may name a room; else everybody in the choir hears it."""
        tags = {tag for either in thread.when for tag in either}
        return next((group for key, group in self.made.rooms.items() if key in tags), self.made.choir)

    async def _answer(self) -> None:
        threads = load("replies")
        while True:
            heard = await self.said.get()
            async with self.answering:
                said = self._reply(threads, heard)
                typing_s = self.rng.uniform(*ANSWER_TYPED_S)
                replies = heard.id if self.rng.random() < ANSWERS_AS_REPLY else None
                await self._write(heard.group, said, typing_s, replies)

    def _reply(self, threads: list[Thread], heard: Heard) -> Said:
        about = occasion(heard.text)
        if heard.group == self.made.chess:
            about = "chess"
        elif heard.group == self.made.talks[FRIEND]:
            about = "friend"
        thread = next(thread for thread in threads if thread.fits(frozenset({about})))
        line = self.rng.choice(thread.lines)
        return self._cast().speak(line)

    async def _write(self, group: int, said: Said, typing_s: float, replies: str | None = None) -> None:
        phone = self.phones[said.person]
        await asyncio.sleep(said.delay or 1)
        until = time.monotonic() + max(typing_s, ANSWER_TYPED_S[0])
        while (left := until - time.monotonic()) > 0:
            phone.type_in(group)
            await asyncio.sleep(min(left, TYPING_S + 0.2))
        phone.post(group, uuid7(time.time(), self.rng), addressed(said.text, self.users), replies)

    def _cast(self) -> Casting:
        return Casting(self.rng, self.memory, self.now, list(self.phones))


def occasion(text: str) -> str:
    """What kind of answer a message asks for: a heading in `replies.txt`."""
    if _THANKS.search(text):
        return "thanks"
    if "?" in text or "؟" in text:
        return "question"
    return "greeting" if _GREETING.search(text) else "other"


async def _together(tasks: list[Coroutine[Any, Any, None]]) -> None:
    async with asyncio.TaskGroup() as group:
        for task in tasks:
            group.create_task(task)
