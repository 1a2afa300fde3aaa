"""The contract of the mail port, run by every adapter: the folder, and SMTP to a real mail server."""

import datetime
import stat
from collections.abc import AsyncIterator, Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from clubroom.ports.mail import Mail, Mailer, NotDelivered
from clubroom.ports.mail.outbox_folder import MailFolder
from clubroom.ports.mail.smtp import Security, SmtpMailer, SmtpServer, server_of
from house.certificate import Certificate, issued
from house.mailbox import Receiver, body, read, receiving

NOW = datetime.datetime(2026, 11, 26, 10, 0, tzinfo=datetime.UTC)
Arrived = Callable[[], list[EmailMessage]]


def letter(**said: str) -> Mail:
    usual = {"id": "7.20261126", "to": "ann@example.org", "subject": "Hello", "text": "Come in.\n"}
    return Mail(at=NOW, **(usual | said))


def smtp(port: int, security: Security = "none", **more: str) -> SmtpServer:
    return SmtpServer(host="127.0.0.1", port=port, security=security, sender="club@example.org", **more)


@pytest.fixture(params=["folder", "smtp"])
async def way(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[Mailer, Arrived]]:
    """A mailer, and what has arrived by it."""
    if request.param == "folder":
        folder = tmp_path / "mail"
        yield MailFolder(folder), lambda: [read(path.read_bytes()) for path in sorted(folder.glob("*.eml"))]
        return
    receiver = Receiver()
    async with receiving(receiver) as port:
        yield SmtpMailer(smtp(port)), lambda: receiver.mails


async def test_a_letter_arrives_as_it_was_written(way: tuple[Mailer, Arrived]) -> None:
    mailer, arrived = way
    text = "Grüße an „Özge“ 🎉\n\nhttps://club.example/reset#" + "x" * 43 + "\n\n.\nund ein Punkt\n"
    await mailer.send(letter(subject="Schöne Grüße", text=text))
    [mail] = arrived()
    assert (mail["To"], mail["Subject"]) == ("ann@example.org", "Schöne Grüße")
    assert body(mail).replace("\r\n", "\n") == text
    assert mail.get_content_type() == "text/plain"
    assert mail["Auto-Submitted"] == "auto-generated"


async def test_the_same_letter_sent_twice_has_one_name(way: tuple[Mailer, Arrived]) -> None:
    mailer, arrived = way
    await mailer.send(letter())
    first = arrived()[0]["Message-ID"]
    await mailer.send(letter())
    assert {mail["Message-ID"] for mail in arrived()} == {first}
    await mailer.send(letter(id="8.20261126"))
    assert len({mail["Message-ID"] for mail in arrived()}) == 2


async def test_what_ends_such_letters_is_a_header_in_one_piece_and_only_over_a_closed_line(
    way: tuple[Mailer, Arrived],
) -> None:
    mailer, arrived = way
    url = f"https://{'a-long-name.' * 8}example/api/mail/unsubscribe/m7.{'x' * 22}"
    await mailer.send(letter(unsubscribe=url))
    await mailer.send(letter(id="8.20261126", unsubscribe=url.replace("https", "http")))
    closed, opened = arrived()
    assert dict(closed.raw_items())["List-Unsubscribe"].strip() == f"<{url}>"  # not in encoded words
    assert closed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert [name for name in opened if name.startswith("List-")] == []


@pytest.mark.parametrize(
    "said",
    [
        {"subject": "Hello\r\nBcc: eve@example.org"},
        {"subject": "Hello\nBcc: eve@example.org\n\nanother body"},
        {"subject": "Hello\u2028Bcc: eve@example.org"},
        {"text": "Come in.\r\n.\r\nMAIL FROM:<eve@example.org>\r\n"},
    ],
)
async def test_nothing_that_is_said_becomes_a_header_or_a_command(
    way: tuple[Mailer, Arrived], said: dict[str, str]
) -> None:
    mailer, arrived = way
    await mailer.send(letter(**said))
    [mail] = arrived()
    assert mail["Bcc"] is None
    assert mail["To"] == "ann@example.org"


@pytest.mark.parametrize(
    "address",
    [
        "ann@example.org\r\nBcc: eve@example.org",
        "ann@example.org, eve@example.org",
        "ann@example.org>\r\nRCPT TO:<eve@example.org",
        "Ann <ann@example.org>",
        "ann",
        "",
        "@example.org",
        "ann@",
    ],
)
async def test_an_address_that_is_none_is_refused_for_good(way: tuple[Mailer, Arrived], address: str) -> None:
    mailer, arrived = way
    with pytest.raises(NotDelivered) as refused:
        await mailer.send(letter(to=address))
    assert (refused.value.code, refused.value.permanent) == ("address", True)
    assert arrived() == []


async def test_a_host_with_an_umlaut_is_written_as_mail_servers_read_it(way: tuple[Mailer, Arrived]) -> None:
    mailer, arrived = way
    await mailer.send(letter(to="ann@bücher.example"))
    assert arrived()[0]["To"] == "ann@xn--bcher-kva.example"


async def test_the_folder_keeps_the_newest_and_only_its_owner_reads_them(tmp_path: Path) -> None:
    mailer = MailFolder(tmp_path / "mail", kept_max=3)
    for n in range(5):
        later = NOW + datetime.timedelta(seconds=n)
        await mailer.send(Mail(id=f"{n}", to="ann@example.org", subject=f"{n}", text="x", at=later))
    kept = sorted((tmp_path / "mail").iterdir())
    assert [read(path.read_bytes())["Subject"] for path in kept] == ["2", "3", "4"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}
    assert stat.S_IMODE((tmp_path / "mail").stat().st_mode) == 0o700


async def test_a_folder_that_cannot_be_written_is_tried_again_later(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("in the way")
    with pytest.raises(NotDelivered) as refused:
        await MailFolder(tmp_path / "mail").send(letter())
    assert not refused.value.permanent


async def test_a_mailbox_that_there_is_not_is_refused_for_good() -> None:
    receiver = Receiver()
    async with receiving(receiver) as port:
        with pytest.raises(NotDelivered) as refused:
            await SmtpMailer(smtp(port)).send(letter(to="nobody@example.org"))
    assert (refused.value.code, refused.value.permanent) == ("address", True)
    assert "nobody" not in str(refused.value)


@pytest.mark.parametrize(("says", "permanent"), [("451 later", False), ("554 never", True)])
async def test_what_a_server_refuses_is_tried_again_if_that_may_help(says: str, permanent: bool) -> None:
    receiver = Receiver()
    receiver.says = says
    async with receiving(receiver) as port:
        with pytest.raises(NotDelivered) as refused:
            await SmtpMailer(smtp(port)).send(letter())
    assert (refused.value.code, refused.value.permanent) == ("refused", permanent)


async def test_a_server_that_is_away_is_tried_again() -> None:
    async with receiving(Receiver()) as port:
        pass
    with pytest.raises(NotDelivered) as refused:
        await SmtpMailer(smtp(port)).send(letter())
    assert (refused.value.code, refused.value.permanent) == ("unreachable", False)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return issued(tmp_path_factory.mktemp("tls"))


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_password_and_letter_go_only_over_a_line_that_is_closed(
    security: Security, certificate: Certificate
) -> None:
    theirs, ours = certificate.theirs, certificate.ours
    receiver = Receiver()
    at_once: dict[str, Any] = {"tls": theirs, "auth_require_tls": False}
    options = at_once if security == "tls" else {"tls_context": theirs, "require_starttls": True}
    async with receiving(receiver, **options) as port:
        server = smtp(port, security, user="club", password="open & sesame")
        await SmtpMailer(server, trusted=ours).send(letter())
        with pytest.raises(NotDelivered) as refused:  # nobody whom we know has signed this certificate
            await SmtpMailer(server).send(letter())
        wrong = SmtpMailer(smtp(port, security, user="club", password="wrong"), trusted=ours)
        with pytest.raises(NotDelivered) as not_in:
            await wrong.send(letter())
    assert refused.value.code == "certificate"
    assert (not_in.value.code, not_in.value.permanent) == ("refused", False)  # the host may set it right
    assert receiver.logins[0] == ("club", "open & sesame")
    assert receiver.encrypted == [True]
    assert len(receiver.mails) == 1


async def test_where_a_closed_line_is_asked_for_nothing_goes_over_an_open_one() -> None:
    receiver = Receiver()
    async with receiving(receiver) as port:
        server = smtp(port, "starttls", user="club", password="open & sesame")
        with pytest.raises(NotDelivered) as refused:
            await SmtpMailer(server).send(letter())
    assert refused.value.code == "unsupported"
    assert receiver.logins == []
    assert receiver.mails == []


def test_a_mail_server_is_named_by_an_address() -> None:
    url = "smtp+starttls://club%40example.org:open%20%26%20sesame@mail.example?from=club@example.org&name=The+club"
    server = server_of(url)
    assert (server.host, server.port, server.security) == ("mail.example", 587, "starttls")
    assert (server.user, server.password) == ("club@example.org", "open & sesame")
    assert (server.sender, server.name) == ("club@example.org", "The club")
    assert "sesame" not in repr(server)
    assert server_of("smtps://mail.example?from=a@b.example").port == 465
    assert server_of("smtp://localhost:2525?from=a@b.example").port == 2525


@pytest.mark.parametrize(
    "url",
    [
        "mail.example",
        "https://mail.example?from=a@b.example",
        "smtp://mail.example",
        "smtp://mail.example?from=nobody",
        "smtp://?from=a@b.example",
        "smtp://mail.example:99999?from=a@b.example",
        "smtp://mail.example?from=a@b.example&form=c",
        "smtp://mail.example/path?from=a@b.example",
        "smtp://ann:open#sesame@mail.example?from=a@b.example",
    ],
)
def test_what_names_no_mail_server_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match="mail.example:587".replace(".", "[.]")) as refused:
        server_of(url)
    assert "sesame" not in str(refused.value)
