"""Tokens for reading as the gateways want them that we ship settings for (deploy/hasura)."""

from collections.abc import Mapping, Sequence

from clubroom.app.settings import Settings
from clubroom.auth.keys import Keys
from clubroom.auth.reading.room import Reading
from clubroom.auth.reading.tokens import ReadingTokens
from clubroom.dba.pool import Database

CLAIMS = "https://hasura.io/jwt/claims"
ROLE = "member"


def reading(settings: Settings, db: Database, keys: Keys, port: int) -> Reading:
    """Turned on or not, as the host decides."""
    if not settings.reading:
        return Reading(db=db, tokens=None)
    tokens = ReadingTokens(keys, issuer=settings.url(port), shape=claims, clock=db.clock)
    return Reading(db=db, tokens=tokens)


def claims(user: str, groups: Sequence[int] | None) -> Mapping[str, object]:
    """Hasura's own. Every value is a text: the groups are written as PostgreSQL writes a list, so that they
    can be cast (`::text[]`); rows are not judged by them, for they may be minutes old.
    """
    said: dict[str, object] = {
        "x-hasura-default-role": ROLE,
        "x-hasura-allowed-roles": [ROLE],
        "x-hasura-user-id": user,
    }
    if groups is not None:
        said["x-hasura-groups"] = "{" + ",".join(f'"{group}"' for group in groups) + "}"
    return {CLAIMS: said}
