"""Whether somebody comes, said by a link in a letter. The link opens nothing else: it is bound to the person,
the event and the occurrence, and what stands there now decides whether it still answers.
"""

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

from clubroom import wire
from clubroom.auth.keys import Keys
from clubroom.auth.room import Auth
from clubroom.dba import accounts, events, reminders
from clubroom.dba.pool import rfc3339
from clubroom.errors import NotFound

MAC_BYTES = 16
_TOKEN = re.compile(r"([1-9][0-9]{0,17})\.([1-9][0-9]{0,17})\.([\w-]{1,24})\.([\w-]{22})", re.ASCII)


def answering(who: int, group: int, key: str, keys: Keys) -> str:
    """The token in a letter."""
    said = f"{who}.{group}.{_text(key.encode())}"
    return f"{said}.{_proof(keys.answer_macs(said.encode())[0])}"


async def question(token: str, auth: Auth) -> wire.MailedQuestion:
    """What is asked. Changes nothing. Raises NotFound (forged, or they may not read it any more)."""
    who, group, key = _named(token, auth.keys)
    told = await reminders.question(auth.db, who, group, key, moment=auth.moment())
    return wire.MailedQuestion(
        name=told.name,
        club=told.club,
        zone=told.zone,
        start=rfc3339(told.start) if told.start is not None else None,
        place=told.place,
        answer=told.answer,
        closed=told.closed,
    )


async def answer(token: str, said: wire.PutMailedAnswer, auth: Auth) -> wire.Answered:
    """Says it for the person whom the letter went to; guests and note stay as they were.

    Raises NotFound, AnswersClosed, NotAsked, Full, Forbidden, RateLimited.
    """
    who, group, key = _named(token, auth.keys)
    limits = auth.limits.mailed_answers(who)
    await accounts.refuse_over(auth.db, limits, moment=auth.moment())
    told = await reminders.question(auth.db, who, group, key, moment=auth.moment())
    standing = await events.answer(
        auth.db,
        who,
        told.event,
        key,
        said.answer,
        guests=None,
        note=None,
        moment=auth.moment(),
    )
    await accounts.count_wrong(auth.db, limits, moment=auth.moment())
    return wire.Answered(standing=standing)


def _named(token: str, keys: Keys) -> tuple[int, int, str]:
    found = _TOKEN.fullmatch(token)
    if found is None:
        raise NotFound
    said, _, proof = token.rpartition(".")
    right = [hmac.compare_digest(_proof(one), proof) for one in keys.answer_macs(said.encode())]
    if not any(right):
        raise NotFound
    key = found[3]
    return int(found[1]), int(found[2]), urlsafe_b64decode(key + "=" * (-len(key) % 4)).decode()


def _proof(mac: bytes) -> str:
    return _text(mac[:MAC_BYTES])


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")
