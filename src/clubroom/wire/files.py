"""Images and documents: asked for, uploaded, looked at, seen."""

from typing import Literal
from uuid import UUID

import msgspec

from clubroom.wire.limits import (
    FILES_A_CLUB_BYTES_MAX,
    FILES_A_PERSON_BYTES_MAX,
    UPLOADED_A_DAY_BYTES_MAX,
    UPLOADS_OPEN_MAX,
)
from clubroom.wire.shapes import Incoming, Outgoing

Purpose = Literal["message", "avatar", "picture", "cover", "emote"]
"""What people bring files for."""
StoredPurpose = Purpose | Literal["preview"]
"""What the store has them for: of a preview the server has brought it."""
FileKind = Literal["image", "document"]
FileState = Literal["asked", "uploaded", "ready", "refused", "gone"]

IMAGE_TYPES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
EMOTE_TYPES = IMAGE_TYPES - {"image/jpeg"}
DOCUMENT_TYPES = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
    "application/vnd.recordare.musicxml": "mxl",
    "application/vnd.recordare.musicxml+xml": "musicxml",
    "audio/midi": "mid",
    "text/plain": "txt",
    "text/csv": "csv",
}
"""By type, what the name of such a file ends in."""


class FileLimits(msgspec.Struct, frozen=True, kw_only=True):
    """How much people may bring: `open` = uploads under way of a person, the others in bytes."""

    open: int = UPLOADS_OPEN_MAX
    day_bytes: int = UPLOADED_A_DAY_BYTES_MAX
    own_bytes: int = FILES_A_PERSON_BYTES_MAX
    club_bytes: int = FILES_A_CLUB_BYTES_MAX


# --- what a client sends ------------------------------------------------------------------------------------


class NewFile(Incoming, frozen=True):
    """`POST /api/files`: one that is about to be brought, of this type and of exactly this length in bytes.
    `group` = whose readers are to see it; of an avatar there is none.
    """

    id: UUID
    purpose: Purpose
    type: str
    length: int
    name: str = ""
    group: int | None = None


class ShownFile(Incoming, frozen=True):
    """`PUT /api/me/avatar`, `PUT /api/groups/{group}/picture`, `PUT /api/events/{event}/cover`: a file
    of one's own that is `ready`, brought for this, and shown nowhere yet.
    """

    file: UUID


class FilesWanted(Incoming, frozen=True):
    """`POST /api/files/links`."""

    ids: list[UUID]


# --- what the server says -----------------------------------------------------------------------------------


class Upload(Outgoing, frozen=True):
    """PUT the bytes to `url` with all these headers, before `until`."""

    url: str
    headers: dict[str, str]
    until: str


class File(Outgoing, frozen=True, omit_defaults=True):
    """One's own. `refused` = a word for why. An image that is `ready` has a size, in pixels, and a
    `placeholder`: a tiny image, WebP in base64. `upload` where bytes are waited for.
    """

    id: UUID
    state: FileState
    purpose: Purpose
    kind: FileKind
    type: str
    name: str
    length: int
    group: int | None = None
    refused: str | None = None
    width: int | None = None
    height: int | None = None
    placeholder: str | None = None
    upload: Upload | None = None


class FileLink(Outgoing, frozen=True, omit_defaults=True):
    """Where the bytes are fetched, until then: of an image in two sizes, and by `download` the larger one to
    be saved; of a document `original`, which is only ever saved.
    """

    id: UUID
    until: str
    thumb: str | None = None
    screen: str | None = None
    original: str | None = None
    download: str | None = None


class FileLinks(Outgoing, frozen=True):
    """Of those that one may see; the others are left out."""

    links: list[FileLink]


class LargeFile(Outgoing, frozen=True, omit_defaults=True):
    """One that takes much room: `user` brought it. What it is, and in which message of which `group`, only
    where whoever asks may see it.
    """

    id: UUID
    kind: FileKind
    purpose: StoredPurpose
    bytes: int
    at: str
    user: str
    by_name: str
    name: str | None = None
    alt: str | None = None
    placeholder: str | None = None
    group: int | None = None
    message: UUID | None = None


class FilesUsage(Outgoing, frozen=True):
    """What a club has in the store, in bytes, of which it may have `limit`; the largest files first."""

    used: int
    images: int
    images_bytes: int
    documents: int
    documents_bytes: int
    limit: int
    largest: list[LargeFile]


class FilesRoom(Outgoing, frozen=True):
    """What somebody has used of what they may bring: uploads under way, bytes of the last 24 hours, and bytes
    that are kept, by them alone or by the club of the group that was asked for.
    """

    open: int
    open_limit: int
    day_used: int
    day_limit: int
    used: int
    limit: int
