"""The end of a club, and the record of what was done there, as a list and as a table to keep."""

import csv
import io
import re
import time

import msgspec

from clubroom import wire
from clubroom.chat.messages import Messages
from clubroom.claims import Claims
from clubroom.dba import club_life
from clubroom.errors import InvalidField
from clubroom.wire.text import checked_name

_KINDS = re.compile(r"[a-z_]{1,60}(,[a-z_]{1,60}){0,39}")
_COLUMNS = ("at", "what", "by", "by_id", "about", "about_id", "room", "details")
_READ_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


async def delete_club(chat: Messages, who: Claims, group: int, name: str) -> None:
    """By an owner who has written its name. Nobody hears of it after that, and what was said there is erased.

    Raises NotFound, Forbidden, InvalidField, InvalidText, TextTooLong, RateLimited.
    """
    wire.possible_group(group)
    said = checked_name(name)
    chat.pace.take(who.key, time.monotonic())
    await club_life.delete_club(chat.database, who.key, group, said)


async def audit(
    chat: Messages, who: Claims, group: int, before: int, what: str | None, limit: int
) -> wire.Audit:
    """What was done in a club, for its owners and admins; of these kinds, if any are named.

    Raises InvalidField, NotFound, Forbidden.
    """
    wire.possible_group(group)
    if what is not None and not _KINDS.fullmatch(what):
        raise InvalidField("Kinds are words, with commas between them.")
    kinds = what.split(",") if what is not None else None
    found = await club_life.audit(chat.database, who.key, group, before, kinds, limit + 1)
    return wire.Audit(entries=found[:limit], more=len(found) > limit)


async def audit_table(chat: Messages, who: Claims, group: int) -> bytes:
    """The newest of it as CSV, with a byte order mark: spreadsheets then know that it is UTF-8.

    Raises NotFound, Forbidden.
    """
    wire.possible_group(group)
    found = await club_life.audit(chat.database, who.key, group, wire.SEQ_MAX, None, wire.AUDIT_EXPORT_MAX)
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(_COLUMNS)
    rows.writerows([cell(each) for each in _row(entry)] for entry in found)
    return b"\xef\xbb\xbf" + table.getvalue().encode()


def _row(entry: wire.AuditEntry) -> list[str]:
    by, about, room = entry.by, entry.about_user, entry.about_group
    return [
        entry.at,
        entry.what,
        by.name if by else "",
        by.user if by else "",
        about.name if about else "",
        about.user if about else "",
        room.name if room else "",
        msgspec.json.encode(entry.details).decode() if entry.details else "",
    ]


def cell(text: str) -> str:
    """What a spreadsheet would take for a formula is text, too."""
    return f"'{text}" if text.startswith(_READ_AS_FORMULA) else text
