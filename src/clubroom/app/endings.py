"""Which signed-in devices have ended, as a server asks the database again and again: their tokens are worth
nothing from then on.
"""

from datetime import datetime, timedelta
from uuid import UUID

from clubroom.auth.tokens import ACCESS_SECONDS, Tokens
from clubroom.dba import reading, sessions
from clubroom.dba.pool import Database

LATE_COMMIT_S = 60.0  # a commit may come so much later than the time that stands in it


class Endings:
    """What one server knows of them."""

    def __init__(self, db: Database, tokens: Tokens) -> None:
        self.db = db
        self.tokens = tokens
        self.asked_at: datetime | None = None  # by the database's clock: ours may be wrong

    async def news(self) -> list[UUID]:
        """Those that this server has not heard of; their tokens are refused now. Raises Unavailable."""
        now = await reading.database_now(self.db)
        asked_at = self.asked_at or now - timedelta(seconds=2 * ACCESS_SECONDS)
        since = asked_at - timedelta(seconds=LATE_COMMIT_S)  # what is told again, `end` drops
        ended = await sessions.ended_since(self.db, since)
        self.asked_at = now
        return [one.session for one in ended if self.tokens.end(one.session)]
