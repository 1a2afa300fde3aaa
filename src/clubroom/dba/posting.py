"""The write path: what arrives while a commit is under way goes into the next one.

One batch is one call of `post_messages` is one transaction (docs/decisions/0003). A post is answered only
after its COMMIT returned; then it is published, once, in the order of the log.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from clubroom import errors
from clubroom.actions import Logged
from clubroom.dba.pool import RETRY_MS, Database, rfc3339
from clubroom.histogram import SECONDS, Histogram

BATCH_MAX = 256
WAITING_MAX = 10_000
STOP_S = 5.0
GATHER_MAX = 64
GATHER_TURNS = 3
"""Of the loop: in one the answers are sent, in one what comes back is read, in one it comes to the lane."""

_POST = "select code, seq, at from post_messages($1, $2, $3, $4, $5, $6, $7, $8)"
_POST_WITH_IMAGES = "select code, seq, at from post_with_images($1, $2, $3, $4, $5, $6, $7, $8, $9)"


class NewMessage(msgspec.Struct, frozen=True):
    """A message that was validated, with the bytes of its action and the HMAC of its text. `called` = a JSON
    list of the user ids that it mentions, "*" for everybody. `images` = one of {id, alt}; null = it has none.
    """

    id: UUID
    group: int
    author: int
    text: str
    mac: bytes
    body: bytes
    reply_to: UUID | None = None
    called: str | None = None
    images: str | None = None


class Place(msgspec.Struct, frozen=True):
    """Where a sent message stands. `duplicate` = an earlier try had put it there."""

    seq: int
    at: str
    duplicate: bool


_said = lru_cache(maxsize=64)(rfc3339)
"""All of a batch are stored at one moment, which is put into words once."""

_REFUSALS: dict[str, Callable[[], errors.ClubroomError]] = {
    "not_found": errors.NotFound,
    "forbidden": errors.Forbidden,
    "id_conflict": errors.IdConflict,
    "invalid_field": lambda: errors.InvalidField("There is no such message to answer here."),
    "no_such_file": lambda: errors.InvalidField("An image is not here, not ready, or of another message."),
}


class PostLane:
    """One batch at a time. `start` and `stop` it with the app; `post` from anywhere in the loop."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._waiting: deque[tuple[NewMessage, asyncio.Future[Place]]] = deque(maxlen=WAITING_MAX)
        self._something = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._ending = False
        self.batch_posts = Histogram(1, 2, 4, 8, 16, 32, 64, 128, 256)
        self.commit_seconds = Histogram(*SECONDS)
        self.failed_count = 0

    def start(self) -> None:
        """Begins to write."""
        self._task = asyncio.create_task(self._run(), name="post lane")

    async def stop(self) -> None:
        """Writes what waits and what is under way (at most STOP_S), then ends."""
        if self._task is None:
            return
        self._ending = True
        self._something.set()
        await asyncio.wait({self._task}, timeout=STOP_S)
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    @property
    def waiting(self) -> int:
        """Posts that no commit has taken yet."""
        return len(self._waiting)

    async def post(self, message: NewMessage) -> Place:
        """Waits for the commit. Raises NotFound, Forbidden, IdConflict, or Unavailable (repeat it safely)."""
        if len(self._waiting) >= WAITING_MAX:
            raise errors.Unavailable(retry_ms=RETRY_MS)
        future: asyncio.Future[Place] = asyncio.get_running_loop().create_future()
        self._waiting.append((message, future))
        self._something.set()
        return await future

    async def _run(self) -> None:
        while self._waiting or not self._ending:
            await self._something.wait()
            count = min(BATCH_MAX, len(self._waiting))
            batch = [self._waiting.popleft() for _ in range(count)]
            if not self._waiting and not self._ending:
                self._something.clear()
            if batch:
                await self._write(batch)
                await self._gather()

    async def _gather(self) -> None:
        """Those who were just answered may come again at once: they go with those who wait already. Otherwise
        the two halves take turns for ever, and every room is written to twice as often. Many who wait are a
        batch by themselves, and the database had better begin.
        """
        if 0 < len(self._waiting) <= GATHER_MAX:
            for _ in range(GATHER_TURNS):
                await asyncio.sleep(0)

    async def _write(self, batch: list[tuple[NewMessage, asyncio.Future[Place]]]) -> None:
        """Answers everyone in the batch, whatever happens."""
        messages = [message for message, _ in batch]
        try:
            rows = await self._commit(messages)
        except asyncio.CancelledError:
            for _, future in batch:
                future.cancel()
            raise
        except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError, ValueError) as error:
            await self._write_singly(batch, error)
            return
        except Exception as error:  # noqa: BLE001 - the lane outlives whatever one batch meets
            self.failed_count += 1
            for _, future in batch:
                _refuse(future, error)
            return
        again = []
        for one, row in zip(batch, rows, strict=True):
            if row["code"] == "repeat":
                again.append(one)
            else:
                _answer(one[1], row["code"], row["seq"], row["at"])
        self.database.publish(_entries(messages, rows))
        if again:
            await self._write(again)

    async def _commit(self, messages: Sequence[NewMessage]) -> list[Any]:
        begun = time.perf_counter()
        columns = [list(column) for column in zip(*map(_row, messages), strict=True)]
        images = [message.images for message in messages]
        ask = _POST
        if any(images):  # where nobody has any the batch goes the short way
            ask, columns = _POST_WITH_IMAGES, [*columns, images]
        async with self.database.connection() as connection:
            rows: list[Any] = await connection.fetch(ask, *columns)
        self.batch_posts.observe(len(messages))
        self.commit_seconds.observe(time.perf_counter() - begun)
        return rows

    async def _write_singly(
        self, batch: list[tuple[NewMessage, asyncio.Future[Place]]], error: Exception
    ) -> None:
        """One bad row fails its whole batch; alone it fails only itself (an id taken meanwhile elsewhere)."""
        if len(batch) == 1:
            taken = isinstance(error, asyncpg.UniqueViolationError)
            _refuse(batch[0][1], errors.IdConflict() if taken else errors.InvalidText())
            return
        for one in batch:
            await self._write([one])


def _row(m: NewMessage) -> tuple[Any, ...]:
    """As `post_messages` asks for it."""
    return m.id, m.group, m.author, m.text, m.mac, m.body, m.reply_to, m.called


def _entries(messages: Sequence[NewMessage], rows: Sequence[Any]) -> list[Logged]:
    return [
        Logged(message.group, row["seq"], _said(row["at"]), message.body)
        for message, row in zip(messages, rows, strict=True)
        if row["code"] == "ok"
    ]


def _answer(future: asyncio.Future[Place], code: str, seq: int, at: datetime) -> None:
    if future.done():
        return  # whoever asked is gone; the message stands all the same
    if code in _REFUSALS:
        future.set_exception(_REFUSALS[code]())
    else:
        future.set_result(Place(seq, _said(at), code == "duplicate"))


def _refuse(future: asyncio.Future[Place], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
