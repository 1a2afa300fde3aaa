"""What the verb of reading needs, made once by the app where the host has turned it on."""

import msgspec

from clubroom import wire
from clubroom.auth.reading.tokens import READING_SECONDS, ReadingTokens
from clubroom.claims import Claims
from clubroom.dba import sessions
from clubroom.dba.pool import Database
from clubroom.errors import NotFound


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """`tokens` None = the host has not turned it on: there is nothing here then."""

    db: Database
    tokens: ReadingTokens | None

    @property
    def on(self) -> ReadingTokens:
        """Raises NotFound."""
        if self.tokens is None:
            raise NotFound
        return self.tokens


async def create_reading_token(who: Claims, reading: Reading) -> wire.ReadingToken:
    """A token by which this person reads through a gateway, made of what the database says now. Raises
    NotFound, or Unauthorized for a device that was signed out.
    """
    tokens = reading.on
    groups = await sessions.reading_groups(reading.db, who.key, who.session)
    return wire.ReadingToken(token=tokens.mint(who.user, groups), expires_in=READING_SECONDS)
