"""Makes the demo's clubs: people, memberships and messages by the same verbs that serve everybody."""

import asyncio
import random
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from clubroom import wire
from clubroom.app import local
from clubroom.app.demo import chess, year
from clubroom.app.demo.folder import Device, Made
from clubroom.app.demo.people import (
    CHESS,
    CHESS_KEYS,
    CHESS_OWNER,
    CHOIR,
    CHOIR_KEYS,
    CHOIR_OWNER,
    LIVELY,
    ME,
    PEOPLE,
)
from clubroom.app.demo.progress import Progress
from clubroom.app.demo.uuid7 import uuid7
from clubroom.app.demo.year import Happening, Story
from clubroom.app.settings import Settings
from clubroom.auth.accounts import create_account
from clubroom.auth.clubs import create_club, join_club
from clubroom.auth.keys import Keys
from clubroom.auth.room import Auth
from clubroom.auth.room import Settings as AuthSettings
from clubroom.auth.tokens import Tokens
from clubroom.chat.messages import Messages, post_message
from clubroom.chat.pace import Pace
from clubroom.claims import Claims
from clubroom.dba import reading
from clubroom.dba.demo import move_into_the_past
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.pool import Database
from clubroom.dba.posting import BATCH_MAX, PostLane
from clubroom.ports.identity.builtin import Argon2Passwords

MESSAGES = 5_000
SEED = 60
PEER = "demo"
POSTS_A_SECOND = 1_000_000
"""A year is written in a second: nobody is asked to slow down."""


async def make(settings: Settings, say: local.Say, end: datetime) -> Made:
    """Fills the empty data folder of `settings` with two clubs whose stories end at `end` (local time)."""
    say("Starting the database")
    embedded = await asyncio.to_thread(EmbeddedPostgres.start, settings.data, say=say)
    try:
        async with local.opened(embedded.owner_dsn, embedded.app_dsn, lambda _: None, settings) as db:
            maker = _Maker(settings, db, embedded.owner_dsn)
            maker.lane.start()
            made = await maker.make(end)
            await maker.lane.stop()
            return made
    finally:
        await asyncio.to_thread(embedded.stop)


class _Maker:
    def __init__(self, settings: Settings, db: Database, owner_dsn: str) -> None:
        self.db = db
        self.owner_dsn = owner_dsn
        keys = Keys(settings.secret)
        self.tokens = Tokens(keys)
        self.lane = PostLane(db)
        self.chat = Messages(db, self.lane, keys.sent_mac, Pace(POSTS_A_SECOND))
        self.auth = Auth(
            db=db,
            keys=keys,
            tokens=self.tokens,
            passwords=Argon2Passwords(),
            settings=AuthSettings(
                public_url=settings.url(settings.port), origins=frozenset(), port=settings.port
            ),
        )
        self.claims: dict[str, Claims] = {}
        self.rng = random.Random(SEED)  # noqa: S311 - names of messages, not secrets

    async def make(self, end: datetime) -> Made:
        """Both clubs."""
        choir, small = year.compose(end, MESSAGES, SEED), chess.compose(end, SEED)
        people = list(dict.fromkeys(CHOIR_KEYS + CHESS_KEYS))
        progress = Progress(
            "Making a lively club", len(people) + len(choir.happenings) + len(small.happenings)
        )
        for key in people:
            await self._sign_up(key)
            progress.step()
        choir_group = await self._tell(CHOIR, CHOIR_OWNER, choir, progress)
        chess_group = await self._tell(CHESS, CHESS_OWNER, small, progress)
        progress.end()
        lively = [self._device(key) for key in LIVELY]
        epoch = await reading.epoch(self.db)
        return Made(epoch, choir_group, chess_group, self._device(ME), lively)

    async def _sign_up(self, key: str) -> None:
        """Owners have to be able to sign in; their password is thrown away, for nobody signs in as them."""
        owner = key in {CHOIR_OWNER, CHESS_OWNER}
        new = wire.NewAccount(
            name=PEOPLE[key].name,
            email=f"{key}@demo.example.org" if owner else None,
            password=secrets.token_urlsafe() if owner else None,
        )
        opened = await create_account(new, PEER, self.auth)
        self.claims[key] = self.tokens.verify(opened.access_token)

    async def _tell(self, name: str, owner: str, story: Story, progress: Progress) -> int:
        """One club's whole story, then its times. Returns its group."""
        created = await create_club(self.claims[owner], wire.NewClub(key=uuid4(), name=name), PEER, self.auth)
        self.claims[owner] = self.tokens.verify(created.club.access_token)
        group, head = created.club.group, 0
        for batch in _batches(story.happenings):
            if batch[0].text is None:
                await self._join(batch[0], created.club.code)
            else:
                places = await asyncio.gather(*(self._post(group, one) for one in batch))
                head = places[-1]
            progress.step(len(batch))
        await self._point(group, head, story)
        await move_into_the_past(self.owner_dsn, group, _times(story))
        return group

    async def _join(self, one: Happening, code: str) -> None:
        joined = await join_club(self.claims[one.person], code, PEER, self.auth)
        self.claims[one.person] = self.tokens.verify(joined.access_token)

    async def _post(self, group: int, one: Happening) -> int:
        assert one.text is not None
        name = uuid7(one.at.timestamp(), self.rng)
        return (await post_message(self.chat, self.claims[one.person], group, name, one.text)).seq

    async def _point(self, group: int, head: int, story: Story) -> None:
        """Everybody has read everything, only the demo's member comes back after a while."""
        members = {one.person for one in story.happenings}
        moves = {(self.claims[key].key, group): head for key in members}
        new = sum(one.text is not None for one in story.happenings) - story.read
        moves[self.claims[ME].key, group] = head - new
        await reading.move_read_pointers(self.db, moves)

    def _device(self, key: str) -> Device:
        who = self.claims[key]
        return Device(key, who.user, who.key, who.session, sorted(who.groups))


def _batches(happenings: list[Happening]) -> Iterator[list[Happening]]:
    """Messages that can be sent at once; whoever joins does so alone, between them."""
    batch: list[Happening] = []
    for one in happenings:
        if batch and (one.text is None or len(batch) == BATCH_MAX):
            yield batch
            batch = []
        if one.text is None:
            yield [one]
        else:
            batch.append(one)
    if batch:
        yield batch


def _times(story: Story) -> list[datetime]:
    """Of every action in the club's log: made, its owner in, then what happened."""
    begun = [story.opened_at, story.opened_at + timedelta(seconds=1)]
    return [at.astimezone(UTC) for at in (*begun, *(one.at for one in story.happenings))]
