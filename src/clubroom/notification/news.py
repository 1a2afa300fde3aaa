"""News in letters: what somebody missed, and what is announced, in lines of ours around what people wrote.

Links of ours stand alone in a line, set in; what looks like one in people's words is none (see letters).
"""

from collections.abc import Mapping
from typing import Any

from clubroom.dba.missed import News, Place, Words
from clubroom.dba.reminders import Told
from clubroom.notification.event_words import when
from clubroom.notification.excerpt import cut, named
from clubroom.notification.letters import PIECES, shown

QUOTE_CHARACTERS_MAX = 140
ANNOUNCEMENT_CHARACTERS_MAX = 1_500
PEOPLE_NAMED_MAX = 3
COUNTED_MAX = 99
ANSWERING = "/answer#"
ANSWERS = {"going": "g", "maybe": "m", "no": "n"}


def params_of(news: News) -> Mapping[str, Any]:
    """What people are called, for `letters.written`."""
    said: dict[str, Any] = {"name": news.name}
    if news.announced is not None:
        said |= {"by": news.announced.by, "club": news.announced.room.club or ""}
    if news.event is not None:
        told = news.event
        until = when(told.until, told.zone, news.language) if told.until is not None else ""
        said |= {"event": told.name, "club": told.club or "", "until": until}
    return said


def blocks_of(news: News, home: str, answers: str = "") -> Mapping[str, str]:
    """The lines of a letter. `home` is the address of the place, `answers` what answers for its reader."""
    pieces = PIECES.get(news.language, PIECES["en"])
    if news.event is not None:
        return _of_an_event(news.event, news.language, home, answers)
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


def _of_an_event(told: Told, language: str, home: str, answers: str) -> Mapping[str, str]:
    pieces = PIECES.get(language, PIECES["en"])
    said = [f"  {shown(told.name)}"]
    if told.start is not None:
        said.append(f"  {when(told.start, told.zone, language)}")
    if told.place:
        said.append(f"  {shown(told.place)}")
    links = [
        f"{pieces[answer]}\n  {home}{ANSWERING}{letter}.{answers}"
        for answer, letter in ANSWERS.items()
        if answers
    ]
    return {
        "event_said": "\n".join([*said, "", f"  {home}/c/{told.group}"]),
        "answers": "\n".join([*links, ""]) if links else "",
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
