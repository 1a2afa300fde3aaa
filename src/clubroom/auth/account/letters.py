"""What goes by mail: is this your address, and a new password for whoever forgot theirs.

Whether somebody has an address is looked up when the letter is sent, never while the call is answered.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from clubroom.auth.account import wishes
from clubroom.auth.credentials import checked_email, checked_password
from clubroom.auth.keys import Keys
from clubroom.auth.mailed import answers
from clubroom.auth.room import UNKNOWN, Auth, Caller, Opened
from clubroom.auth.sessions import LINK_CHARACTERS_MAX, LINK_RANDOM_BYTES
from clubroom.claims import Claims
from clubroom.dba import accounts, outbox, profiles
from clubroom.dba.outbox import Addressee
from clubroom.dba.pool import Database
from clubroom.errors import WrongSignIn
from clubroom.wire import NewPassword


class LinksInLetters:
    """The secrets of links, for whoever carries the outbox away."""

    def __init__(self, db: Database, keys: Keys) -> None:
        self.db = db
        self.keys = keys

    @property
    def openers(self) -> Sequence[bytes]:
        """The names of the keys that open seals here."""
        return self.keys.mail_openers

    def opened(self, sealed: bytes, address: str) -> str:
        """The secret that was sealed for a letter to this address. Raises LookupError."""
        return self.keys.open_link(sealed, address)

    async def fresh(self, letter: int, moment: datetime | None) -> tuple[str, Addressee] | None:
        """A secret for a letter, good from now on; None where nobody has its address."""
        secret = secrets.token_urlsafe(LINK_RANDOM_BYTES)
        found = await outbox.open_link(self.db, letter, self.keys.link_macs(secret)[0], moment=moment)
        return (secret, found) if found is not None else None

    def unsubscribe(self, who: int, template: str) -> str:
        """What ends letters of this kind to this person."""
        return wishes.unsubscribing(who, template, self.keys)

    def answering(self, who: int, group: int, key: str) -> str:
        """What answers for this person to this occurrence of an event."""
        return answers.answering(who, group, key, self.keys)


async def ask_verification(who: Claims, auth: Auth, caller: Caller = UNKNOWN) -> None:
    """The letter that asks whether the address is right, once more. Raises NotFound, RateLimited."""
    await profiles.ask_verification(
        auth.db,
        who.key,
        limits=auth.limits.own_letters(who.key),
        language=caller.language,
        moment=auth.moment(),
    )


async def verify_email(secret: str, peer: str, auth: Auth) -> str:
    """The address that is verified by this link. Used again it says the same. Raises WrongSignIn,
    RateLimited.
    """
    if len(secret) > LINK_CHARACTERS_MAX:
        raise WrongSignIn
    return await profiles.verify_email(
        auth.db,
        auth.keys.link_macs(secret),
        limits=auth.limits.wrong_passwords_from(peer),
        moment=auth.moment(),
    )


async def ask_password(typed_email: str, peer: str, auth: Auth, caller: Caller = UNKNOWN) -> None:
    """A letter with a link to a new password, if anybody has this address. Raises InvalidField,
    RateLimited, IssuerOnly.
    """
    auth.require_own_ways()
    email = checked_email(typed_email)
    await profiles.ask_password(
        auth.db,
        email,
        limits=auth.limits.letters(email, peer),
        language=caller.language,
        moment=auth.moment(),
    )


async def reset_password(new: NewPassword, peer: str, auth: Auth, caller: Caller = UNKNOWN) -> Opened:
    """A new password by the link that was mailed, once: all devices are signed out, and this one signed in.

    Raises WrongSignIn (used, expired and unknown links alike), InvalidField, RateLimited, IssuerOnly.
    """
    auth.require_own_ways()
    password = checked_password(new.password)
    if len(new.link) > LINK_CHARACTERS_MAX:
        raise WrongSignIn
    limits = auth.limits.wrong_passwords_from(peer)
    await accounts.refuse_over(auth.db, limits, moment=auth.moment())
    opened, ended = await profiles.reset_password(
        auth.db,
        auth.keys.link_macs(new.link),
        password_hash=await auth.passwords.hashed(password),
        session=uuid4(),
        limits=limits,
        device=caller.device,
        language=caller.language,
        moment=auth.moment(),
    )
    for session in ended:
        auth.tokens.refuse(session)
    return auth.opened(opened)
