"""Brings a database to the newest shape: numbered SQL files, each once, then the fences over all of it."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import aiosql
import asyncpg

HERE = Path(__file__).parent
LOCK = 0x636C7562  # one migration at a time in a database, however many servers start
SEARCH_PATH = "clubroom, pg_temp"  # as the functions carry it
ROLES = ("clubroom_writer", "clubroom_app")
READER = "clubroom_reader"


CHECKS = aiosql.from_path(HERE / "queries" / "checks.sql", "asyncpg", mandatory_parameters=False)


class MigrationChangedError(Exception):
    """A file that was already applied reads otherwise now: it must be restored, and a new one written."""


async def migrate(
    dsn: str, say: Callable[[str], None] = lambda _: None, *, forwards: bool | None = None
) -> bool:
    """Applies what is missing, as the owner of the database. True when both roles fence the data. `forwards`:
    whether commits leave word for sockets that are held elsewhere; None = as before.
    """
    connection = await asyncpg.connect(dsn, statement_cache_size=0)  # a pooler may be on the way
    try:
        async with connection.transaction():
            await connection.execute("select pg_advisory_xact_lock($1)", LOCK)
            await connection.execute("create schema if not exists clubroom")
            await connection.execute(f"set local search_path = {SEARCH_PATH}")
            two_roles = await _make_roles(connection)
            reader = two_roles and await _make_role(connection, READER)
            await connection.execute(
                "create table if not exists migrations(name text primary key, digest text not null,"
                " applied_at timestamptz not null default now())"
            )
            files = sorted((HERE / "migrations").glob("*.sql"))
            applied = [path for path in files if await _apply(connection, path)]
            for path in applied:
                say(f"database: {path.stem}")
            await _fence(connection, anew=bool(applied), reader=reader)
            if forwards is not None:
                await _set_forwards(connection, on=forwards)
    finally:
        await connection.close()
    return two_roles


def digests() -> dict[str, str]:
    """Every migration of this program, in order, with what it reads like."""
    return {path.name: _digest(path.read_text()) for path in sorted((HERE / "migrations").glob("*.sql"))}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


async def new_epoch(dsn: str) -> str:
    """After a restore by the provider, as the owner: every client starts afresh (L6). The new epoch."""
    connection = await asyncpg.connect(dsn, server_settings={"search_path": SEARCH_PATH})
    try:
        return str(await connection.fetchval("select _new_epoch()"))
    finally:
        await connection.close()


async def epoch(dsn: str) -> str:
    """Which database this is, as the owner is told. Raises what asyncpg does."""
    connection = await asyncpg.connect(dsn, server_settings={"search_path": SEARCH_PATH})
    try:
        return str(await connection.fetchval("select installation_epoch()"))
    finally:
        await connection.close()


async def _set_forwards(connection: asyncpg.Connection, *, on: bool) -> None:
    """Only where it changes: it locks the log for a moment."""
    is_on = await connection.fetchval(
        "select tgenabled <> 'D' from pg_trigger where tgname = 'forward' and tgrelid = 'actions'::regclass"
    )
    if is_on is not on:
        await connection.execute(f"alter table actions {'enable' if on else 'disable'} trigger forward")


async def _make_roles(connection: asyncpg.Connection) -> bool:
    """Creates the two roles where the owner may; a host that gives only one role is served too."""
    for role in ROLES:
        if not await _make_role(connection, role):
            return False
        try:
            async with connection.transaction():
                await connection.execute(f"grant {role} to current_user")
        except asyncpg.InsufficientPrivilegeError:
            return False
    return True


async def _make_role(connection: asyncpg.Connection, role: str) -> bool:
    """Whether it is there, now or before."""
    if await connection.fetchval("select 1 from pg_roles where rolname = $1", role):
        return True
    try:
        async with connection.transaction():
            await connection.execute(f"create role {role} nologin")
    except asyncpg.InsufficientPrivilegeError:
        return False
    return True


async def _fence(connection: asyncpg.Connection, *, anew: bool, reader: bool) -> None:
    """Only when something changed or has a gap: it locks every table, which another server may be reading."""
    text = (HERE / "fences.sql").read_text()
    digest = _digest(text)
    known = await connection.fetchval("select digest from migrations where name = 'fences'")
    gaps = await CHECKS.fences(connection)
    gap = gaps["unforced"] or gaps["unguarded"] or gaps["for_everybody"]
    if anew or known != digest or gap or reader != gaps["reader"] or gaps["overreaching"]:
        await connection.execute(text)
        await connection.execute(
            "insert into migrations(name, digest) values ('fences', $1)"
            " on conflict (name) do update set digest = excluded.digest, applied_at = now()",
            digest,
        )


async def _apply(connection: asyncpg.Connection, path: Path) -> bool:
    text = path.read_text()  # noqa: ASYNC240 - at start-up, before anything is served
    digest = _digest(text)
    known = await connection.fetchval("select digest from migrations where name = $1", path.name)
    if known is not None:
        if known != digest:
            raise MigrationChangedError(f"{path.name} was changed after it had been applied")
        return False
    await connection.execute(text)
    await connection.execute("insert into migrations(name, digest) values ($1, $2)", path.name, digest)
    return True
