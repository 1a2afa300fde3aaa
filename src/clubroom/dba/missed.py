"""Letters with news, and who wants them: what somebody missed, and announcements. `moment` null = now by the
database's clock.
"""

from datetime import datetime
from uuid import UUID

import msgspec

from clubroom import wire
from clubroom.dba.pool import Database
from clubroom.dba.reminders import Told

LOOKED_AT_ONCE = 20


class Place(msgspec.Struct, frozen=True):
    """A room as a letter names it. `club` is null for a conversation, whose others are `people`."""

    group: int
    kind: str
    name: str
    club: str | None
    people: list[str]
    n: int = 0


class Words(msgspec.Struct, frozen=True):
    """A message. `names`: what stands for the ids in it that call somebody."""

    room: Place
    id: UUID
    by: str
    text: str
    names: dict[str, str]


class News(msgspec.Struct, frozen=True):
    """What a letter tells `who`: rooms with so many new messages each (and `more` rooms), those of the
    messages that call them, or the one that was `announced`,
    or an `event`.
    """

    who: int
    name: str
    language: str
    rooms: list[Place] = []
    more: int = 0
    called: list[Words] = []
    announced: Words | None = None
    event: Told | None = None


async def wishes_of(db: Database, who: int) -> wire.LettersWanted:
    """Which letters somebody wants."""
    return msgspec.json.decode(await db.read("mail_wishes_of", who=who), type=wire.LettersWanted)


async def wish(
    db: Database,
    who: int,
    *,
    missed: str | None = None,
    announcements: bool | None = None,
    moment: datetime | None = None,
) -> None:
    """From now on; what is None stays. Of somebody who is gone: nothing."""
    await db.command("set_mail_wishes", who=who, missed=missed, announcements=announcements, moment=moment)


async def write_letters(db: Database, n: int = LOOKED_AT_ONCE, *, moment: datetime | None = None) -> bool:
    """Looks at people who may have missed something, at most `n`; whether more wait."""
    return bool(await db.read("mail_missed", n=n, moment=moment))


async def news_of(db: Database, letter: int, *, moment: datetime | None = None) -> News | None:
    """What a letter says now. None where there is nothing to say any more, or not to them."""
    found = await db.read("news_of_letter", letter=letter, moment=moment)
    return msgspec.json.decode(found, type=News) if found is not None else None
