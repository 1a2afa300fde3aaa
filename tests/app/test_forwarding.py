"""What commits leave for sockets that are held elsewhere, and who hands it on."""

from collections.abc import AsyncIterator, Sequence

import pytest

from clubroom.actions import Logged
from clubroom.app.forwarding import Forwarding, together
from clubroom.dba import forwards
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.forwards import Forward
from clubroom.dba.migrate import migrate
from clubroom.dba.pool import Database
from house.databases import connected
from house.server import House
from house.venues import forwarding as forwarded


@pytest.fixture
async def left(postgres: EmbeddedPostgres, database: Database) -> AsyncIterator[Database]:
    """Commits leave word; what others left before is gone."""
    async with forwarded(postgres.owner_dsn):
        await none_left(database)
        yield database


async def none_left(db: Database) -> None:
    while taken := await forwards.take(db, 100, lease_s=60):
        await forwards.close(db, [one.id for one in taken])


LEASE_OVER = "update forwards set leased_until = leased_until - interval '1 minute'"
HOURS_OLD = "update forwards set at = at - interval '2 hours'"


async def later(postgres: EmbeddedPostgres, what: str) -> None:
    """As time would do it."""
    async with connected(
        postgres.owner_dsn, search_path="clubroom, pg_temp", role="clubroom_writer"
    ) as owner:
        await owner.execute(what)


class Heard:
    """Publishes into a list."""

    def __init__(self) -> None:
        self.seqs: dict[int, list[int]] = {}
        self.fails = False

    async def __call__(self, entries: Sequence[Logged]) -> None:
        if self.fails:
            raise RuntimeError("killed in the middle")
        for entry in entries:
            self.seqs.setdefault(entry.group, []).append(entry.seq)


async def test_a_server_that_holds_its_sockets_leaves_nothing(house: House, database: Database) -> None:
    club, [ann] = await house.club("Ann")
    await none_left(database)
    await ann.post(club, "hello")
    assert await forwards.take(database, 10, lease_s=60) == []


async def test_each_commit_leaves_word_and_what_it_wrote_is_handed_on_once(
    house: House, left: Database
) -> None:
    club, [ann] = await house.club("Ann")
    await none_left(left)
    seqs = [(await ann.post(club, f"{n}"))["seq"] for n in range(3)]
    heard = Heard()
    job = Forwarding(left, heard)
    assert await job() is False
    assert heard.seqs == {club: seqs}
    await job()
    assert heard.seqs == {club: seqs}


async def test_what_was_taken_and_not_handed_on_is_anothers_after_its_lease(
    house: House, left: Database, postgres: EmbeddedPostgres
) -> None:
    club, [ann] = await house.club("Ann")
    await none_left(left)
    seq = (await ann.post(club, "hello"))["seq"]
    heard = Heard()
    heard.fails = True
    job = Forwarding(left, heard)
    with pytest.raises(RuntimeError):
        await job()
    heard.fails = False
    await job()
    assert heard.seqs == {}, "somebody has it in hand"
    await later(postgres, LEASE_OVER)
    await job()
    assert heard.seqs == {club: [seq]}


async def test_what_lies_here_since_an_hour_is_forgotten(
    house: House, left: Database, postgres: EmbeddedPostgres
) -> None:
    club, [ann] = await house.club("Ann")
    await ann.post(club, "hello")
    await later(postgres, HOURS_OLD)
    assert await forwards.forget(left, 10) is False
    assert await forwards.take(left, 10, lease_s=60) == []


def test_what_follows_each_other_is_handed_on_together() -> None:
    taken = [Forward(1, 7, 1, 2), Forward(2, 8, 5, 5), Forward(3, 7, 3, 3), Forward(4, 7, 9, 9)]
    assert [(one.group, one.first, one.last) for one in together(taken)] == [(7, 1, 3), (7, 9, 9), (8, 5, 5)]


async def test_turning_it_on_twice_and_off_again_changes_nothing_else(postgres: EmbeddedPostgres) -> None:
    for on in (True, True, False, False):
        await migrate(postgres.owner_dsn, forwards=on)
    async with connected(postgres.owner_dsn) as connection:
        found = await connection.fetchval("select tgenabled::text from pg_trigger where tgname = 'forward'")
    assert found == "D"
