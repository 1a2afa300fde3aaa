"""From a file that somebody picked to bytes that lie in quarantine."""

import re
import time
from uuid import UUID

import msgspec

from clubroom import errors, wire
from clubroom.chat.files.room import Files, unseen
from clubroom.chat.messages import checked_id
from clubroom.claims import Claims
from clubroom.dba import files as stored
from clubroom.dba.pool import rfc3339
from clubroom.ports.blobs import BlobsError
from clubroom.wire.text import checked_name

RETRY_MS = 2_000
_PATH = re.compile(r"[/\\]")
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')
UNNAMED = "file"


async def ask(files: Files, who: Claims, said: wire.NewFile) -> wire.File:
    """A ticket for its bytes; the same again gives another one, as long as they are waited for.

    Raises InvalidField, FileType, FileTooLarge, NotFound, Forbidden, IdConflict, UploadsOpen, DayFull,
    SpaceFull, RateLimited.
    """
    checked_id(said.id)
    if said.group is not None:
        wire.possible_group(said.group)
    kind = _kind(said)
    if said.length < 1:
        raise errors.InvalidField("length: at least 1 byte")
    most = _bytes_max(said.purpose, kind)
    if said.length > most:
        raise errors.FileTooLarge(limit=most)
    files.pace.take(who.key, time.monotonic())
    wanted = stored.Wanted(
        id=said.id,
        group=said.group,
        purpose=said.purpose,
        kind=kind,
        type=said.type,
        name=safe_name(said.name, said.type) if kind == "document" else "",
        length=said.length,
    )
    return _with_ticket(files, await stored.ask(files.database, who.key, wanted, files.limits))


async def one(files: Files, who: Claims, file: UUID) -> wire.File:
    """How one's own stands. Raises NotFound."""
    return _with_ticket(files, await stored.one(files.database, who.key, file))


async def uploaded(files: Files, who: Claims, file: UUID) -> wire.File:
    """Its bytes are there: the worker looks at them next. As often as one likes.

    Raises NotFound, Forbidden, NotUploaded, Unavailable (the store does not answer).
    """
    found = await stored.one(files.database, who.key, file)
    if found.state != "asked":
        return found
    try:
        stat = await files.blobs.stat(unseen(file))
    except BlobsError as error:
        raise errors.Unavailable(retry_ms=RETRY_MS) from error
    if stat is None:
        raise errors.NotUploaded
    if (stat.length, stat.type) != (found.length, found.type):
        await stored.refuse(files.database, file, "not_as_asked")
        return await stored.one(files.database, who.key, file)
    return await stored.uploaded(files.database, who.key, file)


async def drop(files: Files, who: Claims, file: UUID) -> None:
    """It is not wanted after all. Raises NotFound, Forbidden (something shows it)."""
    await stored.drop(files.database, who.key, file)


def safe_name(name: str, type: str) -> str:  # noqa: A002
    """What a document is downloaded as: no path, nothing hidden, and it ends in what it is."""
    plain = _NOT_IN_NAMES.sub(" ", _PATH.split(name[: 10 * wire.FILE_NAME_CODE_POINTS_MAX])[-1]).strip(" .")
    ending = wire.DOCUMENT_TYPES[type]
    stem = plain.rpartition(".")[0] or plain
    try:
        stem = checked_name(stem[: wire.FILE_NAME_CODE_POINTS_MAX - len(ending) - 1].rstrip(" ."), 100)
    except errors.ClubroomError:
        stem = UNNAMED
    return f"{stem}.{ending}"


def _kind(said: wire.NewFile) -> wire.FileKind:
    if said.type in (wire.EMOTE_TYPES if said.purpose == "emote" else wire.IMAGE_TYPES):
        return "image"
    if said.purpose == "message" and said.type in wire.DOCUMENT_TYPES:
        return "document"
    raise errors.FileType


def _bytes_max(purpose: wire.Purpose, kind: wire.FileKind) -> int:
    if purpose == "emote":
        return wire.EMOTE_BYTES_MAX
    return wire.IMAGE_BYTES_MAX if kind == "image" else wire.DOCUMENT_BYTES_MAX


def _with_ticket(files: Files, file: wire.File) -> wire.File:
    if file.state != "asked":
        return file
    ticket = files.blobs.put_url(unseen(file.id), type=file.type, length=file.length)
    upload = wire.Upload(url=ticket.url, headers=ticket.headers, until=rfc3339(ticket.until))
    return msgspec.structs.replace(file, upload=upload)
