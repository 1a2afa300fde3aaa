"""What Hasura is told, held against the database: Hasura itself is not run here.

Its row filters are read as its documentation says they are read, and must open to each person exactly the
rows that row-level security opens to them.
"""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import yaml

from clubroom.app.readers import CLAIMS, ROLE, claims
from clubroom.auth.reading.tokens import AUDIENCE
from clubroom.dba.embedded import EmbeddedPostgres
from deploy.hasura import write_metadata as written
from house.events import made, says
from house.gateway import asking, gateway, judging
from house.person import Person
from house.server import House
from house.uuid7 import uuid7

PERMISSIONS = {"insert_permissions", "update_permissions", "delete_permissions", "event_triggers"}
Table = dict[str, Any]


def tables() -> dict[str, Table]:
    """As the command-line tool reads them, with all that is included."""
    [database] = yaml.safe_load((written.METADATA / "databases" / "databases.yaml").read_text())
    folder = written.METADATA / "databases"
    listed = yaml.safe_load((folder / database["tables"].removeprefix("!include ")).read_text())
    read = [yaml.safe_load((written.TABLES / one.removeprefix("!include ")).read_text()) for one in listed]
    assert {one["table"]["schema"] for one in read} == {"clubroom"}
    return {one["table"]["name"]: one for one in read}


def test_the_files_are_as_they_are_written_from_the_fences() -> None:
    found = {path: path.read_text() for path in written.METADATA.rglob("*") if path.is_file()}
    assert found == written.files(), "python deploy/hasura/write_metadata.py writes them anew"


def test_no_permission_stands_anywhere_but_to_select() -> None:
    for name, table in tables().items():
        assert not PERMISSIONS & table.keys(), name
        for one in table.get("select_permissions", ()):
            permission = one["permission"]
            assert one["role"] == ROLE, name
            assert permission["filter"], name
            assert permission["limit"] <= 100 and not permission["allow_aggregations"], name
    for name in ("actions.yaml", "remote_schemas.yaml", "inherited_roles.yaml", "rest_endpoints.yaml"):
        told = yaml.safe_load((written.METADATA / name).read_text())
        assert not told or not told["actions"], name


async def columns_of(role: asyncpg.Connection) -> dict[str, set[str]]:
    found = await role.fetch(
        "select c.relname::text as name, array_agg(a.attname::text) as columns from pg_class c"
        " join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped"
        " where c.relnamespace = 'clubroom'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')"
        " and has_column_privilege(c.oid, a.attnum, 'select') group by 1"
    )
    return {row["name"]: set(row["columns"]) for row in found}


async def test_tables_and_columns_are_those_that_are_opened_to_the_reader(
    house: House, postgres: EmbeddedPostgres
) -> None:
    told = {
        name: set(table["select_permissions"][0]["permission"]["columns"])
        for name, table in tables().items()
        if "select_permissions" in table
    }
    async with gateway(postgres) as reader, judging(postgres) as judge:
        assert told == await columns_of(reader)
        shown = await columns_of(judge)
    assert {name: columns for name, columns in shown.items() if not name.startswith("who_")} == told
    assert shown.keys() == tables().keys()


def condition(where: Any, table: Table, alias: str, depth: int = 0) -> str:
    """A filter as SQL: a relationship holds where a row that it leads to fulfils what stands below it."""
    if "_and" in where:
        return "(" + " and ".join(condition(one, table, alias, depth) for one in where["_and"]) + ")"
    [(name, below)] = where.items()
    if "_eq" in below:
        assert below == {"_eq": "X-Hasura-User-Id"}, below
        return f"{alias}.{name} = $1"
    both = (*table.get("object_relationships", ()), *table.get("array_relationships", ()))
    [one] = [one["using"]["manual_configuration"] for one in both if one["name"] == name]
    remote, inner = one["remote_table"]["name"], f"r{depth}"
    joined = " and ".join(
        f"{inner}.{there} = {alias}.{here}" for here, there in one["column_mapping"].items()
    )
    rest = condition(below, tables()[remote], inner, depth + 1)
    return f"exists (select 1 from clubroom.{remote} {inner} where {joined} and {rest})"  # noqa: S608


async def rows(role: asyncpg.Connection, query: str, *given: str) -> list[str]:
    return sorted(str(row[0]) for row in await role.fetch(query, *given))


def listed(name: str, table: Table) -> str:
    columns = ", ".join(f"t.{one}" for one in table["select_permissions"][0]["permission"]["columns"])
    return f"select row({columns})::text from clubroom.{name} t"  # noqa: S608


@pytest.fixture
async def readers(
    house: House, postgres: EmbeddedPostgres
) -> AsyncIterator[tuple[asyncpg.Connection, asyncpg.Connection]]:
    async with gateway(postgres) as reader, judging(postgres) as judge:
        yield reader, judge


async def a_year(house: House) -> list[Person]:
    """People who may read this and that; the last two have left, or were never there."""
    club, [ann, ben, cleo, dan] = await house.club("Ann", "Ben", "Cleo", "Dan")
    _, [xenia] = await house.club("Xenia")
    board = await ann.channel(club, "Board", private=True)
    garden = await ann.channel(club, "Garden")
    await ann.post(board, "before Ben")
    await ann.ok("POST", f"/api/groups/{board}/members", {"users": [ben.user], "history": False})
    for group in (club, board):
        message = (await ann.post(group, "hello"))["id"]
        await ben.react(message, "👍")
        await ann.ok("PUT", f"/api/messages/{message}/pin", {"on": True})
    slip = (await ben.post(club, "a slip"))["id"]
    await ben.ok("DELETE", f"/api/messages/{slip}")
    label = str(uuid7())
    await ann.ok("PUT", f"/api/groups/{club}/labels/{label}", {"name": "Violins"})
    await ann.ok("PUT", f"/api/groups/{club}/members/{cleo.user}/labels", {"labels": [label]})
    for shown in ("all", "admins"):
        event, _ = await made(ann, club, list_shown=shown)
        for each, answer in ((ben, "going"), (cleo, "no"), (dan, "maybe")):
            await says(each, event, answer, note=f"of {each.user}")
    secret, _ = await made(ann, board)
    await says(ben, secret, "going")
    talk = await cleo.dm(ben)
    await cleo.post(talk, "between us")
    for each in (ann, ben, cleo, dan):
        await each.ok("PUT", f"/api/groups/{club}/read", {"seq": 10})
        await each.ok("PUT", f"/api/groups/{garden}/follow", {"on": each is ben})
        await each.ok("PUT", f"/api/groups/{club}/mute", {"for_s": None})
        await each.ok("PUT", f"/api/groups/{club}/level", {"level": "mentions"})
    await ann.remove(club, dan.user)
    return [ann, ben, cleo, dan, xenia]


async def test_its_filters_open_to_each_the_rows_that_row_level_security_opens(
    house: House, readers: tuple[asyncpg.Connection, asyncpg.Connection]
) -> None:
    people = await a_year(house)
    reader, judge = readers
    seen: dict[str, set[int]] = {}
    for name, table in tables().items():
        if "select_permissions" not in table:
            continue
        where = condition(table["select_permissions"][0]["permission"]["filter"], table, "t")
        for person in people:
            user = claims(person.user, [])[CLAIMS]["x-hasura-user-id"]  # type: ignore[index]
            opened = await rows(judge, f"{listed(name, table)} where {where}", user)
            async with asking(reader, person.user):
                assert opened == await rows(reader, listed(name, table)), (name, person.user)
            seen.setdefault(name, set()).add(len(opened))
    quiet = {name for name, counts in seen.items() if counts == {0}}
    assert quiet <= {"club_emotes"}, quiet  # of these there is nothing to be compared
    assert all(len(counts) > 1 for name, counts in seen.items() if name not in quiet), seen


@pytest.mark.parametrize("said", ["", "nobody", "0", "%", "X-Hasura-User-Id", "{}", "null"])
async def test_whoever_is_unknown_there_reads_nothing(
    house: House, readers: tuple[asyncpg.Connection, asyncpg.Connection], said: str
) -> None:
    await house.club("Ann")
    for name, table in tables().items():
        if "select_permissions" in table:
            where = condition(table["select_permissions"][0]["permission"]["filter"], table, "t")
            assert await rows(readers[1], f"{listed(name, table)} where {where}", said) == [], name


def test_every_relationship_leads_to_a_table_by_columns_that_are_there() -> None:
    found = tables()
    opened = written.opened_columns()
    for name, table in found.items():
        names = []
        for one in (*table.get("object_relationships", ()), *table.get("array_relationships", ())):
            to = one["using"]["manual_configuration"]
            names.append(one["name"])
            assert set(to["column_mapping"]) <= set(opened[name]), (name, one["name"])
            assert set(to["column_mapping"].values()) <= set(opened[to["remote_table"]["name"]])
        assert len(set(names)) == len(names) and not set(names) & set(opened[name]), name


def test_the_metadata_lies_where_its_configuration_says() -> None:
    told = yaml.safe_load((Path(written.HERE) / "config.yaml").read_text())
    assert told["version"] == 3
    assert written.HERE / told["metadata_directory"] == written.METADATA


def test_hasura_is_told_whose_tokens_are_good_and_no_more_than_that() -> None:
    service = yaml.safe_load((written.HERE / "compose.yaml").read_text())["services"]["hasura"]["environment"]
    place = "https://club.example"
    secret = json.loads(service["HASURA_GRAPHQL_JWT_SECRET"].replace("${CLUBROOM_URL:?}", place))
    assert secret == {
        "jwk_url": f"{place}/api/jwks.json",
        "audience": AUDIENCE,
        "issuer": place,
        "claims_namespace": CLAIMS,
        "claims_format": "json",
    }
    assert service["HASURA_GRAPHQL_ENABLE_CONSOLE"] == service["HASURA_GRAPHQL_DEV_MODE"] == "false"
    assert "HASURA_GRAPHQL_UNAUTHORIZED_ROLE" not in service
    [source] = yaml.safe_load((written.METADATA / "databases" / "databases.yaml").read_text())
    address = source["configuration"]["connection_info"]["database_url"]
    assert address["from_env"] in service
