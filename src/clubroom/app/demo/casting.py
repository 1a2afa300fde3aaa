"""Turns a thread into what was said: somebody for every part, something for every slot."""

import random
import re
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import msgspec

from clubroom.app.demo.calendar import Moment
from clubroom.app.demo.people import ME, PEOPLE, Person, called
from clubroom.app.demo.threads import Line, Text, Thread, ways
from clubroom.app.demo.voices import in_voice

SECTIONS = {"s": "soprano", "a": "alto", "t": "tenor", "b": "bass"}
WORDS: dict[str, list[str]] = {
    "place": ["Northgate", "Eastfield", "Mill Hill", "the station", "Weirside", "the university"],
    "street": ["Ropewalk", "Chandler Street", "Tide Lane", "Cooper's Row", "Lantern Street", "Bell Yard"],
    "cake": [
        "lemon cake", "plum crumble", "cinnamon buns", "poppy seed cake", "the almond tart", "walnut bread",
        "rhubarb slices", "honey cake", "semolina cake with orange", "the big apple strudel", "szarlotka",
        "carrot cake", "chocolate cake without flour", "pear and ginger cake", "pastéis de nata",
    ],
    "clock": ["17:30", "18:00", "18:15", "16:45", "19:00", "18:40"],
    "weekday": ["Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "town": [
        "Lisbon", "Utrecht", "Bergen", "Kraków", "Leeds", "Lyon", "Trieste", "Osaka", "Galway", "Leipzig",
        "Tunis", "Brno", "Gothenburg", "Porto", "Ghent", "Vienna",
    ],
    "month": ["January", "March", "May", "June", "September", "October"],
    "word": ["regina", "genuit", "magna", "virgine", "pagina"],
    "money": ["€60", "€65", "€70"], "money2": ["€25", "€30"],
    "money3": ["€2,314.20", "€1,876.55", "€3,041.90", "€2,690.10"],
    "money4": ["€41.80", "€63.15", "€57.40", "€18.95"],
    "money5": ["€9", "€12", "€14"], "money6": ["€1,480", "€1,925", "€2,210"],
    "money7": ["€386.40", "€412.75", "€528.10"],
}  # fmt: skip
NUMBERS = {"n": (9, 24), "n2": (3, 8), "n3": (84, 197), "bar": (9, 74), "bar2": (76, 138)}
TRIES_MAX = 8
WAYS_TO_REPEAT = 12
_SLOT = re.compile(r"\{(@?\w+)\}")
_EITHER = re.compile(r"\[([^\[\]]*)\]")


class Said(msgspec.Struct, frozen=True):
    """A message to be. `delay` as in the thread."""

    person: str
    text: str
    delay: int | None


class Memory:
    """What was said already: nobody likes to read the same line twice."""

    def __init__(self) -> None:
        self._said: Counter[str] = Counter()

    def freshest(self, texts: Sequence[tuple[int, str]]) -> tuple[int, str]:
        """The one that was said least often; it counts as said now."""
        found = min(texts, key=lambda numbered: self._said[numbered[1]])
        self._said[found[1]] += 1
        return found


class Casting:
    """One thread at one time. `present` are the keys of those who can speak; `new` has just joined."""

    def __init__(
        self,
        rng: random.Random,
        memory: Memory,
        now: Moment,
        present: list[str],
        new: str | None = None,
    ) -> None:
        self.rng = rng
        self.memory = memory
        self.now = now
        self.present = present
        self.parts: dict[str, Person] = {"new": PEOPLE[new]} if new else {}
        self.filled: dict[str, str] = {}
        self.chosen: set[str] = set()  # ends of sentences that were said
        self.opening: tuple[int, int] | None = None  # which of how many texts the thread began with

    def play(self, thread: Thread) -> list[Said]:
        """What is said, in order."""
        for line in thread.lines:
            if line.speaker != "*":
                self._person(line.speaker)
        return [said for line in thread.lines for said in self._play(line)]

    def speak(self, line: Line) -> Said:
        """A line on its own."""
        return self._play(line)[0]

    def _play(self, line: Line) -> list[Said]:
        if line.speaker != "*":
            return [self._say(self._person(line.speaker), self._matching(line.texts), line.delay)]
        spoken: list[Person] = []
        found: list[Said] = []
        for texts in self._shares(line):
            tongues = {text.tongue for text in texts}
            suited = [p for p in self._free() if p not in spoken and ("" in tongues or p.tongue in tongues)]
            if not suited:
                continue  # all who speak it have said something
            person = self._one_of(suited)
            spoken.append(person)
            found.append(self._say(person, texts, line.delay))
        return found

    def _matching(self, texts: Sequence[Text]) -> Sequence[Text]:
        """Where a line has as many texts as the first one, they belong together in their order."""
        if self.opening is not None and len(texts) == self.opening[1]:
            return [texts[self.opening[0]]]
        return texts

    def _shares(self, line: Line) -> list[list[Text]]:
        """Each of several speakers has texts of their own; those with many [a/b] serve again."""
        count = self.rng.randint(line.least, line.most)
        once = [text for text in line.texts if ways(text.text) < WAYS_TO_REPEAT]
        again = [text for text in line.texts if ways(text.text) >= WAYS_TO_REPEAT]
        self.rng.shuffle(once)
        shares = [[text] for text in once[: count if not again else (count + 1) // 2]]
        while again and len(shares) < count:
            shares.append([self.rng.choice(again)])
        self.rng.shuffle(shares)
        return shares

    def _say(self, person: Person, texts: Sequence[Text], delay: int | None) -> Said:
        mine = [text for text in texts if text.tongue in {"", person.tongue}]
        tries = [
            (place, self._filled(text.text))
            for place, text in enumerate(mine)
            for _ in range(TRIES_MAX if "[" in text.text else 1)
        ]
        self.rng.shuffle(tries)
        place, text = self.memory.freshest([one for one in tries if one[1]])
        self.opening = self.opening or (place, len(texts))
        self.chosen |= {word for each in texts for word in _words(each.text) if word and word in text}
        return Said(person.key, in_voice(text, person.voice, self.rng), delay)

    def _filled(self, text: str) -> str:
        chosen = _EITHER.sub(self._choose, text)
        return re.sub(r" {2,}", " ", _SLOT.sub(self._fill, chosen)).strip()

    def _choose(self, either: re.Match[str]) -> str:
        """One of [a/b], if possible one that nobody in this thread has said."""
        words: list[str] = either[1].split("/")
        return self.rng.choice([word for word in words if word not in self.chosen] or words)

    # --- who ---

    def _person(self, name: str) -> Person:
        known = self.parts.get(name) or called(name)
        if known is None:
            section = SECTIONS.get(name[0]) if name[1:].isdigit() else None
            known = self._one_of([p for p in self._free() if section in {None, p.section}])
        self.parts[name] = known
        return known

    def _free(self) -> list[Person]:
        """Who has no part yet, and is no role."""
        taken = {person.key for person in self.parts.values()}
        people = [PEOPLE[key] for key in self.present if key not in taken]
        return [person for person in people if person.talks]

    def _one_of(self, people: list[Person]) -> Person:
        """Rather those who talk much."""
        return self.rng.choices(people, [person.talks for person in people])[0]

    # --- what ---

    def _fill(self, slot: re.Match[str]) -> str:
        name = slot[1]
        if name not in self.filled:
            self.filled[name] = self._found(name)
        begins = slot.start() == 0 or slot.string[: slot.start()].endswith((". ", "? ", "! ", "\n"))
        word = self.filled[name]
        return word[0].upper() + word[1:] if begins else word

    def _found(self, name: str) -> str:
        if name == "section":
            return self.rng.choice(list(SECTIONS.values()))
        if name in NUMBERS:
            return str(self.rng.randint(*NUMBERS[name]))
        if name == "concert":
            return f"{self.now.concert:%A} {self.now.concert.day} {self.now.concert:%B}"
        if name == "concertday":
            return f"{self.now.concert:%A}"
        if name.startswith("@"):
            return f"<@{self._person(name[1:]).key}>"
        kind = name.rstrip("0123456789")
        if name in WORDS or kind in WORDS:
            return self._other(WORDS.get(name) or WORDS[kind])
        if kind == "piece":
            return self._other(self.now.programme)
        return self._person(name).short

    def _other(self, words: list[str]) -> str:
        """Not twice the same in one thread; no weekday that is today."""
        today = {f"{self.now.day:%A}", f"{self.now.day + timedelta(days=1):%A}"}
        return self.rng.choice([w for w in words if w not in self.filled.values() and w not in today])


def _words(text: str) -> list[str]:
    return [word for either in _EITHER.findall(text) for word in either.split("/")]


def hears(present: list[str]) -> list[str]:
    """Those who may be given a part while the demo's member only listens."""
    return [key for key in present if key != ME]
