"""Servers with a fault sown into them, to see whether the harness finds it: `seeded.py <fault> serve`.

Each is a mistake that real chat servers have made. None of it is anywhere in src.
"""

import asyncio
import random
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

import msgspec

from clubroom.actions import Logged
from clubroom.app import core
from clubroom.app.__main__ import main
from clubroom.chat.messages import Messages, post_message
from clubroom.claims import Claims
from clubroom.dba import posting
from clubroom.dba.pool import guarded
from clubroom.dba.posting import NewMessage, Place, PostLane
from clubroom.notification.deliver import Hub
from clubroom.notification.frames import frames
from clubroom.notification.resume import runs
from clubroom.ports.bus import News, Whisper
from house.uuid7 import uuid7

WRITE_BEHIND_S = 0.05
PAYLOADS_LOST = 0.3

Batch = list[tuple[NewMessage, "asyncio.Future[Place]"]]


def ack_before_commit() -> None:
    """The message is written and has its seq, and its author is told so; COMMIT follows a little later, to be
    shared with others: what databases call asynchronous commit, and what makes a benchmark shine.
    """

    async def write(lane: PostLane, batch: Batch) -> None:
        messages = [message for message, _ in batch]
        columns = zip(*map(posting._row, messages), strict=True)
        try:
            async with guarded(), lane.database.pool.acquire() as connection, connection.transaction():
                rows = await connection.fetch(posting._POST, *(list(column) for column in columns))
                for (_, future), row in zip(batch, rows, strict=True):
                    posting._answer(future, row["code"], row["seq"], row["at"])
                with suppress(TimeoutError):
                    async with asyncio.timeout(WRITE_BEHIND_S):
                        await asyncio.Event().wait()
        except Exception as error:  # noqa: BLE001 - as the lane it stands for
            for _, future in batch:
                posting._refuse(future, error)
            return
        lane.database.committed(posting._entries(messages, rows))

    replaced: Any = PostLane
    replaced._write = write


def no_send_key() -> None:
    """A retry is a new message: nobody remembers under which name the first try came."""

    async def post(
        chat: Messages, claims: Claims, group: int, message_id: UUID, text: str, reply_to: UUID | None, _: Any
    ) -> Place:
        place = await post_message(chat, claims, group, message_id, text, reply_to)
        again = place.duplicate
        return await post_message(chat, claims, group, uuid7(), text, reply_to) if again else place

    replaced: Any = core
    assert replaced.post_message is post_message, "what is replaced must be what is called"
    replaced.post_message = post


def cached_membership() -> None:
    """Who may hear a group is read when a socket comes in, and kept: an action that removes somebody is sent
    to them, and what follows it too. (That they go on posting is sown into the SQL: `EVER_A_MEMBER`.)
    """

    def kept(hub: Hub, key: int, group: int) -> None:
        """Nobody is let out."""

    replaced: Any = Hub
    replaced._let_out = kept


def payload_only_bus() -> None:
    """The bus carries what was said itself, and people hear from other servers that and nothing else: nobody
    reads the log for them or looks whether they lack something. And it loses, as a bus may.
    """
    dice = random.Random()

    def committed(hub: Hub, entries: Sequence[Logged]) -> None:
        for group, run in runs(entries):
            payloads = [msgspec.Raw(payload) for payload in frames(group, run)]
            hub.carry(News(whispers=[Whisper(payload, group=group) for payload in payloads]))
        hub.publish(entries)

    def publish(hub: Hub, entries: Sequence[Logged]) -> None:
        for group, run in runs(entries):
            room = hub.rooms.get(group)
            if room is not None and room.head is not None:
                room.head = max(room.head, run[0].seq - 1)
            hub._publish(group, run)

    def hear(hub: Hub, news: News) -> None:
        for whisper in news.whispers:
            if dice.random() >= PAYLOADS_LOST:
                hub._hint(whisper)

    def repair(hub: Hub, heads: Mapping[int, int]) -> None:
        """There is none."""

    replaced: Any = Hub
    replaced.committed, replaced.publish, replaced.hear, replaced.repair = committed, publish, hear, repair


SOWN = (ack_before_commit, no_send_key, cached_membership, payload_only_bus)
FAULTS = {fault.__name__: fault for fault in SOWN}

if __name__ == "__main__":
    FAULTS[sys.argv.pop(1)]()
    sys.exit(main())
