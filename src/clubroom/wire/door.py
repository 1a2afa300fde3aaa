"""At the door of an event: who came."""

import msgspec

from clubroom.actions.events import Answer, Standing
from clubroom.wire.shapes import Incoming, Outgoing

# --- what a client sends ------------------------------------------------------------------------------------


class Tick(Incoming, frozen=True):
    """Whether somebody came; null = taken back. `at` = when it was ticked, by the clock of the device."""

    user: str
    came: bool | None
    at: str


class PutDoor(Incoming, frozen=True):
    """`PUT /api/events/{event}/door`. Of each person the newest tick counts, whenever it comes here."""

    key: str
    ticks: list[Tick]


# --- what the server says -----------------------------------------------------------------------------------


class TickKept(Outgoing, frozen=True):
    """What counts now of somebody."""

    user: str
    came: bool | None
    at: str


class Ticked(Outgoing, frozen=True):
    """How everybody stands who was ticked. `unknown` = who could not have come: nobody of the club."""

    ticks: list[TickKept]
    unknown: list[str]


class AtTheDoor(Outgoing, frozen=True, omit_defaults=True):
    """Somebody who could come: what they said, and whether they came. `labels` = what they carry, by name.
    `at` and `by` are of their answer, `ticked_at` and `ticked_by` of the tick.
    """

    user: str
    name: str
    labels: list[str] = msgspec.field(default_factory=list)
    answer: Answer | None = None
    standing: Standing | None = None
    guests: int = 0
    note: str = ""
    at: str | None = None
    by: str | None = None
    came: bool | None = None
    ticked_at: str | None = None
    ticked_by: str | None = None


class Door(Outgoing, frozen=True):
    """Of one occurrence, by name. `group` = the event's own."""

    key: str
    group: int
    name: str
    people: list[AtTheDoor]
