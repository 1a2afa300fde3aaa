"""The calls about the members of a club."""

from collections.abc import Sequence
from uuid import UUID

from litestar import delete, post, put
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, JSONBody

from clubroom import errors, wire
from clubroom.chat import members
from clubroom.chat.messages import Messages
from clubroom.claims import Claims
from clubroom.wire.http import BODY, NAME, Kinds, may_answer

CHANGES: Kinds = (errors.Unauthorized, errors.Forbidden, errors.NotFound, errors.RateLimited)


def routes(chat: Messages) -> Sequence[BaseRouteHandler]:
    """Bound to one chat."""
    return [*_members(chat), *_labels(chat)]


def _members(chat: Messages) -> Sequence[BaseRouteHandler]:
    @put(
        "/api/groups/{group:int}/members/{user:str}/role",
        status_code=204,
        responses=may_answer(*BODY, *CHANGES, errors.TheirSignInNeeded, errors.LastOwner),
    )
    async def put_role(
        group: FromPath[int],
        user: FromPath[str],
        data: JSONBody[wire.NewRole],
        claims: NamedDependency[Claims],
    ) -> None:
        """What a member of a club is from now on."""
        await members.change_role(chat, claims, group, user, data)

    @put(
        "/api/groups/{group:int}/members/{user:str}/labels",
        status_code=204,
        responses=may_answer(*BODY, *CHANGES, errors.Full),
    )
    async def put_member_labels(
        group: FromPath[int],
        user: FromPath[str],
        data: JSONBody[wire.MemberLabels],
        claims: NamedDependency[Claims],
    ) -> None:
        """Exactly the labels that a member carries."""
        await members.label_member(chat, claims, group, user, data)

    return [put_role, put_member_labels]


def _labels(chat: Messages) -> Sequence[BaseRouteHandler]:
    @put(
        "/api/groups/{group:int}/labels/{label:uuid}",
        status_code=204,
        responses=may_answer(*BODY, *NAME, *CHANGES, errors.NameTaken, errors.Full, errors.IdConflict),
    )
    async def put_label(
        group: FromPath[int],
        label: FromPath[UUID],
        data: JSONBody[wire.NewLabel],
        claims: NamedDependency[Claims],
    ) -> None:
        """A label of the club, or another name for it."""
        await members.define_label(chat, claims, group, label, data)

    @delete("/api/groups/{group:int}/labels/{label:uuid}", responses=may_answer(*CHANGES))
    async def delete_label(
        group: FromPath[int], label: FromPath[UUID], claims: NamedDependency[Claims]
    ) -> None:
        """No such label any more."""
        await members.remove_label(chat, claims, group, label)

    @post(
        "/api/groups/{group:int}/labels/{label:uuid}/members",
        status_code=204,
        responses=may_answer(*BODY, *CHANGES, errors.Full),
    )
    async def label_members(
        group: FromPath[int],
        label: FromPath[UUID],
        data: JSONBody[wire.LabelledMembers],
        claims: NamedDependency[Claims],
    ) -> None:
        """A label to many members, and from others."""
        await members.label_members(chat, claims, group, label, data)

    return [put_label, delete_label, label_members]
