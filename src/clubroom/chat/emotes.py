"""Reactions: any one emoji of Unicode, in its one canonical form, or an emote of the club by its name."""

import re
import time
from functools import cache
from uuid import UUID

import emoji

from clubroom import wire
from clubroom.chat.messages import Messages
from clubroom.claims import Claims
from clubroom.dba import message_acts
from clubroom.errors import InvalidField

_AS_EMOJI = "\ufe0f"
"""Asks for the coloured picture. Keyboards leave it out or put it in as they like."""

OF_A_CLUB = re.compile(rf":[a-z0-9_]{{{wire.EMOTE_NAME_CHARACTERS_MIN},{wire.EMOTE_NAME_CHARACTERS_MAX}}}:")
"""How an emote of the club is written. Which of them there are is judged when the reaction is stored."""

FULLY_QUALIFIED = emoji.STATUS["fully_qualified"]


@cache
def _canonical() -> dict[str, str]:
    """Every emoji without its selectors → as Unicode says that it is to be written."""
    return {
        each.replace(_AS_EMOJI, ""): each
        for each, about in emoji.EMOJI_DATA.items()
        if about["status"] == FULLY_QUALIFIED
    }


def canonical_emoji(typed: str) -> str | None:
    """One emoji as Unicode says that it is to be written; None for whatever is no emoji."""
    return _canonical().get(typed.replace(_AS_EMOJI, ""))


def checked_emote(typed: str) -> str:
    """The canonical form. Raises InvalidField for whatever is neither one emoji nor looks like `:name:`."""
    found = typed if OF_A_CLUB.fullmatch(typed) else canonical_emoji(typed)
    if found is None:
        raise InvalidField("A reaction is one emoji, or an emote of the club.")
    return found


async def add_emote(chat: Messages, claims: Claims, message_id: UUID, emote: str) -> None:
    """Once is enough: the same again changes nothing. Raises InvalidField, NotFound, Forbidden, Full,
    RateLimited.
    """
    checked = checked_emote(emote)
    chat.pace.take(claims.key, time.monotonic())
    await message_acts.add_emote(chat.database, claims.key, message_id, checked)


async def remove_emote(chat: Messages, claims: Claims, message_id: UUID, emote: str) -> None:
    """One's own; what is not there is gone already. Raises InvalidField, NotFound, RateLimited."""
    checked = checked_emote(emote)
    chat.pace.take(claims.key, time.monotonic())
    await message_acts.remove_emote(chat.database, claims.key, message_id, checked)
