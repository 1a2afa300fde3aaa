"""The calls of push: how this device is reached, and why somebody was told of a message or not."""

from collections.abc import Collection, Sequence
from uuid import UUID

import msgspec
from litestar import delete, get, post, put
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, JSONBody

from clubroom import errors, wire
from clubroom.claims import Claims
from clubroom.dba import pushing
from clubroom.dba.pool import Database, rfc3339
from clubroom.ports.push import Target
from clubroom.ports.push.targets import check_target
from clubroom.wire.http import BODY, may_answer


def routes(db: Database, key: str, served: Collection[str]) -> Sequence[BaseRouteHandler]:
    """Bound to one server's parts. `key`: what browsers subscribe with; `served`: the kinds of devices that
    this place reaches.
    """

    @get("/api/push", responses=may_answer(errors.Unauthorized))
    async def get_push_key(claims: NamedDependency[Claims]) -> wire.PushKey:
        """What a browser subscribes with."""
        return wire.PushKey(key=key)

    @get("/api/me/push", responses=may_answer(errors.Unauthorized))
    async def get_push(claims: NamedDependency[Claims]) -> wire.PushState:
        """How this device is reached."""
        return await _state(db, claims)

    @put("/api/me/push", responses=may_answer(*BODY, errors.Unauthorized))
    async def put_push(data: JSONBody[wire.PutPush], claims: NamedDependency[Claims]) -> wire.PushState:
        """This device is reached so from now on; whoever was reached there before is not any more."""
        if data.kind not in served:
            raise errors.InvalidField("This place reaches no apps of that kind.")
        target = Target(kind=data.kind, address=data.address, p256dh=data.p256dh, auth=data.auth)
        try:
            check_target(target)
        except ValueError as error:
            raise errors.InvalidField(str(error)) from None
        await pushing.set_target(db, claims.key, claims.session, target)
        return await _state(db, claims)

    @delete("/api/me/push", responses=may_answer(errors.Unauthorized))
    async def delete_push(claims: NamedDependency[Claims]) -> None:
        """This device is not to be reached any more."""
        await pushing.drop_target(db, claims.session)

    @post("/api/me/push/test", status_code=202, responses=may_answer(errors.Unauthorized, errors.NotFound))
    async def test_push(claims: NamedDependency[Claims]) -> wire.PushState:
        """A push to this device, to see whether it arrives."""
        await pushing.test(db, claims.key, claims.session)
        return await _state(db, claims)

    @get(
        "/api/messages/{message_id:uuid}/why",
        responses=may_answer(errors.InvalidField, errors.Unauthorized, errors.NotFound),
    )
    async def get_why(message_id: FromPath[UUID], claims: NamedDependency[Claims]) -> wire.Why:
        """Why this person was told of a message, or was not."""
        return msgspec.convert(await pushing.why(db, claims.key, claims.session, message_id), wire.Why)

    return [get_push_key, get_push, put_push, delete_push, test_push, get_why]


async def _state(db: Database, claims: Claims) -> wire.PushState:
    row = await pushing.target_of(db, claims.session)
    at = row["pushed_at"]
    return wire.PushState(
        on=row["kind"] is not None,
        kind=row["kind"],
        failed=row["failed"],
        pushed_at=rfc3339(at) if at is not None else None,
    )
