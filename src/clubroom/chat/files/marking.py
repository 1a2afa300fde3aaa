"""Whose a store is. The sweep deletes what has no row, so for another database, or one that was restored, it
would empty a store that is full. So the store says which database it belongs to, and nothing is swept that
belongs to another.
"""

from datetime import UTC, datetime

import msgspec

from clubroom.ports.blobs import KEYS_AT_ONCE_MAX, Blobs, BlobsError

MARKER = "marker"
BYTES_MAX = 1_000
TYPE = "application/json"
TRIED = "doctor/"  # what `clubroom doctor` leaves if it is killed


class Marker(msgspec.Struct, frozen=True):
    """The epoch of the database, and since when: what lay there before and has no row may go."""

    epoch: str
    since: datetime


async def marker_of(blobs: Blobs) -> Marker | None:
    """None = it has none; one that cannot be read is nobody's. Raises BlobsError."""
    try:
        found = await blobs.read(MARKER, most=BYTES_MAX)
        return None if found is None else msgspec.json.decode(found, type=Marker)
    except msgspec.DecodeError:
        return Marker("", datetime.now(UTC))
    except BlobsError as error:
        if error.code == "too_large":
            return Marker("", datetime.now(UTC))
        raise


async def mark(blobs: Blobs, epoch: str) -> Marker:
    """From now on it belongs to that database. Raises BlobsError."""
    marker = Marker(epoch, datetime.now(UTC))
    await blobs.write(MARKER, msgspec.json.encode(marker), type=TYPE)
    return marker


async def keys_of(blobs: Blobs) -> list[str] | None:
    """What lies there beside the marker; None = too much to look through at once. Raises BlobsError."""
    found = await blobs.found("")
    if len(found) >= KEYS_AT_ONCE_MAX:
        return None
    return [one.key for one in found if one.key != MARKER and not one.key.startswith(TRIED)]
