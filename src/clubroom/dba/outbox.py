"""What leaves this place: taken for a while, then closed or postponed. `moment` null = now by the database's
clock.

Rows are written by SQL, in the transaction that causes them (`_send_mail` in 0020_outbox.sql).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from clubroom.dba.pool import Database


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A letter that was taken, for the `tries`th time. `sealed` = the secret of its link, if it brought
    one.
    """

    id: int
    address: str
    template: str
    language: str
    params: dict[str, Any]
    sealed: bytes | None
    tries: int
    created_at: datetime


class Addressee(msgspec.Struct, frozen=True):
    """Whom a letter with a fresh link is for: what it calls them, and the language they read."""

    name: str
    language: str


async def take(
    db: Database, *, openers: Sequence[bytes], lease_seconds: int, moment: datetime | None = None
) -> Waiting | None:
    """The next letter that is due. It is this server's until the lease is over; then anybody's again."""
    row = await db.read("take_outbox", openers=list(openers), lease_seconds=lease_seconds, moment=moment)
    if row is None:
        return None
    return Waiting(
        id=row["id"],
        address=row["address"],
        template=row["template"],
        language=row["language"],
        params=msgspec.json.decode(row["params"]),
        sealed=row["sealed"],
        tries=row["tries"],
        created_at=row["created_at"],
    )


async def close(
    db: Database, letter: int, reason: str | None = None, *, moment: datetime | None = None
) -> None:
    """It was sent, or with a `reason` given up. What it said is not kept."""
    await db.read("close_outbox", letter=letter, reason=reason, moment=moment)


async def postpone(
    db: Database, letter: int, reason: str, wait_seconds: int, *, moment: datetime | None = None
) -> None:
    """It did not go out; after `wait_seconds` it is tried again."""
    await db.read("postpone_outbox", letter=letter, reason=reason, wait_seconds=wait_seconds, moment=moment)


async def open_link(
    db: Database, letter: int, link_mac: bytes, *, moment: datetime | None = None
) -> Addressee | None:
    """The link in this letter is good from now on. None where nobody has its address, or needs it any
    more.
    """
    found = await db.read("open_mail_link", letter=letter, link_mac=link_mac, moment=moment)
    return msgspec.json.decode(found, type=Addressee) if found is not None else None
