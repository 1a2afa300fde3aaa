"""Which files are shown as the picture of a person or club, or the cover of an event. `file` null = none."""

from datetime import datetime
from uuid import UUID

from clubroom.dba.attempts import Limit, listed, unless_refused
from clubroom.dba.pool import Database


async def set_avatar(
    db: Database, who: int, file: UUID | None, *, limits: list[Limit], moment: datetime | None = None
) -> None:
    """Raises InvalidField, RateLimited."""
    unless_refused(await db.command("set_avatar", who=who, file=file, limits=listed(limits), moment=moment))


async def set_picture(
    db: Database, who: int, club: int, file: UUID | None, *, moment: datetime | None = None
) -> None:
    """Raises NotFound, Forbidden, InvalidField."""
    await db.command("set_picture", who=who, club=club, file=file, moment=moment)


async def set_cover(
    db: Database, who: int, event: UUID, file: UUID | None, *, moment: datetime | None = None
) -> None:
    """Raises NotFound, Forbidden, AnswersClosed, InvalidField."""
    await db.command("set_cover", who=who, event=event, file=file, moment=moment)
