"""One's own account beside how one signs in: letters asked for, links in them used, the profile changed."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from clubroom.actions import QuietSpan
from clubroom.dba.attempts import Limit, listed, unless_refused
from clubroom.dba.pool import Database
from clubroom.dba.sessions import SignedIn
from clubroom.wire import QuietHours


async def ask_verification(
    db: Database, who: int, *, limits: list[Limit], language: str | None, moment: datetime | None = None
) -> None:
    """One more letter that asks whether the address is right. Raises NotFound (there is none),
    RateLimited.
    """
    result = await db.command(
        "ask_verification", who=who, limits=listed(limits), language=language, moment=moment
    )
    unless_refused(result)


async def verify_email(
    db: Database, macs: list[bytes], *, limits: list[Limit], moment: datetime | None = None
) -> str:
    """The address that is verified now, or was before. Raises WrongSignIn, RateLimited."""
    result = await db.command("verify_email", macs=macs, limits=listed(limits), moment=moment)
    return str(unless_refused(result)["email"])


async def ask_password(
    db: Database, email: str, *, limits: list[Limit], language: str | None, moment: datetime | None = None
) -> None:
    """A letter to this address, if anybody has it. The same for one that nobody has. Raises RateLimited."""
    result = await db.command(
        "ask_password", email=email, limits=listed(limits), language=language, moment=moment
    )
    unless_refused(result)


async def reset_password(
    db: Database,
    macs: list[bytes],
    *,
    password_hash: str,
    session: UUID,
    limits: list[Limit],
    device: str | None,
    language: str | None,
    moment: datetime | None = None,
) -> tuple[SignedIn, list[UUID]]:
    """Signed in on this device, and the sessions that ended. Raises WrongSignIn, RateLimited."""
    result = unless_refused(
        await db.command(
            "reset_password",
            macs=macs,
            new_hash=password_hash,
            session=session,
            limits=listed(limits),
            device=device,
            language=language,
            moment=moment,
        )
    )
    return msgspec.convert(result, SignedIn), msgspec.convert(result["ended"], list[UUID])


async def change_profile(
    db: Database,
    who: int,
    changes: Mapping[str, str | bool | None],
    *,
    limits: list[Limit],
    moment: datetime | None = None,
) -> None:
    """What `changes` names of name, time_zone, language, invisible. Raises RateLimited (new names alone)."""
    result = await db.command(
        "change_profile",
        who=who,
        changes=msgspec.json.encode(changes).decode(),
        limits=listed(limits),
        moment=moment,
    )
    unless_refused(result)


async def invisible_of(db: Database, people: Collection[int]) -> set[int]:
    """Who of these is here and not to be seen. For the servers themselves: nobody is judged."""
    return set(await db.read("invisible_of", people=list(people)))


async def set_quiet_hours(db: Database, who: int, spans: list[QuietSpan], zone: str | None) -> None:
    """Instead of those so far. Raises InvalidField where no time zone is known."""
    await db.command("set_quiet_hours", who=who, spans=msgspec.json.encode(spans).decode(), zone=zone)


async def quiet_hours(db: Database, who: int) -> QuietHours | None:
    """Those that somebody has."""
    found = await db.read("my_quiet_hours", who=who)
    return None if found is None else msgspec.json.decode(found, type=QuietHours)
