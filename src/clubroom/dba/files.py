"""Images and documents: what was asked for, looked at, used and dropped. Their bytes are in the store, never
here. `moment` null = now by the database's clock.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from clubroom import errors, wire
from clubroom.actions import MessageImage
from clubroom.dba.pool import Database


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A file that somebody is about to bring. `group` null = an avatar."""

    id: UUID
    group: int | None
    purpose: wire.Purpose
    kind: wire.FileKind
    type: str
    name: str
    length: int


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """One that is looked at, for the `tries`th time."""

    id: UUID
    purpose: wire.Purpose
    kind: wire.FileKind
    type: str
    length: int
    tries: int


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """What lies in the store for others: its sizes, and the bytes of all of them."""

    sizes: tuple[str, ...]
    bytes: int
    width: int | None = None
    height: int | None = None
    placeholder: str | None = None


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A file that somebody may see."""

    id: UUID
    kind: wire.FileKind
    name: str
    sizes: list[str]


class Mine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One's own, as one takes it along. `type` = of what is kept of it."""

    id: UUID
    kind: wire.FileKind
    purpose: wire.Purpose
    type: str
    bytes: int
    brought_at: str
    sizes: list[str]
    name: str | None = None
    alt: str | None = None
    width: int | None = None
    height: int | None = None
    group: int | None = None
    message: UUID | None = None


class _Over(msgspec.Struct, frozen=True):
    refused: str
    limit: int
    used: int


_LIMITS: Mapping[str, type[errors.ClubroomError]] = {
    kind.code: kind for kind in (errors.UploadsOpen, errors.DayFull, errors.SpaceFull)
}


async def ask(
    db: Database, who: int, wanted: Wanted, limits: wire.FileLimits, *, moment: datetime | None = None
) -> wire.File:
    """The same again is the same file.

    Raises NotFound, Forbidden, InvalidField, IdConflict, UploadsOpen, DayFull, SpaceFull.
    """
    found = await db.command(
        "ask_file",
        who=who,
        file=wanted.id,
        group_id=wanted.group,
        purpose=wanted.purpose,
        kind=wanted.kind,
        type=wanted.type,
        file_name=wanted.name,
        length=wanted.length,
        open_max=limits.open,
        day_max=limits.day_bytes,
        own_max=limits.own_bytes,
        club_max=limits.club_bytes,
        moment=moment,
    )
    if "limit" in found:
        over = msgspec.convert(found, _Over)
        raise _LIMITS[over.refused](limit=over.limit, used=over.used)
    return msgspec.convert(found, wire.File)


async def one(db: Database, who: int, file: UUID) -> wire.File:
    """One's own. Raises NotFound."""
    return msgspec.json.decode(await db.read("file_of", who=who, file=file), type=wire.File)


async def uploaded(db: Database, who: int, file: UUID, *, moment: datetime | None = None) -> wire.File:
    """Its bytes are there. Raises NotFound, Forbidden."""
    found = await db.read("file_uploaded", who=who, file=file, moment=moment)
    return msgspec.json.decode(found, type=wire.File)


async def drop(db: Database, who: int, file: UUID, *, moment: datetime | None = None) -> None:
    """Raises NotFound, Forbidden (something shows it)."""
    await db.read("drop_file", who=who, file=file, moment=moment)


async def take(db: Database, *, lease_s: int, tries_max: int, moment: datetime | None = None) -> Taken | None:
    """One that waits, until the lease is over."""
    found = await db.read("take_file", lease_seconds=lease_s, tries_max=tries_max, moment=moment)
    return msgspec.json.decode(found, type=Taken) if found is not None else None


async def postpone(
    db: Database, file: UUID, seconds: float, *, counted: bool, moment: datetime | None = None
) -> None:
    """To be looked at later; `counted` = it may be its own fault."""
    await db.read("postpone_file", file=file, seconds=seconds, counted=counted, moment=moment)


async def ready(db: Database, file: UUID, published: Published, *, moment: datetime | None = None) -> bool:
    """False = it is wanted no more."""
    return bool(
        await db.read(
            "file_ready",
            file=file,
            sizes=list(published.sizes),
            bytes=published.bytes,
            width=published.width,
            height=published.height,
            placeholder=published.placeholder,
            moment=moment,
        )
    )


async def refuse(db: Database, file: UUID, why: str) -> None:
    """It cannot be shown, for a reason of ours."""
    await db.read("refuse_file", file=file, why=why)


async def seen(db: Database, who: int, ids: Collection[UUID]) -> list[Seen]:
    """Those of these that somebody may see."""
    rows = await db.read("files_seen", who=who, ids=list(ids))
    return [msgspec.convert(dict(row), Seen) for row in rows]


async def to_post(db: Database, who: int, ids: Collection[UUID]) -> list[MessageImage]:
    """What of these may stand in a message of this person."""
    rows = await db.read("files_to_post", who=who, ids=list(ids))
    return [msgspec.json.decode(row["image"], type=MessageImage) for row in rows]


async def usage(db: Database, who: int, club: int, *, limit: int) -> wire.FilesUsage:
    """What a club has in the store. Raises NotFound, Forbidden."""
    found = msgspec.json.decode(await db.read("files_usage", who=who, club=club, most=wire.FILES_LARGEST_MAX))
    return msgspec.convert(found | {"limit": limit}, wire.FilesUsage)


async def room(
    db: Database, who: int, group: int | None, limits: wire.FileLimits, *, moment: datetime | None = None
) -> wire.FilesRoom:
    """What somebody may still bring to a group; None = to what is theirs alone. Raises NotFound."""
    found = msgspec.json.decode(await db.read("files_room", who=who, group_id=group, moment=moment))
    return wire.FilesRoom(
        open=found["open"],
        open_limit=limits.open,
        day_used=found["day_used"],
        day_limit=limits.day_bytes,
        used=found["used"],
        limit=limits.club_bytes if found["of_club"] else limits.own_bytes,
    )


async def mine(db: Database, who: int, after: UUID | None, n: int) -> list[Mine]:
    """What somebody brought, at most `n` after one of them, in the order of their ids."""
    rows = await db.read("my_files", who=who, after=after, n=n)
    return [msgspec.json.decode(row["file"], type=Mine) for row in rows]


async def take_gone(db: Database, n: int, *, lease_s: int, moment: datetime | None = None) -> list[UUID]:
    """Those whose bytes are to be deleted, until the lease is over."""
    return [
        row["file"] for row in await db.read("take_gone_files", n=n, lease_seconds=lease_s, moment=moment)
    ]


async def cleared(db: Database, ids: Collection[UUID], *, moment: datetime | None = None) -> None:
    """The bytes of these are deleted."""
    await db.read("files_cleared", ids=list(ids), moment=moment)


async def states(db: Database, ids: Collection[UUID]) -> dict[UUID, str]:
    """How these stand; what has no row is not among them."""
    return {row["id"]: row["state"] for row in await db.read("file_states", ids=list(ids))}
