"""The chat's calls."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from litestar import Response, get, put
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, JSONBody, QueryParameter

from clubroom import errors, wire
from clubroom.chat import groups, messages
from clubroom.chat.messages import Messages
from clubroom.claims import Claims
from clubroom.wire.http import BODY, NAME, MaybeSeq, Seq, may_answer

Limit = Annotated[int, QueryParameter(ge=1, le=wire.PAGE_MAX)]
READING = may_answer(errors.InvalidField, errors.Unauthorized, errors.NotFound)


def routes(chat: Messages) -> Sequence[BaseRouteHandler]:
    """Bound to one chat."""

    @put(
        "/api/messages/{message_id:uuid}",
        status_code=201,
        responses=may_answer(
            *BODY,
            *NAME,
            errors.Unauthorized,
            errors.Forbidden,
            errors.NotFound,
            errors.IdConflict,
            errors.RateLimited,
            also={200: wire.Posted},
        ),
    )
    async def put_message(
        message_id: FromPath[UUID], data: JSONBody[wire.PutMessage], claims: NamedDependency[Claims]
    ) -> Response[wire.Posted]:
        """Send a message under an id of the client's: 201 when stored now, 200 when it was stored before."""
        place = await messages.post_message(chat, claims, data.group, message_id, data.text)
        posted = wire.Posted(
            id=message_id, group=data.group, seq=place.seq, at=place.at, duplicate=place.duplicate
        )
        return Response(posted, status_code=200 if place.duplicate else 201)

    @get("/api/groups/{group:int}/messages", responses=READING)
    async def get_messages(
        group: FromPath[int],
        claims: NamedDependency[Claims],
        before: MaybeSeq = None,
        around: MaybeSeq = None,
        after: MaybeSeq = None,
        limit: Limit = wire.PAGE_DEFAULT,
    ) -> wire.Page:
        """A page of messages, oldest first: the newest ones, or before, around or after a seq."""
        if (before, around, after).count(None) < 2:
            raise errors.InvalidField("At most one of before, around and after.")
        if around is not None:
            return await messages.page_around(chat, claims, group, around, limit)
        if after is not None:
            return await messages.page_after(chat, claims, group, after, limit)
        newest = wire.SEQ_MAX if before is None else before
        return await messages.page_before(chat, claims, group, newest, limit)

    @get("/api/groups/{group:int}/snapshot", responses=READING)
    async def get_snapshot(
        group: FromPath[int], claims: NamedDependency[Claims], since: Seq = 0
    ) -> wire.Snapshot:
        """The state of a group at one moment, with its newest messages after `since`."""
        return await groups.snapshot(chat.database, claims, group, since)

    return [put_message, get_messages, get_snapshot]
