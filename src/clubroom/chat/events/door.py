"""At the door: who came, ticked by who runs an event, and the list to keep."""

import csv
import io
import time
from uuid import UUID

from clubroom import errors, wire
from clubroom.chat.club.record import cell
from clubroom.chat.events.events import checked_key
from clubroom.chat.messages import Messages
from clubroom.chat.search import moment
from clubroom.claims import Claims
from clubroom.dba import door as stored
from clubroom.dba.door import Ticking

_COLUMNS = (
    "name", "id", "labels", "answer", "standing", "guests", "note", "answered_at", "answered_by", "came",
    "ticked_at", "ticked_by",
)  # fmt: skip
_CAME = {True: "yes", False: "no", None: ""}


async def tick(chat: Messages, who: Claims, event: UUID, said: wire.PutDoor) -> wire.Ticked:
    """The newest tick of each person counts, also when it comes late; who is unknown is left out and named.

    Raises InvalidField, NotFound, Forbidden, RateLimited.
    """
    checked_key(said.key)
    if not 1 <= len(said.ticks) <= wire.TICKS_AT_ONCE_MAX:
        raise errors.InvalidField(f"ticks: 1 to {wire.TICKS_AT_ONCE_MAX}")
    if any(len(one.user) > wire.USER_CHARACTERS_MAX or "\0" in one.user for one in said.ticks):
        raise errors.InvalidField("user: not the id of a person")
    ticks = [Ticking(one.user, one.came, moment(one.at)) for one in said.ticks]
    chat.pace.take(who.key, time.monotonic())
    return await stored.tick(chat.database, who.key, event, said.key, ticks)


async def door(chat: Messages, who: Claims, event: UUID, key: str) -> wire.Door:
    """Everybody who could come to one occurrence. Raises NotFound, Forbidden, InvalidField."""
    checked_key(key)
    return await stored.door(chat.database, who.key, event, key)


async def door_table(chat: Messages, who: Claims, event: UUID, key: str) -> bytes:
    """Who answered and who came, as CSV with a byte order mark (see chat/club/record).

    Raises NotFound, Forbidden, InvalidField.
    """
    found = await door(chat, who, event, key)
    names = {one.user: one.name for one in found.people}
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(_COLUMNS)
    for one in found.people:
        if one.answer is not None or one.came is not None:
            rows.writerow([cell(each) for each in _row(one, names)])
    return b"\xef\xbb\xbf" + table.getvalue().encode()


def _row(one: wire.AtTheDoor, names: dict[str, str]) -> list[str]:
    return [
        one.name,
        one.user,
        "; ".join(one.labels),
        one.answer or "",
        one.standing or "",
        str(one.guests) if one.answer else "",
        one.note,
        one.at or "",
        names.get(one.by or "", ""),
        _CAME[one.came],
        one.ticked_at or "",
        names.get(one.ticked_by or "", ""),
    ]
