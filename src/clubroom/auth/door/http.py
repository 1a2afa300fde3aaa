"""The calls of the door."""

from typing import Annotated

from litestar import Response, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from clubroom import errors, wire
from clubroom.auth.door import asking, codes
from clubroom.auth.room import Auth
from clubroom.claims import Claims
from clubroom.wire.http import BODY, NAME, Kinds, may_answer

RUNNING: Kinds = (errors.Unauthorized, errors.Forbidden, errors.NotFound)
MAKING: Kinds = (*BODY, *NAME, *RUNNING, errors.RateLimited)
ERASES = {"one_of": None, "type": "string", "enum": ["day", "week", "all"]}
MaybeErase = Annotated[wire.Erase | None, QueryParameter(schema_extra=ERASES)]


@get("/groups/{group:int}/codes", responses=may_answer(*RUNNING))
async def get_codes(
    group: FromPath[int], claims: NamedDependency[Claims], auth: NamedDependency[Auth]
) -> wire.JoinCodes:
    """All codes of a club that open it."""
    return await codes.club_codes(claims, group, auth)


@post(
    "/groups/{group:int}/codes",
    responses=may_answer(*MAKING, errors.Full, errors.IdConflict, also={200: wire.JoinCode}),
)
async def create_code(
    group: FromPath[int],
    data: JSONBody[wire.NewCode],
    claims: NamedDependency[Claims],
    auth: NamedDependency[Auth],
) -> Response[wire.JoinCode]:
    """One more code. The same key again gives the same one (200)."""
    return _made(await codes.create_code(claims, group, data, auth))


@post(
    "/groups/{group:int}/codes/reset",
    responses=may_answer(*MAKING, errors.IdConflict, also={200: wire.JoinCode}),
)
async def reset_codes(
    group: FromPath[int],
    data: JSONBody[wire.ResetCodes],
    claims: NamedDependency[Claims],
    auth: NamedDependency[Auth],
) -> Response[wire.JoinCode]:
    """All codes are over, and there is a new one."""
    return _made(await codes.reset_codes(claims, group, data.key, auth))


@patch("/groups/{group:int}/codes/{code:int}", responses=may_answer(*MAKING))
async def patch_code(
    group: FromPath[int],
    code: FromPath[int],
    data: JSONBody[wire.PatchCode],
    claims: NamedDependency[Claims],
    auth: NamedDependency[Auth],
) -> wire.JoinCode:
    """Change what a code gives, and for how long."""
    return await codes.change_code(claims, group, code, data, auth)


@delete("/groups/{group:int}/codes/{code:int}", responses=may_answer(*RUNNING))
async def delete_code(
    group: FromPath[int],
    code: FromPath[int],
    claims: NamedDependency[Claims],
    auth: NamedDependency[Auth],
) -> None:
    """Revoke a code."""
    await codes.revoke_code(claims, group, code, auth)


@get("/groups/{group:int}/requests", responses=may_answer(*RUNNING))
async def get_requests(
    group: FromPath[int], claims: NamedDependency[Claims], auth: NamedDependency[Auth]
) -> wire.JoinRequests:
    """Those who ask to be let in."""
    return await asking.join_requests(claims, group, auth)


@post(
    "/groups/{group:int}/requests/{user:str}",
    status_code=204,
    responses=may_answer(*BODY, *RUNNING, errors.Full),
)
async def answer_request(
    group: FromPath[int],
    user: FromPath[str],
    data: JSONBody[wire.AnswerRequest],
    claims: NamedDependency[Claims],
    auth: NamedDependency[Auth],
) -> None:
    """Let somebody in who waits, or do not."""
    await asking.answer_request(claims, group, user, auth, accept=data.accept)


@get("/me/requests", responses=may_answer(errors.Unauthorized))
async def get_my_requests(claims: NamedDependency[Claims], auth: NamedDependency[Auth]) -> wire.MyRequests:
    """The clubs that I wait for."""
    return await asking.my_requests(claims, auth)


@delete("/me/requests/{request_id:int}", responses=may_answer(errors.Unauthorized, errors.NotFound))
async def withdraw_request(
    request_id: FromPath[int], claims: NamedDependency[Claims], auth: NamedDependency[Auth]
) -> None:
    """I wait no more."""
    await asking.withdraw_request(claims, request_id, auth)


@get("/groups/{group:int}/blocks", responses=may_answer(*RUNNING))
async def get_blocks(
    group: FromPath[int], claims: NamedDependency[Claims], auth: NamedDependency[Auth]
) -> wire.ClubBlocks:
    """Whom the club keeps out."""
    return await asking.blocks(claims, group, auth)


@put(
    "/groups/{group:int}/blocks/{user:str}",
    status_code=204,
    responses=may_answer(errors.InvalidField, *RUNNING, errors.LastOwner, errors.Full),
)
async def put_block(
    group: FromPath[int],
    user: FromPath[str],
    claims: NamedDependency[Claims],
    auth: NamedDependency[Auth],
    erase: MaybeErase = None,
) -> None:
    """Remove somebody and keep them out."""
    await asking.block(claims, group, user, erase, auth)


@delete("/groups/{group:int}/blocks/{user:str}", responses=may_answer(*RUNNING))
async def delete_block(
    group: FromPath[int], user: FromPath[str], claims: NamedDependency[Claims], auth: NamedDependency[Auth]
) -> None:
    """They may come in again."""
    await asking.unblock(claims, group, user, auth)


def _made(made: codes.MadeCode) -> Response[wire.JoinCode]:
    return Response(made.code, status_code=200 if made.repeated else 201)


HANDLERS = [
    get_codes,
    create_code,
    reset_codes,
    patch_code,
    delete_code,
    get_requests,
    answer_request,
    get_my_requests,
    withdraw_request,
    get_blocks,
    put_block,
    delete_block,
]
