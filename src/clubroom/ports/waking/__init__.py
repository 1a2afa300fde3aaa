"""Waking: where nothing runs between two calls, whoever does what no request waits for is called.

`wake` says only that there may be something to do. What it is stands in the database, so **a call may be
lost, doubled or late**; a sweep each minute finds what nobody was woken for. After a commit it is asked for
once, and never waited for longer than `ANSWER_S`.
"""

from typing import Protocol

ANSWER_S = 2.0
AFTER_S_MAX = 900
NOW, LATER = "wake", "wake later"  # all that whoever is called is told


class Waker(Protocol):
    """How the worker is called."""

    async def wake(self, after_s: int = 0) -> None:
        """Now, or in up to 15 minutes. Raises Unavailable when nobody took it."""

    async def close(self) -> None:
        """Lets go of its connections."""
