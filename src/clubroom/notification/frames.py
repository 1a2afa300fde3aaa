"""Actions as frames, put together from the bytes of the log."""

from collections.abc import Sequence

from clubroom import wire
from clubroom.actions import Logged


def frames(group: int, entries: Sequence[Logged], more: bool = False) -> list[bytes]:
    """`actions` frames of one group, each within the limit of a frame. `entries` follow each other."""
    made: list[bytes] = []
    chunk: list[bytes] = []
    size, first = 0, 0
    for index, entry in enumerate(entries):
        placed = entry.placed()
        if chunk and size + len(placed) > wire.FRAME_OUT_BYTES_MAX - _ENVELOPE_BYTES:
            made.append(_frame(group, entries[first].seq, entries[index - 1].seq, chunk, more=True))
            chunk, size, first = [], 0, index
        chunk.append(placed)
        size += len(placed) + 1
    if chunk:
        made.append(_frame(group, entries[first].seq, entries[-1].seq, chunk, more=more))
    return made


_ENVELOPE_BYTES = 160


def _frame(group: int, first: int, last: int, placed: list[bytes], *, more: bool) -> bytes:
    """The bytes of `wire.Actions`, put together without decoding what is stored."""
    head = b'{"type":"actions","group":%d,"from":%d,"to":%d,"actions":[' % (group, first, last)
    return head + b",".join(placed) + (b'],"more":true}' if more else b'],"more":false}')
