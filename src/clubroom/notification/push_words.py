"""What a push says: as short as a lock screen, in the language of whoever reads it."""

from clubroom.dba.pushing import Said
from clubroom.dba.reminders import Told
from clubroom.notification.event_words import when
from clubroom.notification.excerpt import cut, named

BODY_CHARACTERS_MAX = 300
TITLE_CHARACTERS_MAX = 120
EVERYBODY = {"de": "alle"}
EVENTS = {
    "en": {
        "offer": "A place is free for you until {until}",
        "reminder": "Soon: {name}",
        "changed": "Changed: {name}. Are you still coming?",
        "cancelled": "Cancelled: {name}",
        "asked": "Are you coming? {name}",
    },
    "de": {
        "offer": "Bis {until} ist ein Platz für dich frei",
        "reminder": "Bald: {name}",
        "changed": "Geändert: {name}. Kommst du noch?",
        "cancelled": "Abgesagt: {name}",
        "asked": "Kommst du? {name}",
    },
}
TEST = {
    "en": ("It works", "This is how Clubroom tells you on this device."),
    "de": ("Es geht", "So sagt dir Clubroom auf diesem Gerät Bescheid."),
}


def title(said: Said) -> str:
    """Who, and where."""
    where = [said.room] if said.kind != "dm" else []
    if said.club is not None and said.club != said.room:
        where.append(said.club)
    return cut(" · ".join([said.author, *where]), TITLE_CHARACTERS_MAX)


def body(said: Said, language: str) -> str:
    """The words, with names where the text calls somebody."""
    everybody = EVERYBODY.get(language, "all")
    return cut(named(said.text, said.names, everybody=everybody, somebody="…"), BODY_CHARACTERS_MAX)


def test(language: str) -> tuple[str, str]:
    """Title and body of a push that only shows that it arrives."""
    return TEST.get(language, TEST["en"])


def event_title(told: Told, language: str) -> str:
    """What is said of an event, and of which."""
    words = EVENTS.get(language, EVENTS["en"])[told.what]
    until = when(told.until, told.zone, language) if told.until is not None else ""
    return cut(words.format(name=told.name, until=until), TITLE_CHARACTERS_MAX)


def event_body(told: Told, language: str) -> str:
    """When, where, and of which club; its name where the title does not say it."""
    said = [
        told.name if told.what == "offer" else "",
        when(told.start, told.zone, language) if told.start is not None else "",
        " ".join(told.place.split()),
        told.club or "",
    ]
    return cut(" · ".join(one for one in said if one), BODY_CHARACTERS_MAX)
