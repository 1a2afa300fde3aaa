"""Functions that are killed, frozen, or without their database: nobody is served wrongly, and what was begun
is done by the next.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from msgspec import structs

from app_aws.conftest import HERE
from clubroom.app import remote_sockets
from clubroom.app.aws.frames import Notification
from clubroom.app.aws.function import Function
from clubroom.app.aws.place import Place
from clubroom.app.aws.web import Web
from clubroom.app.aws.work import Worker
from clubroom.app.settings import Settings
from clubroom.dba import checks, connections
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.migrate import migrate, new_epoch
from clubroom.dba.pool import Database
from clubroom.errors import Unavailable
from clubroom.notification.session import Session
from clubroom.ports.bus import News
from house.databases import another_database, connected
from house.functions import CREDENTIALS, Functions
from house.pooler import pooled
from house.venues import APP_ROLE

NOWHERE = "http://127.0.0.1:1"


def place(settings: Settings, dsn: str) -> Place:
    """A database, and nobody else."""
    return Place(
        settings=structs.replace(settings, public_url=HERE, pooler=True),
        dsn=dsn,
        gateway=f"{NOWHERE}/live",
        queue=f"{NOWHERE}/000000000000/wakes",
        credentials=CREDENTIALS,
    )


AWAY = "postgresql://clubroom@127.0.0.1:1/clubroom"


async def alone(where: Place, work: Callable[[Function], Any]) -> Any:
    """In a thread, as a process of its own; gone afterwards."""

    def lived() -> Any:
        function = Function(where)
        try:
            return work(function)
        finally:
            function.loop.run_until_complete(function.close())
            function.loop.close()

    return await asyncio.get_running_loop().run_in_executor(None, lived)


async def asked_who(function: Function) -> str:
    """As whom it serves."""
    async with (await function.database()).connection() as connection:
        return str(await connection.fetchval("select current_user"))


# --- the database is away, or not fit -------------------------------------------------------------------


async def test_a_start_that_met_nobody_does_not_serve_as_the_owner_afterwards(
    postgres: EmbeddedPostgres, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    become, away = Database.become, [True]

    async def at_first_away(db: Database, role: str) -> None:
        if away.pop() if away else False:
            raise Unavailable
        await become(db, role)

    monkeypatch.setattr(Database, "become", at_first_away)

    def twice(function: Function) -> str:
        with pytest.raises(Unavailable):
            function.run(function.database())
        return function.run(asked_who(function))

    name = f"begun_{uuid4().hex}"
    async with (
        another_database(postgres, name, "clubroom_owner") as owner,
        pooled(owner, "clubroom_owner") as pooler,
    ):
        await migrate(owner)
        assert await alone(place(settings, pooler.dsn), twice) == APP_ROLE


async def test_a_database_that_might_lose_what_was_sent_serves_nobody(
    house: Functions, settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def unfit(_: Database, **__: Any) -> None:
        raise checks.DatabaseUnfit("fsync is off")

    monkeypatch.setattr(checks, "require_fit", unfit)
    where = place(settings, house.dsn)
    with caplog.at_level(logging.CRITICAL):
        answer = await alone(where, lambda function: Web(function, "chat")({}, None))
    assert answer["statusCode"] == 503
    assert "fsync is off" in caplog.text


@pytest.mark.parametrize("service", ["auth", "chat", "fe", "notification"])
async def test_without_its_database_each_service_says_come_again(settings: Settings, service: Any) -> None:
    def called(function: Function) -> Any:
        if service == "notification":
            return Notification(function)({"version": "2.0", "requestContext": {"http": {}}}, None)
        return Web(function, service)({}, None)

    answer = await alone(place(settings, AWAY), called)
    assert answer["statusCode"] == 503
    assert '"code":"unavailable"' in answer["body"]


async def test_the_worker_without_its_database_waits_for_the_clock(settings: Settings) -> None:
    said = {"Records": [{"body": "wake"}]}
    assert await alone(place(settings, AWAY), lambda function: Worker(function)(said, None)) is None


async def test_a_statement_that_hangs_is_given_up_before_the_function_is(
    house: Functions, settings: Settings
) -> None:
    async def hang(function: Function) -> str:
        db = await function.database()
        with pytest.raises(Unavailable):
            async with db.connection() as connection:
                await connection.fetchval("select pg_sleep(30)")
        return await asked_who(function)

    async with asyncio.timeout(12):
        where = place(settings, house.dsn)
        assert await alone(where, lambda function: function.run(hang(function))) == APP_ROLE


async def test_a_signal_that_is_lost_spoils_no_answer_and_the_bell_is_rung(
    house: Functions, settings: Settings
) -> None:
    rung = []

    async def lost(_: News) -> None:
        raise Unavailable

    async def ring(after_s: int = 0) -> None:
        rung.append(after_s)

    async def work(function: Function) -> str:
        function.hear, function.wake = lost, ring  # type: ignore[method-assign]
        function.news.append(News())
        function.moved.add(7)
        return "answer"

    found = await alone(place(settings, house.dsn), lambda function: function.run(work(function)))
    assert (found, rung) == ("answer", [0])


# --- sockets ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["a frame", "the sweep"])
async def test_a_close_that_was_decided_and_not_done_is_done_by_whoever_comes_next(
    house: Functions, database: Database, by: str
) -> None:
    """Its function was killed between the two."""
    ann = await house.person("Ann")
    device = await ann.device()
    await house.settled()
    (connection,) = house.gateway.open
    kept = await connections.load(database, connection)
    assert kept is not None
    state = msgspec.json.decode(kept.state, type=Session)
    assert state.claims is not None
    closed = msgspec.json.encode(structs.replace(state, phase="closed"))
    who, device_id = state.claims.key, state.claims.session
    assert await connections.save(database, connection, kept.version, closed, who, device_id)
    if by == "a frame":
        await device.send(type="ping")
    else:
        await house.sweep()
    await device.closed()
    assert await connections.load(database, connection) is None


async def test_a_crowd_hears_only_that_there_is_more_and_nobody_of_what_lies_behind_their_removal(
    house: Functions, monkeypatch: pytest.MonkeyPatch
) -> None:
    club, [ann, ben, cem] = await house.club("Ann", "Ben", "Cem")
    hers, his, other = await ann.device(), await ben.device(), await cem.device()
    await house.settled()
    monkeypatch.setattr(remote_sockets, "CROWD", 1)
    house.api.deaf = True
    await ann.remove(club, ben.user)
    last = (await ann.post(club, "behind his back"))["seq"]
    house.api.deaf = False
    await house.sweep()
    for device, head in ((hers, last), (other, last), (his, last - 1)):
        await device.until(lambda device=device: device.heard("behind"))  # type: ignore[misc]
        assert {frame["heads"][str(club)] for frame in device.heard("behind")} == {head}


async def rows(postgres: EmbeddedPostgres) -> int:
    """Forwards that nobody has handed on."""
    settings = {"search_path": "clubroom, pg_temp", "role": "clubroom_writer"}
    async with connected(postgres.owner_dsn, **settings) as owner:
        return int(await owner.fetchval("select count(*) from forwards"))


async def test_a_frame_hands_on_what_it_wrote_and_leaves_what_others_left(
    house: Functions, postgres: EmbeddedPostgres
) -> None:
    """Else somebody's post would wait for all that an outage has left."""
    left, [ann] = await house.club("Ann")
    own, [ben] = await house.club("Ben")
    his = await ben.device()
    await house.settled()
    await house.sweep()
    house.api.deaf = True
    await ann.post(left, "nobody is woken")
    await his.post(own, "at once")
    await his.until(lambda: his.actions(own))
    house.api.deaf = False
    await house.settled()
    assert await rows(postgres) == 1


async def test_after_a_restore_every_socket_ends_with_its_next_frame(
    house: Functions, postgres: EmbeddedPostgres
) -> None:
    """The last here: each function learns of it within two seconds, and believes older tokens till then."""
    ann = await house.person("Ann")
    device = await ann.device()
    await new_epoch(postgres.owner_dsn)
    await device.send(type="ping")
    assert await device.closed() in (1000, 1005)
