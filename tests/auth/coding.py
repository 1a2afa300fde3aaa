"""Codes as a test makes and sees them."""

from typing import Any
from uuid import uuid4

import msgspec

from auth.rig import Rig
from clubroom import wire
from clubroom.auth import accounts
from clubroom.auth.door import codes
from clubroom.claims import Claims
from clubroom.dba import rooms

WRONG = "0000-0000-0000"


def new(**said: Any) -> wire.NewCode:
    return msgspec.convert({"key": uuid4()} | said, wire.NewCode)


async def code(rig: Rig, who: Claims, club: int, **said: Any) -> wire.JoinCode:
    return (await codes.create_code(who, club, new(**said), rig.auth)).code


async def listed(rig: Rig, who: Claims, club: int) -> list[wire.JoinCode]:
    return (await codes.club_codes(who, club, rig.auth)).codes


async def admins_of(rig: Rig, who: Claims, club: int) -> int:
    groups = (await accounts.me(who, rig.auth)).groups
    return next(one.group for one in groups if one.kind == "admins" and one.parent == club)


async def room(rig: Rig, who: Claims, club: int, name: str, *, private: bool = False) -> int:
    made = wire.NewChannel(key=uuid4(), name=name, private=private)
    return (await rooms.create_channel(rig.auth.db, who.key, club, made)).group


async def founded(rig: Rig, name: str = "Ann") -> tuple[Claims, wire.ClubMade]:
    ann = await rig.owner(name)
    return ann, await rig.club(ann)
