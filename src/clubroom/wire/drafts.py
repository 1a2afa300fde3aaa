"""Drafts of events: what was typed so far, and who goes on with it."""

from uuid import UUID

import msgspec

from clubroom.actions.events import ListShown
from clubroom.wire.events import LabelPlacesIn
from clubroom.wire.shapes import Incoming, Outgoing


class DraftSays(Incoming, frozen=True):
    """As NewEvent, and all of it may be missing or half typed."""

    name: str = ""
    zone: str = ""
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


class PutEventDraft(Incoming, frozen=True):
    """`PUT /api/events/{event}/draft`. `group` = whom it is for. `version` = what it goes on from, 0 = there
    was none.
    """

    group: int
    says: DraftSays
    version: int = 0


class EventDraftEntry(Outgoing, frozen=True):
    """`event` = its id, and that of the event it becomes. `by` began it, `updated_by` touched it last."""

    event: UUID
    group: int
    name: str
    by: str
    version: int
    updated_at: str
    updated_by: str


class EventDraft(EventDraftEntry, frozen=True):
    """With all that it says."""

    says: DraftSays


class EventDrafts(Outgoing, frozen=True):
    """What was touched last comes first."""

    drafts: list[EventDraftEntry]
