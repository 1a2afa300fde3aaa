"""One's events, as a calendar reads them."""

from datetime import datetime
from uuid import UUID

import msgspec

from clubroom import wire
from clubroom.dba.pool import Database


class ClubNamed(msgspec.Struct, frozen=True):
    """A club of somebody's."""

    group: int
    name: str


class Opened(msgspec.Struct, frozen=True):
    """What the addresses of somebody's calendars are made of."""

    nonce: str
    clubs: list[ClubNamed]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One occurrence. `answer` = how one stands: going, maybe, no, waiting or offered; None = one has not
    said. `changed` = when any of this was said last.
    """

    event: UUID
    key: str
    group: int
    name: str
    club: str
    start: datetime
    changed: datetime
    end: datetime | None = None
    text: str | None = None
    place: str | None = None
    cancelled: bool = False
    answer: str | None = None


class Dates(msgspec.Struct, frozen=True):
    """What stands in one calendar. `club` = its name; None = all of them."""

    language: str
    lines: list[Line]
    club: str | None = None


async def opened(db: Database, who: int, fresh: bytes, *, anew: bool) -> Opened:
    """Made of `fresh` where there is none yet, or `anew`. Raises Unauthorized."""
    return msgspec.convert(await db.command("open_calendar", who=who, fresh=fresh, anew=anew), Opened)


async def read_at(db: Database, nonce: bytes, club: int | None, since: datetime) -> str | None:
    """`Dates` as they come from the database: also what tells whether anything has changed. None = nobody
    has this address.
    """
    most = wire.CALENDAR_OCCURRENCES_MAX
    found: str | None = await db.read("calendar_at", nonce=nonce, club=club, since=since, most=most)
    return found


async def read_of(db: Database, who: int, event: UUID) -> str:
    """As `read_at`, of one event. Raises NotFound."""
    most = wire.CALENDAR_OCCURRENCES_MAX
    found: str = await db.read("calendar_of", who=who, event_key=event, most=most)
    return found


def decoded(dates: str) -> Dates:
    """What the above gave."""
    return msgspec.json.decode(dates, type=Dates)
