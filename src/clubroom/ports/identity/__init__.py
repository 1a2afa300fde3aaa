"""The identity port: how somebody proves who they are. By a password, which is verified here, or by an issuer
that vouches for them (OpenID Connect).

The contract of `Passwords`:

* `hashed` gives a text that holds everything needed to verify later, made with a fresh salt each time.
* `matches` takes as long for `stored=None` (nobody has this address) as for a wrong password, and then says
  False: the time of an answer must not tell which addresses are known.
* Both keep the event loop free, and both refuse (`Unavailable`) when too many wait.
* A password is never in a log, an error or a repr.

The contract of `Issuer`:

* Nothing is asked for before somebody needs it: a place whose issuer is down starts all the same.
* `begin` gives the address at which a browser asks the issuer; `finish` takes what the browser brought back
  and says for whom the issuer vouches. What both must agree on is in `Trip`, which the caller keeps for the
  browser: the adapter remembers nothing between the two, so that they may run in two processes.
* An identity is (issuer, sub); `sub` is at most 255 visible ASCII characters. `email` is given only where the
  issuer says that it has verified it.
* Whatever is not exactly right raises `NotVouched` with a short reason for the host's log, whatever does not
  answer in time `NoIssuer`. Neither repeats a code, a token or an address.
* Calls are bounded in time, size and number. Redirects are not followed.
"""

from typing import Protocol

import msgspec


class Passwords(Protocol):
    """Hashes and verifies passwords."""

    async def hashed(self, password: str) -> str:
        """What to store for this password. Raises Unavailable when too many wait."""

    async def matches(self, password: str, stored: str | None) -> bool:
        """Whether this is the password that was stored; False for None. Raises Unavailable likewise."""


class NotVouched(Exception):
    """The issuer vouches for nobody, or not in a way that can be believed. `why` is a word of ours."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NoIssuer(NotVouched):
    """It does not answer, or says nothing that can be used."""


class Trip(msgspec.Struct, frozen=True, kw_only=True):
    """What one round trip through the issuer is recognised by. Each is random, and used once."""

    state: str
    nonce: str
    verifier: str

    def __repr__(self) -> str:
        return "Trip()"


class Vouched(msgspec.Struct, frozen=True, kw_only=True):
    """For whom the issuer vouches. `sid` names their session there, `name` is how they are called there."""

    issuer: str
    sub: str
    sid: str | None = None
    email: str | None = None
    name: str | None = None


class SignedOut(msgspec.Struct, frozen=True, kw_only=True):
    """Who has signed out at the issuer: one session, or all of a person. `jti` names the message."""

    issuer: str
    sub: str | None
    sid: str | None
    jti: str


class Issuer(Protocol):
    """Vouches for people. `name` is what people know it by, `issuer` what it calls itself."""

    name: str
    issuer: str

    async def begin(self, trip: Trip, back: str) -> str:
        """Where the browser goes; it will come back to `back`. Raises NoIssuer."""

    async def finish(self, trip: Trip, back: str, code: str, said_issuer: str | None) -> Vouched:
        """Whom `code` stands for; `said_issuer` is what came back as `iss`, if anything. Raises NotVouched,
        NoIssuer.
        """

    async def leave(self, back: str, sid: str | None) -> str | None:
        """Where the browser signs out at the issuer and is sent on to `back`; None where it offers nothing
        like it. Raises NoIssuer.
        """

    async def signed_out(self, token: str) -> SignedOut:
        """What the issuer itself tells (back-channel logout). Raises NotVouched, NoIssuer."""

    async def close(self) -> None:
        """Lets go of its connections."""
