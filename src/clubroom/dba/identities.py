"""Whom an issuer vouches for: an identity is (issuer, sub). `moment` null = now by the database's clock."""

from datetime import datetime
from uuid import UUID

import msgspec

from clubroom.dba.attempts import Limit, listed, unless_refused
from clubroom.dba.pool import Database
from clubroom.dba.sessions import SignedIn
from clubroom.wire import IDENTITIES_A_PERSON_MAX


class Coming(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who comes by an identity. `email` only if the issuer has verified it. Whoever is new is known
    as `wanted_user` where that is free, else as `spare_user`.
    """

    issuer: str
    sub: str
    sid: str | None = None
    email: str | None = None
    wanted_user: str | None = None
    spare_user: str
    name: str
    device: str | None = None
    language: str | None = None


class Came(SignedIn, frozen=True, kw_only=True):
    """`made` = nobody had this identity, nor the address of it: the account is new."""

    made: bool = False


class Shown(msgspec.Struct, frozen=True):
    """An identity as its person sees it."""

    id: int
    issuer: str
    created_at: datetime
    used_at: datetime


class IssuersSession(msgspec.Struct, frozen=True):
    """By which session at which issuer a device was opened here."""

    issuer: str
    sid: str | None


async def sign_in(
    db: Database, coming: Coming, *, session: UUID, limits: list[Limit], moment: datetime | None = None
) -> Came:
    """A new device. `limits` hold new accounts. Raises Full when an address leads to somebody who has too
    many identities, RateLimited.
    """
    result = await db.command(
        "sign_in_by_identity",
        issuer=coming.issuer,
        sub=coming.sub,
        sid=coming.sid,
        email=coming.email,
        wanted_user=coming.wanted_user,
        spare_user=coming.spare_user,
        called=coming.name,
        session=session,
        identities_max=IDENTITIES_A_PERSON_MAX,
        limits=listed(limits),
        device=coming.device,
        language=coming.language,
        moment=moment,
    )
    return msgspec.convert(unless_refused(result), Came)


async def use_trip(
    db: Database, challenge: bytes, *, limits: list[Limit], moment: datetime | None = None
) -> None:
    """`challenge` names a round trip: it ends here. Counted under these limits. Raises WrongSignIn when it
    had ended before, RateLimited.
    """
    result = await db.command("use_round_trip", challenge=challenge, limits=listed(limits), moment=moment)
    unless_refused(result)


async def connect(
    db: Database,
    who: int,
    *,
    issuer: str,
    sub: str,
    language: str | None = None,
    moment: datetime | None = None,
) -> None:
    """One more way in. Raises IdConflict when it is somebody else's, Full."""
    await db.command(
        "connect_identity",
        who=who,
        issuer=issuer,
        sub=sub,
        identities_max=IDENTITIES_A_PERSON_MAX,
        language=language,
        moment=moment,
    )


async def disconnect(db: Database, who: int, identity: int, *, issuer: str | None, only_issuer: bool) -> None:
    """Raises NotFound, or SignInNeeded when it is the last way in. `issuer` is whom the host names now."""
    await db.command(
        "disconnect_identity", who=who, identity=identity, issuer=issuer, only_issuer=only_issuer
    )


async def mine(db: Database, who: int) -> list[Shown]:
    """The oldest first."""
    return [Shown(*row.values()) for row in await db.read("my_identities", who=who)]


async def of_session(db: Database, who: int, session: UUID) -> IssuersSession | None:
    """None = it was opened by a way of our own."""
    row = await db.read("issuer_of_session", who=who, session=session)
    return IssuersSession(*row.values()) if row else None


async def end_sessions(
    db: Database,
    *,
    issuer: str,
    sub: str | None,
    sid: str | None,
    challenge: bytes,
    moment: datetime | None = None,
) -> list[UUID]:
    """What was opened by one session there, or by all of somebody; what ended. Raises WrongSignIn when it was
    said before.
    """
    result = await db.command(
        "end_sessions_of_issuer", issuer=issuer, sub=sub, sid=sid, challenge=challenge, moment=moment
    )
    return msgspec.convert(result["ended"], list[UUID])
