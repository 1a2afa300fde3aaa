"""In the log of an event's group: what it is, when it takes place, and who comes. docs/decisions/0035."""

from typing import Literal
from uuid import UUID

import msgspec

from clubroom.actions.shape import Action

Answer = Literal["going", "maybe", "no"]
"""What somebody says."""
Standing = Literal["in", "offered", "waiting", "out"]
"""What comes of it: a place, a free one that is held for them, the waiting list, or none of these."""
ListShown = Literal["all", "admins"]
"""Who sees who comes; everybody sees how many."""


class LabelPlaces(msgspec.Struct, frozen=True):
    """How many places there are for who carries a label (its id)."""

    label: str
    places: int


class EventSays(msgspec.Struct, frozen=True, kw_only=True):
    """What an event is. `start` and `end` are local times of `zone` ("2026-11-28T18:30"), null = no date yet;
    of a series (`rule`, RFC 5545, always with an end) those of its first occurrence. `places` null = no
    limit; with `label_places` each of these labels has its own, and nobody else has any. `guests` = how many
    others one may bring. Answers are taken until `closes_min` minutes before the start. `asked` = the labels
    whose carriers are asked, none = everybody who reads it. `host` = a user id.
    """

    name: str
    text: str
    place: str
    host: str | None
    zone: str
    start: str | None
    end: str | None
    rule: str | None
    places: int | None
    label_places: list[LabelPlaces]
    guests: int
    closes_min: int
    asked: list[str]
    list_shown: ListShown


class Occurrence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`key` = its local start as the rule gave it, or "once"; it stays when the occurrence is moved. `start`
    and `end` are moments (UTC), absent = no date yet. `place` where it differs.
    """

    key: str
    start: str | None = None
    end: str | None = None
    place: str | None = None
    cancelled: bool = False


class Counts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Of one occurrence. People by their answers; `going` have a place, `waiting` wait for one or have one
    offered. `taken` = places with those of guests and those that are held by an offer, `labels` = the same by
    label, where places are by label. `faces` = the first five who have a place (user ids), where everybody
    sees who comes.
    """

    going: int
    maybe: int
    no: int
    waiting: int
    taken: int
    labels: dict[str, int]
    faces: list[str] = msgspec.field(default_factory=list)


class EventCreated(Action, frozen=True, tag="event_created"):
    """The first action of its group. `event` = the id that its maker gave it."""

    by: str
    event: str
    says: EventSays
    occurrences: list[Occurrence]


class EventChanged(Action, frozen=True, tag="event_changed"):
    """From now on it is so. `again` = the occurrences whose time or place changed: who is going is asked."""

    by: str
    says: EventSays
    occurrences: list[Occurrence]
    again: list[str] = msgspec.field(default_factory=list)


class EventCancelled(Action, frozen=True, tag="event_cancelled"):
    """It does not take place; `key` = this occurrence alone."""

    by: str
    key: str | None = None


class EventCover(msgspec.Struct, frozen=True, kw_only=True):
    """The file of an event's cover: three times as wide as it is high. `placeholder` as of an image in a
    message.
    """

    id: UUID
    width: int
    height: int
    placeholder: str


class EventCovered(Action, frozen=True, tag="event_covered"):
    """From now on it has this cover, on all its dates. Without one it has none."""

    by: str
    cover: EventCover | None = None


class EventAnswered(Action, frozen=True, tag="event_answered"):
    """How somebody stands from now on. `by` = who did it; absent = the house itself, when a place came free
    (`offered`, until `until`) or an offer lapsed (`out`). `label` = whose places they take. `asked_again` =
    the time or place changed since they said so. `group` where this does not stand in the log of the event
    itself: only admins see the list, and whoever answered.
    """

    key: str
    user: str
    answer: Answer
    standing: Standing
    guests: int = 0
    note: str = ""
    by: str | None = None
    until: str | None = None
    label: str | None = None
    group: int | None = None
    counts: Counts | None = None


class EventReminded(Action, frozen=True, tag="event_reminded"):
    """In somebody's own log: `minutes` before its `start` they were reminded of this occurrence."""

    group: int
    key: str
    minutes: int
    start: str


class TickSaid(msgspec.Struct, frozen=True):
    """Whether somebody came; null = taken back."""

    user: str
    came: bool | None


class EventTicked(Action, frozen=True, tag="event_ticked"):
    """At the door: in the logs of who runs it alone. `group` = the event's own."""

    group: int
    key: str
    by: str
    ticks: list[TickSaid]


class EventCounted(Action, frozen=True, tag="event_counted"):
    """Somebody answered, and only admins see who."""

    key: str
    counts: Counts
