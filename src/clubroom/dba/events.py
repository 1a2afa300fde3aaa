"""Events: made, changed, answered."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from clubroom import wire
from clubroom.actions.events import Answer, EventSays, Occurrence, Standing
from clubroom.dba.pool import Database


class MadeEvent(msgspec.Struct, frozen=True):
    """`group` = its own. `repeated` = it was there before."""

    event: UUID
    group: int
    repeated: bool


class Card(msgspec.Struct, frozen=True):
    """The message that shows an event in the room that it is for; `mac` as of every message."""

    id: UUID
    text: str
    mac: bytes


class Planned(Occurrence, frozen=True, kw_only=True, omit_defaults=True):
    """`planned` = the local start that the rule gives it; None = it gives it none (any more)."""

    planned: str | None = None


class Said(msgspec.Struct, frozen=True):
    """What a change starts from. `text` = the same as it was read."""

    says: EventSays
    occurrences: list[Planned]
    text: str = ""


async def create(
    db: Database,
    who: int,
    group: int,
    key: UUID,
    says: EventSays,
    occurrences: Sequence[Planned],
    card: Card,
    *,
    events_max: int = wire.EVENTS_A_GROUP_MAX,
) -> MadeEvent:
    """Raises NotFound, Forbidden, Full, InvalidField, IdConflict."""
    result = await db.command(
        "create_event",
        who=who,
        for_group=group,
        event_key=key,
        says=_json(says),
        listed=_json(occurrences),
        card=card.id,
        card_text=card.text,
        card_mac=card.mac,
        events_max=events_max,
    )
    return msgspec.convert(result, MadeEvent)


async def said(db: Database, who: int, key: UUID) -> Said:
    """Raises NotFound, Forbidden."""
    text = await db.read("event_said", who=who, event_key=key)
    return msgspec.structs.replace(msgspec.json.decode(text, type=Said), text=text)


async def change(
    db: Database,
    who: int,
    key: UUID,
    says: EventSays,
    occurrences: Sequence[Planned],
    seen: Said,
    *,
    moment: datetime | None = None,
) -> bool:
    """Whether it still was what the change starts from; else nothing was done.

    Raises NotFound, Forbidden, InvalidField, TextTooLong, PlacesTaken, AnswersClosed (it was cancelled).
    """
    done = await db.command(
        "change_event", who=who, event_key=key, says=_json(says), listed=_json(occurrences),
        seen=seen.text, moment=moment,
    )  # fmt: skip
    return done is not False


async def cancel(db: Database, who: int, key: UUID, at: str | None) -> None:
    """All of it, or one occurrence. Raises NotFound, Forbidden."""
    await db.command("cancel_event", who=who, event_key=key, at_key=at)


async def answer(
    db: Database,
    who: int,
    key: UUID,
    at: str,
    to: Answer,
    *,
    guests: int | None = 0,
    note: str | None = "",
    user: str | None = None,
    over: bool = False,
    moment: datetime | None = None,
) -> Standing:
    """What comes of it. `guests`, `note`: None = as they are.

    Raises NotFound, Forbidden, NotAsked, AnswersClosed, Full, InvalidField.
    """
    result = await db.command(
        "answer_event",
        who=who,
        event_key=key,
        at_key=at,
        as_answer=to,
        with_guests=guests,
        with_note=note,
        target_sub=user,
        past_all=over,
        moment=moment,
    )
    standing: Standing = result["standing"]
    return standing


async def answers(db: Database, who: int, key: UUID, at: str) -> wire.Answers:
    """Raises NotFound."""
    found = await db.read("answers_of", who=who, event_key=key, at_key=at)
    return msgspec.json.decode(found, type=wire.Answers)


async def lapse(db: Database, *, moment: datetime | None = None) -> bool:
    """Ends offers that nobody took, of one event; whether there may be more."""
    return bool(await db.command("lapse_offers", moment=moment))


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
