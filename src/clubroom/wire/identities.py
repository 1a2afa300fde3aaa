"""Signing in by an issuer (OpenID Connect), and what leads to one's account from there (docs/protocol.md)."""

from typing import Literal

from clubroom.wire.shapes import Incoming, Outgoing

# --- what a client sends ----------------------------------------------------------------------------------


class NewRoundTrip(Incoming, frozen=True):
    """`POST /api/issuer/round-trips`: somebody goes to the issuer. `then` is a path of the client, with what
    stands behind its `#`, and comes back with the answer.
    """

    then: str = "/"


class IssuerAnswer(Incoming, frozen=True):
    """`POST /api/issuer/sessions`, `POST /api/me/identities`: what the issuer has sent the browser back
    with.
    """

    state: str
    code: str
    iss: str | None = None
    keep: Literal["cookie"] | None = None


# --- what the server answers ------------------------------------------------------------------------------


class RoundTrip(Outgoing, frozen=True):
    """Where the browser goes. A cookie that no script can read knows it again."""

    url: str


class SignedInByIssuer(Outgoing, frozen=True, omit_defaults=True):
    """As Tokens. `then` as it was said before; `made` = the account is new, and its name the issuer's."""

    user: str
    access_token: str
    expires_in: int
    then: str
    refresh_token: str | None = None
    made: bool = False


class Identity(Outgoing, frozen=True):
    """An identity that leads to my account. `here` = it is of the issuer that this place has now."""

    id: int
    issuer: str
    here: bool
    connected_at: str
    used_at: str


class Identities(Outgoing, frozen=True):
    """`GET /api/me/identities`, the oldest first."""

    identities: list[Identity]


class Connected(Outgoing, frozen=True):
    """One more, and `then` as it was said before."""

    identities: list[Identity]
    then: str


class SignedOutOfIssuer(Outgoing, frozen=True):
    """Signed out here. `url` = where one signs out at the issuer, too; null = there is nothing to do."""

    url: str | None
