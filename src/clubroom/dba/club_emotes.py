"""A club's own emotes."""

from uuid import UUID

from clubroom import wire
from clubroom.dba.pool import Database


async def define(
    db: Database, who: int, club: int, file: UUID, name: str, *, emotes_max: int = wire.EMOTES_A_CLUB_MAX
) -> None:
    """Made of a file that is ready, or named anew. Raises NotFound, Forbidden, NameTaken, Full, InvalidField
    (the file is none that this person may make one of).
    """
    await db.command(
        "define_club_emote", who=who, club=club, file=file, emote_name=name, emotes_max=emotes_max
    )


async def remove(db: Database, who: int, club: int, file: UUID) -> None:
    """Raises NotFound, Forbidden."""
    await db.command("remove_club_emote", who=who, club=club, file=file)
