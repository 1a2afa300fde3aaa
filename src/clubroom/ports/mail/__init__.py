"""The mail port: a letter leaves this place.

The contract of `Mailer`:

* `send` returns when somebody else has taken the letter over for good (a mail server, a file on the disk),
  and raises `NotDelivered` when not. `permanent` = trying again would not help; `code` is a word of ours, for
  what a server says may repeat an address.
* It takes at most `SEND_S`, and keeps the loop free. If it is cancelled the letter may have left all the
  same.
* The same letter, sent twice, has the same Message-ID: a mailbox may show it once.
* Nothing that stands in an address, a subject or a text becomes a header or a command.
* `sends` says whether mail reaches people. The folder keeps it here, for the host to hand on.
"""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from typing import Protocol

import msgspec

SEND_S = 30.0
LINE_CHARACTERS_MAX = 900
_LINE_ENDS = dict.fromkeys([*range(32), 0x7F, 0x85, 0x2028, 0x2029], " ")


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """A letter in plain text. `id` names it for ever: letters, digits, dots. `unsubscribe`: a URL that ends
    such letters by one POST; it goes into a header, of which mail programs make a button, if it is https
    (RFC 8058).
    """

    id: str
    to: str
    subject: str
    text: str
    at: datetime
    unsubscribe: str | None = None


class NotDelivered(Exception):
    """It has not left. `permanent` = it never will."""

    def __init__(self, code: str, *, permanent: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.permanent = permanent


class Mailer(Protocol):
    """Sends letters, one at a time."""

    sends: bool

    async def send(self, mail: Mail) -> None:
        """As the contract says. Raises NotDelivered."""


def message(mail: Mail, sender: str, name: str, *, plain: bool = False) -> EmailMessage:
    """The letter as it goes over the wire; `plain` so that people can read it as it lies there, too. Raises
    NotDelivered for an address that is none.
    """
    made = EmailMessage(policy=SMTP.clone(utf8=plain))
    try:
        made["From"] = Address(_one_line(name), addr_spec=sender)
        made["To"] = Address(addr_spec=_whole(mail.to))
    except (ValueError, IndexError, UnicodeError):
        raise NotDelivered("address", permanent=True) from None
    made["Subject"] = _one_line(mail.subject)
    made["Date"] = format_datetime(mail.at)
    made["Message-ID"] = f"<{mail.id}@{sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"  # nobody's absence note answers it
    if mail.unsubscribe is not None and mail.unsubscribe.startswith("https://"):
        made["List-Unsubscribe"] = _InOnePiece(f"<{_whole_url(mail.unsubscribe)}>")
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made.set_content(mail.text, charset="utf-8", cte="8bit" if plain else "quoted-printable")
    return made


class _InOnePiece(str):
    """A header as it is. The standard library would write a long URL in encoded words, which no mail program
    takes for one.
    """

    name = "List-Unsubscribe"

    def fold(self, *, policy: Policy) -> str:
        """Its line."""
        return f"{self.name}: {self}{policy.linesep}"


def _whole_url(url: str) -> str:
    assert url.isascii() and url.isprintable() and not set(url) & set(' <>"'), "no URL of ours"
    return url


def _one_line(text: str) -> str:
    return " ".join(text.translate(_LINE_ENDS).split())[:LINE_CHARACTERS_MAX]


def _whole(address: str) -> str:
    """Refused rather than put right: whoever is asked for must be whom it goes to. Names of hosts in
    ASCII.
    """
    local, at, domain = address.rpartition("@")
    if address != address.translate(_LINE_ENDS) or " " in address or "@" in local or not (local and at):
        raise ValueError("no address")
    return f"{local}@{domain.encode('idna').decode()}"
