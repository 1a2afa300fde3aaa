"""People, and how they sign in. `moment` null = now by the database's clock."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from clubroom.dba.attempts import Limit, listed, unless_refused
from clubroom.dba.pool import Database
from clubroom.dba.sessions import SignedIn, signed_in
from clubroom.errors import RateLimited


class NewPerson(msgspec.Struct, frozen=True, kw_only=True):
    """What an account is made from. `key` is the client's name for it; `email` comes with a hash. `device` is
    what its first device is called, `language` that of the letter which asks whether the address is right.
    """

    sub: str
    name: str
    key: UUID | None = None
    email: str | None = None
    password_hash: str | None = None
    device: str | None = None
    language: str | None = None


class Known(msgspec.Struct, frozen=True):
    """What a password is verified against; both null when nobody has this address, the hash alone when no
    password is set.
    """

    key: int | None
    password_hash: str | None


class SignInOf(msgspec.Struct, frozen=True):
    """How a person signs in now. Without a hash they have an address alone: an issuer vouched for it."""

    email: str
    password_hash: str | None


class Profile(msgspec.Struct, frozen=True):
    """A person as they see themselves."""

    user: str
    name: str
    email: str | None
    email_verified: bool
    time_zone: str | None
    language: str | None
    passkeys: int
    invisible: bool
    password: bool
    identities: int


async def create_account(
    db: Database,
    person: NewPerson,
    *,
    session: UUID,
    limits: list[Limit],
    taken_limits: list[Limit],
    moment: datetime | None = None,
) -> SignedIn | Known:
    """A person, signed in, or whom the key has named already: that they are it is still to be proven.

    Raises AddressTaken, RateLimited, or IdConflict when the key named another one.
    """
    result = await db.command(
        "create_account",
        account_key=person.key,
        sub=person.sub,
        name=person.name,
        email=person.email,
        password_hash=person.password_hash,
        session=session,
        limits=listed(limits),
        taken_limits=listed(taken_limits),
        device=person.device,
        language=person.language,
        moment=moment,
    )
    if "known" in result:
        return msgspec.convert(result["known"], Known)
    return signed_in(result)


async def try_sign_in(
    db: Database,
    email: str,
    *,
    limits: list[Limit],
    address_limits: list[Limit],
    moment: datetime | None = None,
) -> Known:
    """Counts a try under `limits`, which `sessions.open_session` takes back. Raises RateLimited."""
    result = await db.command(
        "try_sign_in",
        email=email,
        limits=listed(limits),
        address_limits=listed(address_limits),
        moment=moment,
    )
    return msgspec.convert(unless_refused(result), Known)


async def refuse_over(db: Database, limits: list[Limit], *, moment: datetime | None = None) -> None:
    """Raises RateLimited when there is no room under these limits, before any dear work is done in vain."""
    wait_ms = await db.read("wait_ms", limits=listed(limits), moment=moment)
    if wait_ms is not None:
        raise RateLimited(retry_ms=int(wait_ms))


async def forgive(db: Database, limits: list[Limit]) -> None:
    """The tries under these limits turned out right, and count for nothing."""
    await db.command("forgive", limits=listed(limits))


async def count_wrong(db: Database, limits: list[Limit], *, moment: datetime | None = None) -> None:
    """A wrong password, counted under these limits."""
    await db.command("count_wrong", limits=listed(limits), moment=moment)


async def sign_in_of(db: Database, who: int) -> SignInOf | None:
    """How this person signs in, if they set it."""
    row = await db.read("sign_in_of", who=who)
    return SignInOf(row["email"], row["password_hash"]) if row else None


async def set_sign_in(
    db: Database,
    who: int,
    *,
    session: UUID,
    email: str,
    password_hash: str,
    verified_hash: str | None,
    taken_limits: list[Limit],
    limits: Sequence[Limit] = (),
    language: str | None = None,
    moment: datetime | None = None,
) -> list[UUID]:
    """Sets or changes it, if `verified_hash` is still what is stored. A change signs out every other device
    than `session` and closes the person's links; answers the sessions that ended. Letters ask whether a new
    address is right, and tell the old one: `limits` hold new addresses. Raises WrongSignIn, AddressTaken,
    RateLimited.
    """
    result = await db.command(
        "set_sign_in",
        who=who,
        session=session,
        new_email=email,
        new_hash=password_hash,
        verified_hash=verified_hash,
        taken_limits=listed(taken_limits),
        limits=listed(limits),
        language=language,
        moment=moment,
    )
    return msgspec.convert(unless_refused(result)["ended"], list[UUID])


async def profile(db: Database, who: int) -> Profile | None:
    """This person; None when there is nobody (a token from before a restore)."""
    row = await db.read("me", who=who)
    return Profile(*row.values()) if row else None
