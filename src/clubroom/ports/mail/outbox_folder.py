"""Mail into a folder: for places without a mail server, and for trying out. Its host hands it on, or reads
it.
"""

import asyncio
import os
import secrets
from pathlib import Path

from clubroom.ports.mail import Mail, NotDelivered, message

KEPT_MAX = 200
SENDER = "clubroom@localhost"
OWNER_ONLY = 0o700


class MailFolder:
    """One .eml file for each letter, readable by its owner alone; the newest `kept_max` are kept."""

    sends = False

    def __init__(self, folder: Path, *, name: str = "Clubroom", kept_max: int = KEPT_MAX) -> None:
        self.folder = folder
        self.name = name
        self.kept_max = kept_max

    async def send(self, mail: Mail) -> None:
        """As the contract says."""
        await asyncio.to_thread(self._keep, mail)

    def _keep(self, mail: Mail) -> None:
        made = message(mail, SENDER, self.name, plain=True).as_bytes()
        place = self.folder / f"{mail.at:%Y%m%dT%H%M%S%f}-{mail.id}.eml"
        fresh = place.with_suffix(f".{secrets.token_hex(4)}")
        try:
            self.folder.mkdir(mode=OWNER_ONLY, parents=True, exist_ok=True)
            fresh.touch(mode=0o600)
            with fresh.open("wb") as file:
                file.write(made)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(place)
            for old in sorted(self.folder.glob("*.eml"))[: -self.kept_max]:
                old.unlink(missing_ok=True)
        except OSError as error:
            raise NotDelivered("folder") from error
