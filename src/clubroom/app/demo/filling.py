"""What the demo's choir is being asked just now: places for each voice, some taken, some free, one voice full."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from uuid import UUID

from clubroom import wire
from clubroom.actions.events import Answer
from clubroom.app.demo.agenda import Plan, Turn
from clubroom.chat.events.recurrence import LOCAL, ONCE

ASKED = "The chapel takes twenty of us, so it is first come, first sung. Say so here, please, not by mail."
PLACES = {"Soprano": 6, "Alto": 5, "Tenor": 4, "Bass": 5}
SATURDAY = 5
DAYS_AHEAD = 17
SAID: dict[Answer, tuple[str, ...]] = {
    "going": (
        "lotte", "amir", "solveig", "kofi", "jonas", "tomasz", "clara", "ruth", "ewan", "declan",
        "amelie", "yusuf", "daniel",
    ),
    "maybe": ("hana", "priya", "bram", "greta"),
    "no": ("gordon", "zosia", "freya", "matteo", "margot", "zeinab", "eleni"),
}  # fmt: skip
"""In the order in which they answer: six tenors want four places."""


def carols(end: datetime, labels: Mapping[str, UUID]) -> Plan:
    """Made now. `end` is local, `labels` are the club's by their names."""
    day = end.date() + timedelta(days=DAYS_AHEAD)
    start = datetime.combine(day + timedelta(days=(SATURDAY - day.weekday()) % 7), time(17, 30))
    says = {
        "name": "Carols by lamplight", "start": start.strftime(LOCAL),
        "end": (start + timedelta(hours=2)).strftime(LOCAL), "place": "Chapel on the quay, gallery door",
        "label_places": [wire.LabelPlacesIn(labels[name], count) for name, count in PLACES.items()],
        "closes_min": 24 * 60, "text": "Warming up at half past five, singing at half past six. Black folders.",
    }  # fmt: skip
    return Plan("carols", end, says, [Turn(ONCE, start, 0, said=SAID)])
