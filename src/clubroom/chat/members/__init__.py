"""The members of a club: who runs it, and what they are called together. At the pace of posts."""

import time
from uuid import UUID

from clubroom import errors, wire
from clubroom.chat.messages import Messages, checked_id
from clubroom.claims import Claims
from clubroom.dba import members
from clubroom.wire.text import checked_name


async def change_role(chat: Messages, who: Claims, club: int, user: str, to: wire.NewRole) -> None:
    """By an owner, or an admin who steps down.

    Raises InvalidField, NotFound, Forbidden, TheirSignInNeeded, LastOwner, RateLimited.
    """
    if to.hand_over and to.role != "owner":
        raise errors.InvalidField("A club is handed over to an owner.")
    wire.possible_group(club)
    possible_user(user)
    chat.pace.take(who.key, time.monotonic())
    await members.change_role(chat.database, who.key, club, user, to)


async def define_label(chat: Messages, who: Claims, club: int, label: UUID, new: wire.NewLabel) -> None:
    """Made, or named anew, by whoever runs the club.

    Raises InvalidText, TextTooLong, InvalidField, NotFound, Forbidden, NameTaken, Full, IdConflict,
    RateLimited.
    """
    checked_id(label)
    name = checked_name(new.name, wire.LABEL_CODE_POINTS_MAX)
    wire.possible_group(club)
    chat.pace.take(who.key, time.monotonic())
    await members.define_label(chat.database, who.key, club, label, name)


async def remove_label(chat: Messages, who: Claims, club: int, label: UUID) -> None:
    """Nobody carries it any more. Raises NotFound, Forbidden, RateLimited."""
    wire.possible_group(club)
    chat.pace.take(who.key, time.monotonic())
    await members.remove_label(chat.database, who.key, club, label)


async def label_member(chat: Messages, who: Claims, club: int, user: str, to: wire.MemberLabels) -> None:
    """Exactly these labels. Raises NotFound, Forbidden, Full, RateLimited."""
    wire.possible_group(club)
    possible_user(user)
    chat.pace.take(who.key, time.monotonic())
    await members.label_member(chat.database, who.key, club, user, to.labels)


async def label_members(
    chat: Messages, who: Claims, club: int, label: UUID, to: wire.LabelledMembers
) -> None:
    """One label to many and from others, all or none. Raises InvalidField (nobody, too many, one in both
    lists), NotFound, Forbidden, Full, RateLimited.
    """
    people = {*to.add, *to.remove}
    if not 1 <= len(to.add) + len(to.remove) <= wire.LABELLED_AT_ONCE_MAX:
        raise errors.InvalidField(f"Between 1 and {wire.LABELLED_AT_ONCE_MAX} people.")
    if len(people) < len({*to.add}) + len({*to.remove}):
        raise errors.InvalidField("Somebody is to get it and to lose it.")
    wire.possible_group(club)
    for user in people:
        possible_user(user)
    chat.pace.take(who.key, time.monotonic())
    await members.label_members(chat.database, who.key, club, label, add=to.add, remove=to.remove)


def possible_user(user: str) -> None:
    """Raises NotFound for what cannot be a user id."""
    if len(user) > wire.USER_CHARACTERS_MAX or "\0" in user:
        raise errors.NotFound
