"""The bus over PostgreSQL's NOTIFY (contract: ports/bus).

What is told while a letter is under way goes into the next, outside of the transactions that write: inside
of each it cut commits to a third. It takes one connection of the pool, for both ways. Behind a transaction
pooler there is no LISTEN; the repair poll does it all then.
"""

import asyncio
import logging
from typing import Any

import asyncpg
import msgspec

from clubroom.dba.pool import RETRY_MS, Database
from clubroom.errors import Unavailable
from clubroom.ports.bus import Gathered, Hear, News

CHANNEL = "clubroom"
LETTER_BYTES_MAX = 7_999  # PostgreSQL's own limit
HEADS_A_LETTER = 100  # of at most 42 bytes each
GATHER_S = 0.005  # between two letters: a busy server sends 200 a second, not thousands
WHISPERS_A_LETTER = 20  # mostly of 150 bytes each; one letter with long names is split

log = logging.getLogger(__name__)


class Letter(msgspec.Struct, frozen=True):
    """What one NOTIFY carries. `sender` knows its own letters by it."""

    sender: str
    news: News


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Letter).decode


class NotifyBus:
    """One server's end. `server` is a name that no other has."""

    def __init__(self, database: Database, server: str) -> None:
        self.database = database
        self.server = server
        self.sent_count = 0
        self._gathered = Gathered()

    def tell(self, news: News) -> None:
        """See the contract."""
        self._gathered.add(news)

    async def run(self, hear: Hear) -> None:
        """See the contract. What was under way when the connection ended is lost."""
        while True:
            try:
                async with self.database.connection() as connection:
                    await self._carry(connection, hear)
            except Unavailable:
                await asyncio.sleep(RETRY_MS / 1000)

    async def _carry(self, connection: asyncpg.Connection, hear: Hear) -> None:
        def heard(_: Any, __: int, ___: str, payload: str) -> None:
            self._hear(payload, hear)

        def ended(_: Any) -> None:
            self._gathered.wake()

        connection.add_termination_listener(ended)
        await connection.add_listener(CHANNEL, heard)
        try:
            while not connection.is_closed():
                await self._gathered.wait()
                await self._send(connection)
                await asyncio.sleep(GATHER_S)
            raise Unavailable
        finally:
            connection.remove_termination_listener(ended)
            connection.terminate()  # nobody else may have one that listens, and a dead one unlistens slowly

    async def _send(self, connection: asyncpg.Connection) -> None:
        while self._gathered and not connection.is_closed():
            for letter in self._letters(self._gathered.take(HEADS_A_LETTER, WHISPERS_A_LETTER)):
                await self.database.query("notify", connection, channel=CHANNEL, letter=letter.decode())
                self.sent_count += 1

    def _letters(self, news: News) -> list[bytes]:
        """One, or as many as it takes for each to fit."""
        letter = _encode(Letter(self.server, news))
        if len(letter) <= LETTER_BYTES_MAX:
            return [letter]
        half = len(news.whispers) // 2
        if not half:
            return self._letters(News(news.heads)) if news.heads else []  # a signal of 8 kB is none of ours
        first, second = News(news.heads, news.whispers[:half]), News(whispers=news.whispers[half:])
        return [*self._letters(first), *self._letters(second)]

    def _hear(self, payload: str, hear: Hear) -> None:
        try:
            letter = _decode(payload)
        except msgspec.DecodeError:
            log.warning("A letter on the bus is not of this version, and is left to the repair.")
            return
        if letter.sender != self.server:
            hear(letter.news)
