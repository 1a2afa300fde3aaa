"""Opens the demo's rooms and conversations, and does to messages what people do to them."""

import random
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from clubroom import wire
from clubroom.app.demo.bring import Bringer
from clubroom.app.demo.people import ME, called
from clubroom.app.demo.rooms import Line, Room, Talk
from clubroom.app.demo.uuid7 import uuid7
from clubroom.app.demo.year import Happening
from clubroom.chat import channels, dms, emotes, messages
from clubroom.chat.messages import Messages
from clubroom.claims import Claims
from clubroom.dba import reading
from clubroom.dba.demo import move_into_the_past

RECENT = 70
"""So many of the last messages are reacted to."""
REACTED_TO = 0.3
KINDS = ["👍", "❤️", "😂", "🎶", "🙏", "👏"]
TAKEN_BACK = 31
SLIPS = range(24, 60)
"""How far from the end one message was mistyped and mended later."""
MOMENT = timedelta(milliseconds=1)
OPEN_BEFORE = timedelta(days=4)
_WORD = re.compile(r"\b[a-z]{6,}\b")
_CALLED = re.compile(r"<@(\w+)>")


def addressed(text: str, users: Mapping[str, str]) -> str:
    """`text` with user ids where it calls people by their key; who is not known stays as they are."""
    return _CALLED.sub(lambda called: f"<@{users.get(called[1], called[1])}>", text)


def mistyped(text: str) -> str:
    """The same, with two letters of one word swapped; unchanged if no word is long enough."""
    word = _WORD.search(text)
    if word is None:
        return text
    place = word.start() + 2
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def slip(happenings: Sequence[Happening]) -> Happening | None:
    """The recent message that its author mends."""
    recent = [happenings[-back] for back in SLIPS if back <= len(happenings)]
    return next((one for one in recent if one.text and mistyped(one.text) != one.text), None)


class Furnisher:
    """For people who have signed up: `claims` by their key."""

    def __init__(
        self,
        chat: Messages,
        claims: Mapping[str, Claims],
        owner_dsn: str,
        end: datetime,
        rng: random.Random,
        bringer: Bringer,
    ) -> None:
        self.chat = chat
        self.db = chat.database
        self.claims = claims
        self.owner_dsn = owner_dsn
        self.end = end
        self.rng = rng
        self.bringer = bringer

    # --- in the club that everybody hears ---

    def opens(self, room: Room) -> datetime:
        """The earliest moment; it is opened after what was said then."""
        return room.lines[0].at(self.end) - OPEN_BEFORE

    async def open_room(self, club: int, room: Room) -> int:
        """An empty one; its group."""
        new = wire.NewChannel(
            key=uuid7(self.end.timestamp(), self.rng),
            name=room.name,
            private=room.private,
            description=room.description,
            landing=room.landing,
        )
        return (await channels.create_channel(self.chat, self.claims[room.owner], club, new)).group

    async def react(self, said: Sequence[tuple[UUID, Happening]]) -> int:
        """To the last messages of the club, here and there; and one is taken back. How many actions."""
        count = 0
        for name, one in said[-RECENT:]:
            others = [key for key in dict.fromkeys(each.person for _, each in said) if key != one.person]
            kinds = (
                self.rng.sample(KINDS, self.rng.choice([1, 1, 2])) if self.rng.random() < REACTED_TO else []
            )
            for kind in kinds:
                for key in self.rng.sample(others, min(len(others), self.rng.randint(1, 5))):
                    await emotes.add_emote(self.chat, self.claims[key], name, kind)
                    count += 1
        name, one = said[-TAKEN_BACK]
        await messages.delete_message(self.chat, self.claims[one.person], name)
        return count + 1

    # --- rooms and conversations ---

    async def fill_room(self, group: int, room: Room, opened_at: datetime) -> None:
        """What was said in it, in the past."""
        others = [key for key in room.people if key != room.owner]
        if others:
            await self._add(room.owner, group, others)
        elif room.follow and not room.landing:
            await self._add(room.owner, group, [ME])
        begun = 2 + len(others) if room.private else 1
        readers = others if room.private else sorted({line.person for line in room.lines})
        opened = _rising(opened_at, begun, room.lines[0].at(self.end))
        await self._say(group, opened, room.lines, room.read, {*readers, room.owner})

    async def talk(self, talk: Talk) -> int:
        """A conversation and what was said in it; its group."""
        first, *_ = talk.others
        people = [ME, *talk.others]
        users = [self.claims[key].user for key in people if key != first]
        group = (await dms.open_dm(self.chat, self.claims[first], users)).group
        first_word = talk.lines[0].at(self.end)
        opened = _rising(first_word - timedelta(minutes=1), 1 + len(people), first_word)
        await self._say(group, opened, talk.lines, talk.read, set(people))
        return group

    async def _add(self, owner: str, group: int, keys: Sequence[str]) -> None:
        users = [self.claims[key].user for key in keys]
        await channels.add_members(self.chat, self.claims[owner], group, wire.NewMembers(users=users))

    async def _say(
        self, group: int, opened: list[datetime], lines: Sequence[Line], read: int, readers: set[str]
    ) -> None:
        """`opened` are the times of what the log has so far."""
        times = list(opened)
        names: list[UUID] = []
        seqs: list[int] = []
        for line in lines:
            seqs.append(await self._post(group, line, names))
            times.append(line.at(self.end))
            acts = await self._act(line, names[-1])
            times += [line.at(self.end) + MOMENT * place for place in range(1, acts + 1)]
        moves = {(self.claims[key].key, group): seqs[-1] for key in readers}
        moves[self.claims[ME].key, group] = seqs[read - 1] if read else 0
        await reading.move_read_pointers(self.db, moves)
        await move_into_the_past(self.owner_dsn, group, [at.astimezone(UTC) for at in times])

    async def _post(self, group: int, line: Line, names: list[UUID]) -> int:
        answered = names[-line.answers] if line.answers else None
        at = line.at(self.end).timestamp()
        names.append(uuid7(at, self.rng))
        text = addressed(line.first or line.text, self._users())
        who = self.claims[line.person]
        images = await self.bringer.bring(who, group, line.files, at)
        return (await messages.post_message(self.chat, who, group, names[-1], text, answered, images)).seq

    async def _act(self, line: Line, name: UUID) -> int:
        """What is done to a message; how many actions that is."""
        who, count = self.claims[line.person], 0
        if line.first:
            await messages.edit_message(self.chat, who, name, addressed(line.text, self._users()))
            count += 1
        for emote, keys in line.emotes.items():
            for key in keys.split():
                person = called(key)
                assert person is not None, key
                await emotes.add_emote(self.chat, self.claims[person.key], name, emote)
                count += 1
        if line.pinned:
            await messages.pin_message(self.chat, who, name, pin=True)
            count += 1
        if line.deleted:
            await messages.delete_message(self.chat, who, name)
            count += 1
        return count

    def _users(self) -> dict[str, str]:
        return {key: who.user for key, who in self.claims.items()}


def _rising(at: datetime, count: int, until: datetime) -> list[datetime]:
    """`count` moments from `at` on, all of them before `until`."""
    first = min(at, until - MOMENT * count)
    return [first + MOMENT * place for place in range(count)]
