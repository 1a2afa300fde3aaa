"""Which letters with news somebody wants; and one click in such a letter that ends them (RFC 8058)."""

import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping

from clubroom.auth.keys import Keys
from clubroom.auth.room import Auth
from clubroom.claims import Claims
from clubroom.dba import missed
from clubroom.errors import Malformed, NotFound
from clubroom.wire import PutLetters

EVENTS = ("event_asked", "event_offer", "event_changed", "event_cancelled")
KINDS: Mapping[str, str] = {"missed": "m", "announcement": "a"} | dict.fromkeys(EVENTS, "a")
MAC_BYTES = 16
_TOKEN = re.compile(r"([am])([1-9][0-9]{0,17})\.([\w-]{22})", re.ASCII)
_ASKED = (b"List-Unsubscribe", b"One-Click")


async def wish(who: Claims, new: PutLetters, auth: Auth) -> None:
    """From now on, on every device."""
    await missed.wish(
        auth.db, who.key, missed=new.missed, announcements=new.announcements, moment=auth.moment()
    )


async def unsubscribe(token: str, asked: bytes, auth: Auth) -> None:
    """No more letters of the kind that the token names to the person whom it names. It opens nothing else and
    does not expire; once more it changes nothing. `asked` is the body, as RFC 8058 has it, in whichever form.

    Raises NotFound, Malformed.
    """
    kind, who = _named(token, auth.keys)
    if not all(word in asked for word in _ASKED):
        raise Malformed
    if kind == "missed":
        await missed.wish(auth.db, who, missed="never", moment=auth.moment())
    else:
        await missed.wish(auth.db, who, announcements=False, moment=auth.moment())


def unsubscribing(who: int, template: str, keys: Keys) -> str:
    """The token in a letter."""
    said = f"{KINDS[template]}{who}"
    return f"{said}.{_proof(keys.unsubscribe_macs(said.encode())[0])}"


def looks_like_one(token: str) -> bool:
    """Whether it could be such a token."""
    return _TOKEN.fullmatch(token) is not None


def _named(token: str, keys: Keys) -> tuple[str, int]:
    said, _, proof = token.rpartition(".")
    if not looks_like_one(token):
        raise NotFound
    right = [hmac.compare_digest(_proof(one), proof) for one in keys.unsubscribe_macs(said.encode())]
    if not any(right):
        raise NotFound
    return next(kind for kind, letter in KINDS.items() if letter == said[0]), int(said[1:])


def _proof(mac: bytes) -> str:
    return urlsafe_b64encode(mac[:MAC_BYTES]).decode().rstrip("=")
