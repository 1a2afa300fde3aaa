"""What a browser takes along to the issuer and back, sealed into a cookie of its own: nothing is kept here
meanwhile, so that any server can go on where another began.

By the cookie an answer belongs to the browser that asked: nobody is signed in as somebody else by a link that
somebody has sent them. Each trip ends once (`used_challenges`).
"""

import base64
import binascii
import hashlib
import logging
import secrets
from hmac import compare_digest
from typing import Literal
from uuid import UUID

import msgspec

from clubroom.auth.room import Auth
from clubroom.claims import Claims
from clubroom.dba import identities
from clubroom.dba.attempts import Limit
from clubroom.errors import InvalidField, NotFound, NotVouched, Unavailable, WrongSignIn
from clubroom.ports import identity
from clubroom.ports.identity import Trip
from clubroom.wire import ISSUER_ANSWER_CHARACTERS_MAX, THEN_CHARACTERS_MAX, IssuerAnswer

TRIP_SECONDS = 600
RANDOM_BYTES = 32
COOKIE_CHARACTERS_MAX = 2_000
RETRY_MS = 5_000
BACK = "/signed-in"
Purpose = Literal["in", "connect"]

log = logging.getLogger(__name__)


class Begun(msgspec.Struct, frozen=True):
    """Where the browser goes, and what it keeps meanwhile."""

    url: str
    kept: str


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What is in the cookie. `who` and `session` are of whoever connects an identity."""

    trip: Trip
    purpose: Purpose
    then: str
    until: int
    who: int | None = None
    session: UUID | None = None

    @property
    def challenge(self) -> bytes:
        """What it is known by once it has ended."""
        return hashlib.sha256(b"round trip " + self.trip.state.encode()).digest()


def issuer_of(auth: Auth) -> identity.Issuer:
    """Raises NotFound where the host has named none."""
    if auth.issuer is None:
        raise NotFound
    return auth.issuer


def back(auth: Auth) -> str:
    """Where the issuer sends browsers back to: it has to be told of it before."""
    return f"{auth.settings.public_url}{BACK}"


async def begin(purpose: Purpose, then: str, auth: Auth, who: Claims | None = None) -> Begun:
    """Raises NotFound, InvalidField, Unavailable (the issuer does not answer)."""
    issuer = issuer_of(auth)
    trip = Trip(
        state=f"{purpose}.{secrets.token_urlsafe(RANDOM_BYTES)}",  # by its beginning a client knows what for
        nonce=secrets.token_urlsafe(RANDOM_BYTES),
        verifier=secrets.token_urlsafe(RANDOM_BYTES),
    )
    kept = Kept(
        trip=trip,
        purpose=purpose,
        then=checked_path(then),
        until=int(_now(auth)) + TRIP_SECONDS,
        who=who.key if who else None,
        session=who.session if who else None,
    )
    try:
        url = await issuer.begin(trip, back(auth))
    except identity.NotVouched as error:
        raise told(error) from None
    sealed = base64.urlsafe_b64encode(auth.keys.seal_trip(msgspec.json.encode(kept))).rstrip(b"=")
    return Begun(url, sealed.decode())


async def finish(
    purpose: Purpose,
    answer: IssuerAnswer,
    cookie: str | None,
    auth: Auth,
    *,
    who: Claims | None = None,
    limits: list[Limit],
) -> tuple[Kept, identity.Vouched]:
    """For whom the issuer vouches. The trip ends before the issuer is asked: one trip is one question, and
    `limits` count those. Raises NotFound, NotVouched, RateLimited, Unavailable.
    """
    issuer = issuer_of(auth)
    kept = _kept(cookie, auth)
    if kept is None:
        raise _not_vouched("no_cookie")
    said = (answer.state, answer.code, answer.iss or "")
    if not answer.code or any(len(one) > ISSUER_ANSWER_CHARACTERS_MAX for one in said):
        raise _not_vouched("no_code")
    if not compare_digest(answer.state.encode(errors="replace"), kept.trip.state.encode()):
        raise _not_vouched("state")
    if kept.until < _now(auth):
        raise _not_vouched("too_late")
    asker = (who.key, who.session) if who else (None, None)
    if kept.purpose != purpose or (kept.who, kept.session) != asker:
        raise _not_vouched("somebody_else")
    try:
        await identities.use_trip(auth.db, kept.challenge, limits=limits, moment=auth.moment())
    except WrongSignIn:
        raise _not_vouched("used") from None
    try:
        return kept, await issuer.finish(kept.trip, back(auth), answer.code, answer.iss)
    except identity.NotVouched as error:
        raise told(error) from None


def told(error: identity.NotVouched) -> NotVouched | Unavailable:
    """In our words; the host reads in the log why."""
    if isinstance(error, identity.NoIssuer):
        log.warning("The issuer does not answer.", extra={"fields": {"why": error.why}})
        return Unavailable(retry_ms=RETRY_MS)
    return _not_vouched(error.why)


def checked_path(then: str) -> str:
    """A place in the client, never another site. Raises InvalidField."""
    inside = then.startswith("/") and not then.startswith("//") and "\\" not in then
    if not inside or len(then) > THEN_CHARACTERS_MAX or not then.isascii() or not then.isprintable():
        raise InvalidField("`then` is a path of the client.")
    return then


def _not_vouched(why: str) -> NotVouched:
    log.warning("A sign-in by the issuer was refused.", extra={"fields": {"why": why}})
    return NotVouched()


def _kept(cookie: str | None, auth: Auth) -> Kept | None:
    """None = we have not sealed this."""
    if not cookie or len(cookie) > COOKIE_CHARACTERS_MAX or not cookie.isascii():
        return None
    try:
        sealed = base64.b64decode(cookie + "=" * (-len(cookie) % 4), altchars=b"-_", validate=True)
        return msgspec.json.decode(auth.keys.open_trip(sealed), type=Kept)
    except (LookupError, binascii.Error, ValueError, msgspec.DecodeError):
        return None


def _now(auth: Auth) -> float:
    moment = auth.moment()
    return moment.timestamp() if moment else auth.db.clock()
