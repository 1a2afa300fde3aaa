"""Leaving for good: what stands in the way, the proof that it is oneself, and the end."""

import msgspec

from clubroom.auth.account import passkeys
from clubroom.auth.credentials import same_password
from clubroom.auth.room import UNKNOWN, Auth, Caller
from clubroom.claims import Claims
from clubroom.dba import accounts, leaving
from clubroom.errors import InvalidField, Unauthorized, WrongSignIn
from clubroom.wire import PASSWORD_CODE_POINTS_MAX, Deletion, Leaving
from clubroom.wire.text import checked_name


async def what_is_in_the_way(who: Claims, auth: Auth) -> Leaving:
    """Clubs that have no other owner, and by what one proves to be oneself."""
    return msgspec.json.decode(await leaving.leaving(auth.db, who.key), type=Leaving)


async def delete_account(
    who: Claims, said: Deletion, peer: str, auth: Auth, caller: Caller = UNKNOWN
) -> None:
    """Out of all clubs, rooms and conversations; every device is signed out. Nothing leads back.

    Raises LastOwner, WrongSignIn, InvalidField, RateLimited.
    """
    if sum(proof is not None for proof in (said.password, said.passkey, said.name)) != 1:
        raise InvalidField("One proof: the password, a passkey, or the name.")
    stored, challenge = None, None
    if said.password is not None:
        stored = await _proven(who, said.password, peer, auth)
    elif said.passkey is not None:
        challenge = await passkeys.proven_challenge(who, said.passkey, auth)
    else:
        await _named(who, said.name or "", auth)
    ended = await leaving.delete_account(
        auth.db,
        who.key,
        verified_hash=stored,
        challenge=challenge,
        erase=said.messages,
        language=caller.language,
        moment=auth.moment(),
    )
    for session in ended:
        auth.tokens.refuse(session)


async def _proven(who: Claims, password: str, peer: str, auth: Auth) -> str:
    """The hash of the password that was said."""
    stored = await accounts.sign_in_of(auth.db, who.key)
    if stored is None or stored.password_hash is None:
        raise WrongSignIn
    limits = auth.limits.wrong_passwords(stored.email, peer)
    address_limits = auth.limits.wrong_passwords_from(peer)
    await accounts.try_sign_in(
        auth.db, stored.email, limits=limits, address_limits=address_limits, moment=auth.moment()
    )
    short = len(password) <= PASSWORD_CODE_POINTS_MAX
    if not short or not await auth.passwords.matches(same_password(password), stored.password_hash):
        await accounts.count_wrong(auth.db, address_limits, moment=auth.moment())
        raise WrongSignIn
    await accounts.forgive(auth.db, limits)
    return stored.password_hash


async def _named(who: Claims, name: str, auth: Auth) -> None:
    """Whoever has neither password nor passkey writes their name, so that nobody does it by mistake."""
    profile = await accounts.profile(auth.db, who.key)
    if profile is None:
        raise Unauthorized
    if profile.password or profile.passkeys or checked_name(name) != profile.name:
        raise WrongSignIn
