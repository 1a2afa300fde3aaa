"""What kills cannot test is asked at start-up: durability, fences, the rights of who serves (L7)."""

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


async def fitness(db: Database, *, durable_by_other_means: bool) -> Fitness:
    """Asks the database about itself."""
    row = await db.read("fitness")
    reasons, warnings = [], []
    if row["version"] < VERSION_MIN:
        reasons.append("PostgreSQL is older than 15.")
    weak = [name for name in DURABLE if row[name] not in ("on", "remote_apply", "remote_write")]
    if weak and not durable_by_other_means:
        reasons.append(
            f"{', '.join(weak)} is off, so a sent message could be lost. Turn it on, or set "
            "CLUBROOM_DATABASE_IS_DURABLE=1 if the provider guarantees durability by other means."
        )
    if row["superuser"] or row["bypasses"]:
        reasons.append("The role that serves is a superuser or bypasses row-level security.")
    if row["unfenced"]:
        reasons.append(f"Row-level security is not forced on: {', '.join(row['unfenced'])}.")
    if row["may_touch_tables"]:
        warnings.append("One role owns and serves: the second fence is row-level security alone.")
    return Fitness(reasons, warnings)


async def require_fit(db: Database, *, durable_by_other_means: bool) -> Fitness:
    """Raises DatabaseUnfit with every reason at once."""
    found = await fitness(db, durable_by_other_means=durable_by_other_means)
    if found.reasons:
        raise DatabaseUnfit(" ".join(found.reasons))
    return found
