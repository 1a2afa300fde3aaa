"""Where letters go, and whether the mail server takes them."""

from ipaddress import ip_address

from clubroom.app.doctor.finding import Finding, good, warning, wrong
from clubroom.app.jobs import MAIL_FOLDER
from clubroom.app.settings import Settings
from clubroom.ports.mail import NotDelivered
from clubroom.ports.mail.smtp import SmtpMailer, SmtpServer

HOW = 'docs/host.md, "Mail", says how a mail server is named.'
WHY = {
    "unreachable": "It does not answer.",
    "certificate": "Nobody whom this computer knows vouches for its certificate.",
    "unsupported": "It cannot do what CLUBROOM_MAIL asks for: an encrypted line, or a password.",
    "refused": "It does not take the user or the password.",
}


async def findings(settings: Settings) -> list[Finding]:
    """Nothing is sent for it."""
    server = settings.mail
    if server is None:
        if settings.ephemeral:
            says = "Letters reach nobody: they are put into a folder that is gone with the next start."
            return [warning("mail", says, HOW)]
        folder = settings.data / MAIL_FOLDER
        return [warning("mail", f"Letters reach nobody: they are put into {folder}.", HOW)]
    try:
        await SmtpMailer(server).greet()
    except NotDelivered as error:
        says = f"The mail server {server.host}, port {server.port}, takes no letters."
        return [wrong("mail", says, WHY.get(error.code, WHY["refused"]))]
    if server.security == "none" and not _is_here(server):
        says = f"Letters go to {server.host} over an open line: whoever reads along gets into accounts."
        return [warning("mail", says, "smtp+starttls:// or smtps:// encrypts it.")]
    return [good("mail", f"The mail server {server.host} takes letters.")]


def _is_here(server: SmtpServer) -> bool:
    try:
        return server.host == "localhost" or ip_address(server.host).is_loopback
    except ValueError:
        return False
