"""Conversations of two to ten people, and who wants none with whom."""

import time

from clubroom import wire
from clubroom.chat.channels import checked_people
from clubroom.chat.messages import Messages
from clubroom.claims import Claims
from clubroom.dba import rooms
from clubroom.dba.rooms import MadeGroup


async def open_dm(chat: Messages, who: Claims, users: list[str]) -> MadeGroup:
    """The conversation with these people, made if there is none. Raises InvalidField, NotFound (nobody of a
    common club), Forbidden (switched off, blocked, or left before), RateLimited.
    """
    others = checked_people([user for user in users if user != who.user], wire.DM_PEOPLE_MAX - 1)
    chat.pace.take(who.key, time.monotonic())
    return await rooms.open_dm(chat.database, who.key, others)


async def block_person(chat: Messages, who: Claims, user: str, *, block: bool) -> None:
    """Neither opens a conversation with the other or writes into theirs. Raises NotFound, Full,
    RateLimited.
    """
    (target,) = checked_people([user], 1)
    chat.pace.take(who.key, time.monotonic())
    await rooms.block_person(chat.database, who.key, target, block=block)
