"""Mail by SMTP, as every provider takes it. The standard library's client in a thread: letters go one at a
time.
"""

import asyncio
import contextlib
import smtplib
import ssl
from collections.abc import Callable
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Literal
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from clubroom.ports.mail import SEND_S, Mail, NotDelivered, message

Security = Literal["none", "starttls", "tls"]
PERMANENT = range(500, 600)
WRONG_LOGIN = frozenset({530, 534, 535})  # the host can put it right: tried again


class SmtpServer(msgspec.Struct, frozen=True, kw_only=True):
    """`security`: `tls` from the first byte, `starttls` before anything is said (never without it), or
    `none`.
    """

    host: str
    port: int
    security: Security
    sender: str
    name: str = "Clubroom"
    user: str | None = None
    password: str | None = None

    def __repr__(self) -> str:
        return f"SmtpServer({self.host}:{self.port}, {self.security})"


LOOKS_LIKE = "smtp+starttls://user:password@mail.example:587?from=club@example.org"
SCHEMES: dict[str, tuple[Security, int]] = {
    "smtp": ("none", 25),
    "smtp+starttls": ("starttls", 587),
    "smtps": ("tls", 465),
}


def server_of(url: str) -> SmtpServer:
    """The mail server that an address of the form above names; `name` beside `from` is optional. What is no
    letter or digit in user and password is escaped as %40 is. Raises ValueError, which repeats nothing of it.
    """
    try:
        parts = urlsplit(url)
        security, usual_port = SCHEMES[parts.scheme]
        host, port = parts.hostname, parts.port or usual_port
        asked = dict(parse_qsl(parts.query, strict_parsing=True, max_num_fields=4))
        sender = asked.pop("from")
        name = asked.pop("name", "Clubroom")
        Address(addr_spec=sender)
    except (ValueError, KeyError, IndexError, MessageError):
        raise ValueError(LOOKS_LIKE) from None
    if not host or asked or parts.path.strip("/") or parts.fragment or "@" not in sender:
        raise ValueError(LOOKS_LIKE)
    return SmtpServer(
        host=host,
        port=port,
        security=security,
        sender=sender,
        name=name,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )


class SmtpMailer:
    """A connection for each letter: they are few, and none is kept open for a server to close."""

    sends = True

    def __init__(self, server: SmtpServer, *, trusted: ssl.SSLContext | None = None) -> None:
        self.server = server
        self.trusted = trusted or ssl.create_default_context()

    async def send(self, mail: Mail) -> None:
        """As the contract says."""
        made = message(mail, self.server.sender, self.server.name)
        await self._told(lambda client: client.send_message(made, self.server.sender, [_addressee(made)]))

    async def greet(self) -> None:
        """As far as one gets without a letter. Raises NotDelivered."""
        await self._told(lambda client: client.noop())

    async def _told(self, say: Callable[[smtplib.SMTP], object]) -> None:
        try:
            async with asyncio.timeout(SEND_S):
                await asyncio.to_thread(self._talk, say)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise _refused("address", max(codes, default=400)) from None
        except smtplib.SMTPResponseException as error:
            raise _refused("refused", error.smtp_code) from None
        except smtplib.SMTPNotSupportedError:
            raise NotDelivered("unsupported") from None
        except ssl.SSLError:
            raise NotDelivered("certificate") from None
        except (smtplib.SMTPException, OSError, TimeoutError):
            raise NotDelivered("unreachable") from None

    def _talk(self, say: Callable[[smtplib.SMTP], object]) -> None:
        server = self.server
        seconds = SEND_S / 2
        if server.security == "tls":
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=seconds, context=self.trusted
            )
        else:
            client = smtplib.SMTP(server.host, server.port, timeout=seconds)
        try:
            if server.security == "starttls":
                client.starttls(context=self.trusted)
            if server.user is not None:
                client.login(server.user, server.password or "")
            say(client)
            with contextlib.suppress(smtplib.SMTPException, OSError):
                client.quit()  # it has the letter, whatever it says now
        finally:
            client.close()


def _addressee(made: EmailMessage) -> str:
    return str(made["To"].addresses[0].addr_spec)


def _refused(code: str, status: int) -> NotDelivered:
    """A mailbox that there is not stays away; a wrong password of ours, or a full server, may be mended."""
    return NotDelivered(code, permanent=status in PERMANENT and status not in WRONG_LOGIN)
