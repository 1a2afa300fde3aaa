"""The notification room's calls: catching up without a socket, read pointers, who is online."""

from collections.abc import Callable, Sequence
from typing import Annotated

from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, JSONBody, QueryParameter

from clubroom import errors, wire
from clubroom.claims import Claims
from clubroom.dba.pool import Database
from clubroom.notification import resume
from clubroom.notification.pointers import Pointers
from clubroom.notification.presence import NAMED_MAX
from clubroom.ports.presence import Presence
from clubroom.wire.http import BODY, Seq, may_answer

Limit = Annotated[int, QueryParameter(ge=1, le=wire.ACTIONS_MAX)]


def routes(
    db: Database, pointers: Pointers, presence: Presence, epoch: Callable[[], str]
) -> Sequence[BaseRouteHandler]:
    """Bound to one server's parts."""

    @post("/api/sync", status_code=200, responses=may_answer(*BODY, errors.Unauthorized))
    async def sync(data: JSONBody[wire.Sync], claims: NamedDependency[Claims]) -> wire.Synced:
        """All cursors at once: what follows them, and every head."""
        if len(data.cursors) > wire.CURSORS_MAX:
            raise errors.InvalidField(f"At most {wire.CURSORS_MAX} cursors.")
        if not wire.possible_seqs(data.cursors):
            raise errors.InvalidField("A cursor is out of range.")
        return await resume.sync(db, epoch(), claims, data)

    @get(
        "/api/groups/{group:int}/actions",
        responses=may_answer(errors.InvalidField, errors.Unauthorized, errors.NotFound),
    )
    async def get_actions(
        group: FromPath[int], claims: NamedDependency[Claims], after: Seq = 0, limit: Limit = wire.ACTIONS_MAX
    ) -> wire.ActionsPage:
        """What follows seq `after` in the log of a group."""
        return await resume.actions_page(db, claims, wire.possible_group(group), after, limit)

    @put(
        "/api/groups/{group:int}/read",
        responses=may_answer(*BODY, errors.Unauthorized, errors.NotFound),
    )
    async def put_read(
        group: FromPath[int], data: JSONBody[wire.PutRead], claims: NamedDependency[Claims]
    ) -> wire.ReadPointer:
        """This person has read up to `seq`. Only by hand (`back`) does the pointer go to an earlier place."""
        if data.seq < 0:
            raise errors.InvalidField("`seq` is 0 or more.")
        move = pointers.move_back if data.back else pointers.move
        return await move(claims, wire.possible_group(group), data.seq)

    @get("/api/groups/{group:int}/online", responses=may_answer(errors.Unauthorized, errors.NotFound))
    async def get_online(group: FromPath[int], claims: NamedDependency[Claims]) -> wire.Online:
        """Who of the group is online, and who of them is idle."""
        online = await presence.online(claims.key, wire.possible_group(group), NAMED_MAX)
        return wire.Online(n=online.n, users=online.users, idle=online.idle)

    return [sync, get_actions, put_read, get_online]
