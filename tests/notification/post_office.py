"""A house on a database of its own, in which nothing is decided or pushed but by the test, by its clock."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg

from clubroom.notification.decision import Decision
from clubroom.notification.pushes import Pushing
from clubroom.ports.push import NotPushed, Push
from house.person import Json, Person
from house.server import House

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Post:
    """A pusher of the test: it keeps what it takes, or says why not."""

    def __init__(self, *refusals: NotPushed | None) -> None:
        self.refusals = list(refusals)
        self.pushes: list[Push] = []
        self.tries = 0

    async def send(self, push: Push) -> None:
        """As the port has it."""
        self.tries += 1
        refusal = self.refusals.pop(0) if self.refusals else None
        if refusal is not None:
            raise refusal
        self.pushes.append(push)

    async def close(self) -> None:
        """As the port has it."""


class PostOffice:
    """`here`: who counts as here, beside those with sockets held elsewhere."""

    patience_s = 10.0

    def __init__(self, house: House, writer: asyncpg.Connection) -> None:
        self.house = house
        self.writer = writer
        self.ahead = timedelta(seconds=0.1)
        self.here: set[int] = set()

    @property
    def now(self) -> datetime:
        """By the clock of the test, which goes ahead of all others."""
        return datetime.now(UTC) + self.ahead

    def key(self, person: Person) -> int:
        """The database's number of somebody."""
        return self.house.process.tokens.verify(person.token).key

    async def phone(self, person: Person, name: str | None = None) -> str:
        """The person's signed-in device can be pushed to; its address."""
        address = f"https://push.example/{name or person.user}"
        said = {"kind": "web", "address": address, "p256dh": P256DH, "auth": AUTH}
        await person.ok("PUT", "/api/me/push", said)
        return address

    async def look(self) -> None:
        """The house tells the database what is before people's eyes."""
        await self.house.process.beat.looking.round()

    async def decide(self, here: Collection[Person] = (), *, after_s: float = 0) -> int:
        """All that is due `after_s` from now on."""
        self.ahead += timedelta(seconds=after_s)
        keys = {self.key(person) for person in here} | self.here
        decision = Decision(self.house.process.db, lambda: _now(keys), moment=lambda: self.now)
        while await decision():
            pass
        return decision.decided_count

    def pushing(self, post: Post) -> Pushing:
        """The job, by the clock of the test."""
        return Pushing(self.house.process.db, {"web": post}, moment=lambda: self.now)

    async def send(self, *refusals: NotPushed | None, after_s: float = 0) -> list[Push]:
        """What is due `after_s` from now on is sent; what went out."""
        self.ahead += timedelta(seconds=after_s)
        post = Post(*refusals)
        job = self.pushing(post)
        while await job():
            pass
        return post.pushes

    async def why(self, person: Person, message: Any) -> str:
        """The outcome as that person reads it."""
        told: Json = await person.ok("GET", f"/api/messages/{message}/why")
        return str(told["outcome"])


async def _now(keys: set[int]) -> set[int]:
    return keys


# Of no browser: a point on the curve, and sixteen bytes.
P256DH = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
