"""What all adapters make of an answer, or of none."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC
from email.utils import parsedate_to_datetime

from clubroom.ports.calling import Answer, NoAnswer
from clubroom.ports.public_only import NotPublic
from clubroom.ports.push import RETRY_S_MAX, Kind, NotPushed, Target
from clubroom.ports.push.targets import check_target

TOO_LARGE = 413
LATER = frozenset({408, 429, *range(500, 600)})
_SECONDS = re.compile(r"[0-9]{1,9}")


@asynccontextmanager
async def sending(seconds: float) -> AsyncIterator[None]:
    """Whatever takes longer, or gets no answer, is NotPushed."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except NotPublic:
        raise NotPushed("not_public", permanent=True) from None
    except (NoAnswer, TimeoutError):
        raise NotPushed("unreachable") from None


def require(target: Target, kind: Kind) -> None:
    """Whatever was stored: what cannot be a target is called by no address and is none. Raises NotPushed."""
    assert target.kind == kind
    try:
        check_target(target)
    except ValueError:
        raise gone() from None


def gone() -> NotPushed:
    """There is no such target any more."""
    return NotPushed("gone", gone=True)


def refusal(answer: Answer, now: float) -> NotPushed:
    """What an answer means that is no success, and for which a service has no words of its own."""
    if answer.status in LATER:
        return NotPushed("busy", retry_s=_retry_s(answer.headers.get("retry-after", ""), now))
    return NotPushed("too_large" if answer.status == TOO_LARGE else "refused", permanent=True)


def _retry_s(said: str, now: float) -> float | None:
    """Seconds, or a date; None where it is neither."""
    if _SECONDS.fullmatch(said):
        return min(float(said), RETRY_S_MAX)
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return None
    moment = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(moment.timestamp() - now, 0.0), RETRY_S_MAX)
