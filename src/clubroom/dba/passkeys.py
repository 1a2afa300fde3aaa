"""Passkeys: kept, verified against, removed. `moment` null = now by the database's clock."""

from datetime import datetime
from uuid import UUID

import msgspec

from clubroom.dba.pool import Database
from clubroom.dba.sessions import SignedIn, signed_in
from clubroom.wire import PASSKEYS_A_PERSON_MAX


class Kept(msgspec.Struct, frozen=True):
    """What a signature is verified against, and whose it is."""

    user: int
    public_key: bytes
    sign_count: int


class Shown(msgspec.Struct, frozen=True):
    """A passkey as its person sees it."""

    id: bytes
    name: str
    created_at: datetime
    used_at: datetime


async def add(
    db: Database,
    who: int,
    *,
    passkey: bytes,
    public_key: bytes,
    sign_count: int,
    name: str,
    challenge: bytes,
    passkeys_max: int = PASSKEYS_A_PERSON_MAX,
    language: str | None = None,
    moment: datetime | None = None,
) -> None:
    """One more. Raises Full, IdConflict, or WrongSignIn when the challenge was used before."""
    await db.command(
        "add_passkey",
        who=who,
        passkey=passkey,
        public_key=public_key,
        sign_count=sign_count,
        name=name,
        challenge=challenge,
        passkeys_max=passkeys_max,
        language=language,
        moment=moment,
    )


async def remove(db: Database, who: int, passkey: bytes, *, issuer: str | None = None) -> None:
    """Raises NotFound, or SignInNeeded when whoever runs a club would have no way back in: by an identity
    only if it is of `issuer`, whom the host names now.
    """
    await db.command("remove_passkey", who=who, passkey=passkey, issuer=issuer)


async def mine(db: Database, who: int) -> list[Shown]:
    """The oldest first."""
    return [Shown(*row.values()) for row in await db.read("my_passkeys", who=who)]


async def by_id(db: Database, passkey: bytes) -> Kept | None:
    """Whose it is, if anybody's."""
    row = await db.read("passkey_by_id", passkey=passkey)
    return Kept(*row.values()) if row else None


async def open_session(
    db: Database,
    *,
    passkey: bytes,
    sign_count: int,
    challenge: bytes,
    session: UUID,
    device: str | None,
    moment: datetime | None = None,
) -> SignedIn:
    """After a right signature. Raises WrongSignIn when the passkey or the challenge is good no more."""
    result = await db.command(
        "sign_in_by_passkey",
        passkey=passkey,
        sign_count=sign_count,
        challenge=challenge,
        session=session,
        device=device,
        moment=moment,
    )
    return signed_in(result)
