"""Mail that has arrived: in the folder of a server, or at a real mail server of the tests."""

import asyncio
import email
import email.policy
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from house.within import within

LINK = re.compile(r"^(http\S+)$", re.MULTILINE)


def read(raw: bytes) -> EmailMessage:
    made = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(made, EmailMessage)
    return made


def body(mail: EmailMessage) -> str:
    return str(mail.get_content()).replace("\r\n", "\n")


def link_in(mail: EmailMessage) -> str:
    """The one that stands on a line of its own, after the address of the place."""
    [link] = LINK.findall(body(mail))
    return "/" + str(link).split("/", 3)[3]


def secret_in(mail: EmailMessage) -> str:
    return link_in(mail).partition("#")[2]


async def until(holds: Callable[[], object]) -> None:
    """Looks again and again: neither a folder nor a mail server of the tests tells anybody."""
    while not holds():  # noqa: ASYNC110
        await asyncio.sleep(0.02)


def secured(server: SMTP) -> bool:
    assert server.transport is not None
    return server.transport.get_extra_info("ssl_object") is not None


def letter(path: Path) -> bytes:
    """As it lies there; nothing, if it has given way to newer ones since it was listed."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


class Folder:
    """Where a server without a mail server puts its letters."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def to(self, address: str) -> list[EmailMessage]:
        """The oldest first."""
        found = (letter(path) for path in sorted(self.folder.glob("*.eml")))
        mails = [read(raw) for raw in found if address.encode() in raw]
        return [mail for mail in mails if mail["To"] == address]

    async def next_to(self, address: str, *, after: int = 0) -> EmailMessage:
        """Waits for a letter beyond the first `after` ones."""
        async with within(10, f"letter {after + 1} came"):
            await until(lambda: len(self.to(address)) > after)
        return self.to(address)[after]


class Receiver:
    """A mail server: it keeps what it is given, knows no mailbox called nobody, and may answer late."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.logins: list[tuple[str, str]] = []
        self.encrypted: list[bool] = []
        self.answer: asyncio.Event | None = None
        self.says = "250 OK"

    async def handle_RCPT(self, _s: Any, _x: Session, envelope: Envelope, address: str, _o: Any) -> str:  # noqa: N802
        if address.startswith("nobody@"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        self.encrypted.append(session.ssl is not None or secured(server))
        if self.says.startswith("250"):
            self.mails.append(read(content))
            self.recipients += envelope.rcpt_tos
        if self.answer is not None:
            await self.answer.wait()
        return self.says

    def authenticate(self, _s: SMTP, _x: Session, _e: Envelope, _mechanism: str, data: Any) -> AuthResult:
        self.logins.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=data.password == b"open & sesame", handled=False)


@asynccontextmanager
async def receiving(receiver: Receiver, *, tls: Any = None, **options: Any) -> AsyncIterator[int]:
    """Its port, until the block ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(
            receiver, loop=loop, authenticator=receiver.authenticate, hostname="mail.test", **options
        ),
        "127.0.0.1",
        0,
        ssl=tls,
    )
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
