"""Signed-in devices: opened, rotated, ended. `moment` null = now by the database's clock."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from clubroom.dba.attempts import Limit, listed, unless_refused
from clubroom.dba.pool import Database


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """What tokens are minted from: the person, the device, the newest number in its chain of refresh tokens,
    and the person's groups (513 at most: more than a token can list).
    """

    user: str
    key: int
    session: UUID | None
    generation: int
    groups: list[int]
    repeated: bool = False


class Ended(msgspec.Struct, frozen=True):
    """A session that ended, and when."""

    session: UUID
    at: datetime


class Open(msgspec.Struct, frozen=True):
    """A session that is open. `device` = what it is called, where that is known."""

    id: UUID
    device: str | None
    created_at: datetime
    used_at: datetime


async def open_session(
    db: Database,
    who: int,
    *,
    verified_hash: str,
    session: UUID,
    limits: list[Limit],
    device: str | None = None,
    moment: datetime | None = None,
) -> SignedIn:
    """After a right password. Raises WrongSignIn when it was changed while it was verified."""
    result = await db.command(
        "sign_in",
        who=who,
        verified_hash=verified_hash,
        session=session,
        limits=listed(limits),
        device=device,
        moment=moment,
    )
    return signed_in(result)


async def open_again(
    db: Database,
    who: int,
    *,
    verified_hash: str | None,
    session: UUID,
    device: str | None = None,
    moment: datetime | None = None,
) -> SignedIn:
    """After a repeated sign-up was proven. Raises IdConflict when the password was changed meanwhile."""
    result = await db.command(
        "open_again", who=who, verified_hash=verified_hash, session=session, device=device, moment=moment
    )
    return signed_in(result)


async def rotate(
    db: Database,
    session: UUID,
    generation: int,
    *,
    unused_seconds: int,
    moment: datetime | None = None,
) -> SignedIn:
    """The next number in the chain. Raises InvalidRefresh; a replay ends the session and closes the links."""
    result = await db.command(
        "rotate_session",
        session=session,
        used_generation=generation,
        unused_seconds=unused_seconds,
        moment=moment,
    )
    return signed_in(result)


async def reading_groups(db: Database, who: int, session: UUID) -> list[int]:
    """The groups of this person now (513 at most). Raises Unauthorized when the device was signed out."""
    found: list[int] = await db.read("reading_groups", who=who, session=session)
    return found


async def end(db: Database, who: int, session: UUID, *, moment: datetime | None = None) -> None:
    """This device signs out, and the person's open links are closed; ending it again changes nothing."""
    await db.command("end_session", who=who, session=session, moment=moment)


async def open_ones(
    db: Database, who: int, *, unused_seconds: int, moment: datetime | None = None
) -> list[Open]:
    """Where this person is signed in, the device that was used last first."""
    rows = await db.read("my_sessions", who=who, unused_seconds=unused_seconds, moment=moment)
    return [Open(*row.values()) for row in rows]


async def end_one(db: Database, who: int, session: UUID, *, moment: datetime | None = None) -> list[UUID]:
    """One device of this person; the sessions that ended. Raises NotFound."""
    result = await db.command("end_sessions", who=who, which=session, kept=None, moment=moment)
    return msgspec.convert(result["ended"], list[UUID])


async def end_all(
    db: Database, who: int, *, but: UUID | None = None, moment: datetime | None = None
) -> list[UUID]:
    """All devices of this person, or all but one; the sessions that ended."""
    result = await db.command("end_sessions", who=who, which=None, kept=but, moment=moment)
    return msgspec.convert(result["ended"], list[UUID])


async def ended_since(db: Database, at: datetime) -> list[Ended]:
    """Sessions that ended after `at`; those of the five seconds before are told again."""
    rows = await db.read("ended_sessions", since=at)
    return [Ended(row["session"], row["ended_at"]) for row in rows]


async def create_link(
    db: Database,
    who: int,
    *,
    session: UUID,
    link_mac: bytes,
    open_seconds: int,
    moment: datetime | None = None,
) -> None:
    """A one-use link for this person's next device. Raises Unauthorized when `session` has ended."""
    await db.command(
        "create_sign_in_link",
        who=who,
        session=session,
        link_mac=link_mac,
        open_seconds=open_seconds,
        moment=moment,
    )


async def open_by_link(
    db: Database,
    link_macs: list[bytes],
    *,
    session: UUID,
    address_limits: list[Limit],
    device: str | None = None,
    moment: datetime | None = None,
) -> SignedIn:
    """Uses a link up. Raises WrongSignIn for used, expired and unknown ones alike, or RateLimited."""
    result = await db.command(
        "sign_in_by_link",
        link_macs=link_macs,
        session=session,
        address_limits=listed(address_limits),
        device=device,
        moment=moment,
    )
    return signed_in(result)


def signed_in(result: Any) -> SignedIn:
    """A command's result that signs somebody in, or its refusal."""
    return msgspec.convert(unless_refused(result), SignedIn)
