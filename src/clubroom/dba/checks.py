"""What kills cannot test is asked at start-up: durability, fences, the rights of who serves (L7)."""

import contextlib
import socket
from collections.abc import Iterator, Mapping

import asyncpg
import msgspec

from clubroom.dba.pool import Database

APP_ROLE = "clubroom_app"
VERSION_MIN = 150_000
DURABLE = ("fsync", "full_page_writes", "synchronous_commit")


class DatabaseUnfit(Exception):
    """The database would not keep the promises; each reason is a sentence."""


class Fitness(msgspec.Struct, frozen=True):
    """What was found. `reasons` forbid to serve, `warnings` name a fence that is missing."""

    reasons: list[str]
    warnings: list[str]


class Fences(msgspec.Struct, frozen=True):
    """Tables and functions where a fence has a gap: row-level security is not `unforced`, lets nobody through
    (`unguarded`: not even the functions), lets others through too (`widened`); a function may be called
    `for_everybody`; the role that serves may touch a table itself (`touchable`). Whether the `reader` and
    the `gateway` are let to any row, and what they may do beside reading (`overreaching`).
    """

    unforced: list[str]
    unguarded: list[str]
    widened: list[str]
    for_everybody: list[str]
    touchable: list[str]
    reader: bool
    gateway: bool
    overreaching: list[str]


async def fences(db: Database) -> Fences:
    """Asks as the role that serves."""
    return Fences(**await db.read("fences"))


@contextlib.contextmanager
def reaching() -> Iterator[None]:
    """Whatever keeps us from a database is DatabaseUnfit."""
    try:
        yield
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise DatabaseUnfit(f"The database cannot be used: {_why(error)}") from error


def _why(error: Exception) -> str:
    match error:
        case ConnectionRefusedError() | FileNotFoundError():
            return "nobody answers there."
        case socket.gaierror():
            return "there is no computer of that name."
        case TimeoutError():
            return "it does not answer."
    return str(error)


async def fitness(db: Database, *, durable_by_other_means: bool) -> Fitness:
    """Asks the database about itself."""
    row = await db.read("fitness")
    reasons, warnings = [], []
    if row["version"] < VERSION_MIN:
        reasons.append("PostgreSQL is older than 15. Take a newer one.")
    weak = switched_off(row)
    if weak and not durable_by_other_means:
        reasons.append(
            f"{', '.join(weak)} is off, so a sent message could be lost. Turn it on, or set "
            "CLUBROOM_DATABASE_IS_DURABLE=1 if the provider guarantees durability by other means."
        )
    if row["superuser"] or row["bypasses"]:
        reasons.append(
            "The role that serves is a superuser or bypasses row-level security. Let another one serve."
        )
    if row["unfenced"]:
        tables = ", ".join(row["unfenced"])
        reasons.append(f"Row-level security is not forced on: {tables}. A start as their owner forces it.")
    if row["may_touch_tables"]:
        warnings.append("One role owns and serves: the second fence is row-level security alone.")
    return Fitness(reasons, warnings)


def switched_off(row: Mapping[str, str]) -> list[str]:
    """Which of the settings that keep a commit safe are off, in a row of the query `fitness`."""
    return [name for name in DURABLE if row[name] not in ("on", "remote_apply", "remote_write")]


async def require_fit(db: Database, *, durable_by_other_means: bool) -> Fitness:
    """Raises DatabaseUnfit with every reason at once."""
    found = await fitness(db, durable_by_other_means=durable_by_other_means)
    if found.reasons:
        raise DatabaseUnfit(" ".join(found.reasons))
    return found
