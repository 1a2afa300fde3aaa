"""The calls of calendars."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post, put
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath

from clubroom import errors, wire
from clubroom.chat.events import calendar
from clubroom.chat.events.calendar import Calendars, Written
from clubroom.claims import Claims
from clubroom.wire.http import may_answer

MEDIA_TYPE = "text/calendar"
SECRET = {"cache-control": "private, no-cache", "x-robots-tag": "noindex"}
"""Asked anew each time, and answered shortly where nothing has changed."""


def routes(calendars: Calendars) -> Sequence[BaseRouteHandler]:
    """Bound to one place."""

    @put("/api/me/calendar", responses=may_answer(errors.Unauthorized))
    async def put_calendar(claims: NamedDependency[Claims]) -> wire.CalendarAddresses:
        """The addresses of one's calendars, made when they are asked for the first time."""
        return await calendar.addresses(calendars, claims, anew=False)

    @post("/api/me/calendar", status_code=200, responses=may_answer(errors.Unauthorized))
    async def post_calendar(claims: NamedDependency[Claims]) -> wire.CalendarAddresses:
        """New addresses. The earlier ones open nothing from now on."""
        return await calendar.addresses(calendars, claims, anew=True)

    @get(
        "/api/events/{event:uuid}/calendar",
        media_type=MEDIA_TYPE,
        responses=may_answer(errors.Unauthorized, errors.NotFound, errors.RateLimited),
    )
    async def get_event_calendar(
        event: FromPath[UUID], claims: NamedDependency[Claims], request: Request[Any, Any, Any]
    ) -> Response[bytes]:
        """One event with all its occurrences, as a file for a calendar."""
        written = await calendar.read_event(calendars, claims, event)
        named = {"content-disposition": 'attachment; filename="event.ics"'}
        return await _answer(calendars, written, request, named)

    @get(
        "/calendar/{name:str}",
        media_type=MEDIA_TYPE,
        include_in_schema=False,
    )
    async def get_calendar(name: FromPath[str], request: Request[Any, Any, Any]) -> Response[bytes]:
        """Somebody's events, for calendars that know the address."""
        return await _answer(calendars, await calendar.read(calendars, name), request, {})

    return [put_calendar, post_calendar, get_event_calendar, get_calendar]


async def _answer(
    calendars: Calendars, written: Written, request: Request[Any, Any, Any], more: dict[str, str]
) -> Response[bytes]:
    headers = {**SECRET, "etag": f'"{written.tag}"', **more}
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if headers["etag"] in known:
        return Response(b"", status_code=304, headers=headers)
    body = await asyncio.to_thread(calendar.in_words, written.dates, calendars.url)
    return Response(body, media_type=MEDIA_TYPE, headers=headers)
