"""The calls of drafts of events."""

from collections.abc import Sequence
from uuid import UUID

from litestar import delete, get, put
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, JSONBody

from clubroom import errors, wire
from clubroom.chat.events import drafts
from clubroom.chat.messages import Messages
from clubroom.claims import Claims
from clubroom.wire.http import BODY, may_answer


def routes(chat: Messages) -> Sequence[BaseRouteHandler]:
    """Bound to one chat."""

    @put(
        "/api/events/{event:uuid}/draft",
        status_code=200,
        responses=may_answer(
            *BODY,
            errors.InvalidText,
            errors.Unauthorized,
            errors.Forbidden,
            errors.NotFound,
            errors.DraftChanged,
            errors.Full,
            errors.IdConflict,
            errors.RateLimited,
        ),
    )
    async def put_event_draft(
        event: FromPath[UUID], data: JSONBody[wire.PutEventDraft], claims: NamedDependency[Claims]
    ) -> wire.EventDraftEntry:
        """Keep what was typed so far, under the id of the event that it becomes."""
        return await drafts.put_draft(chat, claims, event, data)

    @get("/api/events/{event:uuid}/draft", responses=may_answer(errors.Unauthorized, errors.NotFound))
    async def get_event_draft(event: FromPath[UUID], claims: NamedDependency[Claims]) -> wire.EventDraft:
        """A draft with all that it says, for whoever may make events there."""
        return await drafts.draft(chat, claims, event)

    @delete(
        "/api/events/{event:uuid}/draft",
        responses=may_answer(errors.Unauthorized, errors.NotFound, errors.DraftChanged, errors.RateLimited),
    )
    async def delete_event_draft(event: FromPath[UUID], claims: NamedDependency[Claims]) -> None:
        """Discard a draft."""
        await drafts.discard_draft(chat, claims, event)

    @get(
        "/api/groups/{group:int}/event-drafts",
        responses=may_answer(errors.InvalidField, errors.Unauthorized, errors.NotFound),
    )
    async def get_event_drafts(group: FromPath[int], claims: NamedDependency[Claims]) -> wire.EventDrafts:
        """The drafts of a room, or of a club and its rooms, where one may make events."""
        return await drafts.drafts(chat, claims, group)

    return [put_event_draft, get_event_draft, delete_event_draft, get_event_drafts]
