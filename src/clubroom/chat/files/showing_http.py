"""The calls that show a file as a picture or cover."""

from collections.abc import Sequence
from uuid import UUID

from litestar import delete, put
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, JSONBody

from clubroom import errors, wire
from clubroom.chat.files import showing
from clubroom.chat.files.room import Files
from clubroom.claims import Claims
from clubroom.wire.http import BODY, Kinds, may_answer

OWN: Kinds = (errors.Unauthorized, errors.RateLimited)
RUNS: Kinds = (*OWN, errors.Forbidden, errors.NotFound)


def routes(files: Files) -> Sequence[BaseRouteHandler]:
    """Bound to one store."""
    return [*_of_people_and_clubs(files), *_of_events(files)]


def _of_people_and_clubs(files: Files) -> Sequence[BaseRouteHandler]:
    @put("/api/me/avatar", status_code=204, responses=may_answer(*BODY, *OWN))
    async def put_avatar(data: JSONBody[wire.ShownFile], claims: NamedDependency[Claims]) -> None:
        """This file of mine is my picture. The one before goes."""
        await showing.set_avatar(files, claims, data.file)

    @delete("/api/me/avatar", responses=may_answer(*OWN))
    async def delete_avatar(claims: NamedDependency[Claims]) -> None:
        """I have no picture any more."""
        await showing.set_avatar(files, claims, None)

    @put("/api/groups/{group:int}/picture", status_code=204, responses=may_answer(*BODY, *RUNS))
    async def put_picture(
        group: FromPath[int], data: JSONBody[wire.ShownFile], claims: NamedDependency[Claims]
    ) -> None:
        """This file of mine is the picture of a club. The one before goes."""
        await showing.set_picture(files, claims, group, data.file)

    @delete("/api/groups/{group:int}/picture", responses=may_answer(*RUNS))
    async def delete_picture(group: FromPath[int], claims: NamedDependency[Claims]) -> None:
        """The club shows its sign again."""
        await showing.set_picture(files, claims, group, None)

    return [put_avatar, delete_avatar, put_picture, delete_picture]


def _of_events(files: Files) -> Sequence[BaseRouteHandler]:
    @put(
        "/api/events/{event:uuid}/cover",
        status_code=204,
        responses=may_answer(*BODY, *RUNS, errors.AnswersClosed),
    )
    async def put_cover(
        event: FromPath[UUID], data: JSONBody[wire.ShownFile], claims: NamedDependency[Claims]
    ) -> None:
        """This file of mine is the cover of an event, on all its dates. The one before goes."""
        await showing.set_cover(files, claims, event, data.file)

    @delete("/api/events/{event:uuid}/cover", responses=may_answer(*RUNS))
    async def delete_cover(event: FromPath[UUID], claims: NamedDependency[Claims]) -> None:
        """The event has no cover any more."""
        await showing.set_cover(files, claims, event, None)

    return [put_cover, delete_cover]
