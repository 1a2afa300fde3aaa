"""The talk of the demo: threads, read from the text files in `talk/`.

    == tue-before term           when: all of these tags of a moment (`a/b` = either; `once` = once a year)
    p: Any chance of a lift? | Who drives past {place}?       one of the texts is taken
    q+8: I do.\\nTen past seven?                               eight minutes later; \\n breaks the line
    *2-4: Me too! | ~de Ich auch! | Room for one more?        two to four others, each another text; `~de` =
                                                              somebody who speaks it
    *3: [Two/Three] tickets [please/, thanks].                 of [a/b] one is taken, and it may serve again

Where a line has as many texts as the first line of its thread, they go together in their order.
Speakers are keys or roles of people, `me` (the member as whom the demo opens), `new` (who has just joined),
s1 a2 t1 b2 (somebody of that section), and any other letter: somebody. {p} is how p is called, {@p} calls
them as a mention.
"""

import re
from pathlib import Path

import msgspec

VARIETY_MAX = 30.0
TALK = Path(__file__).with_name("talk")
_LINE = re.compile(
    r"(?P<speaker>\*|[a-z]+\d?)(?P<least>(?<=\*)\d+)?(-(?P<most>\d+))?(\+(?P<delay>\d+))?: (?P<text>.+)"
)


class ThreadError(ValueError):
    """A line of a talk file that cannot be read; the message says which."""


class Text(msgspec.Struct, frozen=True):
    """One way to say it; `tongue` = only for somebody who speaks it."""

    text: str
    tongue: str = ""


class Line(msgspec.Struct, frozen=True):
    """Who says what. `least` and `most` are how many others speak, 1 for a named speaker; `delay` is in
    minutes (in `live.txt`: seconds), None = soon.
    """

    speaker: str
    texts: tuple[Text, ...]
    least: int = 1
    most: int = 1
    delay: int | None = None


class Thread(msgspec.Struct, frozen=True):
    """What belongs together; `when` holds sets of tags of which one each must be there."""

    name: str
    when: tuple[frozenset[str], ...]
    lines: tuple[Line, ...]
    once: bool
    variety: float  # how many ways there are to say a line of it, 1 to VARIETY_MAX

    def fits(self, tags: frozenset[str]) -> bool:
        """Whether it may be said at a moment with these tags."""
        return all(either & tags for either in self.when)

    def has(self, speaker: str) -> bool:
        """Whether this speaker says something in it."""
        return any(line.speaker == speaker for line in self.lines)


def load(name: str) -> list[Thread]:
    """All threads of one of our files, in its order."""
    return read(TALK / f"{name}.txt")


def read(path: Path) -> list[Thread]:
    """All threads of a file, in its order. Raises ThreadError."""
    found: list[Thread] = []
    head, lines = "", list[Line]()
    for number, row in enumerate([*path.read_text(encoding="utf-8").splitlines(), "== end"], 1):
        if row.startswith("== "):
            if lines:
                found.append(_thread(f"{path.stem}:{len(found)}", head, lines))
            head, lines = row.removeprefix("== "), []
        elif row and not row.startswith("#"):
            lines.append(_line(row, f"{path.name}:{number}"))
    return found


def load_year() -> list[Thread]:
    """Everything that may be said in the choir's year."""
    own = {"live", "replies", "chess", "opening", "welcome"}
    return [
        thread for path in sorted(TALK.glob("*.txt")) if path.stem not in own for thread in load(path.stem)
    ]


def _thread(name: str, head: str, lines: list[Line]) -> Thread:
    words = [word for word in head.split() if word not in {"any", "once"}]
    when = tuple(frozenset(word.split("/")) for word in words)
    return Thread(name, when, tuple(lines), "once" in head.split(), _variety(lines))


def _variety(lines: list[Line]) -> float:
    each = [min(VARIETY_MAX, sum(ways(text.text) for text in line.texts)) for line in lines]
    return sum(each) / len(each)


def ways(text: str) -> float:
    """In how many ways a text can be said; a slot counts half a way more."""
    found = 1.0
    for either in re.findall(r"\[([^\]]*)\]", text):
        found *= len(either.split("/"))
    return found * (1.5 if "{" in text else 1)


def _line(row: str, where: str) -> Line:
    read = _LINE.fullmatch(row)
    if read is None:
        raise ThreadError(f"{where}: not a line of talk: {row}")
    texts = tuple(_text(part, where) for part in read["text"].split(" | "))
    least = int(read["least"] or 1)
    delay = int(read["delay"]) if read["delay"] else None
    return Line(read["speaker"], texts, least, int(read["most"] or least), delay)


def _text(part: str, where: str) -> Text:
    said = re.fullmatch(r"(?:~(?P<tongue>[a-z]{2}) )?(?P<text>.*)", part.strip())
    if said is None or not said["text"]:
        raise ThreadError(f"{where}: a text is empty")
    return Text(said["text"].replace("\\n", "\n"), said["tongue"] or "")
