"""When somebody is reminded of an event, and who is asked for an answer once more."""

import time
from uuid import UUID

from clubroom import errors, wire
from clubroom.chat.events.events import checked_key
from clubroom.chat.messages import Messages
from clubroom.claims import Claims
from clubroom.dba import reminders


async def wish_reminders(chat: Messages, who: Claims, event: UUID, said: wire.PutReminders) -> None:
    """From now on. Raises InvalidField, NotFound, RateLimited."""
    minutes = said.minutes
    if minutes is not None:
        if len(minutes) > wire.REMINDERS_MAX or len(set(minutes)) < len(minutes):
            raise errors.InvalidField(f"minutes: at most {wire.REMINDERS_MAX}, each once")
        if not all(wire.REMINDER_MINUTES_MIN <= one <= wire.REMINDER_MINUTES_MAX for one in minutes):
            least, most = wire.REMINDER_MINUTES_MIN, wire.REMINDER_MINUTES_MAX
            raise errors.InvalidField(f"minutes: {least} to {most} before the start")
        minutes = sorted(minutes, reverse=True)
    chat.pace.take(who.key, time.monotonic())
    await reminders.wish(chat.database, who.key, event, minutes)


async def reminders_wished(chat: Messages, who: Claims, event: UUID) -> wire.Reminders:
    """Raises NotFound."""
    return await reminders.wished(chat.database, who.key, event)


async def remind(chat: Messages, who: Claims, event: UUID, said: wire.RemindOfEvent) -> int:
    """Whoever is asked and has not answered; how many these are.

    Raises InvalidField, NotFound, Forbidden, AnswersClosed, RateLimited.
    """
    checked_key(said.key)
    chat.pace.take(who.key, time.monotonic())
    return await reminders.ask_again(chat.database, who.key, event, said.key)
