"""The calls about signing in by an issuer. It sends the browser back to a page of the client, which posts
what it was given: a GET signs nobody in.
"""

from typing import Any

from litestar import Request, Response, delete, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from clubroom import errors
from clubroom.auth.account.http import kept_cookie, own_cookie, signed_out
from clubroom.auth.issuer import round_trip, sign_in
from clubroom.auth.issuer.round_trip import TRIP_SECONDS, Begun
from clubroom.auth.room import Auth, Caller
from clubroom.claims import Claims
from clubroom.wire import (
    Connected,
    Identities,
    IssuerAnswer,
    NewRoundTrip,
    RoundTrip,
    SignedInByIssuer,
    SignedOutOfIssuer,
)
from clubroom.wire.http import BODY, may_answer

NO_STORE = {"cache-control": "no-store"}


@post("/issuer/round-trips", responses=may_answer(*BODY, errors.NotFound, errors.Unavailable), security=[{}])
async def begin_sign_in(data: JSONBody[NewRoundTrip], auth: NamedDependency[Auth]) -> Response[RoundTrip]:
    """Somebody goes to the issuer to sign in."""
    return _begun(await round_trip.begin("in", data.then, auth), auth)


@post(
    "/issuer/sessions",
    responses=may_answer(
        *BODY,
        errors.NotFound,
        errors.NotVouched,
        errors.Full,
        errors.RateLimited,
        errors.Unavailable,
    ),
    security=[{}],
)
async def create_session_by_issuer(
    data: JSONBody[IssuerAnswer],
    request: Request[Any, Any, Any],
    auth: NamedDependency[Auth],
    peer: NamedDependency[str],
    caller: NamedDependency[Caller],
) -> Response[SignedInByIssuer]:
    """Signs in on this device, by what the issuer sent the browser back with."""
    came = await sign_in.sign_in(data, _cookie_of(request, auth), peer, auth, caller)
    opened, in_cookie = came.opened, data.keep == "cookie"
    answer = SignedInByIssuer(
        user=opened.user,
        access_token=opened.access_token,
        expires_in=opened.expires_in,
        refresh_token=None if in_cookie else opened.refresh_token,
        then=came.then,
        made=came.made,
    )
    cookies = [_cookie("", auth, seconds=0), *([kept_cookie(opened, auth)] if in_cookie else [])]
    return Response(answer, status_code=201, headers=NO_STORE, cookies=cookies)


@post(
    "/me/identities/round-trips",
    responses=may_answer(*BODY, errors.Unauthorized, errors.NotFound, errors.Unavailable),
)
async def begin_connecting(
    data: JSONBody[NewRoundTrip], claims: NamedDependency[Claims], auth: NamedDependency[Auth]
) -> Response[RoundTrip]:
    """Somebody goes to the issuer to connect what they are there with their account."""
    return _begun(await round_trip.begin("connect", data.then, auth, claims), auth)


@post(
    "/me/identities",
    responses=may_answer(
        *BODY,
        errors.Unauthorized,
        errors.NotFound,
        errors.NotVouched,
        errors.IdConflict,
        errors.Full,
        errors.RateLimited,
        errors.Unavailable,
    ),
)
async def connect_identity(
    data: JSONBody[IssuerAnswer],
    request: Request[Any, Any, Any],
    claims: NamedDependency[Claims],
    auth: NamedDependency[Auth],
    peer: NamedDependency[str],
    caller: NamedDependency[Caller],
) -> Response[Connected]:
    """Connects it, by what the issuer sent the browser back with."""
    then = await sign_in.connect(claims, data, _cookie_of(request, auth), peer, auth, caller)
    answer = Connected(identities=await sign_in.mine(claims, auth), then=then)
    return Response(answer, status_code=201, cookies=[_cookie("", auth, seconds=0)])


@get("/me/identities", responses=may_answer(errors.Unauthorized))
async def get_identities(claims: NamedDependency[Claims], auth: NamedDependency[Auth]) -> Identities:
    """What leads to one's account."""
    return Identities(identities=await sign_in.mine(claims, auth))


@delete(
    "/me/identities/{identity:int}",
    responses=may_answer(errors.Unauthorized, errors.NotFound, errors.SignInNeeded),
)
async def disconnect_identity(
    identity: FromPath[int], claims: NamedDependency[Claims], auth: NamedDependency[Auth]
) -> None:
    """It leads there no more."""
    await sign_in.disconnect(claims, identity, auth)


@post(
    "/issuer/sign-out",
    status_code=200,
    responses=may_answer(errors.Unauthorized, errors.UnsupportedMediaType),
)
async def sign_out_of_issuer(
    claims: NamedDependency[Claims], auth: NamedDependency[Auth]
) -> Response[SignedOutOfIssuer]:
    """Signs this device out, and says where to do so at the issuer."""
    url = await sign_in.sign_out(claims, auth)
    return Response(SignedOutOfIssuer(url=url), headers=NO_STORE, cookies=signed_out(auth).cookies)


@post(
    "/issuer/logout",
    status_code=200,
    responses=may_answer(
        errors.Malformed, errors.NotFound, errors.RateLimited, errors.TooLarge, errors.Unavailable
    ),
    security=[{}],
)
async def issuer_logout(
    request: Request[Any, Any, Any], auth: NamedDependency[Auth], peer: NamedDependency[str]
) -> Response[None]:
    """The issuer tells that somebody has signed out there. It sends a form."""
    await sign_in.signed_out(await request.body(), peer, auth)
    return Response(None, headers=NO_STORE)


HANDLERS = [
    begin_sign_in,
    create_session_by_issuer,
    begin_connecting,
    connect_identity,
    get_identities,
    disconnect_identity,
    sign_out_of_issuer,
    issuer_logout,
]


def _begun(begun: Begun, auth: Auth) -> Response[RoundTrip]:
    kept = _cookie(begun.kept, auth, seconds=TRIP_SECONDS)
    return Response(RoundTrip(url=begun.url), status_code=201, headers=NO_STORE, cookies=[kept])


def _cookie_of(request: Request[Any, Any, Any], auth: Auth) -> str | None:
    return request.cookies.get(auth.settings.trip_cookie)


def _cookie(value: str, auth: Auth, *, seconds: int) -> Cookie:
    """Our own page posts the answer."""
    return own_cookie(auth.settings.trip_cookie, value, auth, seconds=seconds)
