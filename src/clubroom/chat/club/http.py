"""The calls about a club as a whole."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from litestar import Response, delete, get, put
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, JSONBody, QueryParameter

from clubroom import errors, wire
from clubroom.chat.club import emotes, numbers, record
from clubroom.chat.messages import Messages
from clubroom.claims import Claims
from clubroom.wire.http import BODY, NAME, Kinds, MaybeSeq, may_answer

Limit = Annotated[int, QueryParameter(ge=1, le=wire.PAGE_MAX)]
What = Annotated[str | None, QueryParameter(max_length=2_500)]
RUNS: Kinds = (errors.Unauthorized, errors.Forbidden, errors.NotFound)


def routes(chat: Messages) -> Sequence[BaseRouteHandler]:
    """Bound to one chat."""
    return [*_club(chat), *_emotes(chat)]


def _club(chat: Messages) -> Sequence[BaseRouteHandler]:
    @delete(
        "/api/groups/{group:int}",
        status_code=204,
        responses=may_answer(*BODY, *NAME, *RUNS, errors.RateLimited),
    )
    async def delete_club(
        group: FromPath[int], data: JSONBody[wire.DeleteClub], claims: NamedDependency[Claims]
    ) -> None:
        """Delete a club and all below it, for everybody. Conversations stay."""
        await record.delete_club(chat, claims, group, data.name)

    @get("/api/groups/{group:int}/audit", responses=may_answer(*RUNS, errors.InvalidField))
    async def get_audit(
        group: FromPath[int],
        claims: NamedDependency[Claims],
        before: MaybeSeq = None,
        what: What = None,
        limit: Limit = wire.PAGE_DEFAULT,
    ) -> wire.Audit:
        """What was done in a club, newest first."""
        newest = wire.SEQ_MAX if before is None else before
        return await record.audit(chat, claims, group, newest, what, limit)

    @get("/api/groups/{group:int}/audit.csv", media_type="text/csv", responses=may_answer(*RUNS))
    async def get_audit_table(group: FromPath[int], claims: NamedDependency[Claims]) -> Response[bytes]:
        """The same as a table to keep."""
        table = await record.audit_table(chat, claims, group)
        named = {"content-disposition": f'attachment; filename="record-{group}.csv"'}
        return Response(table, media_type="text/csv", headers=named)

    @get("/api/groups/{group:int}/statistics", responses=may_answer(*RUNS))
    async def get_statistics(group: FromPath[int], claims: NamedDependency[Claims]) -> wire.Statistics:
        """How many answered, belong to it, and came."""
        return await numbers.statistics(chat, claims, group)

    return [delete_club, get_audit, get_audit_table, get_statistics]


def _emotes(chat: Messages) -> Sequence[BaseRouteHandler]:
    @put(
        "/api/groups/{group:int}/emotes/{file:uuid}",
        status_code=204,
        responses=may_answer(
            *BODY, *RUNS, errors.InvalidField, errors.NameTaken, errors.Full, errors.RateLimited
        ),
    )
    async def put_club_emote(
        group: FromPath[int],
        file: FromPath[UUID],
        data: JSONBody[wire.NewClubEmote],
        claims: NamedDependency[Claims],
    ) -> None:
        """An emote of the club's own, or another name for it."""
        await emotes.define_emote(chat, claims, group, file, data)

    @delete("/api/groups/{group:int}/emotes/{file:uuid}", responses=may_answer(*RUNS, errors.RateLimited))
    async def delete_club_emote(
        group: FromPath[int], file: FromPath[UUID], claims: NamedDependency[Claims]
    ) -> None:
        """No such emote any more."""
        await emotes.remove_emote(chat, claims, group, file)

    return [put_club_emote, delete_club_emote]
