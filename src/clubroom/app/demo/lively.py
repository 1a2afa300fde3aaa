"""A few members of the demo's clubs are there: they chat for two minutes, and they answer.

They are clients like any other, on sockets of their own.
"""

import asyncio
import random
import re
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from clubroom.app.demo.calendar import Moment
from clubroom.app.demo.casting import Casting, Memory, Said
from clubroom.app.demo.device import Phone
from clubroom.app.demo.folder import Made
from clubroom.app.demo.threads import Thread, load
from clubroom.app.demo.uuid7 import uuid7
from clubroom.notification.session import TYPING_S

CHAT_S = 120.0
BETWEEN_THREADS_S = (6.0, 14.0)
TYPED_CHARACTERS_A_SECOND = 14.0
ANSWER_TYPED_S = (2.0, 3.0)
ANSWERS_WAITING_MAX = 3
PARTNER = "babak"  # answers in the small club
_GREETING = re.compile(
    r"^\W*(hi+|hello|hey|hallo|salut|ciao|moin|good (morning|evening|day))\b", re.IGNORECASE
)
_THANKS = re.compile(r"\b(thanks?|thank you|thx|danke|merci|dzięk\w+)\b", re.IGNORECASE)


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
        self.said: asyncio.Queue[tuple[int, str]] = asyncio.Queue(ANSWERS_WAITING_MAX)
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

    # --- what is heard: one phone listens to each club ---

    def _token_of(self, mint: Callable[[str], str], key: str) -> Callable[[], str]:
        return lambda: mint(key)

    def _ear(self, key: str) -> Callable[[dict[str, Any]], None]:
        club = {PARTNER: self.made.chess}.get(key, self.made.choir)
        listens = key in {PARTNER, self.made.lively[0].key}
        return lambda frame: self._hear(club, frame) if listens and frame.get("group") == club else None

    def _hear(self, club: int, frame: dict[str, Any]) -> None:
        me = self.made.me.user
        if frame["type"] == "signal" and frame.get("user") == me and frame.get("on", True):
            self.came.set()
        for action in frame.get("actions", ()):
            if action["type"] == "message_posted" and action["author"] == me:
                self.came.set()
                with suppress(asyncio.QueueFull):  # whoever writes a lot gets an answer now and then
                    self.said.put_nowait((club, action["text"]))

    # --- what is said ---

    async def _chat(self) -> None:
        await self.came.wait()
        threads = load("live")
        self.rng.shuffle(threads)
        ends = time.monotonic() + CHAT_S
        for thread in threads:
            await asyncio.sleep(self.rng.uniform(*BETWEEN_THREADS_S))
            if time.monotonic() > ends:
                return
            for said in self._cast().play(thread):
                async with self.answering:
                    pass
                await self._write(self.made.choir, said, len(said.text) / TYPED_CHARACTERS_A_SECOND)

    async def _answer(self) -> None:
        threads = load("replies")
        while True:
            club, text = await self.said.get()
            async with self.answering:
                said = self._reply(threads, "chess" if club == self.made.chess else occasion(text))
                await self._write(club, said, self.rng.uniform(*ANSWER_TYPED_S))

    def _reply(self, threads: list[Thread], about: str) -> Said:
        thread = next(thread for thread in threads if thread.fits(frozenset({about})))
        line = self.rng.choice(thread.lines)
        return self._cast().speak(line)

    async def _write(self, club: int, said: Said, typing_s: float) -> None:
        phone = self.phones[said.person]
        await asyncio.sleep(said.delay or 1)
        until = time.monotonic() + max(typing_s, ANSWER_TYPED_S[0])
        while (left := until - time.monotonic()) > 0:
            phone.type_in(club)
            await asyncio.sleep(min(left, TYPING_S + 0.2))
        phone.post(club, uuid7(time.time(), self.rng), said.text)

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
