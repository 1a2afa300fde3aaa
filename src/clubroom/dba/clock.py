"""One time for all servers of a database: the database's."""

import time
from datetime import datetime


class DatabaseClock:
    """Seconds since 1970, as the database told them last and our steady clock carries them on. Our own may be
    an hour wrong, and a token of this server would be worth nothing at another, or good for too long.
    """

    def __init__(self) -> None:
        self._ahead = time.time() - time.monotonic()  # until the database is asked

    def __call__(self) -> float:
        """Now."""
        return time.monotonic() + self._ahead

    def told(self, moment: datetime) -> None:
        """By the database, just now."""
        self._ahead = moment.timestamp() - time.monotonic()
