"""The people, clubs and messages that are measured with, made by SQL in seconds."""

import os
from pathlib import Path
from uuid import UUID

import aiosql
import asyncpg
import msgspec

from bench.orders import Seat
from bench.server import Server
from clubroom.auth.keys import Keys
from clubroom.auth.tokens import Tokens

HALLS = 5
HALL_PEOPLE = 1_000
CIRCLES = 16
CIRCLE_PEOPLE = 16
TRAVELLER_CLUBS = 200
TRAVELLER_MESSAGES = 20
LAGS_BEHIND = 2
SUPERUSER = "postgres"
MAC_BYTES = 32
NO_HASH = "none"
"""Nobody signs in, but only who could may create a club."""

FILLING = (
    "The rehearsal on Tuesday is half an hour later because the hall is taken; bring scores and a pencil. "
    "Whoever can, come earlier and help with the chairs."
)

queries = aiosql.from_path(Path(__file__).with_name("club.sql"), "asyncpg", mandatory_parameters=False)


class Person(msgspec.Struct, frozen=True):
    """As tokens name them. `own` is the group that everybody has alone."""

    key: int
    user: str
    session: UUID
    own: int


class Club(msgspec.Struct, frozen=True):
    """Its group, and everybody in it."""

    group: int
    people: list[Person]


class Town(msgspec.Struct, frozen=True):
    """`halls` are large clubs, the first with a long past; `circles` are small ones of the same people, and
    `crowded` is one of all of these. The `traveller` is in many, and lags behind a little in each: `cursors`.
    """

    halls: list[Club]
    crowded: Club
    circles: list[Club]
    traveller: Person
    cursors: dict[int, int]


class Mint:
    """Tokens as the server itself would sign them."""

    def __init__(self, secret: bytes, epoch: str) -> None:
        self._tokens = Tokens(Keys(secret))
        self._tokens.belong_to(epoch)

    def token(self, person: Person, *groups: int) -> str:
        """For ten minutes. Whatever else they are in it leaves out."""
        return str(self._tokens.mint(person.user, person.key, person.session, [person.own, *groups]))

    def seats(self, *clubs: Club) -> list[Seat]:
        """A socket for each of their people."""
        return [Seat(self.token(person, club.group), club.group) for club in clubs for person in club.people]


async def make_town(server: Server, messages: int) -> Town:
    """All of it; the first hall's past has so many messages."""
    async with server.connection(SUPERUSER) as sql:
        await queries.become_writer(sql)
        founder = (await _people(sql, 1, email="bench@example.org", password_hash=NO_HASH))[0]
        people = [await _people(sql, HALL_PEOPLE) for _ in range(HALLS)]
        halls = [await _club(sql, founder, these) for these in people]
        crowded = await _club(sql, founder, people[0][: CIRCLES * CIRCLE_PEOPLE])
        circles = [
            await _club(sql, founder, people[0][first : first + CIRCLE_PEOPLE])
            for first in range(0, CIRCLES * CIRCLE_PEOPLE, CIRCLE_PEOPLE)
        ]
        traveller = (await _people(sql, 1))[0]
        cursors = {}
        for _ in range(TRAVELLER_CLUBS):
            club = await _club(sql, founder, [traveller])
            await _fill(sql, club, TRAVELLER_MESSAGES)
            cursors[club.group] = await queries.heads(sql, groups=[club.group]) - LAGS_BEHIND
        await _fill(sql, halls[0], messages)
        await queries.become_superuser(sql)
        await queries.settle(sql)
        await queries.checkpoint(sql)
    return Town(halls, crowded, circles, traveller, cursors)


async def mint(server: Server) -> Mint:
    """Tokens for this server."""
    async with server.connection(SUPERUSER) as sql:
        return Mint(bytes.fromhex((server.data / "secret").read_text().strip()), await queries.epoch(sql))


async def _people(
    sql: asyncpg.Connection, n: int, email: str | None = None, password_hash: str | None = None
) -> list[Person]:
    made = queries.make_people(sql, n=n, email=email, password_hash=password_hash)
    return [Person(row["key"], row["user"], row["session"], row["own"]) async for row in made]


async def _club(sql: asyncpg.Connection, founder: Person, people: list[Person]) -> Club:
    mac = os.urandom(MAC_BYTES)
    group = await queries.make_club(sql, who=founder.key, club_name="Bench", mac=mac)
    refused = [row async for row in queries.join_club(sql, people=[one.key for one in people], mac=mac)]
    assert not refused, refused[0]
    return Club(group, people)


async def _fill(sql: asyncpg.Connection, club: Club, messages: int) -> None:
    authors = [person.key for person in club.people]
    await queries.fill_log(sql, group_id=club.group, n=messages, authors=authors, filling=FILLING)
