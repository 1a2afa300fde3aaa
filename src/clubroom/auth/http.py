"""This room's HTTP calls (docs/protocol.md). The app adds `claims` and `peer`, and answers for errors."""

from typing import Any

from litestar import Request, Response, Router, delete, get, post, put
from litestar.datastructures import Cookie
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from clubroom import errors
from clubroom.auth import accounts, clubs, sessions
from clubroom.auth.room import Auth, Opened
from clubroom.claims import Claims
from clubroom.wire import (
    ClubCode,
    ClubJoined,
    ClubMade,
    ClubPreview,
    Invitation,
    Me,
    NewAccount,
    NewClub,
    NewSession,
    NewTokens,
    SignIn,
    SignInLink,
    SignInSet,
    Tokens,
)
from clubroom.wire.http import BODY, NAME, may_answer


def router(auth: Auth) -> Router:
    """Every call of this room under /api."""
    return Router(
        "/api",
        route_handlers=HANDLERS,
        dependencies={"auth": Provide(lambda: auth, sync_to_thread=False)},
        tags=["auth"],
    )


@post(
    "/accounts",
    responses=may_answer(
        *BODY,
        *NAME,
        errors.AddressTaken,
        errors.IdConflict,
        errors.RateLimited,
        also={200: Tokens},
    ),
    security=[{}],
)
async def create_account(
    data: JSONBody[NewAccount], auth: NamedDependency[Auth], peer: NamedDependency[str]
) -> Response[Tokens]:
    """A new person, signed in on this device."""
    opened = await accounts.create_account(data, peer, auth)
    return _answer(opened, auth, in_cookie=data.keep == "cookie", status=200 if opened.repeated else 201)


@post("/sessions", responses=may_answer(*BODY, errors.WrongSignIn, errors.RateLimited), security=[{}])
async def create_session(
    data: JSONBody[NewSession], auth: NamedDependency[Auth], peer: NamedDependency[str]
) -> Response[Tokens]:
    """Signs in on this device, by e-mail and password or by a link."""
    return _answer(await sessions.sign_in(data, peer, auth), auth, in_cookie=data.keep == "cookie")


@delete("/sessions/current", responses=may_answer(errors.Unauthorized))
async def end_session(claims: NamedDependency[Claims], auth: NamedDependency[Auth]) -> Response[None]:
    """Signs this device out."""
    await sessions.end_session(claims, auth)
    return Response(None, status_code=204, cookies=[_cookie("", auth, seconds=0)])


@post("/tokens", responses=may_answer(*BODY, errors.InvalidRefresh, errors.ForeignOrigin), security=[{}])
async def create_tokens(
    data: JSONBody[NewTokens], request: Request[Any, Any, Any], auth: NamedDependency[Auth]
) -> Response[Tokens]:
    """Fresh tokens for the refresh token in the body or in the cookie. What came by cookie goes by cookie: a
    script that should not be there must not be able to ask for it in the body.
    """
    origin = request.headers.get("origin")
    if origin is not None and origin not in auth.settings.origins:
        raise errors.ForeignOrigin
    held = request.cookies.get(auth.settings.cookie) if data.refresh_token is None else None
    opened = await sessions.rotate(data.refresh_token or held, auth)
    return _answer(opened, auth, in_cookie=held is not None or data.keep == "cookie")


@post("/sign-in-links", responses=may_answer(errors.Unauthorized, errors.UnsupportedMediaType))
async def create_sign_in_link(claims: NamedDependency[Claims], auth: NamedDependency[Auth]) -> SignInLink:
    """A one-use link for one's next device."""
    return await sessions.create_sign_in_link(claims, auth)


@get("/me", responses=may_answer(errors.Unauthorized))
async def get_me(claims: NamedDependency[Claims], auth: NamedDependency[Auth]) -> Me:
    """Who I am and where I belong."""
    return await accounts.me(claims, auth)


@put(
    "/me/sign-in",
    responses=may_answer(
        *BODY, errors.Unauthorized, errors.WrongSignIn, errors.AddressTaken, errors.RateLimited
    ),
)
async def put_sign_in(
    data: JSONBody[SignIn],
    claims: NamedDependency[Claims],
    auth: NamedDependency[Auth],
    peer: NamedDependency[str],
) -> SignInSet:
    """Sets or changes e-mail and password."""
    return await accounts.set_sign_in(claims, data, peer, auth)


@post(
    "/clubs",
    responses=may_answer(
        *BODY,
        *NAME,
        errors.Unauthorized,
        errors.SignInNeeded,
        errors.WordNeeded,
        errors.CreatingClosed,
        errors.Full,
        errors.IdConflict,
        errors.RateLimited,
        also={200: ClubMade},
    ),
)
async def create_club(
    data: JSONBody[NewClub],
    claims: NamedDependency[Claims],
    auth: NamedDependency[Auth],
    peer: NamedDependency[str],
) -> Response[ClubMade]:
    """A new club, its owner and its code."""
    created = await clubs.create_club(claims, data, peer, auth)
    return Response(created.club, status_code=200 if created.repeated else 201)


@post(
    "/clubs/join",
    status_code=200,
    responses=may_answer(*BODY, errors.Unauthorized, errors.InvalidCode, errors.Full, errors.RateLimited),
)
async def join_club(
    data: JSONBody[ClubCode],
    claims: NamedDependency[Claims],
    auth: NamedDependency[Auth],
    peer: NamedDependency[str],
) -> ClubJoined:
    """Joins a club by its code."""
    return await clubs.join_club(claims, data.code, peer, auth)


@post(
    "/clubs/preview",
    status_code=200,
    responses=may_answer(*BODY, errors.InvalidCode, errors.RateLimited),
    security=[{}],
)
async def preview_club(
    data: JSONBody[ClubCode], auth: NamedDependency[Auth], peer: NamedDependency[str]
) -> ClubPreview:
    """What a code opens."""
    return await clubs.preview_club(data.code, peer, auth)


@get("/groups/{group:int}/code", responses=may_answer(errors.Unauthorized, errors.Forbidden, errors.NotFound))
async def get_code(
    group: FromPath[int], claims: NamedDependency[Claims], auth: NamedDependency[Auth]
) -> Invitation:
    """The club's code and link."""
    return await clubs.invitation(claims, group, auth)


@delete(
    "/groups/{group:int}/members/{user:str}",
    responses=may_answer(errors.Unauthorized, errors.Forbidden, errors.NotFound, errors.LastOwner),
)
async def remove_member(
    group: FromPath[int], user: FromPath[str], claims: NamedDependency[Claims], auth: NamedDependency[Auth]
) -> None:
    """Leaves a club, or removes somebody."""
    await clubs.remove_member(claims, group, user, auth)


HANDLERS = [
    create_account,
    create_session,
    end_session,
    create_tokens,
    create_sign_in_link,
    get_me,
    put_sign_in,
    create_club,
    join_club,
    preview_club,
    get_code,
    remove_member,
]


def _answer(opened: Opened, auth: Auth, *, in_cookie: bool, status: int = 201) -> Response[Tokens]:
    tokens = Tokens(
        user=opened.user,
        access_token=opened.access_token,
        expires_in=opened.expires_in,
        refresh_token=None if in_cookie else opened.refresh_token,
    )
    kept = [_cookie(opened.refresh_token, auth, seconds=auth.settings.session_unused_seconds)]
    headers = {"cache-control": "no-store"}
    return Response(tokens, status_code=status, headers=headers, cookies=kept if in_cookie else None)


def _cookie(value: str, auth: Auth, *, seconds: int) -> Cookie:
    return Cookie(
        key=auth.settings.cookie,
        value=value,
        max_age=seconds,
        path="/",
        secure=auth.settings.secure,
        httponly=True,
        samesite="strict",
    )
