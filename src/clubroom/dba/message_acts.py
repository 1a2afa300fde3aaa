"""What is done to a message. Each call judges and locks for itself; each is one transaction."""

from uuid import UUID

from clubroom import wire
from clubroom.dba.pool import Database


async def edit_message(db: Database, who: int, message: UUID, text: str, called: str | None) -> None:
    """`called` as in `posting.NewMessage`. Raises NotFound, Forbidden (not its author, nobody writes there
    now, or everybody is called), Full (edited too often).
    """
    await db.command(
        "edit_message",
        who=who,
        message=message,
        new_text=text,
        called=called,
        edits_max=wire.EDITS_A_MESSAGE_MAX,
    )


async def delete_message(db: Database, who: int, message: UUID) -> None:
    """Raises NotFound, Forbidden."""
    await db.command("delete_message", who=who, message=message)


async def add_emote(
    db: Database,
    who: int,
    message: UUID,
    emote: str,
    *,
    kinds_max: int = wire.EMOTE_KINDS_MAX,
    emotes_max: int = wire.EMOTES_A_MESSAGE_MAX,
) -> None:
    """Raises NotFound, Forbidden (archived, or a conversation that is over), Full."""
    await db.command(
        "add_emote", who=who, message=message, new_emote=emote, kinds_max=kinds_max, emotes_max=emotes_max
    )


async def remove_emote(db: Database, who: int, message: UUID, emote: str) -> None:
    """Raises NotFound."""
    await db.command("remove_emote", who=who, message=message, old_emote=emote)


async def pin_message(
    db: Database, who: int, message: UUID, *, pin: bool, pins_max: int = wire.PINS_A_GROUP_MAX
) -> None:
    """Raises NotFound, Forbidden (may not write there), Full."""
    await db.command("pin_message", who=who, message=message, pin=pin, pins_max=pins_max)


async def pinned_messages(db: Database, who: int, group: int) -> list[str]:
    """JSON of `wire.Message`, the newest pin first. Raises NotFound."""
    rows = await db.read("pinned_messages", who=who, group_id=group)
    return [row["pinned_messages"] for row in rows]


async def message_by_id(db: Database, who: int, message: UUID) -> str:
    """JSON of `wire.Message`. Raises NotFound."""
    return str(await db.read("message_by_id", who=who, message=message))


async def seen_by(db: Database, who: int, message: UUID) -> wire.Seen:
    """Its author aside. Raises NotFound."""
    row = await db.read("seen_by", who=who, message=message, n=wire.SEEN_NAMED_MAX)
    return wire.Seen(n=row["total"], users=row["users"])
