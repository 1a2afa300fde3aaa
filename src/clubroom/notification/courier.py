"""The job that carries the outbox away: takes one letter at a time, puts it into words, hands it to the mail
port.

Between the call and the mark it may be killed: then the letter goes out once more when its lease is over,
under the same Message-ID. Nothing of a letter is logged but what became of it.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol

from clubroom.dba import outbox
from clubroom.dba.missed import news_of
from clubroom.dba.outbox import Addressee, Waiting
from clubroom.dba.pool import Database
from clubroom.notification.letters import KINDS, Kind, written
from clubroom.notification.news import blocks_of, params_of
from clubroom.ports.mail import Mail, Mailer, NotDelivered

log = logging.getLogger(__name__)

LEASE_S = 120  # longer than any `send` takes
WAITS_S = (30, 120, 600, 1_800, 3_600, 7_200, 14_400)  # after the first try, the second …; then as the last
UNSUBSCRIBE = "/api/mail/unsubscribe/"
PLACE_PREFIXES = ("https://", "http://")


class Links(Protocol):
    """Secrets of links, which the app brings from the room that knows the keys."""

    @property
    def openers(self) -> Sequence[bytes]:
        """The names of the keys that open seals here."""

    def opened(self, sealed: bytes, address: str) -> str:
        """The secret that a letter brought. Raises LookupError."""

    async def fresh(self, letter: int, moment: datetime | None) -> tuple[str, Addressee] | None:
        """A secret made for this letter, and for whom; None where nobody has its address any more."""

    def unsubscribe(self, who: int, template: str) -> str:
        """What ends letters of this kind to this person."""

    def answering(self, who: int, group: int, key: str) -> str:
        """What answers for this person to this occurrence of an event."""


class Said(NamedTuple):
    """What the words of a letter need. `secret` stands behind its link."""

    secret: str
    language: str
    params: Mapping[str, Any]
    blocks: Mapping[str, str] = {}


class Courier:
    """Call it again as long as it says True."""

    def __init__(
        self,
        db: Database,
        mailer: Mailer,
        links: Links,
        place: str,
        moment: Callable[[], datetime | None] = lambda: None,
    ) -> None:
        self.db = db
        self.mailer = mailer
        self.links = links
        self.place = place
        self.moment = moment

    async def __call__(self) -> bool:
        """One letter; False when none is due."""
        letter = await outbox.take(
            self.db, openers=self.links.openers, lease_seconds=LEASE_S, moment=self.moment()
        )
        if letter is None:
            return False
        kind = KINDS.get(letter.template)
        try:
            mail = await self._mail(letter, kind) if kind else None
        except LookupError:
            kind = mail = None
        if kind is None:  # of another version, or tampered with
            await self._give_up(letter, "unreadable")
        elif mail is None:
            why = "moot" if kind.news else "nobody"
            await outbox.close(self.db, letter.id, why, moment=self.moment())
        else:
            await self._send(letter, mail, kind)
        return True

    async def _mail(self, letter: Waiting, kind: Kind) -> Mail | None:
        said = await self._said(letter, kind)
        if said is None:
            return None
        place = self.place
        for prefix in PLACE_PREFIXES:
            place = place.removeprefix(prefix)
        link = f"{self.place}{kind.path}{said.secret}" if kind.path else ""
        words = written(
            letter.template, said.language, said.params, link=link, place=place, blocks=said.blocks
        )
        return Mail(
            id=f"{letter.id}.{letter.created_at:%Y%m%d%H%M%S%f}",
            to=letter.address,
            subject=words.subject,
            text=words.text,
            at=letter.created_at,
            unsubscribe=f"{self.place}{UNSUBSCRIBE}{said.secret}" if kind.news else None,
        )

    async def _said(self, letter: Waiting, kind: Kind) -> Said | None:
        """What is not known before it is sent; None where there is nobody to tell, or nothing any more."""
        if kind.news:
            told = await news_of(self.db, letter.id, moment=self.moment())
            if told is None:
                return None
            secret = self.links.unsubscribe(told.who, letter.template)
            answers = ""
            if told.event is not None and told.event.key is not None and told.event.what != "cancelled":
                answers = self.links.answering(told.who, told.event.group, told.event.key)
            return Said(secret, told.language, params_of(told), blocks_of(told, self.place, answers))
        if kind.fresh:
            made = await self.links.fresh(letter.id, self.moment())
            if made is None:
                return None
            secret, addressee = made
            return Said(secret, addressee.language, letter.params | {"name": addressee.name})
        sealed = letter.sealed
        secret = self.links.opened(sealed, letter.address) if sealed is not None else ""
        return Said(secret, letter.language, letter.params)

    async def _send(self, letter: Waiting, mail: Mail, kind: Kind) -> None:
        try:
            await self.mailer.send(mail)
        except NotDelivered as error:
            now = self.moment() or datetime.fromtimestamp(self.db.clock(), UTC)
            wait_s = WAITS_S[min(letter.tries, len(WAITS_S)) - 1]
            over = (now - letter.created_at).total_seconds() + wait_s > kind.good_s
            if error.permanent or over:
                await self._give_up(letter, error.code)
            else:
                log.info("A letter was not taken.", extra={"fields": {"why": error.code}})
                await outbox.postpone(self.db, letter.id, error.code, wait_s, moment=self.moment())
        else:
            await outbox.close(self.db, letter.id, moment=self.moment())

    async def _give_up(self, letter: Waiting, reason: str) -> None:
        fields = {"template": letter.template if letter.template in KINDS else "unknown", "why": reason}
        log.warning("A letter was given up.", extra={"fields": fields})
        await outbox.close(self.db, letter.id, reason, moment=self.moment())
