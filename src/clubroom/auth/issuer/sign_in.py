"""By an issuer: signing in, connecting and disconnecting an identity, signing out there and here.

Who comes is known by (issuer, sub) alone. An address links them to an account that is there only if both
sides have confirmed it: the issuer says so, and whoever has the account here has opened a letter of ours. An
account that somebody made with an address of somebody else, and waits for them, is never theirs.
"""

import hashlib
import re
from urllib.parse import parse_qs
from uuid import uuid4

import msgspec

from clubroom.auth.accounts import new_user_id
from clubroom.auth.credentials import checked_email
from clubroom.auth.issuer import round_trip
from clubroom.auth.room import UNKNOWN, Auth, Caller, Opened
from clubroom.claims import Claims
from clubroom.dba import accounts, identities, sessions
from clubroom.dba.pool import rfc3339
from clubroom.errors import (
    InvalidField,
    InvalidText,
    Malformed,
    NotFound,
    NotVouched,
    TextTooLong,
    Unavailable,
    WrongSignIn,
)
from clubroom.ports import identity
from clubroom.wire import NAME_CODE_POINTS_MAX, SEQ_MAX, Identity, IssuerAnswer
from clubroom.wire.text import checked_name

# Stands in addresses and in what people write (`<@id>`), and everybody in a club sees it: so no blank, no
# slash, no bracket, no dot (whatever has one is a file's name), no colon (`<@label:…>`), and nothing that
# could be an address. `u_…` are our own.
USER_ID = re.compile(r"(?!u_|all$)[A-Za-z0-9][A-Za-z0-9|_~+=-]{1,199}", re.ASCII)
NAMELESS = {"de": "Neu hier"}
NAMELESS_ELSE = "New here"
LOGOUT_FIELD = "logout_token"


class CameIn(msgspec.Struct, frozen=True):
    """Somebody signed in, where they wanted to go, and whether they are new."""

    opened: Opened
    then: str
    made: bool


async def sign_in(
    answer: IssuerAnswer, cookie: str | None, peer: str, auth: Auth, caller: Caller = UNKNOWN
) -> CameIn:
    """A new device. Raises NotFound, NotVouched, Full, RateLimited, Unavailable."""
    wrong = auth.limits.wrong_passwords_from(peer)
    await accounts.refuse_over(auth.db, wrong, moment=auth.moment())
    try:
        kept, vouched = await round_trip.finish("in", answer, cookie, auth, limits=[])
        coming = identities.Coming(
            issuer=vouched.issuer,
            sub=vouched.sub,
            sid=vouched.sid,
            email=_usable(vouched.email),
            wanted_user=vouched.sub if USER_ID.fullmatch(vouched.sub) else None,
            spare_user=new_user_id(),
            name=_name(vouched.name, caller),
            device=caller.device,
            language=caller.language,
        )
        came = await identities.sign_in(
            auth.db, coming, session=uuid4(), limits=auth.limits.accounts(peer), moment=auth.moment()
        )
    except NotVouched:
        await accounts.count_wrong(auth.db, wrong, moment=auth.moment())
        raise
    return CameIn(auth.opened(came), kept.then, came.made)


async def connect(
    who: Claims, answer: IssuerAnswer, cookie: str | None, peer: str, auth: Auth, caller: Caller = UNKNOWN
) -> str:
    """One more way in for whoever is signed in; gives where they wanted to go. Raises as above, and
    IdConflict when it leads to somebody else's account.
    """
    wrong, limits = auth.limits.wrong_passwords_from(peer), auth.limits.connections(who.key)
    await accounts.refuse_over(auth.db, wrong, moment=auth.moment())
    try:
        kept, vouched = await round_trip.finish("connect", answer, cookie, auth, who=who, limits=limits)
    except NotVouched:
        await accounts.count_wrong(auth.db, wrong, moment=auth.moment())
        raise
    await identities.connect(
        auth.db,
        who.key,
        issuer=vouched.issuer,
        sub=vouched.sub,
        language=caller.language,
        moment=auth.moment(),
    )
    return kept.then


async def mine(who: Claims, auth: Auth) -> list[Identity]:
    """The oldest first."""
    issuer = auth.issuer.issuer if auth.issuer else None
    return [
        Identity(
            id=one.id,
            issuer=one.issuer,
            here=one.issuer == issuer,
            connected_at=rfc3339(one.created_at),
            used_at=rfc3339(one.used_at),
        )
        for one in await identities.mine(auth.db, who.key)
    ]


async def disconnect(who: Claims, which: int, auth: Auth) -> None:
    """Raises NotFound, SignInNeeded when it is the last way in."""
    if not 0 < which <= SEQ_MAX:
        raise NotFound
    issuer = auth.issuer.issuer if auth.issuer else None
    await identities.disconnect(auth.db, who.key, which, issuer=issuer, only_issuer=auth.settings.issuer_only)


async def sign_out(who: Claims, auth: Auth) -> str | None:
    """This device signs out, and is told where to do so at the issuer, if it came from there. An issuer that
    does not answer keeps nobody signed in here.
    """
    came = await identities.of_session(auth.db, who.key, who.session)
    await sessions.end(auth.db, who.key, who.session, moment=auth.moment())
    auth.tokens.refuse(who.session)
    if auth.issuer is None or came is None or came.issuer != auth.issuer.issuer:
        return None
    try:
        return await auth.issuer.leave(f"{auth.settings.public_url}/", came.sid)
    except identity.NotVouched as error:
        round_trip.told(error)
        return None


async def signed_out(body: bytes, peer: str, auth: Auth) -> None:
    """The issuer tells that somebody has signed out there (back-channel logout). What it has signed is heard
    however often others were wrong. Raises Malformed, NotFound, RateLimited, Unavailable.
    """
    issuer = round_trip.issuer_of(auth)
    token = _logout_token(body)
    try:
        out = await issuer.signed_out(token)
    except identity.NotVouched as error:
        refusal = round_trip.told(error)
        if isinstance(refusal, Unavailable):
            raise refusal from None
        wrong = auth.limits.wrong_sign_outs(peer)
        await accounts.refuse_over(auth.db, wrong, moment=auth.moment())
        await accounts.count_wrong(auth.db, wrong, moment=auth.moment())
        raise Malformed from None
    challenge = hashlib.sha256(f"logout {out.issuer} {out.jti}".encode()).digest()
    try:
        ended = await identities.end_sessions(
            auth.db, issuer=out.issuer, sub=out.sub, sid=out.sid, challenge=challenge, moment=auth.moment()
        )
    except WrongSignIn:
        return  # it was heard before, and the issuer, who did not hear that, says it again
    for session in ended:
        auth.tokens.refuse(session)


def _logout_token(body: bytes) -> str:
    try:
        said = parse_qs(body.decode("ascii"), max_num_fields=4).get(LOGOUT_FIELD, [])
    except ValueError:
        raise Malformed from None
    if len(said) != 1:
        raise Malformed
    return said[0]


def _usable(email: str | None) -> str | None:
    try:
        return checked_email(email) if email is not None else None
    except InvalidField:
        return None


def _name(name: str | None, caller: Caller) -> str:
    """As the issuer has it, as far as that can be used; whoever is new is asked whether it is right."""
    try:
        return checked_name((name or "")[:NAME_CODE_POINTS_MAX])
    except (InvalidText, TextTooLong):
        return NAMELESS.get(caller.language or "", NAMELESS_ELSE)
