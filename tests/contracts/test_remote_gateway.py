"""What a gateway elsewhere does: it loses, delays, shuffles, cuts, refuses, and forgets to say goodbye."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import msgspec
import pytest
from websockets.exceptions import ConnectionClosed

from clubroom import wire
from clubroom.app.settings import Settings
from clubroom.dba import connections
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.migrate import migrate
from clubroom.dba.pool import Database
from clubroom.errors import TooLarge, Unavailable
from clubroom.ports.gateway.aws import MESSAGE_BYTES_MAX, ManagementApi
from house.api_gateway import Elsewhere, Weather, elsewhere, reached, whole
from house.device import Device
from house.person import Person
from house.uuid7 import uuid7

ACK_S = 1.0
LOST = (TimeoutError, AssertionError, ConnectionClosed)  # no answer, or no socket any more
POSTS = 12


@pytest.fixture
async def db(postgres: EmbeddedPostgres) -> AsyncIterator[Database]:
    await migrate(postgres.owner_dsn)
    database = await Database.open(postgres.app_dsn)
    yield database
    await database.close()


class Hiccuping(Database):
    """Fails where it is told to: at a query, or at a query about one connection."""

    fails: tuple[str, str | None] = ("", None)

    async def read(self, query: str, /, **params: Any) -> Any:
        name, connection = self.fails
        if query == name and connection in (None, params["connection"]):
            raise Unavailable
        return await super().read(query, **params)


class Persistent:
    """Somebody who comes back whatever happens, and sends each message until it is acknowledged."""

    def __init__(self, person: Person, group: int, epoch: str) -> None:
        self.person, self.group, self.epoch = person, group, epoch
        self.cursors: dict[int, int] = {group: 1}
        self.heard: list[int] = []
        self.acked: dict[str, int] = {}
        self.device: Device

    async def come(self) -> None:
        """Until it is live: the welcome too may be lost."""
        while True:
            self.device = await self.person.silent_device()
            try:
                async with asyncio.timeout(ACK_S):
                    await self.device.hello(self.person.token, self.cursors, self.epoch)
            except LOST:
                await self.go()
                continue
            return

    async def go(self) -> None:
        """Without a word; what was applied stays applied."""
        self.heard += [action["seq"] for action in self.device.log.get(self.group, [])]
        self.cursors = {self.group: self.device.cursors.get(self.group, self.cursors[self.group])}
        await self.device.vanish()

    async def write(self, text: str) -> None:
        name = uuid7()
        while str(name) not in self.acked:
            try:
                async with asyncio.timeout(ACK_S):
                    answer = await self.device.post(self.group, text, name)
                self.acked[str(name)] = answer["seq"]
            except LOST:
                if self.device.close_code is not None:
                    await self.go()
                    await self.come()

    async def catch_up(self, head: int) -> None:
        """By heartbeats alone."""
        while self.device.cursors[self.group] < head:
            try:
                await self.device.send(type="ping")
                async with asyncio.timeout(ACK_S):
                    await self.device.until(lambda: self.device.cursors[self.group] >= head)
            except LOST:
                if self.device.close_code is not None:
                    await self.go()
                    await self.come()


async def test_in_foul_weather_everybody_ends_with_the_whole_log(db: Database, settings: Settings) -> None:
    """A fifth of all is lost after "200", all is shuffled, and sockets are cut after three seconds."""
    foul = Weather(lost=0.2, late_s=0.2, lives_s=3.0)
    async with elsewhere(db, settings, foul) as house:
        club, [ann, ben] = await house.club("Ann", "Ben")
        epoch = (await ann.snapshot(club))["epoch"]
        people = [Persistent(person, club, epoch) for person in (ann, ann, ben)]
        for one in people:
            await one.come()

        async def talk(one: Persistent, who: int) -> None:
            for n in range(POSTS):
                await one.write(f"{who}: {n}")

        await asyncio.gather(*(talk(one, n) for n, one in enumerate(people)))
        log = await ann.actions(club)
        await asyncio.gather(*(one.catch_up(log[-1]["seq"]) for one in people))
        wanted = [action["seq"] for action in log if action["seq"] > 1]
        for one in people:
            await one.go()
            assert one.heard == wanted
        stored = {action["id"]: action["seq"] for action in log if action["type"] == "message_posted"}
        assert stored == people[0].acked | people[1].acked | people[2].acked
        assert len(stored) == 3 * POSTS


async def test_a_socket_that_is_gone_is_forgotten_by_the_first_frame_that_meets_410(
    db: Database, settings: Settings
) -> None:
    async with elsewhere(db, settings) as house:
        club, [ann, ben] = await house.club("Ann", "Ben")
        device = await ben.device()
        kept = await connections.of_person(db, await key_of(house, ben))
        house.gateway.open.clear()  # and nobody is told
        await ann.post(club, "anybody there?")
        await until(house, lambda: forgotten(db, kept))
        assert 410 in house.gateway.answers
        device.connection.transport.abort()


async def test_a_gone_socket_that_cannot_be_forgotten_now_keeps_nothing_from_the_others(
    db: Database, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    hiccuping = Hiccuping(db.pool, db.committed)
    async with elsewhere(hiccuping, settings) as house:
        club, [ann, ben] = await house.club("Ann", "Ben")
        gone = await ben.device()
        del house.gateway.open[next(iter(house.gateway.open))]
        hers = await ann.device()
        house.driver.room = asyncio.Semaphore(1)  # one after the other, the one that is gone first
        hiccuping.fails = ("drop_connection", None)
        await ann.post(club, "all the same")
        await hers.until(lambda: hers.actions(club))
        await house.gateway.finish()
        hiccuping.fails = ("", None)
        gone.connection.transport.abort()
        assert "gone" in caplog.text


async def test_a_socket_that_the_sweep_cannot_look_at_keeps_it_from_no_other(
    db: Database,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("clubroom.notification.session.HELLO_S", 0.0)
    hiccuping = Hiccuping(db.pool, db.committed)
    async with elsewhere(hiccuping, settings) as house:
        ann = await house.person("Ann")
        first, second = await ann.silent_device(), await ann.silent_device()
        hiccuping.fails = ("load_connection", min(house.gateway.open))
        await house.driver.sweep()
        assert await second.closed() == 4401
        assert first.close_code is None
        assert "sweep" in caplog.text


async def test_a_socket_of_which_nothing_is_known_any_more_is_ended(db: Database, settings: Settings) -> None:
    """As after a restore of the database: its client comes back, and starts afresh."""
    async with elsewhere(db, settings) as house:
        ann = await house.person("Ann")
        device = await ann.device()
        for connection in await connections.of_person(db, await key_of(house, ann)):
            await connections.drop(db, connection)
        await device.send(type="ping")
        assert await device.closed() == 1000


async def test_two_frames_of_one_socket_at_once_are_both_counted(db: Database, settings: Settings) -> None:
    """Whoever is second takes its step again, from what the first has left."""
    async with elsewhere(db, settings) as house:
        club, [ann] = await house.club("Ann")
        device = await ann.device()
        for _ in range(20):
            await device.send(type="watch", group=club, on=True)
            await device.send(type="got", **{str(club): 1})
        posted = [uuid7() for _ in range(12)]
        for name in posted:
            await device.send(type="post", group=club, id=str(name), text="at once")
        await device.until(lambda: len(device.heard("ack")) == len(posted))
        await house.gateway.finish()
        (connection,) = await connections.of_person(db, await key_of(house, ann))
        kept = await connections.load(db, connection)
        assert kept is not None
        state = msgspec.json.decode(kept.state)
        assert (state["under_way"], state["got"][str(club)], state["watching"]) == (0, 1, [club])


async def test_before_the_end_of_its_life_a_socket_is_told_to_change_over(
    db: Database, settings: Settings
) -> None:
    async with elsewhere(db, settings, lives_s=(0.0, 0.0)) as house:
        club, [ann] = await house.club("Ann")
        device = await ann.device()
        await house.driver.sweep()
        await house.driver.sweep()
        await device.until(lambda: device.heard("goaway"))
        assert device.heard("goaway") == [{"type": "goaway", "in_ms": 240_000, "why": "limit"}]
        following = await ann.device()
        await device.leave()
        assert (await following.post(club, "the same talk"))["type"] == "ack"


async def test_the_sweep_removes_whoever_never_said_hello(
    db: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clubroom.notification.session.HELLO_S", 0.0)
    async with elsewhere(db, settings) as house:
        ann = await house.person("Ann")
        device = await ann.silent_device()
        await house.driver.sweep()
        assert await device.closed() == 4401


async def test_messages_that_the_gateway_would_refuse_are_refused_before(
    db: Database, settings: Settings
) -> None:
    async with elsewhere(db, settings) as house:
        ann = await house.person("Ann")
        await ann.device()
        api = house.driver.gateway
        (connection,) = house.gateway.open
        answers = len(house.gateway.answers)
        with pytest.raises(TooLarge):
            await api.post(connection, b"x" * (MESSAGE_BYTES_MAX + 1))
        assert len(house.gateway.answers) == answers
        assert wire.FRAME_OUT_BYTES_MAX < MESSAGE_BYTES_MAX


async def test_a_gateway_that_does_not_answer_is_told_in_our_words() -> None:
    api = ManagementApi("http://127.0.0.1:1")  # nobody listens there
    with pytest.raises(Unavailable):
        await api.post("anybody", b"hello")
    await api.close()


@pytest.mark.parametrize(
    ("status", "headers", "there"),
    [
        (200, {}, True),
        (410, {}, False),
        (400, {"x-amzn-errortype": "GoneException:http://internal"}, False),
    ],
)
async def test_gone_is_told_by_status_or_by_name(status: int, headers: dict[str, str], there: bool) -> None:
    asked: list[bytes] = []

    async def gateway(scope: Any, receive: Any, send: Any) -> None:
        await whole(receive)
        asked.append(scope["raw_path"])
        told = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": told})
        await send({"type": "http.response.body", "body": b""})

    async with reached(gateway) as url:
        api = ManagementApi(f"{url}/stage")
        assert await api.post("L0SM9cOFvHcCIhw=", b"{}") is there
        await api.close()
    assert asked == [b"/stage/%40connections/L0SM9cOFvHcCIhw%3D"]


async def key_of(house: Elsewhere, person: Person) -> int:
    """The database's number of a person."""
    return house.process.tokens.verify(person.token).key


async def forgotten(db: Database, kept: list[str]) -> bool:
    return [await connections.load(db, connection) for connection in kept] == [None] * len(kept)


async def until(house: Elsewhere, holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(10):
        while not await holds():
            await house.gateway.finish()
