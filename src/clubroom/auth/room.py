"""What the verbs of this room need, made once by the app."""

import ipaddress
from collections.abc import Callable
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from clubroom.auth.keys import Keys
from clubroom.auth.limits import Limits
from clubroom.auth.refresh import RefreshPlace, written
from clubroom.auth.tokens import ACCESS_SECONDS, Tokens
from clubroom.dba.pool import Database
from clubroom.dba.sessions import SignedIn
from clubroom.errors import IssuerOnly
from clubroom.ports.blobs import Link
from clubroom.ports.identity import Issuer, Passwords

SESSION_UNUSED_SECONDS_MAX = 180 * 24 * 3_600


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What the host decides. `public_url` without a slash at its end; `origins` = whose pages may ask for us;
    `port` is the one we serve on; `word` belongs to `create="word"`. `issuer_only`: nobody signs in but by
    the issuer.
    """

    public_url: str
    origins: frozenset[str]
    port: int
    create: Literal["open", "word", "closed"] = "open"
    word: str | None = None
    session_unused_seconds: int = SESSION_UNUSED_SECONDS_MAX
    limits: Limits = Limits()
    issuer_only: bool = False

    @property
    def secure(self) -> bool:
        """Whether browsers reach us by https."""
        return self.public_url.startswith("https://")

    @property
    def cookie(self) -> str:
        """The name of the cookie that holds a browser's refresh token. On plain http, where cookies know no
        ports, several servers of one machine keep apart by it.
        """
        return "__Host-refresh" if self.secure else f"refresh-{self.port}"

    @property
    def trip_cookie(self) -> str:
        """The same for what a browser keeps while it is at an issuer."""
        return "__Host-trip" if self.secure else f"trip-{self.port}"

    @property
    def only_here(self) -> bool:
        """Whether links made of `public_url` open on this computer alone."""
        host = urlsplit(self.public_url).hostname or ""
        if host == "localhost" or host.endswith(".localhost"):
            return True
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return False


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A person signed in on a device: their tokens. `repeated` = an earlier call had made the account."""

    user: str
    access_token: str
    expires_in: int
    refresh_token: str
    repeated: bool


class Caller(msgspec.Struct, frozen=True):
    """What the request says of whoever asks: what their device is called, and which language they read."""

    device: str | None = None
    language: str | None = None


UNKNOWN = Caller()


class Auth(msgspec.Struct, frozen=True, kw_only=True):
    """The room. `moment` is the time of what is written; None = the database's clock, always but in tests.
    `file_link` tells where a size of a file is fetched, as what it is called; None = there is no store.
    `issuer` vouches for people; None = the host has named none.
    """

    db: Database
    keys: Keys
    tokens: Tokens
    passwords: Passwords
    settings: Settings
    moment: Callable[[], datetime | None] = lambda: None
    file_link: Callable[[UUID, str, str | None], Link] | None = None
    issuer: Issuer | None = None

    def require_own_ways(self) -> None:
        """Before somebody signs in, or makes a way in, that is not the issuer. Raises IssuerOnly."""
        if self.settings.issuer_only:
            raise IssuerOnly

    @property
    def limits(self) -> Limits:
        """How often somebody may be wrong."""
        return self.settings.limits

    def opened(self, person: SignedIn) -> Opened:
        """Both tokens for a device that was opened or rotated."""
        assert person.session is not None
        return Opened(
            user=person.user,
            access_token=self.tokens.mint(person.user, person.key, person.session, person.groups),
            expires_in=ACCESS_SECONDS,
            refresh_token=written(self.keys, RefreshPlace(person.session, person.generation)),
            repeated=person.repeated,
        )
