"""What a push says: as short as a lock screen, in the language of whoever reads it."""

from clubroom.dba.pushing import Said
from clubroom.notification.excerpt import cut, named

BODY_CHARACTERS_MAX = 300
TITLE_CHARACTERS_MAX = 120
EVERYBODY = {"de": "alle"}
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
