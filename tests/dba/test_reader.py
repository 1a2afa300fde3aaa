"""The role for gateways that only read: row-level security alone decides what somebody sees."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.migrate import migrate
from clubroom.dba.pool import Database
from house.databases import OWNER, another_database, connected
from house.gateway import asking, gateway
from house.person import Person
from house.server import House

MAY_NOT = asyncpg.InsufficientPrivilegeError
OF_WHOM = "select u.sub from users u join"
VIEWS = {"event_attendance", "group_people", "messages_seen"}
COUNT = "select count(*) from"
READABLE = {
    "actions", "answers", "club_emotes", "emotes", "event_attendance", "events", "follows", "group_people",
    "groups", "labels", "levels", "member_labels", "memberships", "messages", "messages_seen", "mutes",
    "occurrences", "pins", "read_pointers", "users",
}  # fmt: skip


@pytest.fixture
async def reader(house: House, postgres: EmbeddedPostgres) -> AsyncIterator[asyncpg.Connection]:
    async with gateway(postgres) as connection:
        yield connection


async def texts(reader: asyncpg.Connection, who: Person | None, group: int) -> list[str | None]:
    async with asking(reader, who.user if who is not None else None):
        rows = await reader.fetch("select text from messages where group_id = $1 order by seq", group)
    return [row["text"] for row in rows]


async def test_each_sees_what_they_may_read_and_nobody_sees_more(
    house: House, reader: asyncpg.Connection
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    xenia = await house.person("Xenia")
    await ann.post(club, "hello")
    private = await ann.channel(club, "Board", private=True)
    await ann.post(private, "a secret")
    assert await texts(reader, ben, club) == ["hello"]
    assert await texts(reader, ann, private) == ["a secret"]
    for who, group in [(ben, private), (xenia, club), (None, club)]:
        assert await texts(reader, who, group) == []


@pytest.mark.parametrize("said", [None, "", "nobody", "0", "1", "%", "' or true --"])
async def test_without_a_user_there_are_no_rows(
    house: House, reader: asyncpg.Connection, said: str | None
) -> None:
    club, [ann] = await house.club("Ann")
    await ann.post(club, "hello")
    async with asking(reader, said):
        for table in READABLE:
            assert await reader.fetchval(f"{COUNT} {table}") == 0, table


async def test_whoever_is_added_without_history_sees_what_comes_and_whoever_is_removed_sees_nothing(
    house: House, reader: asyncpg.Connection
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    room = await ann.channel(club, "Board", private=True)
    await ann.post(room, "before")
    await ann.ok("POST", f"/api/groups/{room}/members", {"users": [ben.user], "history": False})
    await ann.post(room, "after")
    assert await texts(reader, ben, room) == ["after"]
    await ann.remove(club, ben.user)
    assert await texts(reader, ben, room) == await texts(reader, ben, club) == []
    async with asking(reader, ben.user):
        assert club not in [row["id"] for row in await reader.fetch("select id from groups")]
        assert ben.user in [row["sub"] for row in await reader.fetch("select sub from users")]


async def test_what_was_deleted_says_nothing_there_either(house: House, reader: asyncpg.Connection) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    message = (await ann.post(club, "a slip"))["id"]
    await ben.react(message, "👍")
    await ann.ok("DELETE", f"/api/messages/{message}")
    assert await texts(reader, ben, club) == [None]
    async with asking(reader, ben.user):
        assert await reader.fetchval("select count(*) from emotes where message_id = $1", message) == 0
        bodies = [row["body"] for row in await reader.fetch("select body from actions")]
    assert not any(b"a slip" in body for body in bodies)


async def test_ones_own_pointers_and_list_are_seen_and_not_those_of_others(
    house: House, reader: asyncpg.Connection
) -> None:
    club, [ann, ben] = await house.club("Ann", "Ben")
    room = await ann.channel(club)
    for each in (ann, ben):
        await each.ok("PUT", f"/api/groups/{room}/read", {"seq": 1})
        await each.ok("PUT", f"/api/groups/{room}/follow", {"on": each is ben})
        await each.ok("PUT", f"/api/groups/{room}/mute", {"for_s": None})
        await each.ok("PUT", f"/api/groups/{room}/level", {"level": "mentions"})
    async with asking(reader, ben.user):
        for table in ("read_pointers", "follows", "mutes", "levels"):
            rows = await reader.fetch(f"{OF_WHOM} {table} t on u.id = t.user_id")
            assert {row["sub"] for row in rows} == {ben.user}, table


async def test_it_may_read_what_is_listed_and_nothing_else(reader: asyncpg.Connection) -> None:
    """A table or a column that comes later is closed until fences.sql lists it."""
    tables = await reader.fetch(
        "select c.relname as name, has_any_column_privilege(c.oid, 'select') as some,"
        " has_table_privilege(c.oid, 'select') as whole from pg_class c"
        " where c.relnamespace = 'clubroom'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')"
    )
    assert {row["name"] for row in tables if row["some"]} == READABLE
    assert not [row["name"] for row in tables if row["whole"]]
    for secret in ("sent_mac from messages", "target from actions", "may_post from memberships"):
        with pytest.raises(MAY_NOT):
            await reader.fetch(f"select {secret}")


async def test_it_can_write_nothing_and_call_no_command(house: House, reader: asyncpg.Connection) -> None:
    club, [ann] = await house.club("Ann")
    for table in READABLE - VIEWS:  # which nobody could write to
        for writing in ("delete from {}", "truncate {}", "insert into {} default values"):
            with pytest.raises(MAY_NOT):
                async with asking(reader, ann.user):
                    await reader.execute(writing.format(table))
    with pytest.raises(MAY_NOT):
        async with asking(reader, ann.user):
            await reader.execute("update memberships set role = 'owner'")
    callable_ones = await reader.fetch(
        "select proname from pg_proc where pronamespace = 'clubroom'::regnamespace"
        " and has_function_privilege(oid, 'execute')"
    )
    assert {row["proname"] for row in callable_ones} == {
        "_fence_asker", "_fence_first_seqs", "_fence_groups", "_fence_managed", "_fence_people"
    }  # fmt: skip
    with pytest.raises(MAY_NOT):
        await reader.fetch("select snapshot(1, $1, 0, 10)", club)


async def test_the_role_that_serves_still_sees_no_row_by_itself(house: House, database: Database) -> None:
    _, [ann] = await house.club("Ann")
    async with database.pool.acquire() as connection:
        for table in READABLE:
            with pytest.raises(MAY_NOT):
                async with asking(connection, ann.user):
                    await connection.fetch(f"{COUNT} {table}")
        with pytest.raises(MAY_NOT):
            await connection.fetch("select _fence_groups()")
        with pytest.raises(MAY_NOT):
            await connection.execute("set role clubroom_reader")


async def test_a_table_that_comes_later_is_closed(postgres: EmbeddedPostgres) -> None:
    async with another_database(postgres, "later", OWNER) as url:
        await migrate(url)
        async with connected(url) as owner:
            await owner.execute("create table clubroom.telephones(user_id bigint, telephone text)")
            await owner.execute("alter table clubroom.users add telephone text")
        await migrate(url)
        async with gateway(postgres, "later") as reader:
            for closed in ("telephone from telephones", "telephone from users"):
                with pytest.raises(MAY_NOT):
                    await reader.fetch(f"select {closed}")
            assert await reader.fetch("select name from users") == []


async def test_a_host_with_one_role_has_no_reader(postgres: EmbeddedPostgres) -> None:
    async with another_database(postgres, "unread", "one_role_only") as url:
        await migrate(url)
        async with gateway(postgres, "unread") as reader:
            with pytest.raises(MAY_NOT):
                await reader.fetch("select id from clubroom.groups")


async def test_a_person_is_judged_once_in_a_query_and_not_once_in_a_row(
    house: House, reader: asyncpg.Connection
) -> None:
    club, [ann] = await house.club("Ann")
    async with asking(reader, ann.user):
        await reader.execute("set local enable_seqscan = off")  # as in a table of many
        plan = await reader.fetch("explain select text from messages where group_id = $1 and seq < 50", club)
    steps = [row[0] for row in plan]
    assert sum(step.strip().startswith("InitPlan") for step in steps) == 2, steps
    assert any("messages_group_id_seq_key" in step for step in steps), steps
    assert not any("SubPlan" in step for step in steps), steps
