"""The people, clubs and messages that are measured with, made by SQL in seconds."""

import itertools
import os
import random
from functools import cache
from pathlib import Path
from uuid import UUID

import aiosql
import asyncpg
import msgspec

from bench.orders import Seat
from bench.server import Server
from clubroom.auth.keys import Keys
from clubroom.auth.tokens import Tokens
from clubroom.dba.search import WINDOW_MESSAGES

HALLS = 5
HALL_PEOPLE = 1_000
MEETING_HALLS = 3
CIRCLES = 16
CIRCLE_PEOPLE = 16
TRAVELLER_CLUBS = 200
TRAVELLER_MESSAGES = 20
LAGS_BEHIND = 2
SECONDS_A_MESSAGE = 10
SUPERUSER = "postgres"
MAC_BYTES = 32
NO_HASH = "none"
"""Nobody signs in, but only who could may create a club."""

WORDS, PHRASES, PHRASE_WORDS = 5_000, 20_000, (2, 6)
SELDOM = "明日の会議室は三階です, says the zebrafish"
"""In one of a thousand messages."""
SEED = 7

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
    `crowded` is one of all of these; the `meeting`
    is of three halls together. The `traveller` is in many, and lags behind a little in each: `cursors`.
    """

    halls: list[Club]
    crowded: Club
    meeting: Club
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
        await queries.join_by_hash(sql)
        founder = (await _people(sql, 1, email="bench@example.org", password_hash=NO_HASH))[0]
        people = [await _people(sql, HALL_PEOPLE) for _ in range(HALLS)]
        halls = [await _club(sql, founder, these) for these in people]
        crowded = await _club(sql, founder, people[0][: CIRCLES * CIRCLE_PEOPLE])
        circles = [
            await _club(sql, founder, people[0][first : first + CIRCLE_PEOPLE])
            for first in range(0, CIRCLES * CIRCLE_PEOPLE, CIRCLE_PEOPLE)
        ]
        meeting = await _club(sql, founder, [one for these in people[:MEETING_HALLS] for one in these])
        traveller = (await _people(sql, 1))[0]
        cursors = {}
        for _ in range(TRAVELLER_CLUBS):
            club = await _club(sql, founder, [traveller])
            await fill(sql, club, TRAVELLER_MESSAGES)
            cursors[club.group] = await queries.heads(sql, groups=[club.group]) - LAGS_BEHIND
        async with sql.transaction():
            await fill(sql, halls[0], messages)
            await queries.search_afresh(sql, window_size=WINDOW_MESSAGES)
        await queries.become_superuser(sql)
        await _fill_search(sql)
        await queries.settle(sql)
        await queries.checkpoint(sql)
    return Town(halls, crowded, meeting, circles, traveller, cursors)


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


async def fill(sql: asyncpg.Connection, club: Club, messages: int) -> None:
    """A past of so many messages. Whoever calls this is the writer."""
    authors = [person.key for person in club.people]
    await queries.fill_log(
        sql, group_id=club.group, n=messages, authors=authors, phrases=phrases(), seldom=SELDOM
    )


async def _fill_search(sql: asyncpg.Connection) -> None:
    await queries.merge_seldom(sql)
    while await queries.fill_search(sql, window_size=WINDOW_MESSAGES):
        pass
    await queries.merge_as_usual(sql)


@cache
def phrases() -> list[str]:
    """What messages are made of: few words are frequent, and most are not, as in what people say."""
    chance = random.Random(SEED)  # noqa: S311 - words, not secrets
    return [" ".join(said(chance, chance.randint(*PHRASE_WORDS))) for _ in range(PHRASES)]


def said(chance: random.Random, n: int) -> list[str]:
    """Words as often as they are said."""
    return chance.choices(vocabulary(), cum_weights=_how_often(), k=n)


@cache
def vocabulary() -> list[str]:
    """Words that no language has."""
    chance = random.Random(SEED)  # noqa: S311
    letters = [consonant + vowel for consonant in "bcdfghklmnprstvwz" for vowel in "aeiou"]
    return ["".join(chance.choices(letters, k=chance.randint(1, 4))) for _ in range(WORDS)]


@cache
def _how_often() -> list[float]:
    return list(itertools.accumulate(1 / rank for rank in range(1, WORDS + 1)))
