"""One's events in the calendar of one's telephone (RFC 5545), at an address that is a secret.

Each occurrence is an event of its own, in the time of the world: whatever reads it need not know zones, rules
or exceptions, and nothing can shift. docs/decisions/0036.
"""

import hashlib
import hmac
import os
import re
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
from icalendar import Calendar, Event

from clubroom import wire
from clubroom.chat.pace import Pace
from clubroom.claims import Claims
from clubroom.dba import calendar
from clubroom.dba.calendar import Dates, Line
from clubroom.dba.pool import Database
from clubroom.errors import NotFound

NONCE_BYTES = 16
MAC_BYTES = 16
READS_A_SECOND = 0.2
READS_BURST_S = 150.0
EVERY = timedelta(hours=1)
FORM = 1  # one more where `in_words` says the same dates otherwise
COUNTED_FROM = datetime(2020, 1, 1, tzinfo=UTC)
_NAME = re.compile(r"([\w-]{22})(?:\.([1-9]\d{0,17}))?\.([\w-]{22})\.ics", re.ASCII)
ANSWERS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "going": "Going", "maybe": "Maybe", "no": "Can’t", "waiting": "Waiting list",
        "offered": "A place is free",
    },
    "de": {
        "going": "Dabei", "maybe": "Vielleicht", "no": "Kann nicht", "waiting": "Warteliste",
        "offered": "Ein Platz ist frei",
    },
}  # fmt: skip


class Calendars(msgspec.Struct, frozen=True):
    """What the verbs need: the database, what proves an address (the newest key first), and where this place
    is reached.
    """

    database: Database
    macs: Callable[[bytes], list[bytes]]
    url: str
    pace: Pace = msgspec.field(default_factory=lambda: Pace(READS_A_SECOND, READS_BURST_S))


class Written(msgspec.Struct, frozen=True):
    """A calendar. `tag` changes whenever it does."""

    tag: str
    dates: str


async def addresses(calendars: Calendars, who: Claims, *, anew: bool) -> wire.CalendarAddresses:
    """One's own, made where there are none yet, or `anew`: then the earlier ones open nothing any more."""
    found = await calendar.opened(calendars.database, who.key, os.urandom(NONCE_BYTES), anew=anew)
    nonce = bytes.fromhex(found.nonce)
    return wire.CalendarAddresses(
        url=_address(calendars, nonce, None),
        clubs=[
            wire.CalendarAddress(group=club.group, name=club.name, url=_address(calendars, nonce, club.group))
            for club in found.clubs
        ],
    )


async def read(calendars: Calendars, name: str) -> Written:
    """What stands at an address. One that is not ours costs nothing but a look. Raises NotFound,
    RateLimited.
    """
    found = _NAME.fullmatch(name)
    if found is None:
        raise NotFound
    nonce, club, proof = found.groups()
    right = [hmac.compare_digest(_proof(mac), proof) for mac in calendars.macs(_proved(nonce, club))]
    if not any(right):
        raise NotFound
    known = urlsafe_b64decode(nonce + "==")
    calendars.pace.take(int.from_bytes(known[:8]), time.monotonic())
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    since = today - timedelta(days=wire.CALENDAR_PAST_DAYS)
    dates = await calendar.read_at(calendars.database, known, None if club is None else int(club), since)
    if dates is None:
        raise NotFound
    return _written(calendars, dates)


async def read_event(calendars: Calendars, who: Claims, event: UUID) -> Written:
    """One event, with all its occurrences. Raises NotFound, RateLimited."""
    calendars.pace.take(who.key, time.monotonic())
    return _written(calendars, await calendar.read_of(calendars.database, who.key, event))


def in_words(dates: str, url: str) -> bytes:
    """As a calendar reads it; a fifth of a second for the longest."""
    said = calendar.decoded(dates)
    made = Calendar()
    made.add("prodid", "-//Clubroom//Clubroom//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("name", said.club or "Clubroom")
    made.add("x-wr-calname", said.club or "Clubroom")
    made.add("refresh-interval", EVERY, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", EVERY)
    for line in said.lines:
        made.add_component(_event(said, line, url))
    return bytes(made.to_ical())


def _event(said: Dates, line: Line, url: str) -> Event:
    words = ANSWERS.get(said.language, ANSWERS["en"])
    made = Event()
    made.add("uid", f"{line.event}-{line.key.replace(':', '')}@clubroom")
    made.add("dtstamp", line.changed.replace(microsecond=0))
    made.add("last-modified", line.changed.replace(microsecond=0))
    made.add("sequence", int((line.changed - COUNTED_FROM).total_seconds()))
    made.add("dtstart", line.start)
    if line.end is not None:
        made.add("dtend", line.end)
    made.add("summary", line.name if line.answer is None else f"{line.name} ({words[line.answer]})")
    made.add("description", "\n\n".join(part for part in (line.text, line.club) if part))
    if line.place is not None:
        made.add("location", line.place)
    made.add("url", f"{url}/c/{line.group}")
    made.add("status", "CANCELLED" if line.cancelled else "CONFIRMED")
    busy = line.answer == "going" and not line.cancelled
    made.add("transp", "OPAQUE" if busy else "TRANSPARENT")
    return made


def _written(calendars: Calendars, dates: str) -> Written:
    made_of = f"{FORM} {calendars.url} {dates}".encode()
    return Written(tag=hashlib.sha256(made_of).hexdigest()[:32], dates=dates)


def _address(calendars: Calendars, nonce: bytes, club: int | None) -> str:
    said = urlsafe_b64encode(nonce).decode().rstrip("=")
    proof = _proof(calendars.macs(_proved(said, club))[0])
    return f"{calendars.url}/calendar/{said}{'' if club is None else f'.{club}'}.{proof}.ics"


def _proved(nonce: str, club: int | str | None) -> bytes:
    return f"{nonce}.{'' if club is None else club}".encode()


def _proof(mac: bytes) -> str:
    return urlsafe_b64encode(mac[:MAC_BYTES]).decode().rstrip("=")
