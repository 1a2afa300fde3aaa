"""Composes the choir's year: who wrote what, when. Pure: the same end and seed give the same year."""

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import msgspec

from clubroom.app.demo.brought import Brought
from clubroom.app.demo.calendar import Moment, first_word, liveliness, moment, silent
from clubroom.app.demo.casting import Casting, Memory, Said, hears
from clubroom.app.demo.people import CHOIR_KEYS, CHOIR_OWNER, PEOPLE
from clubroom.app.demo.threads import Thread, load, load_year

DAYS = 365
REST_DAYS_MAX = 120
"""A thread with one wording comes again after so many days at the earliest, while there are others."""
SPARE = 1.05
TODAY_MESSAGES, YESTERDAY_MESSAGES = 26, 16
HEARS_DAYS = 8
BREAKFAST = timedelta(hours=9)
WELCOMED_AFTER = timedelta(hours=15)
ANSWERS_AFTER = timedelta(minutes=25)
"""Whoever writes so late in a thread says what they mean."""


class Happening(msgspec.Struct, frozen=True):
    """Somebody joins (`text` None) or writes. `at` is local time; `begins` = the first of its thread,
    `answers` = it says that it answers that one. `files` go along with it.
    """

    at: datetime
    person: str
    text: str | None = None
    begins: bool = False
    thread: int = 0
    answers: bool = False
    files: tuple[Brought, ...] = ()


class Story(msgspec.Struct, frozen=True):
    """A club from its first moment on: what happened, times rising. `read` of the messages were read by the
    demo's member; those after them are new.
    """

    opened_at: datetime
    happenings: list[Happening]
    read: int


def compose(end: datetime, messages: int, seed: int) -> Story:
    """A year with exactly `messages` messages, the last of them shortly before `end` (local time)."""
    return _Year(end, messages, random.Random(seed)).story()  # noqa: S311 - a story, not a secret


class _Year:
    def __init__(self, end: datetime, messages: int, rng: random.Random) -> None:
        self.end = end
        self.messages = messages
        self.rng = rng
        self.first = end.date() - timedelta(days=DAYS)
        self.threads = load_year()
        self.memory = Memory()
        self.last_used: dict[str, date] = {}
        self.uses: dict[str, int] = {}
        self.threads_told = 0

    def story(self) -> Story:
        opened_at = datetime.combine(self.first, time(19, 2))
        joins = self._joins(opened_at)
        opening = self._thread(
            load("opening")[0], opened_at + timedelta(minutes=48), hears(self._present(self.first))
        )
        said = sorted((*self._days(), *self._welcomes()), key=_at)
        said = [one for one in said if one.at <= self.end]
        assert len(said) >= self.messages, f"only {len(said)} messages in the year"
        kept = opening + said[len(opening) - self.messages :]
        return Story(opened_at, rising([*joins, *kept]), self.messages - _unread(kept))

    # --- who comes ---

    def _joins(self, opened_at: datetime) -> list[Happening]:
        """All but the owner, most of them within the first hour."""
        keys = [key for key in CHOIR_KEYS if key != CHOIR_OWNER]
        at_once = [key for key in keys if not PEOPLE[key].late]
        self.rng.shuffle(at_once)
        step = timedelta(minutes=45) / len(at_once)
        joins = [Happening(opened_at + step * place, key) for place, key in enumerate(at_once, 1)]
        late = [PEOPLE[key] for key in keys if PEOPLE[key].late]
        return joins + [Happening(self._came(person.late), person.key) for person in late]

    def _came(self, late: int) -> datetime:
        """In the evening after their first rehearsal."""
        return datetime.combine(self.first + timedelta(days=late), time(18, 40 + late % 17))

    def _welcomes(self) -> list[Happening]:
        thread, found = load("welcome")[0], []
        for person in (PEOPLE[key] for key in CHOIR_KEYS):
            if person.late:
                at = self._came(person.late) + WELCOMED_AFTER
                found += self._thread(thread, at, self._present(at.date()), new=person.key)
        return found

    def _present(self, day: date) -> list[str]:
        passed = (day - self.first).days
        return [key for key in CHOIR_KEYS if PEOPLE[key].late == 0 or PEOPLE[key].late < passed]

    # --- day by day ---

    def _days(self) -> Iterator[Happening]:
        days = [self.first + timedelta(days=passed) for passed in range(1, DAYS + 1)]
        wishes = [liveliness(day) * self.rng.uniform(0.6, 1.4) for day in days]
        scale = self.messages * SPARE / sum(wishes)
        owed = 0.0
        for day, wish in zip(days, wishes, strict=True):
            owed += max(wish * scale, self._at_least(day))
            while owed > 0:
                begun = self._begin(day)
                yield from begun
                owed -= len(begun)

    def _at_least(self, day: date) -> int:
        """Whoever opens the demo finds a club that talks today."""
        return {0: TODAY_MESSAGES, 1: YESTERDAY_MESSAGES}.get(self._ago(day), 0)

    def _ago(self, day: date) -> int:
        """In days; before breakfast it is still yesterday."""
        return ((self.end - BREAKFAST).date() - day).days

    def _begin(self, day: date) -> list[Happening]:
        at = self._start(day)
        now = moment(at)
        thread = self._choose(now, day)
        self.last_used[thread.name] = day
        self.uses[thread.name] = self.uses.get(thread.name, 0) + 1
        present = self._present(day)
        if self._ago(day) < HEARS_DAYS:
            present = hears(present)
        return self._thread(thread, at, present)

    def _start(self, day: date) -> datetime:
        """When somebody begins to talk: after a rehearsal most of all, at lunch, in the evening."""
        until = (
            self.end - timedelta(minutes=9) if day == self.end.date() else datetime.combine(day, time(22, 50))
        )
        tuesday = "tue-before" in moment(datetime.combine(day, time(12))).tags
        for _ in range(200):
            if tuesday and self.rng.random() < 0.45:
                hour = self.rng.triangular(21.6, 22.9, 21.8)
            else:
                hour = self.rng.choice(
                    [7, 8, 8, 9, 10, 11, 12, 12, 13, 14, 15, 16, 17, 18, 18, 19, 20, 20, 21]
                )
                hour += self.rng.random()
            at = datetime.combine(day, time()) + timedelta(hours=hour)
            if not silent(at) and at <= until:
                return at
        return first_word(datetime.combine(day, time()))

    def _choose(self, now: Moment, day: date) -> Thread:
        """The rarer an occasion is, the rather its threads are taken; nothing comes again too soon."""
        fitting = [
            thread
            for thread in self.threads
            if thread.fits(now.tags)
            and not (thread.once and thread.name in self.uses)
            and (self._ago(day) >= HEARS_DAYS or not thread.has("me"))
        ]
        rested = [thread for thread in fitting if self._rested(thread, day) >= 1]
        if not rested:
            rested = sorted(fitting, key=lambda thread: -self._rested(thread, day))[:4]
        weights = [
            (1 + 2 * len(thread.when))
            * (0.25 if thread.once else 1)
            / (1 + self.uses.get(thread.name, 0) / thread.variety) ** 6
            for thread in rested
        ]
        return self.rng.choices(rested, weights)[0]

    def _rested(self, thread: Thread, day: date) -> float:
        """1 = long enough. What can be said in many ways may come again sooner."""
        last = self.last_used.get(thread.name, date.min)
        return (day - last).days / min(REST_DAYS_MAX, 7 + 250 / thread.variety)

    # --- minute by minute ---

    def _thread(
        self, thread: Thread, at: datetime, present: list[str], new: str | None = None
    ) -> list[Happening]:
        cast = Casting(self.rng, self.memory, moment(at), present, new)
        found: list[Happening] = []
        self.threads_told += 1
        for place, said in enumerate(cast.play(thread)):
            before, at = at, first_word(at if place == 0 else at + self._pause(said, at))
            late = place > 0 and at - before > ANSWERS_AFTER
            found.append(Happening(at, said.person, said.text, place == 0, self.threads_told, late))
        return found

    def _pause(self, said: Said, at: datetime) -> timedelta:
        """Quick in the evening, slower over the day; a long text takes its time."""
        if said.delay is not None:
            return timedelta(minutes=said.delay * self.rng.uniform(0.7, 1.4), seconds=self.rng.randint(3, 50))
        quick = 1.0 if at.hour >= 18 else 2.2
        minutes = self.rng.choices(
            [self.rng.uniform(0.3, 2), self.rng.uniform(2, 9), self.rng.uniform(10, 40)], [6, 4, 1]
        )
        return timedelta(minutes=minutes[0] * quick, seconds=len(said.text) / 6)


def _at(happening: Happening) -> datetime:
    return happening.at


def rising(happenings: list[Happening]) -> list[Happening]:
    """In order of time, no two at the same moment."""
    found: list[Happening] = []
    for one in sorted(happenings, key=_at):
        at = max(one.at, found[-1].at + timedelta(seconds=1)) if found else one.at
        found.append(msgspec.structs.replace(one, at=at))
    return found


UNREAD_LEAST, UNREAD_MOST = 17, 26


def _unread(kept: list[Happening]) -> int:
    """How many of the last messages are new: some twenty, from the beginning of a thread on."""
    ahead = [count for count in range(UNREAD_LEAST, UNREAD_MOST) if kept[-count].begins]
    return ahead[0] if ahead else UNREAD_LEAST
