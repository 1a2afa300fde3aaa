"""Signed-in devices: opened by a password or a link, kept by rotating refresh tokens, ended."""

import secrets
from uuid import uuid4

from clubroom.auth import refresh
from clubroom.auth.account import passkeys
from clubroom.auth.credentials import checked_email, same_password
from clubroom.auth.room import UNKNOWN, Auth, Caller, Opened
from clubroom.claims import Claims
from clubroom.dba import accounts, leaving, sessions
from clubroom.errors import InvalidField, InvalidRefresh, NotFound, WrongSignIn
from clubroom.wire import (
    PASSWORD_CODE_POINTS_MAX,
    USER_CHARACTERS_MAX,
    NewSession,
    SignInLink,
    possible_group,
)

LINK_OPEN_SECONDS = 600
HANDED_LINK_OPEN_SECONDS = 24 * 3_600
LINK_RANDOM_BYTES = 32
LINK_CHARACTERS_MAX = 100


async def sign_in(new: NewSession, peer: str, auth: Auth, caller: Caller = UNKNOWN) -> Opened:
    """A new device, by e-mail and password, by a link or by a passkey. Raises WrongSignIn, RateLimited,
    InvalidField, IssuerOnly.
    """
    auth.require_own_ways()
    said = {name for name in ("email", "password", "link", "passkey") if getattr(new, name) is not None}
    if said == {"passkey"} and new.passkey is not None:
        return await passkeys.sign_in(new.passkey, peer, auth, caller)
    if said == {"link"} and new.link is not None:
        return await _by_link(new.link, peer, auth, caller)
    if said == {"email", "password"} and new.email is not None and new.password is not None:
        return await _by_password(new.email, new.password, peer, auth, caller)
    raise InvalidField("Either e-mail and password, or a link, or a passkey.")


async def _by_password(typed_email: str, password: str, peer: str, auth: Auth, caller: Caller) -> Opened:
    """Takes as long, and answers alike, for an address that nobody has."""
    email = checked_email(typed_email)
    limits, address_limits = auth.limits.wrong_passwords(email, peer), auth.limits.wrong_passwords_from(peer)
    known = await accounts.try_sign_in(
        auth.db, email, limits=limits, address_limits=address_limits, moment=auth.moment()
    )
    matched = len(password) <= PASSWORD_CODE_POINTS_MAX and await auth.passwords.matches(
        same_password(password), known.password_hash
    )
    if not matched or known.key is None or known.password_hash is None:
        await accounts.count_wrong(auth.db, address_limits, moment=auth.moment())
        raise WrongSignIn
    opened = await sessions.open_session(
        auth.db,
        known.key,
        verified_hash=known.password_hash,
        session=uuid4(),
        limits=limits,
        device=caller.device,
        moment=auth.moment(),
    )
    return auth.opened(opened)


async def _by_link(secret: str, peer: str, auth: Auth, caller: Caller) -> Opened:
    if len(secret) > LINK_CHARACTERS_MAX:
        raise WrongSignIn
    opened = await sessions.open_by_link(
        auth.db,
        auth.keys.link_macs(secret),
        session=uuid4(),
        address_limits=auth.limits.wrong_passwords_from(peer),
        device=caller.device,
        moment=auth.moment(),
    )
    return auth.opened(opened)


async def rotate(refresh_token: str | None, auth: Auth) -> Opened:
    """Fresh tokens for a device. A replay ends its session, here at once. Raises InvalidRefresh."""
    if refresh_token is None:
        raise InvalidRefresh
    place = refresh.read(auth.keys, refresh_token)
    try:
        opened = await sessions.rotate(
            auth.db,
            place.session,
            place.generation,
            unused_seconds=auth.settings.session_unused_seconds,
            moment=auth.moment(),
        )
    except InvalidRefresh:  # the session has ended, now or before: we wrote this token ourselves
        auth.tokens.refuse(place.session)
        raise
    return auth.opened(opened)


async def end_session(who: Claims, auth: Auth) -> None:
    """This device signs out: its tokens are refused here at once, on other servers within two seconds."""
    await sessions.end(auth.db, who.key, who.session, moment=auth.moment())
    auth.tokens.refuse(who.session)


async def create_sign_in_link(who: Claims, auth: Auth) -> SignInLink:
    """A link for this person's next device: ten minutes, one use. The secret stands behind the #, where no
    server and no proxy ever sees it. A sign-out, a new password or a replay closes it. Raises Unauthorized,
    IssuerOnly.
    """
    auth.require_own_ways()
    secret = secrets.token_urlsafe(LINK_RANDOM_BYTES)
    await sessions.create_link(
        auth.db,
        who.key,
        session=who.session,
        link_mac=auth.keys.link_macs(secret)[0],
        open_seconds=LINK_OPEN_SECONDS,
        moment=auth.moment(),
    )
    return SignInLink(url=f"{auth.settings.public_url}/sign-in#{secret}")


async def hand_sign_in_link(who: Claims, group: int, user: str, auth: Auth) -> SignInLink:
    """A link that signs in as a member who has nothing to get back in by: a day, one use, and they are told.

    Raises Forbidden, NotFound, IssuerOnly.
    """
    auth.require_own_ways()
    if len(user) > USER_CHARACTERS_MAX or "\0" in user:
        raise NotFound
    secret = secrets.token_urlsafe(LINK_RANDOM_BYTES)
    await leaving.hand_link(
        auth.db,
        who.key,
        possible_group(group),
        user,
        link_mac=auth.keys.link_macs(secret)[0],
        open_seconds=HANDED_LINK_OPEN_SECONDS,
        moment=auth.moment(),
    )
    return SignInLink(url=f"{auth.settings.public_url}/sign-in#{secret}")
