"""People: a name is enough to begin; e-mail and password can come at once or later."""

import secrets
from uuid import uuid4

import msgspec

from clubroom.auth.credentials import checked_email, checked_password, same_password
from clubroom.auth.room import UNKNOWN, Auth, Caller, Opened
from clubroom.claims import Claims
from clubroom.dba import accounts, activity, missed, place, profiles, reading, rooms, sessions
from clubroom.errors import IdConflict, InvalidField, Unauthorized, WrongSignIn
from clubroom.wire import GroupEntry, Language, Me, NewAccount, SignIn, SignInSet
from clubroom.wire.text import checked_name

USER_RANDOM_BYTES = 16


def new_user_id() -> str:
    """`u_` and 22 random characters: 128 bits. Not a UUIDv7, for a user id is seen by every member of every
    club and would tell when somebody signed up; its order is of no use, the database has numbers of its own.
    """
    return f"u_{secrets.token_urlsafe(USER_RANDOM_BYTES)}"


async def create_account(new: NewAccount, peer: str, auth: Auth, caller: Caller = UNKNOWN) -> Opened:
    """A person with a self group, signed in. With a key the same call again signs in the same person.

    Raises InvalidText, TextTooLong, InvalidField, AddressTaken, IdConflict, RateLimited, IssuerOnly.
    """
    auth.require_own_ways()
    name = checked_name(new.name)
    email = password_hash = None
    if (new.email is None) != (new.password is None):
        raise InvalidField("E-mail and password come together.")
    if new.email is not None and new.password is not None:
        email, password = checked_email(new.email), checked_password(new.password)
        limits = auth.limits.accounts(peer) + auth.limits.taken_emails(peer)
        await accounts.refuse_over(auth.db, limits, moment=auth.moment())
        password_hash = await auth.passwords.hashed(password)
    person = accounts.NewPerson(
        sub=new_user_id(),
        name=name,
        key=new.key,
        email=email,
        password_hash=password_hash,
        device=caller.device,
        language=caller.language,
    )
    made = await accounts.create_account(
        auth.db,
        person,
        session=uuid4(),
        limits=auth.limits.accounts(peer),
        taken_limits=auth.limits.taken_emails(peer) if email else [],
        moment=auth.moment(),
    )
    if isinstance(made, accounts.Known):
        made = await _open_again(made, new.password, peer, auth, caller)
    return auth.opened(made)


async def _open_again(
    known: accounts.Known, password: str | None, peer: str, auth: Auth, caller: Caller
) -> sessions.SignedIn:
    """The same key again opens nothing without the password, and not without end."""
    limits = auth.limits.repeats(peer)
    await accounts.refuse_over(auth.db, limits, moment=auth.moment())
    await accounts.count_wrong(auth.db, limits, moment=auth.moment())
    stored = known.password_hash
    proven = password is not None and await auth.passwords.matches(same_password(password), stored)
    if stored is not None and not proven:
        raise IdConflict
    assert known.key is not None
    return await sessions.open_again(
        auth.db,
        known.key,
        verified_hash=stored,
        session=uuid4(),
        device=caller.device,
        moment=auth.moment(),
    )


async def set_sign_in(who: Claims, new: SignIn, peer: str, auth: Auth, caller: Caller = UNKNOWN) -> SignInSet:
    """Sets e-mail and password, or changes them for whoever knows the current password. Repeating it is safe.

    Raises InvalidField, WrongSignIn, AddressTaken, RateLimited, IssuerOnly.
    """
    email, password = checked_email(new.email), checked_password(new.password)
    auth.require_own_ways()
    stored = await accounts.sign_in_of(auth.db, who.key)
    if stored is not None and stored.password_hash is not None:
        proof = await _proof(stored, SignIn(email=email, password=password, current=new.current), peer, auth)
        if proof is None:
            await accounts.count_wrong(auth.db, auth.limits.wrong_passwords_from(peer), moment=auth.moment())
            raise WrongSignIn
        await accounts.forgive(auth.db, auth.limits.wrong_passwords(stored.email, peer))
        if proof == password and email == stored.email:
            return SignInSet(email=email)  # so it is already: the answer to an earlier call was lost
    taken_limits = auth.limits.taken_emails(peer)
    await accounts.refuse_over(auth.db, taken_limits, moment=auth.moment())
    ended = await accounts.set_sign_in(
        auth.db,
        who.key,
        session=who.session,
        email=email,
        password_hash=await auth.passwords.hashed(password),
        verified_hash=stored.password_hash if stored else None,
        taken_limits=taken_limits,
        limits=auth.limits.new_addresses(who.key),
        language=caller.language,
        moment=auth.moment(),
    )
    for session in ended:
        auth.tokens.refuse(session)
    return SignInSet(email=email)


async def _proof(stored: accounts.SignInOf, new: SignIn, peer: str, auth: Auth) -> str | None:
    """The password that was proven to be the stored one: the current one, or the same one once more."""
    await accounts.try_sign_in(
        auth.db,
        stored.email,
        limits=auth.limits.wrong_passwords(stored.email, peer),
        address_limits=auth.limits.wrong_passwords_from(peer),
        moment=auth.moment(),
    )
    tried = [] if new.current is None else [same_password(new.current)]
    if new.email == stored.email:
        tried.append(new.password)
    for one in tried:
        if await auth.passwords.matches(one, stored.password_hash):
            return one
    return None


async def me(who: Claims, auth: Auth) -> Me:
    """Who I am and where I belong. Raises Unauthorized when nobody is there any more (after a restore)."""
    profile = await accounts.profile(auth.db, who.key)
    if profile is None or profile.user != who.user:
        raise Unauthorized
    rows = await reading.my_groups(auth.db, who.key)
    news = await activity.news(auth.db, who.key)
    return Me(
        user=profile.user,
        name=profile.name,
        email=profile.email,
        email_verified=profile.email_verified,
        password=profile.password,
        passkeys=profile.passkeys,
        identities=profile.identities,
        invisible=profile.invisible,
        letters=await missed.wishes_of(auth.db, who.key),
        time_zone=profile.time_zone,
        language=msgspec.convert(profile.language, Language | None),
        quiet=await profiles.quiet_hours(auth.db, who.key),
        epoch=await reading.epoch(auth.db),
        groups=[msgspec.json.decode(row, type=GroupEntry) for row in rows],
        blocked=await rooms.blocked_people(auth.db, who.key),
        host=await place.is_host(auth.db, who.key),
        activity_seen=news.seen,
        activity_unseen=news.unseen,
    )
