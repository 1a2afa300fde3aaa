"""The HTTP side of one server: every room's calls behind one door."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import parse_qsl

from litestar import Litestar, Request, Response, Router, get
from litestar.datastructures import MutableScopeHeaders, State
from litestar.di import Provide
from litestar.enums import ScopeType
from litestar.handlers import BaseRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme
from litestar.routes import BaseRoute, HTTPRoute
from litestar.types import ASGIApp, ControllerRouterHandler, Message, Receive, Scope, Send

from clubroom import __version__, errors, wire
from clubroom.app import asyncapi, openapi, problems
from clubroom.claims import Claims
from clubroom.ports.gateway.behind import NOBODY, Trust

# Sent by mail programs and by issuers, who know no JSON. What may be ended by it is in the path, or signed.
FORMS = ("/api/mail/unsubscribe/", "/api/issuer/logout")
WITH_BODY = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def application(
    handlers: Sequence[ControllerRouterHandler],
    verify: Callable[[str], Claims],
    host: wire.Host,
    trust: Trust = NOBODY,
) -> Litestar:
    """The ASGI application. `verify` raises Unauthorized; `trust` may say whom a proxy speaks for."""

    return Litestar(
        route_handlers=[*handlers, *_own_calls(host)],
        dependencies={
            "claims": Provide(_claims, sync_to_thread=False),
            "guest": Provide(_guest, sync_to_thread=False),
            "peer": Provide(_peer, sync_to_thread=False),
        },
        exception_handlers={Exception: problems.answer},
        before_send=[_kept_nowhere, _all_methods],
        middleware=[_json_only, _asked_once],
        request_class=StrictRequest,
        state=State({"verify": verify, "trust": trust}),
        response_headers=problems.HEADERS,
        openapi_config=_openapi(),
        logging_config=None,  # see app/logs.py
        request_max_body_size=wire.BODY_BYTES_MAX,
        debug=False,
        pdb_on_exception=False,
    )


def answering_head(app: ASGIApp) -> ASGIApp:
    """HEAD is answered as GET is, but for the body. The server's own scope still says HEAD: by that it knows
    that none comes, whatever length is told.
    """

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or scope["method"] != "HEAD":
            await app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message["body"] = b""
            await send(message)

        asked = scope | {"method": "GET"}
        try:
            await app(asked, receive, without_body)
        finally:
            if "path_template" in asked:  # for whoever counts calls
                scope["path_template"] = asked["path_template"]

    return answered


class StrictRequest(Request[Any, Any, State]):
    """Bodies are taken as strictly as frames (the framework would let "1" pass for 1), and only of those who
    may ask at all.
    """

    async def json(self) -> Any:
        """The body in the shape that the call asks for. Raises Unauthorized, or as `wire.decode`."""
        if "claims" in self.route_handler.parsed_fn_signature.parameters:
            _claims(self)
        asked = self.route_handler.parsed_data_field
        assert asked is not None
        await super().json()  # what is no JSON is told so, also when a field is wrong before that place
        return wire.decode(asked.annotation, await self.body())


def _claims(request: Request[Any, Any, State]) -> Claims:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise errors.Unauthorized
    claims: Claims = request.app.state.verify(token)
    return claims


def _guest(request: Request[Any, Any, State]) -> Claims | None:
    """Where one may be signed in or not: who it is. A token that is no good is refused all the same."""
    return _claims(request) if "authorization" in request.headers else None


def _peer(request: Request[Any, Any, State]) -> str:
    """The address that asks, as far as whoever tells it is believed."""
    trust: Trust = request.app.state.trust
    peer = request.client.host if request.client else ""
    return trust.address(peer, lambda name: request.headers.getall(name, []))


def _own_calls(host: wire.Host) -> Sequence[BaseRouteHandler | Router]:
    @get("/api/health", security=[{}])
    async def get_health() -> wire.Health:
        """Answers while this server serves."""
        return wire.Health(status="ok")

    @get("/api/host", security=[{}])
    async def get_host() -> wire.Host:
        """What a client must know before anybody signs in."""
        return host

    described: list[bytes] = []  # made once, when somebody asks

    @get("/api/openapi.json", include_in_schema=False)
    async def get_openapi(request: Request[Any, Any, State]) -> Response[bytes]:
        """This very description."""
        if not described:
            described.append(wire.encode(openapi.document(request.app)))
        return Response(described[0], media_type="application/json")

    @get("/api/asyncapi.json", include_in_schema=False)
    async def get_asyncapi() -> Response[bytes]:
        """The socket's description."""
        return Response(wire.encode(asyncapi.document()), media_type="application/json")

    return [get_health, get_host, get_openapi, get_asyncapi]


def _openapi() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Clubroom",
        version=__version__,
        description="Chat for clubs. docs/protocol.md tells the rules behind the calls.",
        components=Components(
            security_schemes={"access": SecurityScheme(type="http", scheme="bearer", bearer_format="JWT")}
        ),
        security=[{"access": []}],
        openapi_router=Router("/api/schema", route_handlers=[], include_in_schema=False, guards=[_nobody]),
    )


def _nobody(*_: Any) -> None:
    """The framework's own page about the calls fetches scripts from another site."""
    raise errors.NotFound


async def _kept_nowhere(message: Message, scope: Scope) -> None:
    """What is answered to one person is for them alone, and old as soon as it is said."""
    if message["type"] == "http.response.start" and scope["path"].startswith("/api/"):
        headers = MutableScopeHeaders.from_message(message)
        headers.setdefault("cache-control", "no-store")


async def _all_methods(message: Message, scope: Scope) -> None:
    """Where several handlers share a path the framework's answer to OPTIONS knows only the first."""
    if (
        message["type"] == "http.response.start"
        and scope["type"] == ScopeType.HTTP
        and scope["method"] == "OPTIONS"
    ):
        template = scope.get("path_template")
        methods = {
            m for route in scope["litestar_app"].routes if route.path_format == template for m in _of(route)
        }
        if methods:
            MutableScopeHeaders.from_message(message)["allow"] = ", ".join(sorted(methods))


def _of(route: BaseRoute) -> set[str]:
    return set(route.methods) if isinstance(route, HTTPRoute) else set()


def _json_only(app: ASGIApp) -> ASGIApp:
    """Bodies are JSON and say so: a form of another site cannot be a call of ours."""

    async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
        takes_forms = scope["path"].startswith(FORMS)
        if scope["type"] == ScopeType.HTTP and scope["method"] in WITH_BODY and not takes_forms:
            headers = dict(scope["headers"])
            has_body = headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers
            media_type = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
            if has_body and media_type != b"application/json":
                raise errors.UnsupportedMediaType
        await app(scope, receive, send)

    return middleware


def _asked_once(app: ASGIApp) -> ASGIApp:
    """A question in the address has one value: of two the framework would take one, and "null" for none."""

    async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP and scope["path"].startswith("/api/"):
            asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
            if len(dict(asked)) < len(asked) or any(value == "null" for _, value in asked):
                raise errors.InvalidField("Each question in the address has one value.")
        await app(scope, receive, send)

    return middleware
