"""The bodies of the calls about one's own account, and of their answers (docs/protocol.md)."""

from typing import Literal
from uuid import UUID

from clubroom.actions import QuietSpan
from clubroom.wire.shapes import Incoming, Outgoing

Language = Literal["en", "de"]
LanguageOrNone = Literal["en", "de", ""]

# --- what a client sends ----------------------------------------------------------------------------------


class PatchMe(Incoming, frozen=True):
    """`PATCH /api/me`: what changes. An empty time zone or language = as the browser says.
    `invisible`: nobody sees whether this person is here, nor that they write.
    """

    name: str | None = None
    time_zone: str | None = None
    language: LanguageOrNone | None = None
    invisible: bool | None = None


class PutQuiet(Incoming, frozen=True):
    """`PUT /api/me/quiet`: all the hours at which one is told nothing. `time_zone` is for who has none."""

    spans: list[QuietSpan]
    time_zone: str | None = None


class PutLetters(Incoming, frozen=True):
    """`PUT /api/me/mail`: which letters I want where no device of mine can be told: what I `missed`, at most
    once a day, and announcements at once.
    """

    missed: Literal["daily", "never"]
    announcements: bool


class NewVerification(Incoming, frozen=True):
    """`POST /api/email-verifications`: the secret of the link that was mailed."""

    link: str


class NewPasswordReset(Incoming, frozen=True):
    """`POST /api/password-resets`: whose password was forgotten."""

    email: str


class NewPassword(Incoming, frozen=True):
    """`POST /api/passwords`: a new one, by the secret of the link that was mailed."""

    link: str
    password: str
    keep: Literal["cookie"] | None = None


class NewPasskey(Incoming, frozen=True):
    """`POST /api/me/passkeys`: what the browser made (`PublicKeyCredential.toJSON`, as text), and its
    name.
    """

    credential: str
    name: str | None = None


class Deletion(Incoming, frozen=True):
    """`POST /api/me/deletion`: the password, what the browser made with a passkey, or, for who has neither,
    their name. With `messages` all that they wrote is deleted, too.
    """

    password: str | None = None
    passkey: str | None = None
    name: str | None = None
    messages: bool = False


# --- what the server answers ------------------------------------------------------------------------------


class LettersWanted(Outgoing, frozen=True):
    """As in PutLetters. `refused`: the mailbox took none, so that none are sent until it is said anew."""

    missed: Literal["daily", "never"]
    announcements: bool
    refused: bool


class Verified(Outgoing, frozen=True):
    """The address is whose account it stands in."""

    email: str


class QuietHours(Outgoing, frozen=True):
    """The hours at which somebody is told nothing, by the clock of `time_zone`."""

    spans: list[QuietSpan]
    time_zone: str


class Asked(Outgoing, frozen=True):
    """Whatever can be sent is sent. Says nothing of whether anybody has the address."""

    asked: Literal[True] = True


class SignedInDevice(Outgoing, frozen=True):
    """A device that is signed in. `device` = browser and system, where they are known; `here` = this one."""

    id: UUID
    device: str | None
    signed_in_at: str
    used_at: str
    here: bool


class SignedInDevices(Outgoing, frozen=True):
    """`GET /api/sessions`, the one that was used last first."""

    sessions: list[SignedInDevice]


class PasskeyOptions(Outgoing, frozen=True):
    """What the browser is asked for, as the text of its JSON (`parseCreationOptionsFromJSON` and the
    like).
    """

    options: str


class Passkey(Outgoing, frozen=True):
    """A passkey of mine. `id` is in base64url."""

    id: str
    name: str
    made_at: str
    used_at: str


class Passkeys(Outgoing, frozen=True):
    """`GET /api/me/passkeys`, the oldest first."""

    passkeys: list[Passkey]


class ClubInTheWay(Outgoing, frozen=True):
    """A club that keeps somebody: they are its last owner."""

    group: int
    name: str


class Leaving(Outgoing, frozen=True):
    """`GET /api/me/deletion`: what is to be done before one can leave for good, and what one proves it by."""

    clubs: list[ClubInTheWay]
    proof: Literal["password", "passkey", "name"]
