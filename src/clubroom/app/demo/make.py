"""Makes the demo's clubs: people, memberships and messages by the same verbs that serve everybody."""

import asyncio
import random
import secrets
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from clubroom import wire
from clubroom.app import local
from clubroom.app.demo import chess, year
from clubroom.app.demo.agenda import Plan, agenda
from clubroom.app.demo.album import with_pictures
from clubroom.app.demo.bring import Bringer
from clubroom.app.demo.filling import ASKED, carols
from clubroom.app.demo.folder import Device, Made
from clubroom.app.demo.furnish import MOMENT, TAKEN_BACK, Furnisher, mistyped, slip
from clubroom.app.demo.gather import Gatherer
from clubroom.app.demo.offices import ADMINS, Offices
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
    ROLES,
)
from clubroom.app.demo.progress import Progress
from clubroom.app.demo.rooms import ROOMS, TALKS, Room
from clubroom.app.demo.uuid7 import uuid7
from clubroom.app.demo.year import Happening, Story
from clubroom.app.files import prepared
from clubroom.app.settings import Settings
from clubroom.auth.accounts import create_account
from clubroom.auth.clubs import create_club, join_club
from clubroom.auth.keys import Keys
from clubroom.auth.room import Auth
from clubroom.auth.room import Settings as AuthSettings
from clubroom.auth.tokens import Tokens
from clubroom.chat.files.room import Files
from clubroom.chat.messages import Messages, edit_message, pin_message, post_message
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
CARES = ROLES["treasurer"]
PEER = "demo"
POSTS_A_SECOND = 1_000_000
"""A year is written in a second: nobody is asked to slow down."""


async def make(settings: Settings, say: local.Say, end: datetime) -> Made:
    """Fills the empty data folder of `settings` with two clubs whose stories end at `end` (local time)."""
    say("Starting the database")
    embedded = await asyncio.to_thread(EmbeddedPostgres.start, settings.data, say=say)
    try:
        async with local.opened(embedded.owner_dsn, embedded.app_dsn, lambda _: None, settings) as db:
            blobs, _ = prepared(settings, settings.port, 0)
            bringer = Bringer(Files(db, blobs, Pace(POSTS_A_SECOND)), random.Random(SEED))  # noqa: S311
            maker = _Maker(settings, db, embedded.owner_dsn, bringer)
            maker.lane.start()
            try:
                return await maker.make(end)
            finally:
                await maker.lane.stop()
                await bringer.close()
                await blobs.close()
    finally:
        await asyncio.to_thread(embedded.stop)


class _Maker:
    def __init__(self, settings: Settings, db: Database, owner_dsn: str, bringer: Bringer) -> None:
        self.db = db
        self.bringer = bringer
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
        """Both clubs, their rooms, and the conversations."""
        choir, small = with_pictures(year.compose(end, MESSAGES, SEED)), chess.compose(end, SEED)
        plans = agenda(end)
        people = list(dict.fromkeys(CHOIR_KEYS + CHESS_KEYS))
        steps = [*people, *choir.happenings, *small.happenings, *ROOMS, *TALKS, *plans]
        progress = Progress("Making a lively club", len(steps))
        for key in people:
            await self._sign_up(key)
            progress.step()
        furnisher = Furnisher(self.chat, self.claims, self.owner_dsn, end, self.rng, self.bringer)
        gatherer = Gatherer(self.chat, self.claims, CHOIR_OWNER, CHOIR_KEYS, self.owner_dsn, end)
        first = _Telling(self, CHOIR_OWNER, choir, progress)
        await first.tell(CHOIR, furnisher, ROOMS, gatherer, plans)
        await gatherer.fill()
        progress.step(len(plans))
        second = _Telling(self, CHESS_OWNER, small, progress)
        await second.tell(CHESS, furnisher, [], gatherer, [])
        for room in ROOMS:
            await furnisher.fill_room(first.rooms[room.key], room, first.opened_at[room.key])
            progress.step()
        talks: dict[str, int] = {}
        for talk in TALKS:
            talks["+".join(talk.others)] = await furnisher.talk(talk)
            progress.step()
        progress.end()
        lively = [await self._device(key) for key in LIVELY]
        epoch, me = await reading.epoch(self.db), await self._device(ME)
        return Made(epoch, first.group, second.group, first.rooms, talks, me, lively)

    async def _sign_up(self, key: str) -> None:
        """Whoever runs a club has to be able to sign in; the password is thrown away, for nobody does."""
        runs = key in {CHOIR_OWNER, CHESS_OWNER, *ADMINS}
        new = wire.NewAccount(
            name=PEOPLE[key].name,
            email=f"{key}@demo.example.org" if runs else None,
            password=secrets.token_urlsafe() if runs else None,
        )
        opened = await create_account(new, PEER, self.auth)
        self.claims[key] = self.tokens.verify(opened.access_token)

    async def _device(self, key: str) -> Device:
        who = self.claims[key]
        return Device(key, who.user, who.key, who.session, await reading.group_ids(self.db, who.key))


class _Telling:
    """One club's whole story. `times` are those of every action in its log, in order."""

    def __init__(self, maker: _Maker, owner: str, story: Story, progress: Progress) -> None:
        self.maker = maker
        self.owner = owner
        self.story = story
        self.progress = progress
        self.slip = slip(story.happenings)
        self.times = [story.opened_at, story.opened_at + timedelta(seconds=1)]
        self.said: list[tuple[UUID, Happening]] = []
        self.begun: dict[int, UUID] = {}  # what each thread began with
        self.rooms: dict[str, int] = {}
        self.opened_at: dict[str, datetime] = {}
        self.group = 0

    async def tell(
        self,
        name: str,
        furnisher: Furnisher,
        rooms: Sequence[Room],
        gatherer: Gatherer,
        plans: Sequence[Plan],
    ) -> None:
        """The club is made, everything happens, then it is moved to its times."""
        maker, new = self.maker, wire.NewClub(key=uuid4(), name=name)
        created = await create_club(maker.claims[self.owner], new, PEER, maker.auth)
        maker.claims[self.owner] = maker.tokens.verify(created.club.access_token)
        self.group, head, waiting = created.club.group, 0, sorted(rooms, key=furnisher.opens)
        coming = list(plans)
        for batch in _batches(self.story.happenings, [plan.made for plan in plans]):
            if batch[0].text is None:
                await self._join(batch[0], created.club.code)
            else:
                head = (await asyncio.gather(*(self._post(one) for one in batch)))[-1]
            self.times += [one.at for one in batch]
            self.progress.step(len(batch))
            if len(self.said) == len(batch):
                await self._pin_welcome()
            while waiting and self.times[-1] > furnisher.opens(waiting[0]):
                await self._open(furnisher, waiting.pop(0))
            while coming and self.times[-1] >= coming[0].made:
                self.times.append(self.times[-1] + MOMENT)
                await gatherer.make(self.group, coming.pop(0), self.times[-1])
        if rooms:
            await self._act(furnisher)
            await self._ask_for_carols(gatherer, await self._give_offices(), furnisher.end)
        await self._point(head)
        at = [each.astimezone(UTC) for each in self.times]
        await move_into_the_past(maker.owner_dsn, self.group, at)
        if rooms:
            await self._wait_at_the_door()

    async def _join(self, one: Happening, code: str) -> None:
        joined = await join_club(self.maker.claims[one.person], code, PEER, self.maker.auth)
        assert isinstance(joined, wire.ClubJoined)
        self.maker.claims[one.person] = self.maker.tokens.verify(joined.access_token)

    async def _post(self, one: Happening) -> int:
        assert one.text is not None
        name = uuid7(one.at.timestamp(), self.maker.rng)
        answers = self.begun.get(one.thread) if one.answers else None
        if one.begins:
            self.begun[one.thread] = name
        self.said.append((name, one))
        text = mistyped(one.text) if one is self.slip else one.text
        who = self.maker.claims[one.person]
        images = await self.maker.bringer.bring(who, self.group, one.files, one.at.timestamp())
        return (await post_message(self.maker.chat, who, self.group, name, text, answers, images)).seq

    async def _pin_welcome(self) -> None:
        name, welcome = self.said[0]
        await pin_message(self.maker.chat, self.maker.claims[welcome.person], name, pin=True)
        self.times.append(self.times[-1] + MOMENT)

    async def _open(self, furnisher: Furnisher, room: Room) -> None:
        self.rooms[room.key] = await furnisher.open_room(self.group, room)
        self.opened_at[room.key] = self.times[-1] + MOMENT
        if not room.private:  # nothing of a private one stands in the club's log
            self.times.append(self.opened_at[room.key])

    async def _act(self, furnisher: Furnisher) -> None:
        """What is done to the last messages, after all of them."""
        count = await furnisher.react(self.said)
        for name, one in self.said:
            if one is self.slip and one.text is not None:
                await edit_message(self.maker.chat, self.maker.claims[one.person], name, one.text)
                count += 1
        last = self.times[-1]
        self.times += [last + MOMENT * place for place in range(1, count + 1)]

    async def _give_offices(self) -> dict[str, UUID]:
        """The club's labels by their names."""
        last, offices = self.times[-1], self._offices()
        count = await offices.fill(self.group, last.timestamp())
        self.times += [last + MOMENT * place for place in range(1, count + 1)]
        return offices.labels

    async def _ask_for_carols(self, gatherer: Gatherer, labels: dict[str, UUID], end: datetime) -> None:
        """The last word before one comes in: an event that is filling up."""
        asks, at = self.maker.claims[CARES], self.times[-1] + MOMENT
        await post_message(self.maker.chat, asks, self.group, uuid7(at.timestamp(), self.maker.rng), ASKED)
        self.times += [at, at + MOMENT]
        await gatherer.make(self.group, carols(end, labels), self.times[-1])

    async def _wait_at_the_door(self) -> None:
        offices = self._offices()
        said = [(name, one.person) for name, one in self.said if name != self.said[-TAKEN_BACK][0]]
        await offices.wait_at_the_door(self.group, PEER, said)

    def _offices(self) -> Offices:
        maker = self.maker
        return Offices(maker.chat, maker.auth, maker.claims, self.owner, maker.rng)

    async def _point(self, head: int) -> None:
        """Everybody has read everything, only the demo's member comes back after a while."""
        claims = self.maker.claims
        moves = {(claims[one.person].key, self.group): head for one in self.story.happenings}
        new = sum(one.text is not None for one in self.story.happenings) - self.story.read
        moves[claims[ME].key, self.group] = head - new
        await reading.move_read_pointers(self.maker.db, moves)


def _batches(happenings: list[Happening], ends: Sequence[datetime]) -> Iterator[list[Happening]]:
    """Messages that can be sent at once; whoever joins does so alone, and answers come after the answered.
    None goes on beyond one of the `ends`.
    """
    batch: list[Happening] = []
    for one in happenings:
        ended = any(batch[-1].at < end <= one.at for end in ends) if batch else False
        if batch and (ended or one.text is None or one.answers or len(batch) == BATCH_MAX):
            yield batch
            batch = []
        if one.text is None:
            yield [one]
        else:
            batch.append(one)
    if batch:
        yield batch
