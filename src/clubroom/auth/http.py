"""This room's HTTP calls (docs/protocol.md). The app adds `claims` and `peer`, and answers for errors."""

from typing import Any, get_args

from litestar import Request, Response, Router, delete, get, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from clubroom import errors
from clubroom.auth import accounts, clubs, sessions
from clubroom.auth.account import http as account_http
from clubroom.auth.account.devices import device_name
from clubroom.auth.account.http import signed_in, signed_out
from clubroom.auth.bring import http as bring_http
from clubroom.auth.door import http as door
from clubroom.auth.door.http import MaybeErase
from clubroom.auth.issuer import http as issuer_http
from clubroom.auth.mailed import http as mailed_http
from clubroom.auth.room import Auth, Caller
from clubroom.claims import Claims
from clubroom.wire import (
    ClubAsked,
    ClubCode,
    ClubJoined,
    ClubMade,
    ClubPreview,
    Invitation,
    JoinClub,
    Language,
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

LANGUAGES_READ_MAX = 10


def router(auth: Auth) -> Router:
    """Every call of this room under /api."""
    return Router(
        "/api",
        route_handlers=[
            *HANDLERS,
            *account_http.HANDLERS,
            *bring_http.HANDLERS,
            *mailed_http.HANDLERS,
            *issuer_http.HANDLERS,
        ],
        dependencies={
            "auth": Provide(lambda: auth, sync_to_thread=False),
            "caller": Provide(_caller, sync_to_thread=False),
        },
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
        errors.IssuerOnly,
        also={200: Tokens},
    ),
    security=[{}],
)
async def create_account(
    data: JSONBody[NewAccount],
    auth: NamedDependency[Auth],
    peer: NamedDependency[str],
    caller: NamedDependency[Caller],
) -> Response[Tokens]:
    """A new person, signed in on this device."""
    opened = await accounts.create_account(data, peer, auth, caller)
    return signed_in(opened, auth, in_cookie=data.keep == "cookie", status=200 if opened.repeated else 201)


@post(
    "/sessions",
    responses=may_answer(*BODY, errors.WrongSignIn, errors.RateLimited, errors.IssuerOnly),
    security=[{}],
)
async def create_session(
    data: JSONBody[NewSession],
    auth: NamedDependency[Auth],
    peer: NamedDependency[str],
    caller: NamedDependency[Caller],
) -> Response[Tokens]:
    """Signs in on this device, by e-mail and password or by a link."""
    opened = await sessions.sign_in(data, peer, auth, caller)
    return signed_in(opened, auth, in_cookie=data.keep == "cookie")


@delete("/sessions/current", responses=may_answer(errors.Unauthorized))
async def end_session(claims: NamedDependency[Claims], auth: NamedDependency[Auth]) -> Response[None]:
    """Signs this device out."""
    await sessions.end_session(claims, auth)
    return signed_out(auth)


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
    return signed_in(opened, auth, in_cookie=held is not None or data.keep == "cookie")


@post(
    "/sign-in-links",
    responses=may_answer(errors.Unauthorized, errors.IssuerOnly, errors.UnsupportedMediaType),
)
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
        *BODY,
        errors.Unauthorized,
        errors.WrongSignIn,
        errors.AddressTaken,
        errors.RateLimited,
        errors.IssuerOnly,
    ),
)
async def put_sign_in(
    data: JSONBody[SignIn],
    claims: NamedDependency[Claims],
    auth: NamedDependency[Auth],
    peer: NamedDependency[str],
    caller: NamedDependency[Caller],
) -> SignInSet:
    """Sets or changes e-mail and password."""
    return await accounts.set_sign_in(claims, data, peer, auth, caller)


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
    responses=may_answer(
        *BODY,
        *NAME,
        errors.Unauthorized,
        errors.InvalidCode,
        errors.Full,
        errors.RateLimited,
        also={202: ClubAsked},
    ),
)
async def join_club(
    data: JSONBody[JoinClub],
    claims: NamedDependency[Claims],
    auth: NamedDependency[Auth],
    peer: NamedDependency[str],
) -> Response[ClubJoined]:
    """Joins a club by its code, or asks to be let in (202)."""
    found: Any = await clubs.join_club(claims, data.code, peer, auth, data.answer)
    return Response(found, status_code=202 if isinstance(found, ClubAsked) else 200)


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
    responses=may_answer(
        errors.InvalidField,
        errors.Unauthorized,
        errors.Forbidden,
        errors.NotFound,
        errors.LastOwner,
        errors.Full,
    ),
)
async def remove_member(
    group: FromPath[int],
    user: FromPath[str],
    claims: NamedDependency[Claims],
    auth: NamedDependency[Auth],
    erase: MaybeErase = None,
) -> None:
    """Leaves a club, or removes somebody, and deletes what they wrote as far back as is asked for."""
    await clubs.remove_member(claims, group, user, auth, erase)


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
    *door.HANDLERS,
]


def _caller(request: Request[Any, Any, Any]) -> Caller:
    """What browsers say of themselves: two words of it are kept."""
    said = request.headers.get("accept-language", "").split(",")[:LANGUAGES_READ_MAX]
    spoken = (one.strip()[:2].lower() for one in said)
    language = next((one for one in spoken if one in get_args(Language)), None)
    return Caller(device_name(request.headers.get("user-agent", "")), language)
