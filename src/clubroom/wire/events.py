"""Events: made, answered, listed."""

from typing import Literal
from uuid import UUID

import msgspec

from clubroom.actions.events import Answer, Counts, EventCover, ListShown, Occurrence, Standing
from clubroom.wire.shapes import Incoming, Outgoing

Scope = Literal["all", "following", "this"]

# --- what a client sends ------------------------------------------------------------------------------------


class LabelPlacesIn(Incoming, frozen=True):
    """Places for who carries this label of the club."""

    label: UUID
    places: int


class NewEvent(Incoming, frozen=True):
    """`PUT /api/events/{id}`. `group` = whom it is for: a club, or a room. See EventSays."""

    group: int
    name: str
    zone: str
    text: str = ""
    place: str = ""
    host: str | None = None
    start: str | None = None
    end: str | None = None
    rule: str | None = None
    places: int | None = None
    label_places: list[LabelPlacesIn] = msgspec.field(default_factory=list)
    guests: int = 0
    closes_min: int = 0
    asked: list[UUID] = msgspec.field(default_factory=list)
    list_shown: ListShown = "all"


class NewPlan(NewEvent, frozen=True):
    """`PUT /api/events/{id}/plan`. `scope` = what of a series it is about: `all`; `following`, from the
    occurrence `key` on, `start` and `rule` being those from there on; or `this`, the occurrence `key` alone,
    of which only `start`, `end` and `place` are read.
    """

    scope: Scope = "all"
    key: str | None = None


class PutAnswer(Incoming, frozen=True):
    """`PUT /api/events/{id}/answer`. `guests` and `note` stay as they are where they are absent; who does not
    come brings nobody. `user` = for whom, by who runs the event; absent = oneself. `over` =
    also past the deadline or beyond the waiting list, by who runs it, and never beyond the places.
    """

    key: str
    answer: Answer
    guests: int | None = None
    note: str | None = None
    user: str | None = None
    over: bool = False


class PutReminders(Incoming, frozen=True):
    """`PUT /api/events/{id}/reminders`. `minutes` = before each start, none = never; null = as everybody."""

    minutes: list[int] | None


class RemindOfEvent(Incoming, frozen=True):
    """`POST /api/events/{id}/remind`: of this occurrence."""

    key: str


class PutMailedAnswer(Incoming, frozen=True):
    """`POST /api/mail/answers/{token}`."""

    answer: Answer


# --- what the server says -----------------------------------------------------------------------------------


class EventMade(Outgoing, frozen=True):
    """`group` = the event's own."""

    event: UUID
    group: int


class Answered(Outgoing, frozen=True):
    """What comes of an answer."""

    standing: Standing


class MailedQuestion(Outgoing, frozen=True):
    """What a letter asks. `answer` = what was said to it; `closed` = it can be answered no more."""

    name: str
    club: str | None
    zone: str
    start: str | None
    place: str
    answer: Answer | None
    closed: bool


class Reminders(Outgoing, frozen=True):
    """Minutes before each start. `own` = one wished so oneself."""

    minutes: list[int]
    own: bool


class Reminded(Outgoing, frozen=True):
    """So many people."""

    people: int


class LabelPlacesOut(Outgoing, frozen=True):
    """See EventSays."""

    label: UUID
    places: int


class OccurrenceLook(Occurrence, frozen=True, kw_only=True, omit_defaults=True):
    """With how many come."""

    counts: Counts


class OwnAnswer(Outgoing, frozen=True, omit_defaults=True):
    """How one stands oneself. `again` = one is asked once more. `ahead` = people before one on the waiting
    list.
    """

    key: str
    answer: Answer
    standing: Standing
    guests: int = 0
    note: str = ""
    until: str | None = None
    label: UUID | None = None
    again: bool = False
    ahead: int = 0


class EventLook(Outgoing, frozen=True):
    """An event as everybody who reads it sees it: see EventSays. `cancelled` = all of it."""

    event: UUID
    by: str
    text: str
    place: str
    host: str | None
    zone: str
    start: str | None
    end: str | None
    rule: str | None
    places: int | None
    label_places: list[LabelPlacesOut]
    guests: int
    closes_min: int
    asked: list[UUID]
    list_shown: ListShown
    cancelled: bool
    cover: EventCover | None
    occurrences: list[OccurrenceLook]


class EventEntry(EventLook, frozen=True):
    """In one's own list of groups; `mine` = how one stands."""

    mine: list[OwnAnswer]


class AnswerShown(Outgoing, frozen=True, omit_defaults=True):
    """In `GET /api/events/{id}/answers`."""

    user: str
    name: str
    answer: Answer
    standing: Standing
    at: str
    guests: int = 0
    note: str = ""
    until: str | None = None
    label: UUID | None = None
    again: bool = False
    by: str | None = None
    came: bool | None = None


class NotAnswered(Outgoing, frozen=True):
    """Somebody who is asked and has not said anything. `labels` = what they carry."""

    user: str
    name: str
    labels: list[UUID]


class Answers(Outgoing, frozen=True):
    """Of one occurrence, in the order in which they were given; those who wait in the order in which they are
    offered a place. `silent` = who has not answered, for who runs it; empty for others.
    """

    key: str
    counts: Counts
    answers: list[AnswerShown]
    silent: list[NotAnswered]


class CalendarAddress(Outgoing, frozen=True):
    """Of the events of one club."""

    group: int
    name: str
    url: str


class CalendarAddresses(Outgoing, frozen=True):
    """Where calendars read one's events: all of them, and those of each club. Whoever knows one reads it."""

    url: str
    clubs: list[CalendarAddress]
