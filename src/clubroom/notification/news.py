"""News in letters: what somebody missed, and what is announced, in lines of ours around what people wrote.

Links of ours stand alone in a line, set in; what looks like one in people's words is none (see letters).
"""

from collections.abc import Mapping
from typing import Any

from clubroom.dba.missed import News, Place, Words
from clubroom.notification.excerpt import cut, named
from clubroom.notification.letters import PIECES, shown

QUOTE_CHARACTERS_MAX = 140
ANNOUNCEMENT_CHARACTERS_MAX = 1_500
PEOPLE_NAMED_MAX = 3
COUNTED_MAX = 99


def params_of(news: News) -> Mapping[str, Any]:
    """What people are called, for `letters.written`."""
    said: dict[str, Any] = {"name": news.name}
    if news.announced is not None:
        said |= {"by": news.announced.by, "club": news.announced.room.club or ""}
    return said


def blocks_of(news: News, home: str) -> Mapping[str, str]:
    """The lines of a letter. `home` is the address of the place."""
    pieces = PIECES.get(news.language, PIECES["en"])
    if news.announced is not None:
        told = news.announced
        text = cut(_named(told, pieces), ANNOUNCEMENT_CHARACTERS_MAX)
        lines = [f"  {shown(line, len(text) * 2)}".rstrip() for line in text.splitlines()]
        return {"where": _where(told.room, pieces), "words": "\n".join([*lines, "", _link(told, home)])}
    lines = [f"  {_counted(room, pieces)}" for room in news.rooms]
    if news.more:
        lines.append("  " + pieces["more"].format(n=news.more))
    called = "\n\n".join(_quoted(words, pieces, home) for words in news.called)
    for_you = pieces["for_you"]
    return {
        "rooms": "\n".join(lines),
        "called": f"\n{for_you}\n\n{called}\n" if called else "",
        "home": home,
    }


def _counted(room: Place, pieces: Mapping[str, str]) -> str:
    n = str(room.n) if room.n <= COUNTED_MAX else pieces["many"].format(n=COUNTED_MAX)
    return pieces["count"].format(where=_where(room, pieces), n=n)


def _where(room: Place, pieces: Mapping[str, str]) -> str:
    people = [pieces["person"].format(name=shown(name)) for name in room.people[:PEOPLE_NAMED_MAX]]
    if len(room.people) > PEOPLE_NAMED_MAX:
        people.append("…")
    return pieces[room.kind].format(
        club=shown(room.club or ""), name=shown(room.name), people=", ".join(people)
    )


def _quoted(words: Words, pieces: Mapping[str, str], home: str) -> str:
    text = shown(cut(" ".join(_named(words, pieces).split()), QUOTE_CHARACTERS_MAX), 2 * QUOTE_CHARACTERS_MAX)
    said = pieces["said"].format(by=shown(words.by), where=_where(words.room, pieces))
    return f"{said}\n  {text}\n{_link(words, home)}"


def _link(words: Words, home: str) -> str:
    return f"  {home}/c/{words.room.group}/m/{words.id}"


def _named(words: Words, pieces: Mapping[str, str]) -> str:
    return named(words.text, words.names, everybody=pieces["everyone"], somebody=pieces["someone"])
