"""Conversations of two to ten people, and who wants none with whom."""

from clubroom import wire
from clubroom.chat.channels import checked_people
from clubroom.claims import Claims
from clubroom.dba import rooms
from clubroom.dba.pool import Database
from clubroom.dba.rooms import MadeGroup


async def open_dm(db: Database, who: Claims, users: list[str]) -> MadeGroup:
    """The conversation with these people, made if there is none. Raises InvalidField, NotFound (nobody of a
    common club), Forbidden (switched off, blocked, or left before).
    """
    others = [user for user in users if user != who.user]
    return await rooms.open_dm(db, who.key, checked_people(others, wire.DM_PEOPLE_MAX - 1))


async def block_person(db: Database, who: Claims, user: str, *, block: bool) -> None:
    """Neither opens a conversation with the other or writes into theirs. Raises NotFound, Full."""
    (target,) = checked_people([user], 1)
    await rooms.block_person(db, who.key, target, block=block)
