"""The calls for images and documents."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.openapi.spec.enums import OpenAPIType
from litestar.params import FromPath, JSONBody, QueryParameter

from clubroom import errors, wire
from clubroom.chat.files import asking
from clubroom.chat.files import links as seen
from clubroom.chat.files.room import Files
from clubroom.claims import Claims
from clubroom.wire.http import BODY, Kinds, may_answer

_NUMBER: dict[str, Any] = {"one_of": None, "type": OpenAPIType.INTEGER}
Group = Annotated[int | None, QueryParameter(schema_extra=_NUMBER)]
OWN: Kinds = (errors.Unauthorized, errors.NotFound)
RUNS: Kinds = (*OWN, errors.Forbidden)
LIMITS: Kinds = (
    errors.FileType,
    errors.FileTooLarge,
    errors.UploadsOpen,
    errors.DayFull,
    errors.SpaceFull,
    errors.RateLimited,
)


def routes(files: Files) -> Sequence[BaseRouteHandler]:
    """Bound to one store."""
    return [*_bringing(files), *_seeing(files)]


def _bringing(files: Files) -> Sequence[BaseRouteHandler]:
    @post(
        "/api/files",
        status_code=201,
        responses=may_answer(*BODY, *RUNS, *LIMITS, errors.IdConflict),
    )
    async def ask_file(data: JSONBody[wire.NewFile], claims: NamedDependency[Claims]) -> wire.File:
        """Ask where the bytes of a file may be put. The same again gives another ticket."""
        return await asking.ask(files, claims, data)

    @post(
        "/api/files/{file:uuid}/uploaded",
        status_code=200,
        responses=may_answer(*RUNS, errors.NotUploaded),
    )
    async def file_uploaded(file: FromPath[UUID], claims: NamedDependency[Claims]) -> wire.File:
        """Its bytes are there. It is looked at next, and then `ready` or `refused`."""
        return await asking.uploaded(files, claims, file)

    @get("/api/files/{file:uuid}", responses=may_answer(*OWN))
    async def get_file(file: FromPath[UUID], claims: NamedDependency[Claims]) -> wire.File:
        """How one's own file stands."""
        return await asking.one(files, claims, file)

    @delete("/api/files/{file:uuid}", responses=may_answer(*RUNS))
    async def drop_file(file: FromPath[UUID], claims: NamedDependency[Claims]) -> None:
        """One's own file is not wanted after all. What shows it is deleted in its own way."""
        await asking.drop(files, claims, file)

    return [ask_file, file_uploaded, get_file, drop_file]


def _seeing(files: Files) -> Sequence[BaseRouteHandler]:
    @post("/api/files/links", status_code=200, responses=may_answer(*BODY, errors.Unauthorized))
    async def file_links(data: JSONBody[wire.FilesWanted], claims: NamedDependency[Claims]) -> wire.FileLinks:
        """Where one fetches what one may see."""
        return await seen.links(files, claims, data.ids)

    @get("/api/groups/{group:int}/files/usage", responses=may_answer(*RUNS))
    async def get_usage(group: FromPath[int], claims: NamedDependency[Claims]) -> wire.FilesUsage:
        """What a club has in the store, and may have."""
        return await seen.usage(files, claims, group)

    @get("/api/files/room", responses=may_answer(*OWN, errors.InvalidField, errors.RateLimited))
    async def get_room(claims: NamedDependency[Claims], group: Group = None) -> wire.FilesRoom:
        """What one has used of what one may bring to a group, or, without one, of what is one's own."""
        return await seen.room(files, claims, group)

    return [file_links, get_usage, get_room]
