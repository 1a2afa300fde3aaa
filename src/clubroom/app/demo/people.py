"""Who is in the demo's clubs. Everybody here is invented."""

from typing import Literal

import msgspec

Section = Literal["soprano", "alto", "tenor", "bass", ""]
Voice = Literal["plain", "capitals", "small", "dots", "bang", "emoji"]

CHOIR = "Miller's Quay Chamber Choir"
CHESS = "Thursday Chess"
ME = "robin"
"""The member as whom the demo opens."""


class Person(msgspec.Struct, frozen=True):
    """`short` is how the others call them. `talks` = how often, next to others; 0 = only in a role of their
    own. `late` = days after the club was opened on which they joined.
    """

    key: str
    name: str
    short: str
    section: Section
    tongue: str = "en"
    talks: float = 1.0
    voice: Voice = "plain"
    late: int = 0


ROLES = {
    "conductor": "mateus",
    "chair": "nkechi",
    "treasurer": "hedvig",
    "librarian": "zbigniew",
    "pianist": "misaki",
    "student": "tilly",
}
"""How the talk names those who have an office; everybody else goes by their key."""

_CHOIR = [
    Person("mateus", "Mateus Brandão", "Mateus", "", "pt", 0),
    Person("nkechi", "Nkechi Obiora", "Nkechi", "alto", "en", 0),
    Person("hedvig", "Hedvig Lindqvist", "Hedvig", "soprano", "sv", 0),
    Person("zbigniew", "Zbigniew Wójcik", "Zbyszek", "bass", "pl", 0),
    Person("misaki", "佐藤 美咲", "Misaki", "", "ja", 0),
    Person("solveig", "Solveig Aas", "Solveig", "alto", "sv", 0),
    Person("amelie", "Amélie Fournier", "Amélie", "soprano", "fr", 0),
    Person("rosa", "Rosa Bianchi", "Rosa", "alto", "it", 0.4, "emoji"),
    Person("tilly", "Tilly Marsh", "Tilly", "soprano", "en", 2.2, "small"),
    Person("gordon", "Gordon Pell", "Gordon", "bass", "en", 1.6, "capitals"),
    Person("declan", "Declan Byrne", "Declan", "bass", "en", 0.6),
    Person("zeinab", "زينب حدّاد", "Zeinab", "alto", "ar", 1.5),
    Person("zosia", "Zofia Szczęsna", "Zosia", "soprano", "pl", 2.0, "bang"),
    Person("lotte", "Lotte Sommer", "Lotte", "soprano", "de", 1.6),
    Person(ME, "Robin Ellery", "Robin", "alto", "en", 1.0),
    Person("amir", "Amir Haddadi", "Amir", "tenor", "fa", 2.4),
    Person("freya", "Freya Nilsen", "Freya", "soprano", "sv", 1.8, "emoji"),
    Person("kofi", "Kofi Mensah", "Kofi", "bass", "en", 2.2),
    Person("jonas", "Jonas Wirth", "Jonas", "tenor", "de", 2.0, "small"),
    Person("priya", "Priya Raman", "Priya", "soprano", "en", 2.1),
    Person("margot", "Margot Delacroix", "Margot", "alto", "fr", 1.5, "dots"),
    Person("tomasz", "Tomasz Okoń", "Tomasz", "tenor", "pl", 1.7),
    Person("hana", "Hana Novotná", "Hana", "alto", "cs", 1.4, "bang"),
    Person("ewan", "Ewan Macrae", "Ewan", "tenor", "en", 1.5, "small"),
    Person("yusuf", "يوسف العطّار", "Yusuf", "tenor", "ar", 1.2),
    Person("clara", "Clara Whitcombe", "Clara", "soprano", "en", 1.3),
    Person("bram", "Bram de Vries", "Bram", "bass", "nl", 1.4),
    Person("aoife", "Aoife Nolan", "Aoife", "alto", "ga", 1.9, "bang"),
    Person("kenji", "田中 健二", "Kenji", "bass", "ja", 0.8),
    Person("lucia", "Lucía Ferrer", "Lucía", "soprano", "es", 1.6, "emoji"),
    Person("marek", "Marek Błaszczyk", "Marek", "bass", "pl", 0.9),
    Person("ruth", "Ruth Abernathy", "Ruth", "alto", "en", 1.2, "dots"),
    Person("sunniva", "Sunniva Holm", "Sunniva", "soprano", "sv", 0.8),
    Person("oluwaseun", "Oluwaseun Adeyemi", "Seun", "tenor", "en", 1.1),
    Person("greta", "Greta Hollinger", "Greta", "alto", "de", 1.0),
    Person("matteo", "Matteo Conti", "Matteo", "bass", "it", 0.9, "bang"),
    Person("eleni", "Ελένη Παππά", "Eleni", "soprano", "el", 0.9),
    Person("daniel", "Daniel Ashworth", "Daniel", "tenor", "en", 0.8, "small"),
    Person("ingrid", "Ingrid Bergqvist-Moreau", "Ingrid", "alto", "sv", 0.7),
    Person("thi", "Nguyễn Thị Lan", "Lan", "soprano", "vi", 0.8),
    Person("pawel", "Paweł Żurek", "Paweł", "tenor", "pl", 0.7),
    Person("sofia", "Sofia Petrova", "Sofia", "soprano", "bg", 0.7, "emoji"),
    Person("henry", "Henry Okafor-Lunt", "Henry", "bass", "en", 0.7),
    Person("beatriz", "Beatriz Quintela", "Bia", "alto", "pt", 0.6),
    Person("wim", "Wim Jacobs", "Wim", "bass", "nl", 0.5, "dots"),
    Person("nadia", "Nadia Benali", "Nadia", "soprano", "fr", 0.9),
    Person("charlotte", "Charlotte Iveson", "Lottie", "alto", "en", 0.6),
    Person("erik", "Erik Dahl", "Erik", "tenor", "sv", 0.5),
    Person("mei", "陈美玲", "Mei", "soprano", "zh", 0.5),
    Person("joost", "Joost van den Heuvel", "Joost", "bass", "nl", 0.4),
    Person("imogen", "Imogen Tait", "Imogen", "soprano", "en", 0.6),
    Person("farah", "Farah Siddiqui", "Farah", "alto", "en", 0.5),
    Person("oskar", "Oskar Brenner", "Oskar", "tenor", "de", 0.9, late=38),
    Person("leila", "Leïla Mansouri", "Leïla", "alto", "fr", 0.8, late=66),
    Person("ana", "Ana Đurić", "Ana", "soprano", "hr", 0.9, late=94),
    Person("pip", "Pip Thornbury", "Pip", "tenor", "en", 1.1, "small", late=150),
    Person("yuki", "高橋 優希", "Yuki", "soprano", "ja", 0.6, late=178),
    Person("rafael", "Rafael Souza", "Rafa", "bass", "pt", 0.8, late=290),
    Person("maja", "Maja Lewandowska", "Maja", "alto", "pl", 0.9, "emoji", late=297),
    Person("caoimhe", "Caoimhe Brady", "Caoimhe", "soprano", "ga", 0.7, late=318),
]

_CHESS_ONLY = [
    Person("ines", "Inês Caldeira", "Inês", "", "pt"),
    Person("babak", "بابک رحیمی", "Babak", "", "fa"),
    Person("leif", "Leif Sørensen", "Leif", "", "sv"),
]

PEOPLE = {person.key: person for person in _CHOIR + _CHESS_ONLY}
CHOIR_KEYS = [person.key for person in _CHOIR]
CHOIR_OWNER = ROLES["chair"]
CHESS_OWNER = "ines"
CHESS_KEYS = [CHESS_OWNER, ME, "babak", "leif", "gordon"]
LIVELY = ["rosa", "tilly", "declan", "gordon", "amelie", "mateus", "aoife", "babak"]
"""Who is online while the demo runs, and answers."""


def called(name: str) -> Person | None:
    """Whom the talk means by a role or a key."""
    return PEOPLE.get(ME if name == "me" else ROLES.get(name, name))
