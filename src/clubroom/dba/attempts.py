"""How often something may be tried. Counted in the database: restarts and other servers share it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from clubroom.dba.pool import ERRORS_BY_CODE, Database

_encode = msgspec.json.Encoder().encode


class Limit(msgspec.Struct, frozen=True):
    """At most `most` attempts of `kind` by `whom` in any `seconds`."""

    kind: str
    whom: str
    most: int
    seconds: int


def listed(limits: Iterable[Limit]) -> str:
    """As the SQL functions take them."""
    return _encode(list(limits)).decode()


def unless_refused(result: Any) -> dict[str, Any]:
    """A command's result, or the refusal that it had to commit (because something was counted with it)."""
    if "error" in result:
        raise ERRORS_BY_CODE[result["error"]](retry_ms=result["retry_ms"])
    answered: dict[str, Any] = result
    return answered


async def forget(db: Database, n: int, *, moment: datetime | None = None) -> bool:
    """A piece of what no limit counts any more; whether there may be more. `moment` null = now."""
    return bool(await db.read("forget_attempts", n=n, moment=moment))
