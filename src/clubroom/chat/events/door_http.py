"""The calls at the door of an event."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from litestar import Response, get, put
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, JSONBody, QueryParameter

from clubroom import errors, wire
from clubroom.chat.events import door
from clubroom.chat.messages import Messages
from clubroom.claims import Claims
from clubroom.wire.http import BODY, Kinds, may_answer

Key = Annotated[str, QueryParameter()]
RUNS: Kinds = (errors.Unauthorized, errors.Forbidden, errors.NotFound)


def routes(chat: Messages) -> Sequence[BaseRouteHandler]:
    """Bound to one chat."""

    @put(
        "/api/events/{event:uuid}/door",
        status_code=200,
        responses=may_answer(*BODY, *RUNS, errors.RateLimited),
    )
    async def put_door(
        event: FromPath[UUID], data: JSONBody[wire.PutDoor], claims: NamedDependency[Claims]
    ) -> wire.Ticked:
        """Say who came, each with the moment at which it was ticked: the newest counts."""
        return await door.tick(chat, claims, event, data)

    @get("/api/events/{event:uuid}/door", responses=may_answer(*RUNS, errors.InvalidField))
    async def get_door(event: FromPath[UUID], claims: NamedDependency[Claims], key: Key = "") -> wire.Door:
        """Everybody who could come, with what they said and whether they came."""
        return await door.door(chat, claims, event, key)

    @get(
        "/api/events/{event:uuid}/list.csv",
        media_type="text/csv",
        responses=may_answer(*RUNS, errors.InvalidField),
    )
    async def get_door_table(
        event: FromPath[UUID], claims: NamedDependency[Claims], key: Key = ""
    ) -> Response[bytes]:
        """Who answered and who came, as a table to keep."""
        table = await door.door_table(chat, claims, event, key)
        named = {"content-disposition": f'attachment; filename="list-{event}.csv"'}
        return Response(table, media_type="text/csv", headers=named)

    return [put_door, get_door, get_door_table]
