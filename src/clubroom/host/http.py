"""The calls of whoever runs the place."""

from collections.abc import Sequence
from typing import Annotated

from litestar import get, patch, put
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, JSONBody, QueryParameter

from clubroom import errors, wire
from clubroom.claims import Claims
from clubroom.host import place
from clubroom.host.place import Hosting
from clubroom.wire.http import BODY, MaybeSeq, may_answer

Limit = Annotated[int, QueryParameter(ge=1, le=wire.PAGE_MAX)]
Find = Annotated[str, QueryParameter(max_length=wire.NAME_CODE_POINTS_MAX)]
READING = may_answer(errors.InvalidField, errors.Unauthorized, errors.NotFound)
DECIDING = may_answer(*BODY, errors.Unauthorized, errors.NotFound)


def routes(hosting: Hosting) -> Sequence[BaseRouteHandler]:
    """Bound to one place."""

    @get("/api/host/clubs", responses=READING)
    async def get_clubs(
        claims: NamedDependency[Claims],
        find: Find = "",
        before: MaybeSeq = None,
        limit: Limit = wire.PAGE_DEFAULT,
    ) -> wire.HostedClubs:
        """The clubs here, from outside."""
        newest = wire.SEQ_MAX if before is None else before
        return await place.clubs(hosting, claims, find, newest, limit)

    @patch("/api/host/clubs/{group:int}", status_code=204, responses=DECIDING)
    async def patch_club(
        group: FromPath[int], data: JSONBody[wire.PatchHostedClub], claims: NamedDependency[Claims]
    ) -> None:
        """Suspend a club, or open it again."""
        await place.suspend_club(hosting, claims, group, suspend=data.suspended)

    @get("/api/host/place", responses=may_answer(errors.Unauthorized, errors.NotFound))
    async def get_place(claims: NamedDependency[Claims]) -> wire.Place:
        """How large it all is, and how long messages are kept."""
        return await place.measured(hosting, claims)

    @put("/api/host/keeping", status_code=204, responses=DECIDING)
    async def put_keeping(data: JSONBody[wire.PutKeeping], claims: NamedDependency[Claims]) -> None:
        """How long messages are kept."""
        await place.keep_messages(hosting, claims, data.days)

    return [get_clubs, patch_club, get_place, put_keeping]
