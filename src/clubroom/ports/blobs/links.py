"""What addresses of all stores have in common: until when they are good, and the name a file is saved by."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import quote
from zlib import crc32

WINDOW_S: Final = 6 * 3600
LINK_S: Final = 2 * WINDOW_S
CLOCK_S: Final = 300  # a store's clock may be so far behind ours
KEPT: Final = f"private, max-age={LINK_S}, immutable"
UNKNOWN: Final = "application/octet-stream"
NAME_CHARACTERS_MAX: Final = 120
_NO_NAME = re.compile(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|;%\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]')


def window(key: str, now: datetime) -> datetime:
    """From when on the address of this key is good that is given out now: the same for `WINDOW_S`, and then
    good for about as long again. Each key changes at a moment of its own, so that not everybody fetches
    everything anew at once.
    """
    shift = crc32(key.encode()) % WINDOW_S
    begun = (int(now.timestamp()) - CLOCK_S - shift) // WINDOW_S * WINDOW_S + shift
    return datetime.fromtimestamp(begun, UTC)


def until(begun: datetime) -> datetime:
    """When an address ends that is good from then on."""
    return begun + timedelta(seconds=LINK_S)


def plain_name(name: str) -> str:
    """Without what could end a header, name another folder or turn the name around; never empty."""
    return _NO_NAME.sub("_", name).strip(" .")[:NAME_CHARACTERS_MAX] or "file"


def disposition(name: str) -> str:
    """The header by which a browser saves a file under this name and never shows it, in ASCII: for old ones
    without what is not, for others whole.
    """
    told = plain_name(name)
    ascii_only = "".join(one if one.isascii() else "_" for one in told)
    return f"attachment; filename=\"{ascii_only}\"; filename*=UTF-8''{quote(told, safe='')}"
