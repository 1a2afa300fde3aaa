"""Who does what in the choir: its labels and admins, a code for a poster, who asks, what is reported."""

import random
from collections.abc import Mapping, Sequence
from uuid import UUID

from clubroom import wire
from clubroom.app.demo.people import CHOIR_KEYS, ME, PEOPLE, ROLES
from clubroom.app.demo.uuid7 import uuid7
from clubroom.auth import clubs
from clubroom.auth.door import codes
from clubroom.auth.room import Auth
from clubroom.chat import members
from clubroom.chat.messages import Messages
from clubroom.chat.reporting import reports
from clubroom.claims import Claims

SECTIONS = ("soprano", "alto", "tenor", "bass")
BOARD = (ROLES["chair"], ROLES["treasurer"], ROLES["librarian"], ME)
ADMINS = (ROLES["treasurer"], ME)
POSTER = wire.NewCode(
    key=UUID("0198c0de-0000-7000-8000-00000000c0de"),
    note="Poster in the music school",
    expires_in_s=30 * 24 * 3600,
    uses=20,
    asks=True,
    question="Which voice do you sing, and since when?",
)
ASKS, ANSWER = "leif", "Baritone, my neighbours say. Since I moved in next to them."
REPORTS, REPORTED = "margot", "gordon"
REASON = "All in capitals again… Could one of you have a friendly word with him?"


class Offices:
    """For people who have signed up: `claims` by their key. `owner` decides."""

    def __init__(
        self, chat: Messages, auth: Auth, claims: Mapping[str, Claims], owner: str, rng: random.Random
    ) -> None:
        self.chat = chat
        self.auth = auth
        self.claims = claims
        self.owner = claims[owner]
        self.rng = rng
        self.labels: dict[str, UUID] = {}

    async def fill(self, club: int, at_s: float) -> int:
        """Labels, kept in `labels`, and admins; how many actions of the club's log that is. `at_s` = since
        1970.
        """
        count = 0
        for key in ADMINS:
            to = wire.NewRole(role="admin")
            await members.change_role(self.chat, self.owner, club, self.claims[key].user, to)
            count += 1
        carriers = {
            section.capitalize(): [key for key in CHOIR_KEYS if PEOPLE[key].section == section]
            for section in SECTIONS
        }
        for name, keys in {**carriers, "Board": BOARD}.items():
            label = self.labels[name] = uuid7(at_s, self.rng)
            await members.define_label(self.chat, self.owner, club, label, wire.NewLabel(name=name))
            users = [self.claims[key].user for key in keys]
            await members.label_members(self.chat, self.owner, club, label, wire.LabelledMembers(add=users))
            count += 1 + len(users)
        return count

    async def wait_at_the_door(self, club: int, peer: str, said: Sequence[tuple[UUID, str]]) -> None:
        """Somebody asks to join by the poster's code, and somebody reports one of the messages that were
        `said`: names and by whom. Nothing of it stands in the club's log.
        """
        made = await codes.create_code(self.owner, club, POSTER, self.auth)
        await clubs.join_club(self.claims[ASKS], made.code.code, peer, self.auth, ANSWER)
        message = next(name for name, person in reversed(said) if person == REPORTED)
        await reports.report_message(self.chat, self.claims[REPORTS], message, wire.NewReport(reason=REASON))
