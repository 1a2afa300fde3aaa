"""The verbs of events."""

import hashlib
import hmac
import time
from datetime import UTC, datetime
from uuid import UUID, uuid5

import msgspec

from clubroom import errors, wire
from clubroom.actions.events import EventSays, LabelPlaces, Standing
from clubroom.chat.events import series
from clubroom.chat.events.recurrence import occurrences
from clubroom.chat.messages import MAC_BYTES, Messages, checked_id
from clubroom.claims import Claims
from clubroom.dba import events
from clubroom.dba.events import Card, MadeEvent, Planned, Said
from clubroom.wire.text import checked_lines, checked_name

CHANGES_TRIED = 5


async def create_event(chat: Messages, who: Claims, key: UUID, new: wire.NewEvent) -> MadeEvent:
    """With its card in the room it is for. The same key again gives the same event.

    Raises InvalidField, InvalidText, TextTooLong, NotFound, Forbidden, Full, IdConflict, RateLimited.
    """
    wire.possible_group(new.group)
    checked_id(key)
    says = checked_event(new)
    takes_place = occurrences(says)
    text = says.name if says.start is None else f"{says.name} · {says.start.replace('T', ' ')}"
    made_of = msgspec.json.encode([new.group, says])
    mac = hmac.digest(chat.sent_mac_key, made_of, hashlib.sha256)[:MAC_BYTES]
    chat.pace.take(who.key, time.monotonic())
    return await events.create(
        chat.database, who.key, new.group, key, says, takes_place, Card(card_id(key), text, mac)
    )


async def answer_event(chat: Messages, who: Claims, key: UUID, said: wire.PutAnswer) -> Standing:
    """For oneself, or for a member by who runs it.

    Raises InvalidField, InvalidText, TextTooLong, NotFound, Forbidden, NotAsked, AnswersClosed, Full,
    RateLimited.
    """
    checked_key(said.key)
    guests = said.guests or 0
    if not 0 <= guests <= wire.GUESTS_MAX or (said.answer != "going" and guests):
        raise errors.InvalidField(f"guests: 0 to {wire.GUESTS_MAX}, by who is going")
    if said.user is not None and (len(said.user) > wire.USER_CHARACTERS_MAX or "\0" in said.user):
        raise errors.NotFound
    note = None if said.note is None else checked_lines(said.note, wire.EVENT_NOTE_CODE_POINTS_MAX)
    chat.pace.take(who.key, time.monotonic())
    return await events.answer(
        chat.database, who.key, key, said.key, said.answer,
        guests=said.guests, note=note, user=said.user, over=said.over,
    )  # fmt: skip


async def answers(chat: Messages, who: Claims, key: UUID, at: str) -> wire.Answers:
    """Who said what to one occurrence. Raises NotFound, InvalidField."""
    checked_key(at)
    return await events.answers(chat.database, who.key, key, at)


async def cancel_event(chat: Messages, who: Claims, key: UUID, at: str | None) -> None:
    """All of it, or one occurrence. Raises NotFound, Forbidden, InvalidField, RateLimited."""
    if at is not None:
        checked_key(at)
    chat.pace.take(who.key, time.monotonic())
    await events.cancel(chat.database, who.key, key, at)


async def change_event(chat: Messages, who: Claims, key: UUID, to: wire.NewPlan) -> None:
    """As it is to be from now on, all of it or a part of its series. Where somebody else has changed it
    meanwhile it is begun again.

    Raises InvalidField, InvalidText, TextTooLong, NotFound, Forbidden, PlacesTaken, AnswersClosed,
    RateLimited, Unavailable.
    """
    says = checked_event(to)
    if (to.key is None) != (to.scope == "all"):
        raise errors.InvalidField("key: of the occurrence from which on, or which alone, it is changed")
    if to.key is not None:
        checked_key(to.key)
    chat.pace.take(who.key, time.monotonic())
    for _ in range(CHANGES_TRIED):
        before = await events.said(chat.database, who.key, key)
        takes_place = _changed_plan(before, says, to)
        what = before.says if to.scope == "this" else says
        if await events.change(chat.database, who.key, key, what, takes_place, before):
            return
    raise errors.Unavailable


def _changed_plan(before: Said, says: EventSays, to: wire.NewPlan) -> list[Planned]:
    if to.key is None:
        return series.all_changed(before, says, datetime.now(UTC))
    if to.scope == "following":
        return series.following_changed(before, says, to.key, datetime.now(UTC))
    return series.this_changed(before, says, to.key)


def checked_event(new: wire.NewEvent) -> EventSays:
    """As it is stored. Raises InvalidField, InvalidText, TextTooLong."""
    if new.places is not None and new.label_places:
        raise errors.InvalidField("places: in total, or by label")
    labels = [one.label for one in new.label_places]
    if max(len(labels), len(new.asked)) > wire.EVENT_LABELS_MAX or len(set(labels)) < len(labels):
        raise errors.InvalidField(f"At most {wire.EVENT_LABELS_MAX} labels, each once.")
    for places in (*(one.places for one in new.label_places), *([] if new.places is None else [new.places])):
        if not 1 <= places <= wire.EVENT_PLACES_MAX:
            raise errors.InvalidField(f"places: 1 to {wire.EVENT_PLACES_MAX}")
    if not 0 <= new.guests <= wire.GUESTS_MAX:
        raise errors.InvalidField(f"guests: 0 to {wire.GUESTS_MAX}")
    if not 0 <= new.closes_min <= wire.CLOSES_MINUTES_MAX:
        raise errors.InvalidField(f"closes_min: 0 to {wire.CLOSES_MINUTES_MAX} minutes before the start")
    if new.host is not None and (
        len(new.host) > wire.USER_CHARACTERS_MAX or not new.host.isascii() or "\0" in new.host
    ):
        raise errors.InvalidField("host: nobody who is here")
    if new.rule is not None and len(new.rule) > wire.RULE_CHARACTERS_MAX:
        raise errors.InvalidField("rule: too long")
    return EventSays(
        name=checked_name(new.name),
        text=checked_lines(new.text, wire.EVENT_TEXT_CODE_POINTS_MAX),
        place=checked_lines(new.place, wire.EVENT_PLACE_CODE_POINTS_MAX),
        host=new.host,
        zone=new.zone,
        start=new.start,
        end=new.end,
        rule=new.rule,
        places=new.places,
        label_places=[LabelPlaces(str(one.label), one.places) for one in new.label_places],
        guests=new.guests,
        closes_min=new.closes_min,
        asked=[str(label) for label in dict.fromkeys(new.asked)],
        list_shown=new.list_shown,
    )


def checked_key(key: str) -> None:
    """Of an occurrence. Raises InvalidField."""
    if not 1 <= len(key) <= wire.OCCURRENCE_KEY_CHARACTERS_MAX or not key.isascii() or not key.isprintable():
        raise errors.InvalidField("key: of an occurrence")


def card_id(event: UUID) -> UUID:
    """The card's, from the event's: both are made once. The time in it stays."""
    made = bytearray(uuid5(event, "card").bytes)
    made[:7] = event.bytes[:7]
    made[8] = made[8] & 0x3F | 0x80
    return UUID(bytes=bytes(made))
