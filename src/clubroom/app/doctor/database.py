"""What the database says about itself."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

import msgspec

from clubroom.app.doctor.finding import Finding, good, warning, wrong
from clubroom.app.settings import Settings
from clubroom.dba import checks
from clubroom.dba.checks import APP_ROLE, DatabaseUnfit, Fences
from clubroom.dba.embedded import EmbeddedError
from clubroom.dba.embedded.visit import visited
from clubroom.dba.look import Look, look
from clubroom.dba.pool import Database

CLOCK_S_LITTLE = 2.0
CLOCK_S_MAX = 60.0
CONNECTIONS = 2


class Asked(msgspec.Struct, frozen=True):
    """What was found, and which process serves the data folder; None = none, or nobody can tell."""

    findings: list[Finding]
    server: str | None = None


async def findings(settings: Settings) -> Asked:
    """Asks it, whichever it is."""
    url = settings.database_url
    if url is not None:
        where = f"at {urlsplit(url).hostname or 'this computer'}"
        todo = "See that it runs, and that DATABASE_URL names it rightly."
        return Asked(await _asked(settings, url, url, where, todo))
    try:
        with visited(settings.data) as visit:
            if visit is None:
                return Asked([good("database", "There is no database yet: the first start makes it.")])
            where = "the embedded one" if visit.server else "the embedded one, started for this look"
            todo = f"Its log: {visit.place.log}"
            found = await _asked(settings, visit.owner_dsn, visit.app_dsn, where, todo)
            return Asked(found, visit.server)
    except EmbeddedError as error:
        return Asked([wrong("database", str(error))])


async def _asked(settings: Settings, owner_dsn: str, app_dsn: str, where: str, todo: str) -> list[Finding]:
    try:
        with checks.reaching():
            seen = await look(owner_dsn)
            role = APP_ROLE if seen.two_roles and owner_dsn == app_dsn else None
            db = await Database.open(app_dsn, role=role, pool_max=CONNECTIONS)
    except DatabaseUnfit as error:
        return [wrong("database", f"{str(error).rstrip('.')}.", todo)]
    try:
        return [
            good("database", f"The database answers: PostgreSQL {seen.version}, {where}."),
            *[wrong("database", reason) for reason in await _reasons(db, settings)],
            *_durability(checks.switched_off(await db.read("fitness")), settings),
            *_migrations(seen),
            *_fences(seen, await checks.fences(db)),
            clock(seen.clock_s),
        ]
    finally:
        await db.close()


async def _reasons(db: Database, settings: Settings) -> list[str]:
    """Why a server would refuse to serve from it; each says what helps."""
    found = await checks.fitness(db, durable_by_other_means=settings.database_is_durable)
    return found.reasons


def _durability(off: Sequence[str], settings: Settings) -> Iterator[Finding]:
    if not off:
        yield good("durability", "What was sent is on the disk before it is called sent.")
    elif settings.database_is_durable:
        yield warning(
            "durability",
            f"{', '.join(off)} is off; CLUBROOM_DATABASE_IS_DURABLE says that commits are safe even so.",
            "Be certain of it: otherwise sent messages can be lost.",
        )


def _migrations(seen: Look) -> Iterator[Finding]:
    if seen.unknown:
        yield wrong(
            "migrations",
            f"A newer Clubroom has changed this database: {', '.join(seen.unknown)}.",
            "Start that version, or restore a backup made before it.",
        )
    if seen.changed:
        yield wrong(
            "migrations",
            f"{', '.join(seen.changed)} reads otherwise in this program than when it was applied.",
            "Install Clubroom anew, as it was published.",
        )
    if seen.is_empty:
        yield good("migrations", "The database is empty: the first start prepares it.")
    elif seen.pending:
        yield warning(
            "migrations",
            f"The database is older than this program; to come: {', '.join(seen.pending)}.",
            "Make a backup: the next start brings it up to date, and there is no way back.",
        )
    elif not (seen.unknown or seen.changed):
        yield good("migrations", "The database has the shape that this program needs.")


def _fences(seen: Look, fences: Fences) -> Iterator[Finding]:
    """What keeps people's data from whoever finds a hole in the server."""
    if seen.is_empty:
        return
    gaps = list(_gaps(seen, fences))
    yield from gaps
    if gaps or fences.unforced:  # of these `fitness` tells
        return
    if seen.two_roles:
        yield good(
            "fences",
            "Both fences around people's data stand: the server may only call functions, and every table has "
            "row-level security.",
        )
        if not fences.reader:
            yield warning(
                "fences",
                "The role clubroom_reader is missing: no gateway that only reads can be let to the database.",
                "If one is to be: CREATE ROLE clubroom_reader NOLOGIN, then start Clubroom anew.",
            )
        return
    member = ", or make it a member of clubroom_writer and clubroom_app" if seen.roles else ""
    yield warning(
        "fences",
        "One of two fences around people's data is missing, for the server owns the tables; the other, "
        "row-level security, stands. Nor is there clubroom_reader, for gateways that only read.",
        f"Let the database user make roles (CREATEROLE){member}, then start Clubroom anew.",
    )


def _gaps(seen: Look, fences: Fences) -> Iterator[Finding]:
    again = "Start Clubroom anew: it puts its fences up again."
    if fences.unguarded:
        tables = ", ".join(fences.unguarded)
        yield wrong("fences", f"The policy functions_only is missing on {tables}.", again)
    if fences.for_everybody:
        functions = ", ".join(fences.for_everybody)
        yield wrong("fences", f"Every user of the database may call {functions}.", again)
    if fences.widened:
        tables = ", ".join(fences.widened)
        yield wrong("fences", f"A policy that is not Clubroom's opens {tables}.", "Drop it.")
    if fences.touchable and seen.two_roles:
        tables = ", ".join(fences.touchable)
        todo = f"Take that back: REVOKE ALL ON ALL TABLES IN SCHEMA clubroom FROM {APP_ROLE}"
        yield wrong("fences", f"The server may touch {tables} itself, without a function.", todo)
    if fences.overreaching:
        rights = ", ".join(fences.overreaching)
        yield wrong("fences", f"A role for gateways may do more than read: {rights}.", "Take that back.")


def clock(ahead_s: float) -> Finding:
    """Whether the clock of the database may be so far ahead."""
    if abs(ahead_s) < CLOCK_S_LITTLE:
        return good("clock", "The clocks of this computer and of the database agree.")
    way = "ahead of" if ahead_s > 0 else "behind"
    says = f"The clock of the database is {abs(ahead_s):,.0f} s {way} the one of this computer"
    todo = "Let both computers set their clocks by the network (NTP)."
    if abs(ahead_s) < CLOCK_S_MAX:
        return warning("clock", f"{says}.", todo)
    return wrong("clock", f"{says}. If it is the wrong one, so are the times of all messages.", todo)
