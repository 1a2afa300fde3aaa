"""What the roles for gateways could do beside reading: everything is tried on everything."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from clubroom.dba.embedded import EmbeddedPostgres
from house.databases import connected
from house.gateway import asking, gateway, judging
from house.server import House

MAY_NOT = asyncpg.InsufficientPrivilegeError
NOT_OF_A_VIEW = (MAY_NOT, asyncpg.WrongObjectTypeError, asyncpg.ObjectNotInPrerequisiteStateError)
WRITING = (
    "insert into clubroom.{} default values",
    "delete from clubroom.{}",
    "truncate clubroom.{}",
    "lock table clubroom.{} in row exclusive mode",
    "select 1 from clubroom.{} for update",
    "alter table clubroom.{} disable row level security",
    "drop table clubroom.{}",
    "create policy mine on clubroom.{} using (true)",
    "comment on table clubroom.{} is 'mine'",
    "copy clubroom.{} from stdin",
)


@pytest.fixture(params=["reader", "judge"])
async def role(
    house: House, postgres: EmbeddedPostgres, request: pytest.FixtureRequest
) -> AsyncIterator[asyncpg.Connection]:
    opened = gateway if request.param == "reader" else judging
    async with opened(postgres) as connection:
        yield connection


async def relations(role: asyncpg.Connection, kinds: str) -> list[str]:
    found = await role.fetch(
        "select relname::text as name from pg_class where relnamespace = 'clubroom'::regnamespace"
        ' and relkind = any(string_to_array($1, null)::"char"[]) order by 1',
        kinds,
    )
    return [row["name"] for row in found]


async def columns(role: asyncpg.Connection, table: str) -> list[str]:
    found = await role.fetch(
        "select attname::text as name from pg_attribute where attrelid = ('clubroom.' || $1)::regclass"
        " and attnum > 0 and not attisdropped",
        table,
    )
    return [row["name"] for row in found]


async def test_no_writing_statement_is_taken_on_any_table(house: House, role: asyncpg.Connection) -> None:
    _, [ann] = await house.club("Ann")
    names = await relations(role, "rpvm")
    assert len(names) > 60
    for name in names:
        updating = [f'update clubroom.{{}} set "{one}" = default' for one in await columns(role, name)]  # noqa: S608
        for statement in (one.format(f'"{name}"') for one in (*WRITING, *updating)):
            with pytest.raises(NOT_OF_A_VIEW):
                async with asking(role, ann.user):
                    await role.execute(statement)


async def test_no_sequence_is_moved_and_no_object_is_made(role: asyncpg.Connection) -> None:
    names = await relations(role, "S")
    assert names
    for name in names:
        for call in (f"nextval('clubroom.\"{name}\"')", f"setval('clubroom.\"{name}\"', 1)"):
            with pytest.raises(MAY_NOT):
                await role.execute(f"select {call}")
    for making in (
        "table {}.mine(x int)",
        "view {}.mine as select 1",
        "function {}.mine() returns int return 1",
    ):
        for schema in ("clubroom", "public"):
            with pytest.raises(MAY_NOT):
                await role.execute(f"create {making.format(schema)}")


async def test_no_function_of_ours_is_called_but_those_that_judge(role: asyncpg.Connection) -> None:
    found = await role.fetch(
        "select proname::text as name, provolatile = 'v' as may_write from pg_proc"
        " where pronamespace = 'clubroom'::regnamespace and has_function_privilege(oid, 'execute')"
    )
    assert found
    assert all(row["name"].startswith(("_fence_", "_gateway_")) for row in found)
    assert not [row["name"] for row in found if row["may_write"]]
    anywhere = await role.fetch(
        "select oid::regprocedure::text as name from pg_proc where prosecdef"
        " and pronamespace <> 'clubroom'::regnamespace and has_function_privilege(oid, 'execute')"
    )
    assert anywhere == []


async def test_it_takes_on_no_other_role(role: asyncpg.Connection) -> None:
    for other in ("clubroom_writer", "clubroom_app", "clubroom_owner", "postgres"):
        with pytest.raises(MAY_NOT):
            await role.execute(f"set role {other}")
        with pytest.raises(MAY_NOT):
            await role.execute(f"set session authorization {other}")


async def test_only_the_views_that_name_the_reader_show_more_than_whoever_asks_may_read(
    house: House, postgres: EmbeddedPostgres
) -> None:
    async with gateway(postgres) as reader:
        found = await reader.fetch(
            "select relname::text as name, has_any_column_privilege(oid, 'select') as open from pg_class"
            " where relnamespace = 'clubroom'::regnamespace and relkind = 'v'"
            " and not coalesce('security_invoker=true' = any(reloptions), false)"
        )
    assert {row["name"] for row in found} >= {"who_reads", "who_reads_messages"}
    assert all(row["name"].startswith("who_") and not row["open"] for row in found)


async def test_no_row_slips_out_through_a_function_an_error_or_the_statistics_of_the_planner(
    house: House, postgres: EmbeddedPostgres
) -> None:
    club, [ann] = await house.club("Ann")
    _, [xenia] = await house.club("Xenia")
    await ann.post(club, "not for Xenia")
    async with connected(postgres.owner_dsn) as owner:
        await owner.execute("analyze clubroom.messages")
    async with gateway(postgres) as reader:
        heard: list[str] = []
        reader.add_log_listener(lambda _, message: heard.append(str(message)))
        await reader.execute(
            "create function pg_temp.tell(said text) returns boolean language plpgsql cost 0.0001 as"
            " $$ begin raise notice '%', said; return true; end $$"
        )
        async with asking(reader, xenia.user):
            await reader.fetch("select id from messages where pg_temp.tell(text)")
            await reader.fetch("select message_id from messages_seen where pg_temp.tell(message_id::text)")
            await reader.fetch("select id from messages where text = 'x' or 1 / length(text) = 7")
            assert await reader.fetch("select 1 from pg_stats where schemaname = 'clubroom'") == []
        assert not [said for said in heard if "not for Xenia" in said]


async def test_a_table_of_ones_own_does_not_stand_in_for_one_of_ours(
    house: House, postgres: EmbeddedPostgres
) -> None:
    club, [ann] = await house.club("Ann")
    _, [xenia] = await house.club("Xenia")
    await ann.post(club, "not for Xenia")
    async with gateway(postgres) as reader:
        await reader.execute(
            "create temp table readers as select g as group_id, 1::bigint as first_seq, true as manages,"
            " u as user_id from generate_series(1, 100) g, generate_series(1, 100) u;"
            "create temp table users as select u as id, 'me' as sub, null::timestamptz as gone_at"
            " from generate_series(1, 100) u"
        )
        for path in ("pg_temp, clubroom", "clubroom, pg_temp", ""):
            await reader.fetchval("select set_config('search_path', $1, false)", path)
            for who in (xenia.user, "me"):
                async with asking(reader, who):
                    assert (
                        await reader.fetchval(
                            "select count(*) from clubroom.messages where group_id = $1", club
                        )
                        == 0
                    )
