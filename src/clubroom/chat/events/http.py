"""The calls of events."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, JSONBody, QueryParameter

from clubroom import errors, wire
from clubroom.chat.events import events, reminders
from clubroom.chat.messages import Messages
from clubroom.claims import Claims
from clubroom.wire.http import BODY, NAME, Kinds, may_answer

Key = Annotated[str, QueryParameter()]
ONCE = "once"
CHANGES: Kinds = (errors.Unauthorized, errors.Forbidden, errors.NotFound, errors.RateLimited)


def routes(chat: Messages) -> Sequence[BaseRouteHandler]:
    """Bound to one chat."""
    return [*_making(chat), *_answering(chat), *_reminding(chat)]


def _making(chat: Messages) -> Sequence[BaseRouteHandler]:
    @put(
        "/api/events/{event:uuid}",
        status_code=201,
        responses=may_answer(
            *BODY, *NAME, *CHANGES, errors.Full, errors.IdConflict, also={200: wire.EventMade}
        ),
    )
    async def put_event(
        event: FromPath[UUID], data: JSONBody[wire.NewEvent], claims: NamedDependency[Claims]
    ) -> Response[wire.EventMade]:
        """Make an event under an id of the client's: 201 when made now, 200 when it was made before."""
        made = await events.create_event(chat, claims, event, data)
        said = wire.EventMade(event=made.event, group=made.group)
        return Response(said, status_code=200 if made.repeated else 201)

    @put(
        "/api/events/{event:uuid}/plan",
        status_code=204,
        responses=may_answer(*BODY, *NAME, *CHANGES, errors.PlacesTaken, errors.AnswersClosed),
    )
    async def put_plan(
        event: FromPath[UUID], data: JSONBody[wire.NewPlan], claims: NamedDependency[Claims]
    ) -> None:
        """What an event is from now on, all of it or a part of its series. Whoever is going is asked
        again where time or place changed.
        """
        await events.change_event(chat, claims, event, data)

    @delete("/api/events/{event:uuid}", responses=may_answer(*CHANGES))
    async def delete_event(event: FromPath[UUID], claims: NamedDependency[Claims]) -> None:
        """Cancel an event. It stays to be seen."""
        await events.cancel_event(chat, claims, event, None)

    @delete(
        "/api/events/{event:uuid}/occurrences/{key:str}", responses=may_answer(*CHANGES, errors.InvalidField)
    )
    async def delete_occurrence(
        event: FromPath[UUID], key: FromPath[str], claims: NamedDependency[Claims]
    ) -> None:
        """Cancel one occurrence of a series."""
        await events.cancel_event(chat, claims, event, key)

    return [put_event, put_plan, delete_event, delete_occurrence]


def _answering(chat: Messages) -> Sequence[BaseRouteHandler]:
    @put(
        "/api/events/{event:uuid}/answer",
        status_code=200,
        responses=may_answer(*BODY, *NAME, *CHANGES, errors.NotAsked, errors.AnswersClosed, errors.Full),
    )
    async def put_answer(
        event: FromPath[UUID], data: JSONBody[wire.PutAnswer], claims: NamedDependency[Claims]
    ) -> wire.Answered:
        """Say whether one comes, or say it for a member where one runs the event."""
        return wire.Answered(standing=await events.answer_event(chat, claims, event, data))

    @get(
        "/api/events/{event:uuid}/answers",
        responses=may_answer(errors.InvalidField, errors.Unauthorized, errors.NotFound),
    )
    async def get_answers(
        event: FromPath[UUID], claims: NamedDependency[Claims], key: Key = ONCE
    ) -> wire.Answers:
        """Who said what to one occurrence, and to who runs it also who said nothing."""
        return await events.answers(chat, claims, event, key)

    return [put_answer, get_answers]


def _reminding(chat: Messages) -> Sequence[BaseRouteHandler]:
    @post(
        "/api/events/{event:uuid}/remind",
        status_code=200,
        responses=may_answer(*BODY, *CHANGES, errors.AnswersClosed),
    )
    async def post_remind(
        event: FromPath[UUID], data: JSONBody[wire.RemindOfEvent], claims: NamedDependency[Claims]
    ) -> wire.Reminded:
        """Remind whoever is asked and has not answered, each once in a day. For who runs the event."""
        return wire.Reminded(people=await reminders.remind(chat, claims, event, data))

    @put(
        "/api/events/{event:uuid}/reminders",
        status_code=204,
        responses=may_answer(*BODY, errors.Unauthorized, errors.NotFound, errors.RateLimited),
    )
    async def put_reminders(
        event: FromPath[UUID], data: JSONBody[wire.PutReminders], claims: NamedDependency[Claims]
    ) -> None:
        """When one is reminded of this event."""
        await reminders.wish_reminders(chat, claims, event, data)

    @get(
        "/api/events/{event:uuid}/reminders",
        responses=may_answer(errors.Unauthorized, errors.NotFound),
    )
    async def get_reminders(event: FromPath[UUID], claims: NamedDependency[Claims]) -> wire.Reminders:
        """When one is."""
        return await reminders.reminders_wished(chat, claims, event)

    return [post_remind, put_reminders, get_reminders]
