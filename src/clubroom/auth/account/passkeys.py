"""Passkeys: made, shown, removed, and signed in with.

A challenge holds what it is for, until when it is good, and our HMAC over both: nothing is stored before
somebody has answered it rightly, so that asking for challenges fills no table. Each is answered once.
"""

import hashlib
import os
import struct
from hmac import compare_digest
from typing import Literal
from uuid import uuid4

from clubroom.auth.room import UNKNOWN, Auth, Caller, Opened
from clubroom.claims import Claims
from clubroom.dba import accounts, passkeys
from clubroom.dba.pool import rfc3339
from clubroom.errors import NotFound, WrongSignIn
from clubroom.ports.identity.passkeys import Passkeys as WebAuthn
from clubroom.ports.identity.passkeys import Said, read, written
from clubroom.wire import PASSKEY_CHARACTERS_MAX, NewPasskey, Passkey, Passkeys
from clubroom.wire.text import checked_name

CHALLENGE_S = 300
PASSKEY_ID_BYTES_MAX = 1_023
_SAID = struct.Struct(">16sQ")
_MAC_BYTES = 32
UNNAMED = "Passkey"
Purpose = Literal["make", "sign in", "leave"]


def options_to_sign_in(auth: Auth) -> str:
    """What a browser is asked for by somebody who is not signed in yet."""
    return _webauthn(auth).to_sign(_challenge(auth, "sign in"))


def options_to_leave(who: Claims, auth: Auth) -> str:
    """The same for whoever deletes their account."""
    return _webauthn(auth).to_sign(_challenge(auth, "leave", who))


async def options_to_make(who: Claims, auth: Auth) -> str:
    """What a browser is asked for to make a passkey."""
    profile = await accounts.profile(auth.db, who.key)
    known = await passkeys.mine(auth.db, who.key)
    handle = hashlib.sha256(who.user.encode()).digest()
    name = profile.name if profile else UNNAMED
    return _webauthn(auth).to_make(handle, name, _challenge(auth, "make", who), [one.id for one in known])


async def add_passkey(who: Claims, new: NewPasskey, auth: Auth, caller: Caller = UNKNOWN) -> None:
    """What the browser made. Raises WrongSignIn, Full, IdConflict, InvalidText, TextTooLong, IssuerOnly."""
    auth.require_own_ways()
    name = checked_name(new.name) if new.name else caller.device or UNNAMED
    said = _said(new.credential, auth)
    _require(auth, said, "make", who)
    made = _webauthn(auth).made(said)
    await passkeys.add(
        auth.db,
        who.key,
        passkey=made.id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        name=name,
        challenge=said.challenge,
        language=caller.language,
        moment=auth.moment(),
    )


async def my_passkeys(who: Claims, auth: Auth) -> Passkeys:
    """The oldest first."""
    return Passkeys(
        passkeys=[
            Passkey(
                id=written(one.id),
                name=one.name,
                made_at=rfc3339(one.created_at),
                used_at=rfc3339(one.used_at),
            )
            for one in await passkeys.mine(auth.db, who.key)
        ]
    )


async def remove_passkey(who: Claims, passkey: str, auth: Auth) -> None:
    """Raises NotFound, or SignInNeeded when whoever runs a club would have no way back in."""
    try:
        name = read(passkey[: 2 * PASSKEY_ID_BYTES_MAX])
    except ValueError:
        raise NotFound from None
    issuer = auth.issuer.issuer if auth.issuer else None
    await passkeys.remove(auth.db, who.key, name, issuer=issuer)


async def sign_in(credential: str, peer: str, auth: Auth, caller: Caller = UNKNOWN) -> Opened:
    """A new device by what a browser made with a passkey. Raises WrongSignIn, RateLimited."""
    limits = auth.limits.wrong_passwords_from(peer)
    await accounts.refuse_over(auth.db, limits, moment=auth.moment())
    try:
        said = _said(credential, auth)
        _require(auth, said, "sign in")
        count, _ = await _signed(said, auth)
        opened = await passkeys.open_session(
            auth.db,
            passkey=said.id,
            sign_count=count,
            challenge=said.challenge,
            session=uuid4(),
            device=caller.device,
            moment=auth.moment(),
        )
    except WrongSignIn:
        await accounts.count_wrong(auth.db, limits, moment=auth.moment())
        raise
    return auth.opened(opened)


async def proven_challenge(who: Claims, credential: str, auth: Auth) -> bytes:
    """Answered by one of this person's own passkeys, who wants to leave. Raises WrongSignIn."""
    said = _said(credential, auth)
    _require(auth, said, "leave", who)
    _, user = await _signed(said, auth)
    if user != who.key:
        raise WrongSignIn
    return said.challenge


async def _signed(said: Said, auth: Auth) -> tuple[int, int]:
    kept = await passkeys.by_id(auth.db, said.id)
    if kept is None:
        raise WrongSignIn
    return _webauthn(auth).signed(said, kept.public_key, kept.sign_count), kept.user


def _said(credential: str, auth: Auth) -> Said:
    if len(credential) > PASSKEY_CHARACTERS_MAX:
        raise WrongSignIn
    return _webauthn(auth).said(credential)


def _challenge(auth: Auth, purpose: Purpose, who: Claims | None = None) -> bytes:
    said = _SAID.pack(os.urandom(16), int(_now(auth)) + CHALLENGE_S)
    return said + _macs(auth, said, purpose, who)[0]


def _require(auth: Auth, said: Said, purpose: Purpose, who: Claims | None = None) -> None:
    """That we made this challenge, for this, and not long ago."""
    ours, proof = said.challenge[: _SAID.size], said.challenge[_SAID.size :]
    if len(proof) != _MAC_BYTES or not any(
        [compare_digest(proof, mac) for mac in _macs(auth, ours, purpose, who)]  # noqa: C419 - all of them
    ):
        raise WrongSignIn
    _, good_until = _SAID.unpack(ours)
    if good_until < _now(auth):
        raise WrongSignIn


def _macs(auth: Auth, said: bytes, purpose: Purpose, who: Claims | None) -> list[bytes]:
    whose = f"{who.key} {who.session}" if who else ""
    return auth.keys.challenge_macs(said + f"{purpose} {whose}".encode())


def _now(auth: Auth) -> float:
    moment = auth.moment()
    return moment.timestamp() if moment else auth.db.clock()


def _webauthn(auth: Auth) -> WebAuthn:
    return WebAuthn(auth.settings.public_url, sorted(auth.settings.origins))
