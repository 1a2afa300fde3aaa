"""What the verbs of files need, and which keys their bytes have in the store."""

from uuid import UUID

from clubroom import wire
from clubroom.chat.pace import Pace
from clubroom.dba.pool import Database
from clubroom.ports.blobs import Blobs

QUARANTINE = "q/"
PUBLISHED = "f/"
SIZES = ("thumb", "screen", "original")


class Files:
    """The database, the store, how fast somebody may ask, and how much they may bring."""

    def __init__(
        self, database: Database, blobs: Blobs, pace: Pace, limits: wire.FileLimits | None = None
    ) -> None:
        self.database = database
        self.blobs = blobs
        self.pace = pace
        self.limits = limits or wire.FileLimits()


def unseen(file: UUID) -> str:
    """Where somebody writes what nobody has looked at."""
    return f"{QUARANTINE}{file}"


def published(file: UUID, size: str) -> str:
    """Where others read it."""
    return f"{PUBLISHED}{file}/{size}"


def every_key(file: UUID) -> list[str]:
    """All that there may be of it."""
    return [unseen(file), *(published(file, size) for size in SIZES)]
