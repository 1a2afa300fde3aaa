"""The rooms of a club, conversations, and whom somebody has blocked."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from clubroom import wire
from clubroom.actions import Level
from clubroom.dba.pool import Database


class MadeGroup(msgspec.Struct, frozen=True):
    """A channel or a conversation. `repeated` = it was there before."""

    group: int
    repeated: bool


async def create_channel(
    db: Database, who: int, club: int, new: wire.NewChannel, *, channels_max: int = wire.CHANNELS_A_CLUB_MAX
) -> MadeGroup:
    """Raises NotFound, Forbidden, Full, or IdConflict for another name or club."""
    result = await db.command(
        "create_channel",
        who=who,
        club=club,
        channel_key=new.key,
        channel_name=new.name,
        is_private=new.private,
        about=new.description,
        announcing=new.announce,
        lands=new.landing,
        channels_max=channels_max,
        own_max=wire.CHANNELS_A_MEMBER_MAX,
    )
    return msgspec.convert(result, MadeGroup)


async def change_group(db: Database, who: int, group: int, to: wire.PatchGroup) -> None:
    """A channel or a club; what is not said stays. Raises NotFound, Forbidden."""
    change = msgspec.json.encode(wire.changed(to)).decode()
    await db.command("change_group", who=who, group_id=group, change=change)


async def follow_channel(db: Database, who: int, group: int, *, on: bool) -> None:
    """Raises NotFound, or Forbidden for what cannot be left out of the list."""
    await db.command("follow_channel", who=who, group_id=group, follow=on)


async def mute_group(
    db: Database, who: int, group: int, seconds: int | None, *, moment: datetime | None = None
) -> None:
    """Quiet from it; None = for good, 0 = no longer. Raises NotFound, or Forbidden for one's own notes."""
    await db.command("mute_group", who=who, group_id=group, seconds=seconds, moment=moment)


async def set_level(db: Database, who: int, group: int, level: Level | None) -> None:
    """What one is told of it; None = as its club says. Raises NotFound, or Forbidden for one's own notes."""
    await db.command("set_level", who=who, group_id=group, level=level)


async def add_members(db: Database, who: int, group: int, users: Sequence[str], *, history: bool) -> None:
    """All of them or none. Raises NotFound (also for somebody who is not in the club), Forbidden."""
    await db.command("add_members", who=who, group_id=group, subs=list(users), with_history=history)


async def open_dm(db: Database, who: int, users: Sequence[str]) -> MadeGroup:
    """Raises NotFound for whom one shares no club with; Forbidden where it is switched off or blocked;
    RateLimited after too many in a day.
    """
    result = await db.command("open_dm", who=who, subs=list(users), a_day_max=wire.DMS_A_DAY_MAX)
    return msgspec.convert(result, MadeGroup)


async def block_person(
    db: Database, who: int, user: str, *, block: bool, blocks_max: int = wire.BLOCKS_A_PERSON_MAX
) -> None:
    """Raises NotFound, Full."""
    await db.command("block_person", who=who, target_sub=user, block=block, blocks_max=blocks_max)


async def blocked_people(db: Database, who: int) -> list[str]:
    """User ids."""
    return [row["blocked_people"] for row in await db.read("blocked_people", who=who)]
