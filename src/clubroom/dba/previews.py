"""What the first link of a message shows: asked for when it is posted, fetched, shown, removed. `moment` null
= now by the database's clock.
"""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from clubroom import wire
from clubroom.actions import LinkPreview
from clubroom.dba.files import Published
from clubroom.dba.pool import Database


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A message whose text is looked at, for the `tries`th time. `round` stands for this text and no other;
    `removed` = the link whose preview somebody removed.
    """

    message: UUID
    author: int
    round: UUID
    tries: int
    text: str
    removed: str | None = None


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """`known`: `page` is what was found there, null = nothing to show. `busy`: somebody fetches it now, or it
    did not answer a moment ago. `host`, `author`: asked for too often. `go`: fetch it, and close it.
    """

    state: Literal["known", "busy", "host", "author", "go"] = msgspec.field(name="is")
    page: Any = None


async def take(
    db: Database, n: int, *, lease_s: int, tries_max: int, moment: datetime | None = None
) -> list[Taken]:
    """Up to `n` that wait, until the lease is over."""
    rows = await db.read("take_links", n=n, lease_seconds=lease_s, tries_max=tries_max, moment=moment)
    return [msgspec.json.decode(row["taken"], type=Taken) for row in rows]


async def postpone(
    db: Database, taken: Taken, seconds: float, *, counted: bool, moment: datetime | None = None
) -> None:
    """To be looked at later; `counted` = not for ever."""
    await db.read(
        "postpone_link",
        message=taken.message,
        at_round=taken.round,
        seconds=seconds,
        counted=counted,
        moment=moment,
    )


async def settle(db: Database, taken: Taken) -> None:
    """There is nothing to show."""
    await db.read("settle_link", message=taken.message, at_round=taken.round)


async def open_page(
    db: Database,
    address: bytes,
    host: str,
    who: int,
    *,
    fresh: bool,
    busy_s: int,
    author_hour_max: int,
    host_minute_max: int,
    moment: datetime | None = None,
) -> Opened:
    """`address` = its hash; `fresh` = what has been known for ten minutes does not do."""
    found = await db.read(
        "open_page",
        of_address=address,
        host=host,
        who=who,
        fresh=fresh,
        busy_seconds=busy_s,
        author_hour_max=author_hour_max,
        host_minute_max=host_minute_max,
        moment=moment,
    )
    return msgspec.json.decode(found, type=Opened)


async def close_page(
    db: Database, address: bytes, found: bytes | None, *, seconds: int, moment: datetime | None = None
) -> None:
    """What was found there, as JSON, good for so many seconds."""
    said = found.decode() if found is not None else None
    await db.read("close_page", of_address=address, found=said, seconds=seconds, moment=moment)


async def page_failed(
    db: Database,
    address: bytes,
    *,
    again_s: float,
    fails_max: int,
    given_up_s: int,
    moment: datetime | None = None,
) -> bool:
    """It did not answer: it may be fetched again later, each time three times as late. Whether it is given
    up.
    """
    return bool(
        await db.read(
            "page_failed",
            of_address=address,
            again_seconds=again_s,
            fails_max=fails_max,
            given_up_seconds=given_up_s,
            moment=moment,
        )
    )


async def forget_pages(db: Database, n: int, kept: int, *, moment: datetime | None = None) -> bool:
    """What is a day old, or more than `kept`, at most `n`; whether there may be more."""
    return bool(await db.read("forget_pages", n=n, kept=kept, moment=moment))


async def keep_picture(
    db: Database,
    message: UUID,
    file: UUID,
    picture: Published,
    limits: wire.FileLimits,
    *,
    hour_max: int,
    moment: datetime | None = None,
) -> bool:
    """Room for it in the store; False = there is none, or nobody wants it any more."""
    return bool(
        await db.read(
            "keep_preview_picture",
            message=message,
            file=file,
            bytes=picture.bytes,
            width=picture.width,
            height=picture.height,
            placeholder=picture.placeholder,
            hour_max=hour_max,
            own_max=limits.own_bytes,
            club_max=limits.club_bytes,
            moment=moment,
        )
    )


async def show(
    db: Database, taken: Taken, link: str, preview: LinkPreview, *, moment: datetime | None = None
) -> bool:
    """Whether it is shown: the message may say something else by now."""
    shown = msgspec.json.encode(preview).decode()
    return bool(
        await db.command(
            "show_preview",
            message=taken.message,
            at_round=taken.round,
            link=link,
            shown=shown,
            moment=moment,
        )
    )


async def remove(db: Database, who: int, message: UUID) -> None:
    """Raises NotFound, Forbidden."""
    await db.command("remove_preview", who=who, message=message)
