"""What these tests do again and again: compare everything before and after, and come from elsewhere."""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import asyncpg
import httpx

from clubroom.dba.club_life import erase_deleted, trim_old
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.leaving import go_on_leaving
from clubroom.dba.pool import Database
from clubroom.dba.safety import erase_some
from house.device import Device
from house.pause import pause
from house.server import NO_AUTHORITIES, House

COUNTED_ELSEWHERE = {"attempts", "servers", "online", "migrations"}
# Workers make these from messages, seconds later: where no message is left behind, none of these is.
COUNTED_ELSEWHERE |= {"notices", "tellings", "pushes", "looking", "link_asks", "link_pages"}
GATHERED_S = 0.6
MEDIA_TYPE = "application/problem+json"
Refusal = tuple[int, str]

_addresses = itertools.count(1)


def new_address() -> str:
    """One of the loopback network that nobody else comes from."""
    n = next(_addresses)
    return f"127.77.{n >> 8}.{n & 255}"


@asynccontextmanager
async def coming_from(house: House, address: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the house at another address."""
    transport = httpx.AsyncHTTPTransport(local_address=address, verify=NO_AUTHORITIES)
    url = house.url.replace("localhost", "127.0.0.1")
    async with httpx.AsyncClient(base_url=url, transport=transport, timeout=30) as http:
        yield http


@asynccontextmanager
async def nobody(house: House) -> AsyncIterator[Device]:
    """A socket that has not said who it is."""
    device = await Device.open(house.url)
    try:
        yield device
    finally:
        await device.leave()


async def everything(postgres: EmbeddedPostgres) -> dict[str, Any]:
    """Every row that outlives a moment, as a digest a table. Attempts and presence are counted apart."""
    settings = {"role": "clubroom_writer", "search_path": "clubroom"}
    connection = await asyncpg.connect(postgres.owner_dsn, server_settings=settings)
    try:
        tables = await connection.fetch(
            "select tablename from pg_tables where schemaname = 'clubroom' order by tablename"
        )
        digest = (
            "select count(*) || ' ' || coalesce(md5(string_agg(t::text, ' ' order by t::text)), '') from "
        )
        return {
            table: await connection.fetchval(f"{digest} {table} t")
            for (table,) in tables
            if table not in COUNTED_ELSEWHERE
        }
    finally:
        await connection.close()


async def after_a_round(postgres: EmbeddedPostgres) -> dict[str, Any]:
    """Once whatever a server gathers for half a second is written."""
    await pause(GATHERED_S)
    return await everything(postgres)


async def no_work_waits(postgres: EmbeddedPostgres) -> None:
    """What clubs, people and messages that are gone have left to be erased is erased: workers look seldom."""
    db = await Database.open(postgres.app_dsn)
    for job in (go_on_leaving, erase_some, partial(erase_deleted, grace_s=0), trim_old):
        while await job(db):
            pass
    await db.close()


@asynccontextmanager
async def nothing_changes(postgres: EmbeddedPostgres) -> AsyncIterator[None]:
    """Around attempts that must leave no trace in the data. What others did may be on its way still."""
    await no_work_waits(postgres)
    before = await everything(postgres)
    while (now := await after_a_round(postgres)) != before:
        before = now
    yield
    after = await everything(postgres)
    changed = {table for table in after if after[table] != before.get(table)}
    assert not changed, f"changed: {changed}"


def refusal(response: httpx.Response) -> Refusal:
    """Status and code of an answer that is a problem in every respect (RFC 9457)."""
    assert response.headers["content-type"] == MEDIA_TYPE, response.text
    problem = response.json()
    assert problem["status"] == response.status_code
    assert problem["type"] == f"urn:clubroom:error:{problem['code']}"
    assert problem["title"]
    return response.status_code, problem["code"]
